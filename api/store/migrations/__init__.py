"""The migrations of the store: `versions/0001_….py` and on, each the successor of the one before."""

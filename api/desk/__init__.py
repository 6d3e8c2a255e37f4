"""The desk: carries commands out on the journal, and keeps the state of every open incident at hand."""

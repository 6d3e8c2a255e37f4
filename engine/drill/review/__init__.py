"""What an exercise came to: expected actions met, late or missed, problems found, and plays side by side."""

"""What a plan file may say: its syntax, its types, how it is loaded, and what is wrong with it."""

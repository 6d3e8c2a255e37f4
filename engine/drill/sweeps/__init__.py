"""Many fact sets at once: what is varied and how, what the levels come to, where they change, and where two sides differ."""

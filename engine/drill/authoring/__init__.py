"""Scenarios as files: text to a scenario with every finding and its place, and a scenario as text."""

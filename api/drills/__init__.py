"""Drills played live: an office of its own for each branch, a clock that can stand, run faster and be put back, people in their parts.

Everything that an exercise needs is made here, for it: its store is a file of its own, its people are those of the live office seen
through a glass (`api.people.guests`), and nothing that could send anything is within its reach.
"""

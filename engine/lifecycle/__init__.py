"""States and transitions of an incident: data in the plan, run by `transitions` in `machine.py` alone."""

"""Scenarios that nobody wrote: facts that climb through the levels of a plan, found and checked by the engine itself."""

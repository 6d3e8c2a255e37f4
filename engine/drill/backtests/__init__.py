"""A plan over a real series, step by step: what was known then, what was decided, what was warned of in time and what was not."""

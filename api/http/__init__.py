"""HTTP routes, a module a noun."""

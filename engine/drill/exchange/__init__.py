"""Scenarios from and to elsewhere: journals of incidents, features that run as tests, and the exchange format CEXF."""

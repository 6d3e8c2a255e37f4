"""Every feature of every plan, run against the engine."""

from pytest_bdd import scenarios

scenarios(".")

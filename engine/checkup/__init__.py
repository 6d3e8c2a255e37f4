"""Static verification of a plan beyond its own file's rules: one file a check."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checkup import reachability, readings
from engine.plan.finding import Finding
from engine.plan.load import Loaded

CHECKS = (reachability.check, readings.check)


def check_up(loaded: Loaded) -> tuple[Finding, ...]:
    """Every finding: those of loading, then those of the checks on sound plans, in order of place."""
    return tuple(sorted((*loaded.findings, *_run(loaded))))


def _run(loaded: Loaded) -> Iterator[Finding]:
    for plan in loaded.plans.values():
        for check in CHECKS:
            yield from check(plan, loaded.sources[plan.id])

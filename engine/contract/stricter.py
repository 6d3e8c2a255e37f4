"""Demands on a unit that are put in place of others in the same words, with other figures: a cut of 30 % where it was 20 %."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.incident.event import Assigned
from engine.plan.model import Duty

FIGURE = re.compile(r"\d+(?:\.\d+)?")


def replaced(ended: Iterable[Assigned], begun: Iterable[Duty]) -> Iterator[tuple[Assigned, Duty]]:
    """Pairs of what ends and what begins: for the same unit, alike but for their figures."""
    before = {_key(one.unit_id or one.unit, one.action): one for one in ended}
    for duty in begun:
        old = before.get(_key(duty.unit_id or duty.unit, duty.action))
        if old is not None and old.action != duty.action:
            yield old, duty


def _key(unit: str | None, action: str) -> tuple[str | None, str]:
    return unit, FIGURE.sub("#", action)

"""The moments that deadlines run from, and what makes them happen; level changes as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.plan.model import MomentEvent, Transition
from engine.plan.schema import PlanForm, TransitionForm
from engine.plan.source import Path, Source
from engine.plan.spelling import nearest

Levels = Mapping[str, tuple[str, ...]]
REPORT: Final = "report"
LEVEL_EVENTS = ("raise", "lower", "lift", "decided")
GOES_WITH = ("raise", "lift")


def read_moments(form: PlanForm, source: Source, levels: Levels) -> dict[str, MomentEvent]:
    """What makes each moment happen; those that an officer records are left out."""
    found = {}
    for key, moment in form.moments.items():
        path: Path = ("moments", key, "on")
        if moment.on is None:
            continue
        if moment.on == REPORT:
            found[key] = MomentEvent(REPORT)
            continue
        event = _level_event(moment.on, path, source, levels, LEVEL_EVENTS, f"{REPORT}，或")
        if event is not None:
            found[key] = MomentEvent(event[1], event[0])  # type: ignore[arg-type]
    return found


def read_goes_with(
    move: TransitionForm, path: Path, source: Source, levels: Levels, earlier: Sequence[Transition]
) -> tuple[str, str] | None:
    """The change of level that moves a phase transition along; of those that leave one phase, each with another change."""
    if move.goes_with is None:
        return None
    path = (*path, "goes_with")
    found = _level_event(move.goes_with, path, source, levels, GOES_WITH)
    if found is not None and any(found == one.goes_with and set(move.from_) & set(one.sources) for one in earlier):
        source.report(path, "duplicate-id", "同一阶段有两个转移随同一级别变化", "每个阶段至多一个", "改正或删去")
    return found


def _level_event(
    raw: Any, path: Path, source: Source, levels: Levels, kinds: tuple[str, ...], other: str = ""
) -> tuple[str, str] | None:
    """`{warning: raise}` -> ("warning", "raise"); None, with a finding, where it is no such thing."""
    expected = f"{other}一个等级体系和 {'、'.join(kinds)} 之一，如 {{{next(iter(levels), 'response')}: {kinds[0]}}}"
    if not isinstance(raw, dict) or len(raw) != 1:
        source.report(path, "unknown-event", f"“{raw}”", expected, "改正，或删去（由值班员登记）" if other else "改正，或删去")
        return None
    ((scale, kind),) = raw.items()
    if scale not in levels:
        near = nearest(scale, list(levels))
        source.report(
            path, "unknown-scale", f"等级体系“{scale}”", f"如“{near}”" if near else "、".join(levels), "改正拼写，或删去"
        )
        return None
    if kind not in kinds:
        source.report((*path, scale), "unknown-event", f"“{kind}”", "、".join(kinds), "改为其中一个")
        return None
    return scale, kind

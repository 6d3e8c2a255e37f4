"""When an incident may end, and who declares it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.incident.command import Refused
from engine.incident.proposal import leading
from engine.incident.state import Course, Incident
from engine.lifecycle.signers import RECORDERS, heads, signers
from engine.plan.model import Plan, Scale
from engine.plan.words import level_word
from engine.trigger.facts import CHINA


def may_end(incident: Incident, plans: Mapping[str, Plan]) -> tuple[str, ...]:
    """The posts that may end it: who signs about what is in force, the heads of command, the leader on duty; a watch, the officer too.

    plans: by digest.
    """
    posts: list[str] = []
    for course in incident.courses.values():
        plan = plans[course.digest]
        for scale in leading(plan):
            level = course.levels.get(scale.id)
            if level is not None:
                posts += signers(plan, scale.id, level, None, course.readings)
        posts += heads(plan.organization.command)
    return (*dict.fromkeys(posts), *(RECORDERS if incident.watch else RECORDERS[:1]))


def check_over(incident: Incident, plans: Mapping[str, Plan]) -> None:
    """Raises Refused while a level is in force that the plan has lifted first, or while what was signed still waits for its time."""
    for course in incident.courses.values():
        plan = plans[course.digest]
        for scale in leading(plan):
            _check_waiting(plan, course, scale)
            level = course.levels.get(scale.id)
            if level is not None and "lift" in plan.lifecycle.levels.get(scale.id, {}):
                raise Refused(
                    f"《{plan.title}》{scale.short}仍为{level_word(scale, level)}",
                    where=f"{plan.id}.{scale.id}",
                    remedy="先按预案签发解除，再结束事件",
                )


def _check_waiting(plan: Plan, course: Course, scale: Scale) -> None:
    ahead = course.ahead(scale.id)
    if ahead is None or ahead.level == course.levels.get(scale.id):
        return
    when = f"（{ahead.effective_from.astimezone(CHINA):%m-%d %H:%M} 起）"
    what = f"解除{scale.short}" if ahead.level is None else f"{scale.short}{level_word(scale, ahead.level)}"
    lifts = ahead.level is None
    raise Refused(
        f"已签发的{what}{when}还没有生效",
        where=f"{plan.id}.{scale.id}",
        remedy="等它生效，再结束事件" if lifts else "另行签发以撤回它，或等它生效后按预案解除，再结束事件",
    )

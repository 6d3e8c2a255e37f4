"""Two incidents become one: what is in force in the one that ends must be in force in the one that goes on."""

from __future__ import annotations

from engine.incident.command import Refused
from engine.incident.work import Work
from engine.plan.words import level_word


def check_not_lost(work: Work, plan_id: str, title: str, scale_id: str, level: str) -> None:
    """Raises Refused where a level that nobody lowered would end because the incident is taken into this one."""
    course = work.state.courses.get(plan_id)
    if course is None:
        raise Refused(
            f"并入的事件没有启用《{title}》，在行的级别会随并入失去",
            where="into",
            remedy="先在并入的事件中启用这份预案、签发级别，再并入",
        )
    scale = work.plan(plan_id).scales.get(scale_id)
    known = scale is not None and level in scale.levels
    if scale is None or not known or scale.rank(level) > scale.rank(course.levels.get(scale_id)):
        word = f"{scale.short}{level_word(scale, level)}" if scale is not None and known else level
        raise Refused(
            f"《{title}》在行的{word}高于并入的事件，会随并入失去",
            where="into",
            remedy="先在并入的事件中签发这一级别，或先按预案降低、解除，再并入；也可反过来并入",
        )

"""Who plays in a generated drill, and what it tests: people for every post that must sign, objectives from duties and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from engine.drill.draw import Draw
from engine.drill.run import Run
from engine.drill.scenario import MARK, Objective, Player, Scenario
from engine.incident.state import Incident
from engine.lifecycle.signers import RECORDERS, signers
from engine.plan.model import Plan, Scale

DECIDES = Draw("triangular", (600, 1_200, 2_700))
DECIDED_WITHIN = timedelta(minutes=30)
MOST_GROUPS = 6
CALLED = "甲乙丙丁戊己庚辛壬癸"


def people_for(plan: Plan, scale: Scale, asked: Iterable[tuple[str, ...]], incident: Incident) -> tuple[Player, ...]:
    """People who can sign all that is proposed on the way, and lower and lift the scale again: as few as will do."""
    needed = [one for one in asked]
    level = incident.courses[plan.id].levels.get(scale.id)
    for rank in range(scale.rank(level), 0, -1):
        lower = scale.level_at(rank - 1)
        needed += [signers(plan, scale.id, scale.level_at(rank), after) for after in dict.fromkeys((lower, None))]
    posts: dict[str, None] = {}
    for able in needed:
        if not set(able) & set(posts):
            posts[_best(plan, able)] = None
    return tuple(Player(f"p{n + 1}", f"{MARK}{CALLED[n % len(CALLED)]}", (post,), DECIDES) for n, post in enumerate(posts))


def _best(plan: Plan, able: Sequence[str]) -> str:
    """A person's post before a body, and before whoever is on duty."""
    bodies = {
        name
        for body in (plan.organization.command, plan.organization.on_site_command)
        if body is not None
        for name in (body.name, body.office_name, *body.aliases, *body.office_aliases)
    }
    return next((one for one in able if one not in bodies and one not in RECORDERS), able[0])


def objectives_of(plan: Plan, scales: Sequence[str], scenario: Scenario, run: Run) -> tuple[Objective, ...]:
    """Timely decisions on each scale that moved, and the deadlines of each part of the plan that has duties in force."""
    found = [
        Objective(
            f"decide-{n}", f"{plan.scales[one].short}：建议提出后30分钟内作出决定", scales=(one,), decided_within=DECIDED_WITHIN
        )
        for n, one in enumerate(scales, 1)
    ]
    groups: dict[str, dict[str, None]] = {}
    for duty in run.incident.courses[plan.id].duties.values():
        one = duty.assigned
        if one.due_kind is not None and not one.standing:
            groups.setdefault(_part(one.clause), {})[one.clause] = None
    largest = sorted(groups.items(), key=lambda item: -len(item[1]))[:MOST_GROUPS]
    return (
        *found,
        *(
            Objective(f"deadlines-{n}", f"{f'第{part}部分' if part.isdecimal() else part}所定的时限", tuple(clauses))
            for n, (part, clauses) in enumerate(sorted(largest), 1)
        ),
    )


def _part(clause: str) -> str:
    """The part of the plan that a clause belongs to: “附件6 三级(2)” -> “附件6 三级”, “5.3.1” -> “5”."""
    head = clause.partition("(")[0].strip()
    return head.partition(".")[0] if head[:1].isdecimal() else head

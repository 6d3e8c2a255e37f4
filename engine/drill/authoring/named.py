"""What a scenario file names, looked up in the plans that it plays; what is not there becomes a finding with the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from engine.drill.authoring.amounts import BadAmount
from engine.incident.proposal import leading
from engine.lifecycle.signers import RECORDERS, signers
from engine.plan.condition import Level
from engine.plan.finding import UnknownName
from engine.plan.model import Plan, Scale
from engine.plan.source import Path, Source
from engine.plan.spelling import nearest

NOTHING = (None, "无", "none", "未达级别")
T = TypeVar("T")


@dataclass(frozen=True)
class Named:
    """The names that one file may use. injects: its own."""

    source: Source
    plans: tuple[Plan, ...]
    injects: frozenset[str] = frozenset()

    def amount(self, path: Path, read: Callable[[], T]) -> T | None:
        """What `read` makes of an amount; None, with a finding, where it is none."""
        try:
            return read()
        except BadAmount as error:
            self.source.report(path, "bad-amount", error.found, error.expected, "改正这个数或时间")
            return None

    def known(self, path: Path, code: str, what: str, name: str, names: Iterable[str]) -> bool:
        """Whether a name is there; if not, a finding."""
        listed = list(dict.fromkeys(names))
        if name in listed:
            return True
        near = nearest(name, listed)
        shown = "、".join(listed[:12]) + ("……" if len(listed) > 12 else "")
        self.source.report(path, code, f"{what}“{name}”", f"如“{near}”" if near else shown or "（无）", "改正，或删去")
        return False

    def plan(self, path: Path, name: str | None) -> Plan | None:
        if name is None or not self.known(path, "unknown-plan", "预案", name, (one.id for one in self.plans)):
            return None
        return next(one for one in self.plans if one.id == name)

    def scale(self, path: Path, name: str, plan: Plan | None = None) -> tuple[Plan, Scale] | None:
        """The scale of this id or name: of the plan, or of the first plan that has it."""
        among = self.plans if plan is None else (plan,)
        for one in among:
            for scale in one.scales.values():
                if name in (scale.id, scale.label, scale.short):
                    return one, scale
        self.known(path, "unknown-scale", "等级体系", name, (key for one in among for key in one.scales))
        return None

    def level(self, path: Path, plan: Plan, scale: Scale, name: Any) -> tuple[Level] | None:
        """The level of this id or name (none in force: None), as a tuple of one; None where there is no such level."""
        if name in NOTHING and name not in scale.levels:
            return (None,)
        try:
            return (plan.level(scale.id, str(name)),)
        except UnknownName:
            self.known(path, "unknown-level", f"{scale.short}的级别", str(name), (*scale.levels, *scale.names))
            return None

    def unit(self, path: Path, name: str) -> bool:
        return self.known(path, "unknown-unit", "有任务的单位", name, self._units)

    def clause(self, path: Path, name: str, *, with_duties: bool = False) -> bool:
        """Whether a plan has the clause: one of its ledger, or that a duty, trigger or rule is cited by."""
        names = self._clauses if with_duties else {**self._every_clause, **self._clauses}
        return self.known(path, "unknown-clause", "有任务的条款" if with_duties else "条款", name, names)

    @cached_property
    def _units(self) -> list[str]:
        return sorted({duty.unit for plan in self.plans for duty in plan.duties if duty.unit is not None})

    @cached_property
    def _clauses(self) -> dict[str, None]:
        return dict.fromkeys(duty.clause for plan in self.plans for duty in plan.duties)

    @cached_property
    def _every_clause(self) -> dict[str, None]:
        return {
            **dict.fromkeys(clause for plan in self.plans for clause in plan.clauses),
            **dict.fromkeys(act.clause for plan in self.plans for act in plan.procedure),
            **dict.fromkeys(
                trigger.clause
                for plan in self.plans
                for scale in plan.scales.values()
                for listed in scale.triggers.values()
                for trigger in listed
            ),
            **dict.fromkeys(
                rule.clause for plan in self.plans for rules in plan.lifecycle.levels.values() for rule in rules.values()
            ),
        }

    @cached_property
    def posts(self) -> tuple[str, ...]:
        """Every post that may sign something in these plans; those of every duty office last."""
        return tuple(dict.fromkeys((*(post for plan in self.plans for post in signing_posts(plan)), *RECORDERS)))


def signing_posts(plan: Plan) -> tuple[str, ...]:
    """The posts that may sign some change of level of the plan."""
    found: dict[str, None] = {}
    for scale in leading(plan):
        for level in scale.levels:
            lower = scale.level_at(scale.rank(level) - 1)
            for before, after in ((None, level), (level, lower), (level, None)):
                found.update(dict.fromkeys(signers(plan, scale.id, before, after)))
    return tuple(found)

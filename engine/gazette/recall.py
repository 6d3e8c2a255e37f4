"""How much of a plan written by hand a draft found: clauses, units, thresholds, deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.gazette.clauses import split
from engine.gazette.draft import Draft
from engine.gazette.figures import Figure, duty_figures, trigger_figures
from engine.gazette.subjects import squeeze
from engine.plan.ledger import within
from engine.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Share:
    """`found` of `total`; what was not found, in words."""

    found: int
    total: int
    lost: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        return self.found / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.found}/{self.total}（{self.rate:.0%}）" if self.total else "无"


@dataclass(frozen=True, slots=True)
class Recall:
    clauses: Share
    units: Share
    thresholds: Share
    deadlines: Share

    def __str__(self) -> str:
        return f"条款 {self.clauses}，单位 {self.units}，条件中的数 {self.thresholds}，时限 {self.deadlines}"


def recall(draft: Draft, plan: Plan) -> Recall:
    """Compare a draft with the plan made by hand. A threshold or deadline counts where the draft has its number in its clause;
    those that the clause does not print (a missing annex, a reading) do not count."""
    texts = split(draft.document, plan.clauses)

    def printed(one: Figure) -> bool:
        return one.stands(texts.own(one.clause) or "")

    triggers = (one for one in trigger_figures(plan) if one.section == "scales" and not one.implied and printed(one))
    bounds = {(one.clause, one.words): one for one in triggers}
    limits = {(one.clause, one.words): one for one in duty_figures(plan) if one.due and printed(one)}
    units = {duty.unit for duty in plan.duties if duty.unit}
    named = {squeeze(name) for _, name in draft.units}
    return Recall(
        _share(plan.clauses, lambda clause: clause in draft.clauses),
        _share(sorted(units), lambda unit: squeeze(unit) in named),
        _share_figures(bounds.values(), draft.thresholds),
        _share_figures(limits.values(), draft.deadlines),
    )


def _share(wanted: Iterable[str], has: Callable[[str], bool]) -> Share:
    every = tuple(wanted)
    lost = tuple(one for one in every if not has(one))
    return Share(len(every) - len(lost), len(every), lost)


def _share_figures(figures: Iterable[Figure], phrases: tuple[tuple[str, str], ...]) -> Share:
    every = tuple(figures)
    lost = tuple(
        f"{one.clause} {one.words}"
        for one in every
        if not any(
            (within(clause, one.clause) or within(one.clause, clause)) and one.stands(phrase) for clause, phrase in phrases
        )
    )
    return Share(len(every) - len(lost), len(every), lost)

"""Where along one indicator something changes, with everything else held: the level, the signer, the duties. Exact, by the plan's own thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine.drill.sweeps.by_case import Found, found_in
from engine.drill.sweeps.stretch import Stretch, stretches
from engine.drill.sweeps.sweep import Sweep
from engine.drill.sweeps.variable import Variable
from engine.duty.duties import DutyInForce, duties_at
from engine.lifecycle.signers import signers
from engine.plan.condition import Scalar, resolve
from engine.plan.model import Plan
from engine.trigger.cells import Domain, make_domain
from engine.trigger.facts import Facts
from engine.trigger.formula import make_domains
from engine.trigger.judge import judge

Held = Mapping[str, Scalar | None]


@dataclass(frozen=True)
class Part:
    """A part of an axis on which nothing changes. found: by scale; signers: who may sign raising each scale to its level from none."""

    where: Stretch
    found: Mapping[str, Found]
    signers: Mapping[str, tuple[str, ...]]
    duties: Mapping[str, DutyInForce]

    def same(self, other: Part) -> bool:
        """Whether nothing that is shown differs."""
        return (
            {scale: ranks for scale, (ranks, _) in self.found.items()} == {scale: ranks for scale, (ranks, _) in other.found.items()}
            and self.signers == other.signers
            and self.duties.keys() == other.duties.keys()
        )  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """The border between two parts: what is another after it."""

    before: Part
    after: Part

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """The scales whose level, or set of possible levels, changes."""
        return tuple(scale for scale, (ranks, _) in self.after.found.items() if ranks != self.before.found[scale][0])

    def clauses(self, scale: str) -> tuple[str, ...]:
        """The clauses of the higher side that are not on the lower one; of the higher side all, where none is new."""
        low, high = sorted((self.before.found[scale], self.after.found[scale]))
        return tuple(one for one in high[1] if one not in low[1]) or high[1]

    @property
    def signing(self) -> tuple[str, ...]:
        """The scales whose signer changes."""
        return tuple(scale for scale, posts in self.after.signers.items() if posts != self.before.signers[scale])

    @property
    def added(self) -> tuple[DutyInForce, ...]:
        return tuple(one for key, one in self.after.duties.items() if key not in self.before.duties)

    @property
    def removed(self) -> tuple[DutyInForce, ...]:
        return tuple(one for key, one in self.before.duties.items() if key not in self.after.duties)


@dataclass(frozen=True)
class Course:
    """One indicator from end to end, the others held."""

    variable: Variable
    held: Held
    parts: tuple[Part, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(Turn(before, after) for before, after in zip(self.parts, self.parts[1:], strict=False))


def course(sweep: Sweep, name: str, held: Held | None = None) -> Course:
    """What changes along one varied indicator. held: the other varied ones (absent: as `usual_point` has them)."""
    others = {**usual_point(sweep), **(held or {})}
    others.pop(name)
    variable = next(one for one in sweep.variables if one.name == name)
    facts = sweep.facts({**others, name: None})
    domain = _domain(sweep, variable, facts)
    parts: list[Part] = []
    for one in stretches(variable, sweep.axes[name], domain):
        part = _part(sweep, variable.put(facts, one.sample), one)
        if parts and part.same(parts[-1]) and not domain.values:
            parts[-1] = replace(parts[-1], where=parts[-1].where.up_to(one))
        else:
            parts.append(part)
    return Course(variable, others, tuple(parts))


def usual_point(sweep: Sweep) -> dict[str, Scalar | None]:
    """For each varied indicator the fixed facts' own value if they have one, else what is normal, or the nearest to it on the axis."""
    found: dict[str, Scalar | None] = {}
    for variable in sweep.variables:
        own = variable.of(sweep.given)
        value = own if isinstance(own, str | bool | int | float) else variable.indicator.normal
        ends = sweep.axes[variable.name].ends
        if ends is not None and isinstance(value, int | float) and not isinstance(own, int | float):
            value = min(max(value, ends[0]), ends[1])
        found[variable.name] = value
    return found


def signer_of(plan: Plan, scale: str, rank: int) -> tuple[str, ...]:
    """Who may sign raising the scale from none to this rank; nobody for none."""
    level = plan.scales[scale].level_at(rank)
    return signers(plan, scale, None, level) if level is not None else ()


def _part(sweep: Sweep, facts: Facts, where: Stretch) -> Part:
    plan = sweep.plan
    outcome = judge(plan, sweep.choices).outcome(facts)
    found = {scale: found_in(outcome, scale) for scale in sweep.scales}
    duties: dict[str, DutyInForce] = {}
    for scale in sweep.scales:
        level = outcome.levels[scale]
        if level is not None:
            listed = duties_at(plan, scale, level, facts, choices=sweep.choices, in_force=sweep.in_force)
            duties.update({one.duty.id: one for one in listed})
    posts = {scale: signer_of(plan, scale, ranks[0]) for scale, (ranks, _) in found.items()}
    return Part(where, found, posts, duties)


def _domain(sweep: Sweep, variable: Variable, facts: Facts) -> Domain:
    """The indicator cut at every threshold of the levels, and of the duties' own conditions."""
    plan = sweep.plan
    compiled = judge(plan, sweep.choices)
    found = compiled.domain(variable.key, facts) if variable.key in compiled.domains else None
    conditions = [resolve(one.when, dict(sweep.choices)) for one in plan.duties_under(sweep.choices) if one.when is not None]
    of_duties = make_domains(plan, conditions).get(variable.key)
    cuts = {cut for one in (found, of_duties) if one is not None for cut in one.cuts}
    return make_domain(variable.key, variable.indicator, cuts, variable.areas)

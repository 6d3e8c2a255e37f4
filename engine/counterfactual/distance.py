"""How far other levels are: the smallest changes of facts that reach a higher level or leave this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from engine.assess import Assessment
from engine.counterfactual.change import Change
from engine.counterfactual.ways import MOST_WAYS, Ways
from engine.plan.condition import All, Condition, Level, Not
from engine.plan.model import Plan
from engine.trigger.cells import Domain
from engine.trigger.facts import Facts
from engine.trigger.judge import Outcome, judge
from engine.trigger.rules import Flattener
from engine.trigger.truth import Truth, truth

MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Distance:
    """One way to `level` (or, leaving, to below the present one): all changes together."""

    scale: str
    level: Level
    changes: tuple[Change, ...]
    clause: str


def distances(assessment: Assessment, scale: str, level: str, most: int = 6) -> tuple[Distance, ...]:
    """The smallest changes of facts that establish `level` or a higher one, fewest facts first. Empty if it is established."""
    found = assessment.plan.scale(scale)
    target = found.rank(level)
    if found.rank(assessment.levels[scale]) >= target:
        return ()
    search = _Search(assessment, scale, lambda rank: rank >= target)
    rules = [rule for rule in Flattener(assessment.plan, assessment.choices).rules(scale) if rule.rank >= target]
    for rule in rules:
        for changes in islice(search.ways.ways(rule.condition, True), MOST_WAYS):
            search.add(changes, rule.chain[0].clause)
    if not search.successful:
        for rule in rules:
            search.add(search.in_turn(rule.condition), rule.chain[0].clause)
    return tuple(Distance(scale, level, changes, search.clause(changes, stated)) for changes, stated in search.smallest(most))


def ways_out(assessment: Assessment, scale: str, most: int = 6) -> tuple[Distance, ...]:
    """The smallest changes of facts after which the present level is no longer established."""
    plan = assessment.plan
    found = plan.scale(scale)
    rank = found.rank(assessment.levels[scale])
    if rank == 0:
        return ()
    search = _Search(assessment, scale, lambda after: after < rank)
    rules = [rule for rule in Flattener(plan, assessment.choices).rules(scale) if rule.rank >= rank]
    truths = [truth(plan, rule.condition, assessment.facts) for rule in rules]
    held = [rule for rule, one in zip(rules, truths, strict=True) if one is Truth.HELD]
    held = held or [rule for rule, one in zip(rules, truths, strict=True) if one is not Truth.FAILED]
    together = All(tuple(Not(condition) for condition in dict.fromkeys(rule.condition for rule in held)))
    for changes in islice(search.ways.ways(together, True), MOST_WAYS):
        search.add(changes, held[0].chain[0].clause)
    return tuple(
        Distance(scale, found.level_at(search.rank_after(changes)), changes, clause) for changes, clause in search.smallest(most)
    )


Changes = tuple[Change, ...]


class _Search:
    """Sets of changes that reach a goal, made as small as they can be."""

    def __init__(self, assessment: Assessment, scale: str, reaches: Callable[[int], bool]) -> None:
        self.assessment = assessment
        self.plan = assessment.plan
        self.scale = self.plan.scale(scale)
        self.judge = judge(self.plan, assessment.choices, scale)
        self.ways = Ways(assessment)
        self._reaches = reaches
        self._found: dict[Changes, str] = {}

    def add(self, changes: Iterable[Change], clause: str) -> None:
        """Keep a set of changes if it reaches the goal."""
        ordered = _ordered(changes)
        if ordered and ordered not in self._found and self.reached(ordered):
            self._found[ordered] = clause

    @property
    def successful(self) -> bool:
        """Whether any set reaches the goal."""
        return bool(self._found)

    def in_turn(self, condition: Condition) -> Changes:
        """Changes made one after another, where those for one part of the condition undo what another part needs."""
        now, made = self.assessment, dict[tuple[str, str | None], Change]()
        for _ in range(MOST_ROUNDS):
            way = next(Ways(now, made).ways(condition, True), None)
            if not way:
                break
            now = now._replace(facts=_applied(self.plan, now.facts, tuple(way)))
            made |= {(change.indicator, change.area): change for change in way}
        return _ordered(made.values())

    def smallest(self, most: int) -> list[tuple[Changes, str]]:
        """Fewest facts first, then the smallest changes; without those that another is a part of."""
        kept: dict[Changes, str] = {}
        for changes in sorted(self._found, key=_size):
            if len(kept) >= most + 2:
                break
            if not any(_covers(other, changes) for other in kept):
                kept.setdefault(self._least(changes), self._found[changes])
        ranked = sorted(kept, key=_size)
        return [(one, kept[one]) for n, one in enumerate(ranked) if not any(_covers(other, one) for other in ranked[:n])][:most]

    def after(self, changes: Changes) -> Outcome:
        return self.judge.outcome(_applied(self.plan, self.assessment.facts, changes))

    def rank_after(self, changes: Changes) -> int:
        return self.scale.rank(self.after(changes).levels[self.scale.id])

    def reached(self, changes: Changes) -> bool:
        return self._reaches(self.rank_after(changes))

    def clause(self, changes: Changes, stated: str) -> str:
        """The clause that the changes fulfil: the one that they were made for, unless a smaller change fulfils another."""
        clauses = [chain[0].clause for chain in self.after(changes).grounds[self.scale.id]]
        return stated if stated in clauses or not clauses else clauses[0]

    def _least(self, changes: Changes) -> Changes:
        """Without changes that are not needed, and none further than needed; again until nothing more can be spared."""
        for _ in range(MOST_ROUNDS):
            smaller = self._smaller(changes)
            if smaller == changes:
                break
            changes = smaller
        return changes

    def _smaller(self, changes: Changes) -> Changes:
        for change in sorted(changes, key=Change.size, reverse=True):
            rest = tuple(one for one in changes if one != change)
            if rest and self.reached(rest):
                changes = rest
        for change in changes:
            rest = tuple(one for one in changes if one != change)
            for nearer in self._nearer(change, _applied(self.plan, self.assessment.facts, rest)):
                if self.reached(_ordered((*rest, nearer))):
                    # The others may have become smaller by it too: they are looked at again in the next round.
                    return _ordered((*rest, nearer))
        return changes

    def _nearer(self, change: Change, facts: Facts) -> Iterator[Change]:
        """The same change to every cell on the way there, the nearest first."""
        if isinstance(change.to, bool | str):
            return
        domain = self.judge.domain(change.indicator, facts)
        goal = domain.cell(change.past(self.plan))
        now = None if change.now is None or isinstance(change.now, bool | str) else domain.cell(change.now)
        if change.rising:
            cells = range(0 if now is None else now + 1, goal)
        else:
            cells = range(domain.size - 1 if now is None else now - 1, goal - 1, -1)
        yield from (nearer for cell in cells if (nearer := _into(change, domain, cell)) not in (None, change))


def _into(change: Change, domain: Domain, cell: int) -> Change | None:
    """The change just into a cell, coming from its side."""
    bounds = domain.interval(cell)
    to, beyond = (bounds.low, bounds.low_open) if change.rising else (bounds.high, bounds.high_open)
    if to is None:
        return None
    if domain.whole and beyond:
        to, beyond = to + (1 if change.rising else -1), False
    return replace(change, to=to, beyond=beyond)


def _applied(plan: Plan, facts: Facts, changes: Changes) -> Facts:
    for change in changes:
        facts = change.applied(plan, facts)
    return facts


def _ordered(changes: Iterable[Change]) -> Changes:
    return tuple(sorted(changes, key=lambda change: (change.indicator, change.area or "")))


def _size(changes: Changes) -> tuple[int, float]:
    return len(changes), sum(change.size() for change in changes)


def _covers(smaller: tuple[Change, ...], larger: tuple[Change, ...]) -> bool:
    """Whether each change of `smaller` is asked for by `larger` too, at least as far."""
    by_key = {(change.indicator, change.area): change for change in larger}
    return all(
        (other := by_key.get((change.indicator, change.area))) is not None
        and other.rising == change.rising
        and (change.to == other.to or other.size() >= change.size())
        for change in smaller
    )

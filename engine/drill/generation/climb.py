"""Facts that climb a scale level by level, found by the engine: just below each level, at it, and above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any, Literal

from engine.assess import Assessment, assess
from engine.counterfactual.change import Change, with_fact
from engine.counterfactual.distance import distances
from engine.counterfactual.ways import Ways
from engine.drill.generation.nearby import further, reached, short_of
from engine.drill.generation.plateau import Plateau, plateaus, series_of
from engine.drill.generation.reported import Raw, Reported, changed, put
from engine.drill.scenario import Hours
from engine.plan.condition import All, Compare, Condition, Member, Scalar, walk
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan, Scale
from engine.plan.words import find_indicator
from engine.trigger.facts import Facts, validate
from engine.trigger.judge import judge
from engine.trigger.rules import Flattener, Rule

MOST_WAYS = 24
Kind = Literal["below", "unknown", "at", "above"]
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Rung:
    """Facts that are reported next, and the rank that the scale's facts lead to then. about: the rank that the rung is about.

    open: a fact that is reported as not known, in words only.
    """

    kind: Kind
    about: int
    rank: int
    facts: Reported
    open: str | None = None


class Climb:
    """The climb of one scale of a plan, from nothing known."""

    def __init__(self, plan: Plan, scale: Scale, choices: Mapping[str, str], at: datetime) -> None:
        self.plan = plan
        self.scale = scale
        self.choices = choices
        self.at = at
        self.domains = judge(plan, choices).domains
        self.imposed = {
            key for triggers in scale.triggers.values() for one in triggers if one.imposed for key in _keys_of(one.condition)
        }
        self.rules: tuple[Rule, ...] = Flattener(plan, choices).rules(scale.id)
        self._found: dict[tuple[int, str, str], Plateau | None] = {}

    def climbs(self, top: int) -> Iterator[tuple[Rung, ...]]:
        """Ways from nothing up to the rank `top`, the best first; none where no facts lead to just that level."""
        rest: list[tuple[tuple[int, int, int], tuple[Rung, ...]]] = []
        for order, keys in enumerate(self._routes(top)):
            found = self._along(keys, top)
            reached = {one.about for one in found if one.kind == "at"}
            if top in reached:
                off = sum(1 for one in found if one.kind == "at" and not self._touched(one.facts) <= keys)
                score = (top - len(reached) + off, self._class(keys), order)
                if score[:2] == (0, 0):
                    yield tuple(found)
                else:
                    rest.append((score, tuple(found)))
        yield from (found for _, found in sorted(rest, key=lambda one: one[0]))

    def _routes(self, top: int) -> list[Keys]:
        """The sets of facts by which the top can be reached, in the plan's order."""
        found: dict[Keys, None] = {}
        for way in self._ways({}, top):
            found.setdefault(self._keys(way), None)
        return list(found)

    def _along(self, keys: Keys, top: int) -> list[Rung]:
        """Every level up to the top, by these facts as far as they lead."""
        raw: Raw = {}
        found: list[Rung] = []
        for rank in range(1, top + 1):
            ways = sorted(
                enumerate(self._ways(raw, rank)),
                key=lambda one: (not self._keys(one[1]) <= keys, self._class(self._keys(one[1])), one[0]),
            )
            for _, way in ways:
                fresh = self._level(raw, rank, way, decisive_open=rank == top)
                if fresh:
                    found += fresh
                    for one in fresh:
                        raw = put(raw, one.facts)
                    break
        return found

    def _ways(self, raw: Raw, rank: int) -> Iterator[tuple[Change, ...]]:
        """Changes by which the facts come to lead to just this rank, in the order of the plan's triggers."""
        now = self.assess(raw)
        if now is None or self.rank(now) >= rank:
            return
        ways = Ways(now._replace(facts=self._calm(now.facts)))
        each = (way for rule in self.rules if rule.rank == rank for way in islice(ways.ways(rule.condition, True), MOST_WAYS))
        found = False
        for way in each:
            changes = tuple(sorted(way, key=lambda one: (one.indicator, one.area or "")))
            if self._fits(raw, changes, rank):
                found = True
                yield changes
        if not found:  # conditions that undo each other
            stepwise = (self._in_turn(now, rule.condition) for rule in self.rules if rule.rank == rank)
            distant = (one.changes for one in distances(now, self.scale.id, str(self.scale.level_at(rank))))
            yield from (one for one in chain(stepwise, distant) if self._fits(raw, one, rank))

    def _in_turn(self, now: Assessment, condition: Condition) -> tuple[Change, ...]:
        """Changes for one part of a condition after another, none of which undoes what an earlier one did."""
        made: dict[tuple[str, str | None], Change] = {}
        facts = self._calm(now.facts)
        for part in condition.parts if isinstance(condition, All) else (condition,):
            for one in next(Ways(now._replace(facts=facts), made).ways(part, True), ()):
                made[one.indicator, one.area] = one
                facts = one.applied(self.plan, facts)
        return tuple(sorted(made.values(), key=lambda one: (one.indicator, one.area or "")))

    def _fits(self, raw: Raw, changes: tuple[Change, ...], rank: int) -> bool:
        return bool(changes) and not any(self._by_date(one) for one in changes) and self._leads(raw, changes, rank)

    def _calm(self, facts: Facts) -> Facts:
        """The facts, with numbers that nobody reported as they normally are: a sight of 10 km goes down to 1, not up from nothing."""
        for key, domain in self.domains.items():
            indicator = domain.indicator
            if indicator.type not in ("number", "integer") or not indicator.normal or "+" in key:
                continue
            for area in (None,) if domain.areas is None else self.plan.indicators[domain.areas].areas:
                if facts.of(key, area) is None:
                    facts = with_fact(facts, key, indicator.normal, area)
        return facts

    def _leads(self, raw: Raw, changes: tuple[Change, ...], rank: int) -> bool:
        if self._series(changes):
            return self._plateau(raw, changes, rank) is not None
        return self.leads(put(raw, self._reached(changes)), rank)

    def _level(self, raw: Raw, rank: int, way: tuple[Change, ...], *, decisive_open: bool) -> list[Rung]:
        """Reports around one level: just below it, (one fact not yet known,) at it, and above it."""
        if self._series(way):
            return self._by_series(raw, rank, way, decisive_open=decisive_open)
        at = self._reached(way)
        before = self.rank_of(raw)
        found: list[Rung] = []
        for decisive in sorted(way, key=lambda one: self._class(frozenset({one.indicator}))):
            rest = self._reached(one for one in way if one is not decisive)
            short = short_of(self.plan, decisive)
            asked = decisive_open and isinstance(decisive.to, bool) and decisive.now is None
            if short is not None and not asked:
                facts = put(dict(rest), {} if short == decisive.now else self._fact(decisive, short))
                if changed(raw, facts) and self.leads(put(raw, facts), before):
                    found.append(Rung("below", rank, before, changed(raw, facts)))
            if decisive_open and (one := self._open(raw, rest, decisive, short, rank, before)) is not None:
                found.append(one)
            if found or not rest:
                break
        found.append(Rung("at", rank, rank, changed(_after(raw, found), at)))
        found += self._above(_after(raw, found), way, rank)
        return [one for one in found if one.facts or one.open]

    def _open(self, raw: Raw, rest: Reported, decisive: Change, short: Scalar | None, rank: int, before: int) -> Rung | None:
        """The decisive fact known in part only, or not at all where nothing was said of it: the level is possible, not established."""
        if short is not None and not isinstance(short, bool):
            partial = {"at_least" if decisive.rising or isinstance(short, str) else "at_most": short}
            facts = put(dict(rest), self._fact(decisive, partial))
            if self.leads(put(raw, facts), before) and self._may_lead(put(raw, facts), rank):
                return Rung("unknown", rank, before, changed(raw, facts))
        with_rest = put(raw, rest)
        if decisive.now is None and self.leads(with_rest, before) and self._may_lead(with_rest, rank):
            label = find_indicator(self.plan, decisive.indicator).short
            return Rung("unknown", rank, before, changed(raw, rest), label)
        return None

    def _above(self, raw: Raw, way: tuple[Change, ...], rank: int) -> list[Rung]:
        """A number further on, still of the same level."""
        for one in way:
            to = one.past(self.plan)
            if isinstance(to, bool | str):
                continue
            for share in (0.5, 0.25, 0.1):
                value = further(self.domains[one.indicator], one, to, share)
                facts = {} if value is None else self._fact(one, value)
                if facts and self.leads(put(raw, facts), rank):
                    return [Rung("above", rank, rank, facts)]
        return []

    def _by_series(self, raw: Raw, rank: int, way: tuple[Change, ...], *, decisive_open: bool) -> list[Rung]:
        shape = self._plateau(raw, way, rank)
        assert shape is not None
        rest = self._reached(one for one in way if self._series_of(one) is None)
        before = self.rank_of(raw)
        wanted: list[tuple[Kind, int, Plateau]] = []
        if shape.count > 1:
            wanted.append(("below", before, shape.shorter()))
            if decisive_open:
                wanted.append(("unknown", before, shape.cut()))
        wanted += [("at", rank, shape), ("above", rank, shape.longer())]
        found = []
        for kind, leads_to, one in wanted:
            facts = put(dict(rest), {one.series: one.hours()})
            if self.leads(put(raw, facts), leads_to) and (kind != "unknown" or self._may_lead(put(raw, facts), rank)):
                found.append(Rung(kind, rank, leads_to, changed(raw, facts)))
        return found

    def _plateau(self, raw: Raw, way: tuple[Change, ...], rank: int) -> Plateau | None:
        """The lowest, then shortest plateau that leads to just this rank."""
        (series,) = self._series(way) if len(self._series(way)) == 1 else (None,)
        if series is None:
            return None
        rest = put(raw, self._reached(one for one in way if self._series_of(one) is None))
        rest.pop(series, None)
        key = (rank, series, repr(sorted(rest.items())))
        if key not in self._found:
            self._found[key] = self._search(rest, series, rank)
        return self._found[key]

    def _search(self, rest: Raw, series: str, rank: int) -> Plateau | None:
        for row in plateaus(self.plan, series, self.choices):
            low, high = 0, len(row)
            while low < high:
                middle = (low + high) // 2
                reached = self.rank_of(put(rest, {series: row[middle].hours()})) >= rank
                low, high = (low, middle) if reached else (middle + 1, high)
            if low < len(row) and self.leads(put(rest, {series: row[low].hours()}), rank):
                return row[low]
        return None

    def assess(self, raw: Raw) -> Assessment | None:
        """The facts assessed; None where they are none."""
        try:
            facts = validate(self.plan, {key: _given(value, self.at) for key, value in raw.items()})
        except FactInvalid:
            return None
        return assess(self.plan, facts, self.at, readings=self.choices)

    def rank(self, found: Assessment) -> int:
        return self.scale.rank(found.levels[self.scale.id])

    def rank_of(self, raw: Raw) -> int:
        found = self.assess(raw)
        return -1 if found is None else self.rank(found)

    def leads(self, raw: Raw, rank: int) -> bool:
        """Whether the facts establish just this rank."""
        return self.rank_of(raw) == rank

    def _may_lead(self, raw: Raw, rank: int) -> bool:
        found = self.assess(raw)
        return found is not None and self.scale.level_at(rank) in found.possible[self.scale.id]

    def _reached(self, changes: Iterable[Change]) -> Raw:
        facts: Raw = {}
        for one in changes:
            facts = put(facts, self._fact(one, reached(one)))
        return facts

    def _fact(self, change: Change, value: Any) -> Raw:
        if change.area is None:
            return {change.indicator: value}
        areas, name = change.indicator.split(".", 1)
        return {areas: {change.area: {name: value}}}

    def _keys(self, way: Iterable[Change]) -> Keys:
        return frozenset(self._series_of(one) or one.indicator for one in way)

    def _touched(self, facts: Reported) -> Keys:
        found = set()
        for key, value in facts.items():
            parts = {name for row in value.values() for name in row} if self.plan.indicators[key].type == "areas" else None
            found |= {key} if parts is None else {f"{key}.{name}" for name in parts}
        return frozenset(found)

    def _class(self, keys: Keys) -> int:
        """How believable a climb by these facts is: numbers, then words, then what a command has found, then a notice from above."""
        return max((self._class_of(key) for key in keys), default=0)

    def _class_of(self, key: str) -> int:
        if key in self.imposed:
            return 3
        indicator = find_indicator(self.plan, key)
        if indicator.type == "enum" and set(indicator.values) & set(self.scale.levels):
            return 2
        return 1 if indicator.type in ("enum", "boolean") else 0

    def _series(self, way: Iterable[Change]) -> set[str]:
        return {series for one in way if (series := self._series_of(one)) is not None}

    def _series_of(self, change: Change) -> str | None:
        return series_of(find_indicator(self.plan, change.indicator), self.choices)

    def _by_date(self, change: Change) -> bool:
        derived = find_indicator(self.plan, change.indicator).derived_from
        return derived is not None and "at" in (derived.read(self.choices) or {})


def _after(raw: Raw, rungs: Iterable[Rung]) -> Raw:
    for one in rungs:
        raw = put(raw, one.facts)
    return raw


def _given(value: Any, at: datetime) -> Any:
    return value.points(at) if isinstance(value, Hours) else value


def _keys_of(condition: Condition) -> Iterator[str]:
    for node in walk(condition):
        if isinstance(node, Compare | Member):
            yield node.indicator

"""What would change an assessment: the smallest changes of facts that reach a higher level or leave this one, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from engine.assess import Assessment
from engine.plan.condition import All, Any, Bounds, Compare, Condition, Count, Level, Member, Not, Scalar, Sum
from engine.plan.measure import Number
from engine.plan.model import Indicator, Plan
from engine.plan.words import bounds_word, difference_word, find_indicator, value_word
from engine.trigger.cells import Domain
from engine.trigger.facts import Facts, Partial
from engine.trigger.judge import Judge, Outcome, judge
from engine.trigger.reason import area_truth
from engine.trigger.rules import Flattener
from engine.trigger.truth import Truth, truth

MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to another value. `beyond`: the value itself is not enough, anything past it is (以上不含本数)."""

    indicator: str
    area: str | None
    now: Scalar | None
    to: Scalar
    beyond: bool = False
    rising: bool = True

    def words(self, plan: Plan) -> str:
        """“死亡人数还差2人，到10人”; of an unknown fact just the goal: “重伤人数50人以上”."""
        indicator = find_indicator(plan, self.indicator)
        name = f"{self.area or ''}{indicator.short}"
        if isinstance(self.to, bool | str):
            return f"{name}变为“{value_word(indicator, self.to)}”"
        goal = bounds_word(self._goal(), indicator.unit or "1")
        if not isinstance(self.now, int | float) or isinstance(self.now, bool):
            return f"{name}{goal}"
        return f"{name}{difference_word(indicator, self.now, self.to, beyond=self.beyond)}，到{goal}"

    def _goal(self) -> Bounds:
        assert isinstance(self.to, int | float)
        return Bounds(self.to, self.beyond, None, False) if self.rising else Bounds(None, False, self.to, self.beyond)

    def size(self) -> float:
        """How large the change is beside the value that it goes to."""
        if isinstance(self.to, bool | str):
            return 1.0
        start = self.now if isinstance(self.now, int | float) else 0
        return abs(self.to - start) / (abs(self.to) or abs(start) or 1)

    def applied(self, plan: Plan, facts: Facts) -> Facts:
        """The facts with this change made: just past the value where it is `beyond`."""
        value = self.to
        if self.beyond and isinstance(value, int | float):
            value = _just_past(find_indicator(plan, self.indicator), value, rising=self.rising)
        return with_fact(facts, self.indicator, value, self.area)


@dataclass(frozen=True, slots=True)
class Distance:
    """One way to `level` (or, leaving, to below the present one): all changes together."""

    scale: str
    level: Level
    changes: tuple[Change, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer to a question would establish; `possible` per scale."""

    words: str
    levels: Mapping[str, Level]
    possible: Mapping[str, tuple[Level, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown fact that matters. `open`: how many levels would stay undecided on average, over all scales."""

    indicator: str
    area: str | None
    label: str
    open: float
    answers: tuple[Answer, ...]


def with_fact(facts: Facts, key: str, value: Scalar | None, area: str | None = None) -> Facts:
    """The facts with one of them set; None makes it unknown."""
    if area is not None:
        areas_id, name = key.split(".", 1)
        rows = {one: dict(row) for one, row in facts.areas.get(areas_id, {}).items()}
        row = rows.setdefault(area, {})
        row.pop(name, None)
        if value is not None:
            row[name] = value
        return replace(facts, areas={**facts.areas, areas_id: rows})
    known = {one: kept for one, kept in facts.known.items() if one != key}
    partial = {one: kept for one, kept in facts.partial.items() if one != key}
    if value is not None:
        known[key] = value
    return replace(facts, known=known, partial=partial)


def _just_past(indicator: Indicator, value: Number, *, rising: bool) -> Number:
    if indicator.type == "integer":
        return value + (1 if rising else -1)
    step = max(abs(value) * 1e-9, 1e-9)
    return value + (step if rising else -step)


# --- distances -----------------------------------------------------------------------------------------------------


def distances(assessment: Assessment, scale: str, level: str, most: int = 6) -> tuple[Distance, ...]:
    """The smallest changes of facts that establish `level` or a higher one, fewest facts first. Empty if it is established."""
    found = assessment.plan.scale(scale)
    target = found.rank(level)
    if found.rank(assessment.levels[scale]) >= target:
        return ()
    flattener = Flattener(assessment.plan, assessment.choices)
    seen: dict[tuple[Change, ...], Distance] = {}
    for rule in flattener.rules(scale):
        if rule.rank < target:
            continue
        for changes in islice(_Ways(assessment).ways(rule.condition, True), MOST_WAYS):
            ordered = _ordered(changes)
            if ordered and ordered not in seen and _rank_after(assessment, scale, ordered) >= target:
                seen[ordered] = Distance(scale, level, ordered, rule.chain[0].clause)
    return _smallest(seen.values(), most)


def ways_out(assessment: Assessment, scale: str, most: int = 6) -> tuple[Distance, ...]:
    """The smallest changes of facts after which the present level is no longer established."""
    found = assessment.plan.scale(scale)
    rank = found.rank(assessment.levels[scale])
    if rank == 0:
        return ()
    plan = assessment.plan
    flattener = Flattener(plan, assessment.choices)
    held = [
        rule for rule in flattener.rules(scale) if rule.rank >= rank and truth(plan, rule.condition, assessment.facts) is Truth.HELD
    ]
    if not held:
        held = [rule for rule in flattener.rules(scale) if rule.rank >= rank and truth(plan, rule.condition, assessment.facts) is not Truth.FAILED]
    seen: dict[tuple[Change, ...], Distance] = {}
    together = All(tuple(Not(condition) for condition in dict.fromkeys(rule.condition for rule in held)))
    for changes in islice(_Ways(assessment).ways(together, True), MOST_WAYS):
        ordered = _ordered(changes)
        after = _rank_after(assessment, scale, ordered)
        if ordered and after < rank:
            seen[ordered] = Distance(scale, found.level_at(after), ordered, held[0].chain[0].clause)
    return _smallest(seen.values(), most)


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (change.indicator, change.area or "")))


def _rank_after(assessment: Assessment, scale: str, changes: tuple[Change, ...]) -> int:
    facts = assessment.facts
    for change in changes:
        facts = change.applied(assessment.plan, facts)
    level = judge(assessment.plan, assessment.choices).outcome(facts).levels[scale]
    return assessment.plan.scale(scale).rank(level)


def _smallest(found: Iterable[Distance], most: int) -> tuple[Distance, ...]:
    """Fewest facts first, then the smallest changes; without those that another is a part of."""
    ranked = sorted(found, key=lambda one: (len(one.changes), sum(change.size() for change in one.changes)))
    kept: list[Distance] = []
    for one in ranked:
        if not any(_covers(other.changes, one.changes) for other in kept):
            kept.append(one)
    return tuple(kept[:most])


def _covers(smaller: tuple[Change, ...], larger: tuple[Change, ...]) -> bool:
    """Whether each change of `smaller` is asked for by `larger` too, at least as far."""
    by_key = {(change.indicator, change.area): change for change in larger}
    return all(
        (other := by_key.get((change.indicator, change.area))) is not None
        and other.rising == change.rising
        and (change.to == other.to or other.size() >= change.size())
        for change in smaller
    )


class _Ways:
    """The ways to make a condition true or false by changing facts."""

    def __init__(self, assessment: Assessment) -> None:
        self.plan = assessment.plan
        self.facts = assessment.facts
        self.choices = assessment.choices

    def ways(self, condition: Condition, wanted: bool, area: str | None = None) -> Iterator[frozenset[Change]]:
        """Sets of changes, each of which makes the condition `wanted`; the empty set where it is so already."""
        if self._is(condition, wanted, area):
            yield frozenset()
            return
        match condition:
            case Not(part):
                yield from self.ways(part, not wanted, area)
            case All(parts) | Any(parts):
                if isinstance(condition, All) == wanted:
                    yield from self._jointly(parts, wanted, area)
                else:
                    for part in parts:
                        yield from self.ways(part, wanted, area)
            case Compare(key, bounds):
                yield from self._compare(key, bounds.low, bounds.low_open, bounds.high, bounds.high_open, wanted, area)
            case Member(key, values):
                indicator = find_indicator(self.plan, key)
                order: tuple[str | bool, ...] = (False, True) if indicator.type == "boolean" else indicator.values
                for value in order:
                    if (value in values) == wanted:
                        yield frozenset({Change(key, self._area(key, area), self._now(key, area), value)})
            case Sum(keys, bounds):
                yield from self._sum(keys, bounds.low, bounds.low_open, bounds.high, bounds.high_open, wanted)
            case Count(areas_id, bounds, where):
                yield from self._count(areas_id, bounds, where, wanted)
            case _:
                return

    def _is(self, condition: Condition, wanted: bool, area: str | None) -> bool:
        if area is not None:
            areas_id = next(key for key, indicator in self.plan.indicators.items() if area in indicator.areas)
            found = area_truth(self.plan, areas_id, area, condition, self.facts, self.choices)
        else:
            found = truth(self.plan, condition, self.facts, choices=self.choices)
        return found is (Truth.HELD if wanted else Truth.FAILED)

    def _area(self, key: str, area: str | None) -> str | None:
        return area if "." in key else None

    def _now(self, key: str, area: str | None) -> Scalar | None:
        value = self.facts.of(key, self._area(key, area))
        return None if isinstance(value, Partial) else value

    def _jointly(self, parts: tuple[Condition, ...], wanted: bool, area: str | None) -> Iterator[frozenset[Change]]:
        options = [list(islice(self.ways(part, wanted, area), 8)) for part in parts]
        for combination in islice(product(*options), MOST_WAYS * 4):
            merged = _merge(combination)
            if merged is not None:
                yield merged

    def _compare(
        self, key: str, low: Number | None, low_open: bool, high: Number | None, high_open: bool, wanted: bool, area: str | None
    ) -> Iterator[frozenset[Change]]:
        indicator = find_indicator(self.plan, key)
        now = self._now(key, area)
        place = self._area(key, area)
        whole = indicator.type == "integer"

        def change(to: Number, beyond: bool, rising: bool) -> frozenset[Change]:
            if whole and beyond:
                to, beyond = to + (1 if rising else -1), False
            return frozenset({Change(key, place, now, to, beyond, rising)})

        number = now if isinstance(now, int | float) else None
        if wanted:
            if low is not None and (number is None or number <= low):
                yield change(low, low_open, True)
            elif high is not None and (number is None or number >= high):
                if number is None and low is None and not indicator.signed:
                    yield change(0, False, False)
                else:
                    yield change(high, high_open, False)
            return
        if low is not None and (indicator.signed or low > 0 or low_open):
            yield change(low, not low_open, False)
        if high is not None:
            yield change(high, not high_open, True)

    def _sum(
        self, keys: tuple[str, str], low: Number | None, low_open: bool, high: Number | None, high_open: bool, wanted: bool
    ) -> Iterator[frozenset[Change]]:
        for key, other in (keys, keys[::-1]):
            rest = self._now(other, None)
            if not isinstance(rest, int | float):
                continue
            least = None if low is None else low - rest
            most = None if high is None else high - rest
            for ways in self._compare(key, least, low_open, most, high_open, wanted, None):
                if all(isinstance(change.to, int | float) and change.to >= 0 for change in ways):
                    yield ways

    def _count(self, areas_id: str, bounds: object, where: Condition, wanted: bool) -> Iterator[frozenset[Change]]:
        """The cheapest areas to change, as many as it takes. Bounds with a lower end only, which is all that counts use in practice."""
        low = getattr(bounds, "low", None)
        if low is None or getattr(bounds, "high", None) is not None:
            return
        states = {area: area_truth(self.plan, areas_id, area, where, self.facts, self.choices) for area in self.plan.indicators[areas_id].areas}
        settled = Truth.HELD if wanted else Truth.FAILED
        total = len(states)
        needed = int(low) if wanted else total - int(low) + 1
        short = needed - sum(1 for state in states.values() if state is settled)
        costs = []
        for area, state in states.items():
            if state is settled:
                continue
            ways = list(islice(self.ways(where, wanted, area), 8))
            if ways:
                best = min(ways, key=lambda way: (len(way), sum(change.size() for change in way)))
                costs.append((len(best), sum(change.size() for change in best), area, best))
        if len(costs) < short:
            return
        merged = _merge(tuple(best for _, _, _, best in sorted(costs, key=lambda cost: cost[:2])[:short]))
        if merged is not None:
            yield merged


def _merge(sets: Iterable[frozenset[Change]]) -> frozenset[Change] | None:
    """All changes together: the farther of two in the same direction; None where they contradict each other."""
    found: dict[tuple[str, str | None], Change] = {}
    for changes in sets:
        for change in changes:
            key = (change.indicator, change.area)
            other = found.get(key)
            if other is None or other == change:
                found[key] = change
            elif other.rising != change.rising or not isinstance(change.to, int | float) or not isinstance(other.to, int | float):
                return None
            elif (change.to, change.beyond) != (other.to, other.beyond):
                farther = (change.to > other.to) == change.rising if change.to != other.to else change.beyond
                found[key] = change if farther else other
    return frozenset(found.values())


# --- questions -----------------------------------------------------------------------------------------------------


def questions(assessment: Assessment, most: int = 5) -> tuple[Question, ...]:
    """The unknown facts that matter, the one that settles most first, with the outcome of each answer.

    What is under way comes first: scales with a level established count before those with none.
    """
    plan = assessment.plan
    if all(len(possible) == 1 for possible in assessment.possible.values()):
        return ()
    compiled = judge(plan, assessment.choices)
    under_way = [scale for scale, level in assessment.levels.items() if level is not None]
    found = []
    for order, (key, area, domain) in enumerate(_unknowns(assessment, compiled)):
        answers = _answers(assessment, compiled, key, area, domain)
        if all(outcome.possible == assessment.possible for _, outcome, _ in answers):
            continue
        first, total = (sum(_open(outcome, scales) * share for _, outcome, share in answers) for scales in (under_way, list(plan.scales)))
        found.append((first, total, order, Question(key, area, _label(plan, key, area), total, tuple(Answer(text, o.levels, o.possible) for text, o, _ in answers))))
    found.sort(key=lambda one: one[:3])
    return tuple(question for *_, question in found[:most])


def _open(outcome: Outcome, scales: Iterable[str]) -> float:
    return float(sum(len(outcome.possible[scale]) - 1 for scale in scales))


def _label(plan: Plan, key: str, area: str | None) -> str:
    return (area or "") + find_indicator(plan, key).label


def _unknowns(assessment: Assessment, compiled: Judge) -> Iterator[tuple[str, str | None, Domain]]:
    facts = assessment.facts
    for key in _in_order(assessment.plan):
        domain = compiled.domains.get(key)
        if domain is None:
            continue
        if domain.areas is None:
            if key not in facts.known:
                yield key, None, domain
            continue
        for area in assessment.plan.indicators[domain.areas].areas:
            value = facts.of(key, area)
            if value is None or isinstance(value, Partial):
                yield key, area, domain


def _in_order(plan: Plan) -> Iterator[str]:
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            yield from (f"{key}.{name}" for name in indicator.parts)
        else:
            yield key


def _answers(assessment: Assessment, compiled: Judge, key: str, area: str | None, domain: Domain) -> list[tuple[str, Outcome, float]]:
    """Cells with the same outcome as one answer, with its share of the cells that are still possible."""
    facts = assessment.facts
    mask = domain.mask(facts.of(key, area))
    cells = [cell for cell in range(domain.size) if mask >> cell & 1]
    groups: list[tuple[list[int], Outcome]] = []
    for cell in cells:
        outcome = compiled.outcome(with_fact(facts, key, domain.sample(cell), area))
        same = next((group for group in groups if group[1].possible == outcome.possible), None)
        if same is None:
            groups.append(([cell], outcome))
        else:
            same[0].append(cell)
    return [(_cells_word(domain, group), outcome, len(group) / len(cells)) for group, outcome in groups]


def _cells_word(domain: Domain, cells: list[int]) -> str:
    """Cells in words: “10人以上、不足30人”, “是”, “黄色或橙色”."""
    if domain.values:
        return "或".join(value_word(domain.indicator, domain.values[cell]) for cell in cells)
    runs: list[list[int]] = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    texts = []
    for low, high in runs:
        first, last = domain.interval(low), domain.interval(high)
        bounds = replace(first, high=last.high, high_open=last.high_open)
        if low == 0 and not domain.indicator.signed:
            bounds = replace(bounds, low=None) if bounds.high is not None and (bounds.high > 0) else bounds
        texts.append(bounds_word(bounds, domain.indicator.unit or "1") or "任何值")
    return "，或".join(texts)

"""Backtest (历史回测): a plan run over a real series, row by row, as if it had been in force.

At each row the facts are what was known then (`engine.drill.backtests.sight`). They lead to a proposal by the plan's own rules
(`engine.lifecycle.episode`: up at once, down only as the plan prints it, never on silence). People follow a proposal
after their delay: a change is made once it has been proposed without a break for that long, and no farther than it was
proposed all that time (a raise: the lowest level proposed meanwhile; coming down: the highest). Without delays the levels
are those of `levels_through` over the same facts.

Where a plan prints no condition for coming down, its level stands to the end, unless `discretion` is given: then people end it by their
own decision, for which there is no clause, once the facts have ruled that level out for so long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from engine.drill.backtests.forecast import Forecast
from engine.drill.backtests.record import Record
from engine.drill.backtests.sight import Course, Sight
from engine.lifecycle.episode import InForce, begin, established, settle
from engine.lifecycle.machine import LIFT, LOWER, RAISE, rules_of
from engine.plan.model import Plan, Scale
from engine.trigger.facts import Facts

Progress = Callable[[int, int], None]
NOBODY_LOOKS: Progress = lambda done, total: None  # noqa: E731
BACK = 10 * 24
"""Hours that a series is seen back where nothing else is said: longer than the durations that plans name, for spells to be counted
whole; no longer, because a missing hour keeps a level from coming down for as long as it is seen."""
LOOKS = 1000
"""Rows between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Delays:
    """How long people take, in hours, from a proposal to what is in force."""

    raising: int = 0
    lowering: int = 0
    lifting: int = 0

    @property
    def none(self) -> bool:
        return not (self.raising or self.lowering or self.lifting)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a backtest is made.

    choices: reading id -> letter. back: hours that the series is seen back (`engine.drill.backtests.sight`). every: rows between two looks.
    reference: hours of true values ahead with which it is said what really happened (None: none, or the whole lead where
    a condition is about a forecast that a column gives). discretion: hours (see above); None: never.
    """

    forecast: Forecast = field(default_factory=Forecast)
    delays: Delays = field(default_factory=Delays)
    choices: Mapping[str, str] = field(default_factory=dict)
    back: int | None = BACK
    every: int = 1
    reference: int | None = None
    discretion: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A scale that went to another level at a row. proposed: the row at which this was first proposed without a break.

    kind: raise, lower, lift. clauses: of what was proposed; none where people acted at their discretion (`free`).
    """

    row: int
    scale: str
    before: int
    after: int
    kind: str
    clauses: tuple[str, ...]
    proposed: int
    free: bool = False


@dataclass(frozen=True)
class Run:
    """What a backtest gave.

    ranks: scale -> the rank in force at each row looked at (0: none), followers included. happened: for the scales that
    move by themselves, the rank that measured values established at each of those rows. rows: which these are. held: 1 where
    the level stays only because of what is missing: had the missing values been no worse than the known ones, the
    plan's rule would have brought it down. course: what is drawn under the levels.
    """

    plan: Plan
    record: Record
    setting: Setting
    rows: range
    ranks: Mapping[str, bytes]
    happened: Mapping[str, bytes]
    held: Mapping[str, bytes]
    course: Course | None
    changes: tuple[Change, ...]

    @property
    def unit(self) -> int:
        """Hours that a row looked at stands for."""
        return self.record.step * self.setting.every

    @property
    def leading(self) -> tuple[Scale, ...]:
        return leading(self.plan)


def leading(plan: Plan) -> tuple[Scale, ...]:
    """The scales that move by themselves."""
    return tuple(scale for scale in plan.scales.values() if scale.follows is None and not scale.highest_of)


def backtest(plan: Plan, record: Record, setting: Setting, progress: Progress = NOBODY_LOOKS) -> Run:
    """Run a plan over a record. Raises BadSeries. Takes some 50 µs a row and look."""
    sight = Sight(plan, record, setting.choices, setting.forecast, setting.back)
    rows = range(0, record.count, setting.every)
    scales = leading(plan)
    people = {scale.id: _People(plan, scale, setting, record.step * setting.every) for scale in scales}
    reference = _reference(record, setting)
    state = begin(plan, {})
    levels = state.levels(plan)
    ranks = {scale: bytearray() for scale in plan.scales}
    happened = {scale.id: bytearray() for scale in scales}
    held = {scale.id: bytearray() for scale in scales}
    changes: list[Change] = []
    now = {scale.id: scale.rank(levels[scale.id]) for scale in plan.scales.values()}
    for row in rows:
        if row % LOOKS == 0:
            progress(row, record.count)
        facts = sight.facts(row, state.own)
        for scale, stays in _held(plan, state, facts, setting.choices).items():
            held[scale].append(stays)
        state = _follow(plan, state, facts, setting.choices, people, row, changes)
        if changes and changes[-1].row == row:
            levels = state.levels(plan)
            now = {scale.id: scale.rank(levels[scale.id]) for scale in plan.scales.values()}
        for scale, rank in now.items():
            ranks[scale].append(rank)
        true = established(plan, sight.facts(row, {}, lead=reference), setting.choices).ranks
        for scale, found in happened.items():
            found.append(true[scale][0])
    progress(record.count, record.count)
    return Run(
        plan, record, setting, rows, {scale: bytes(found) for scale, found in ranks.items()},
        {scale: bytes(found) for scale, found in happened.items()}, {scale: bytes(found) for scale, found in held.items()}, sight.course(), tuple(changes),
    )  # fmt: skip


def _reference(record: Record, setting: Setting) -> int:
    """Rows of true values ahead that count as what happened."""
    hours = setting.reference
    if hours is None:
        hours = setting.forecast.lead if any(one.ahead for one in record.counted.values()) else 0
    return hours // record.step


def _held(plan: Plan, state: InForce, facts: Facts, choices: Mapping[str, str]) -> dict[str, bool]:
    """For each leading scale, whether it does not come down only because something is missing."""
    scales = leading(plan)
    if not facts.partial or not any(state.own.values()):
        return {scale.id: False for scale in scales}
    least = {
        key: one.intervals[0].low for key, one in facts.partial.items() if one.intervals and one.intervals[0].low is not None
    }
    sure = replace(
        facts, known={**facts.known, **least}, partial={key: one for key, one in facts.partial.items() if key not in least}
    )
    now, then = settle(plan, state, facts, choices).own, settle(plan, state, sure, choices).own
    return {scale.id: scale.rank(then.get(scale.id)) < scale.rank(now.get(scale.id)) for scale in scales}


def _follow(
    plan: Plan,
    state: InForce,
    facts: Facts,
    choices: Mapping[str, str],
    people: Mapping[str, _People],
    row: int,
    changes: list[Change],
) -> InForce:
    """What is in force once people have dealt with what the facts of a row lead to."""
    target = settle(plan, state, facts, choices)
    own, imposed = dict(target.own), dict(target.imposed)
    for key, person in people.items():
        scale = person.scale
        was, was_imposed = scale.rank(state.own.get(key)), scale.rank(state.imposed.get(key))
        wanted, free = scale.rank(target.own.get(key)), False
        if person.patience is not None:
            ended = person.end(was, established(plan, facts, choices).ranks[key][-1])
            if wanted == was and ended < was:
                wanted, free = ended, True
        taken, since = (wanted, row) if free else person.own.take(was, wanted, row)
        own[key] = scale.level_at(taken)
        noticed = was_imposed
        if key in imposed:
            noticed, _ = person.notices.take(was_imposed, scale.rank(target.imposed[key]), row)
            imposed[key] = scale.level_at(noticed)
        before, after = max(was, was_imposed), max(taken, noticed)
        if before == after and taken == was:
            continue
        kind = RAISE if taken > was or after > before else LIFT if after == 0 else LOWER
        if free:
            clauses: tuple[str, ...] = ()
        elif taken == was:
            clauses = person.imposing
        else:
            clauses = (
                established(plan, facts, choices).clauses[key] if taken > was else person.clauses[LIFT if taken == 0 else LOWER]
            )
        changes.append(Change(row, key, before, after, kind, clauses, since, free))
    return InForce({**target.own, **own}, imposed)


class _Queue:
    """What was proposed for one branch of a scale at the last rows."""

    def __init__(self, raising: int, lowering: int, lifting: int) -> None:
        """Delays in rows."""
        self.waits = (raising, lowering, lifting)
        self._at_once = not any(self.waits)
        self._seen: deque[int] = deque(maxlen=max(self.waits) + 1)

    def take(self, now: int, wanted: int, row: int) -> tuple[int, int]:
        """The rank in force from this row on, and since when that has been proposed."""
        if self._at_once:
            return wanted, row
        self._seen.append(wanted)
        raising, lowering, lifting = self.waits
        if wanted > now:
            lowest = self._over(raising, min)
            return (lowest, row - raising) if lowest is not None and lowest > now else (now, row)
        if wanted < now:
            highest = self._over(lifting, max)
            if highest == 0:
                return 0, row - lifting
            highest = self._over(lowering, max)
            if highest is not None and 0 < highest < now:
                return highest, row - lowering
        return now, row

    def _over(self, rows: int, pick: Callable[[list[int]], int]) -> int | None:
        if len(self._seen) <= rows:
            return None
        return pick(list(self._seen)[-rows - 1 :])


class _People:
    """Who decides on one scale: how long they take, and what they may do without a rule."""

    def __init__(self, plan: Plan, scale: Scale, setting: Setting, unit: int) -> None:
        self.scale = scale
        delays = setting.delays
        waits = [-(-hours // unit) for hours in (delays.raising, delays.lowering, delays.lifting)]
        self.own, self.notices = _Queue(*waits), _Queue(*waits)
        rules = rules_of(plan, scale.id, setting.choices)
        self.clauses = {kind: (rules[kind].clause,) if kind in rules else () for kind in (LOWER, LIFT)}
        self.imposing = tuple(dict.fromkeys(one.clause for found in scale.triggers.values() for one in found if one.imposed))
        ruled = any(rules[kind].when is not None for kind in (LOWER, LIFT) if kind in rules)
        self.patience = None if ruled or setting.discretion is None else -(-setting.discretion // unit)
        self._below: deque[int] = deque(maxlen=(self.patience or 0) + 1)

    def end(self, now: int, most: int) -> int:
        """The rank after people looked at a level that no rule ends. most: the highest rank that is possible."""
        self._below.append(most)
        full = len(self._below) == self._below.maxlen
        return min(now, max(self._below)) if full else now

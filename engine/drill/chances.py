"""A drill played many times, with delays and facts drawn anew: how long it takes to each level and decision, how many deadlines
are missed, and which assumption matters most.

Run n of seed s is the scenario under the seed `chance(s, n)`: any run can be made anywhere, in any order, and made again.
An assumption's weight is found by letting it alone vary while every other amount stays at its median: the span (5 % to 95 %)
that it alone gives an outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.drill.draw import Draw, chance, fixed
from engine.drill.play import begin, play
from engine.drill.run import Run
from engine.drill.scenario import Scenario
from engine.drill.script import as_done, counted_after
from engine.drill.tally import Tally, tally_of
from engine.incident.event import Decided, LevelSet, MomentRecorded, Proposed
from engine.plan.model import Plan

Target = tuple[str, str, str]
"""Plan id, scale, level."""
SEEDS = 2**53
NO_LABELS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. reached: target -> minutes after T+0 until it (or a higher level) was first in force. proposed: until it was first
    proposed. waited: for each proposal that was decided, (plan, scale, minutes it waited). undecided: proposals still waiting."""

    number: int
    reached: Mapping[Target, float]
    proposed: Mapping[Target, float]
    waited: tuple[tuple[str, str, float], ...]
    undecided: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Spread:
    """How an amount is spread over the runs in which there was one. share: of all runs. values: sorted."""

    share: float
    values: tuple[float, ...]

    def at(self, quantile: float) -> float | None:
        """The value below which this share lies, straight between neighbours; None where there was none."""
        if not self.values:
            return None
        place = quantile * (len(self.values) - 1)
        low = int(place)
        high = min(low + 1, len(self.values) - 1)
        return self.values[low] + (self.values[high] - self.values[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Chances:
    """What many runs came to. reached, proposed: target -> minutes. waited: (plan, scale) -> minutes a proposal waited.

    missed, late: deadlines a run, of `runs` runs."""

    runs: int
    reached: Mapping[Target, Spread]
    proposed: Mapping[Target, Spread]
    waited: Mapping[tuple[str, str], Spread]
    missed: Spread
    late: Spread
    undecided: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """An amount of the scenario that is drawn: what it is, in words."""

    id: str
    words: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Weight:
    """What an assumption alone does: the span (5 % to 95 %) of the minutes to each target, of missed and of late deadlines.

    reached: of the runs that came to the target; share: how many of all did.
    """

    assumption: Assumption
    reached: Mapping[Target, tuple[float, float]]
    share: Mapping[Target, float]
    missed: tuple[float, float]
    late: tuple[float, float]


def sample(scenario: Scenario, plans: Iterable[Plan], seed: int, numbers: Iterable[int]) -> Iterator[Sample]:
    """The runs with these numbers."""
    chosen = tuple(plans)
    for number in numbers:
        drawn = replace(scenario, seed=int(chance(seed, "run", number) * SEEDS))
        yield _sampled(drawn, chosen, number)


def _sampled(scenario: Scenario, plans: tuple[Plan, ...], number: int) -> Sample:
    run = play(begin(scenario, plans, light=True))
    by_id = {plan.id: plan for plan in plans}
    reached: dict[Target, float] = {}
    proposed: dict[Target, float] = {}
    waiting: dict[str, tuple[datetime, Proposed]] = {}
    waited: list[tuple[str, str, float]] = []
    for at, event in run.events:
        match event:
            case LevelSet():
                for scale, level in event.levels.items():
                    _mark(reached, by_id[event.plan], scale, level, event.effective_at - scenario.begins)
            case Proposed():
                waiting[event.id] = (at, event)
                _mark(proposed, by_id[event.plan], event.scale, event.level, at - scenario.begins)
            case Decided() if event.proposal in waiting:
                since, one = waiting.pop(event.proposal)
                waited.append((one.plan, one.scale, _minutes(at - since)))
    undecided = sum(len(course.pending) for course in run.incident.courses.values())
    return Sample(number, reached, proposed, tuple(waited), undecided, _tally(run))


def _tally(run: Run) -> Tally:
    """The deadlines of a light run, with what it left out."""
    recorded: dict[tuple[str, str], datetime] = {}
    for at, event in run.events:
        if isinstance(event, MomentRecorded):
            recorded[event.plan, event.moment] = at
    found = Tally()
    for course in run.incident.courses.values():
        for duty in course.duties.values():
            known = max(duty.assigned_at, recorded.get((course.plan, duty.assigned.moment or ""), duty.assigned_at))
            found += tally_of(as_done(run, duty, known) if counted_after(run, duty) else duty, run.at)
    return found


def _mark(found: dict[Target, float], plan: Plan, scale_id: str, level: str | None, since: timedelta) -> None:
    scale = plan.scales[scale_id]
    for one in scale.levels[: scale.rank(level)]:
        found.setdefault((plan.id, scale_id, one), _minutes(since))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def chances(samples: Iterable[Sample]) -> Chances:
    """The runs together; in whatever order they come, the same."""
    found = sorted(samples, key=lambda one: one.number)
    runs = len(found)
    waited: dict[tuple[str, str], list[float]] = {}
    for one in found:
        for plan, scale, minutes in one.waited:
            waited.setdefault((plan, scale), []).append(minutes)
    return Chances(
        runs,
        _spreads([one.reached for one in found]),
        _spreads([one.proposed for one in found]),
        {key: Spread(1.0, tuple(sorted(values))) for key, values in waited.items()},
        Spread(1.0, tuple(sorted(float(one.tally.missed) for one in found))),
        Spread(1.0, tuple(sorted(float(one.tally.late) for one in found))),
        sum(one.undecided for one in found),
    )


def _spreads(each: Sequence[Mapping[Target, float]]) -> dict[Target, Spread]:
    """By target, in the order in which they come: of a scale the lowest level first."""
    keys = dict.fromkeys(key for one in each for key in one)
    found = {key: sorted(one[key] for one in each if key in one) for key in keys}
    return {key: Spread(len(values) / len(each), tuple(values)) for key, values in found.items()}


def assumptions(scenario: Scenario, plans: Iterable[Plan] = ()) -> tuple[Assumption, ...]:
    """Every amount of the scenario that is drawn. plans: for what its facts are called."""
    labels = {key: one.short for plan in plans for key, one in plan.indicators.items()}
    found: dict[Assumption, None] = {}

    def remember(one: Assumption, draw: Draw) -> Draw:
        found[one] = None
        return draw

    _map_draws(scenario, remember, labels)
    return tuple(found)


def only(scenario: Scenario, assumption: Assumption | None) -> Scenario:
    """The scenario in which this amount alone is drawn, every other one being at its median (None: all of them are)."""
    return _map_draws(scenario, lambda one, draw: draw if one == assumption else fixed(draw.middle))


def weight(assumption: Assumption, samples: Iterable[Sample]) -> Weight:
    """What an assumption does, from runs of the scenario in which it alone is drawn."""
    found = chances(samples)
    return Weight(
        assumption, {key: _span(one) for key, one in found.reached.items()}, {key: one.share for key, one in found.reached.items()},
        _span(found.missed), _span(found.late),
    )  # fmt: skip


def by_weight(weights: Iterable[Weight], target: Target | None = None) -> list[Weight]:
    """Those that matter most first: by the span of the time to a target, without one by the span of missed and then of late deadlines.

    One that decides whether the target is reached at all (in more than 5 % of its runs it is, in more than 5 % not) comes before those.
    """

    def how(one: Weight) -> tuple[float, ...]:
        if target is None:
            return (one.missed[1] - one.missed[0], one.late[1] - one.late[0])
        low, high = one.reached.get(target, (0.0, 0.0))
        share = one.share.get(target, 0.0)
        return (min(share, 1 - share) if 0.05 < share < 0.95 else 0.0, high - low)

    return sorted(weights, key=lambda one: (*(-number for number in how(one)), one.assumption.id))


def _span(spread: Spread) -> tuple[float, float]:
    return spread.at(0.05) or 0.0, spread.at(0.95) or 0.0


def _map_draws(scenario: Scenario, change: Callable[[Assumption, Draw], Draw], labels: Mapping[str, str] = NO_LABELS) -> Scenario:
    """The scenario with every uncertain amount handed to `change(assumption, draw)` and replaced by what comes back."""

    def draw(kind: str, words: str, one: Draw) -> Draw:
        return one if one.sure else change(Assumption(kind, words), one)

    def facts(inject: str, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: draw(f"fact:{inject}:{key}", f"注入{inject}的{labels.get(key, key)}", value)
            if isinstance(value, Draw)
            else value
            for key, value in given.items()
        }

    injects = []
    for one in scenario.injects:
        does = replace(one.does, facts=facts(one.id, one.does.facts))
        other = None if one.otherwise is None else replace(one.otherwise, facts=facts(f"{one.id}（另）", one.otherwise.facts))
        late = one.contingency
        if late is not None:
            after = draw(f"contingency:{one.id}", f"注入{one.id}之后的补充注入", late.after)
            late = replace(late, after=after, does=replace(late.does, facts=facts(f"{one.id}（补）", late.does.facts)))
        injects.append(
            replace(one, at=draw(f"inject:{one.id}", f"注入{one.id}的时刻", one.at), does=does, otherwise=other, contingency=late)
        )
    people = tuple(
        replace(one, decides=draw(f"person:{one.id}", f"{one.name}作决定的用时", one.decides)) for one in scenario.people
    )
    duties = tuple(
        replace(
            one,
            takes=None if one.takes is None else draw(f"duty:{n}:takes", f"{_which(one)}的用时", one.takes),
            share=None if one.share is None else draw(f"duty:{n}:share", f"{_which(one)}占时限的比例", one.share),
        )
        for n, one in enumerate(scenario.duties)
    )
    return replace(scenario, injects=tuple(injects), people=people, duties=duties)


def _which(one: Any) -> str:
    words = "".join(part for part in (one.unit, one.clause and f"{one.clause}条", one.has and f"“{one.has}”") if part)
    return words or "各单位完成任务"

"""A drill that nobody wrote: facts that climb through every level of a scale, found and checked by the engine itself.

Every inject says what the facts then lead to; the draft is played, and an inject whose word does not come true is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.assess import check_readings
from engine.drill.draw import Draw, fixed
from engine.drill.generation.climb import Climb, Rung
from engine.drill.generation.fact_words import facts_words
from engine.drill.generation.goal import leaders, wanted
from engine.drill.generation.improve import improvements
from engine.drill.generation.officials import objectives_of, people_for
from engine.drill.generation.reported import Raw, put
from engine.drill.play import begin, play
from engine.drill.run import Run
from engine.drill.scenario import MARK, ZERO, Completion, Happening, Inject, Report, Scenario
from engine.incident.proposal import leading
from engine.plan.condition import Level
from engine.plan.finding import YuanError
from engine.plan.model import NO_CHOICES, Plan, Scale
from engine.plan.words import level_word

FIRST = 20
AFTER = {"below": 25, "unknown": 30, "at": 60, "above": 40}
"""Minutes until the next report, by what a report is about."""
SETTLES = timedelta(hours=96)
REST = timedelta(hours=6)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
WITNESS = "现场信息员"
SHARE = Draw("uniform", (0.4, 1.1))
"""Of the time given, what units take for a duty with a deadline: some are late."""
ENDING = ("结束", "解除", "终止")
FROM_ABOVE = ("通报",)
"""Words of moments that come at the end, and of those that a notice from above makes."""


class Unreachable(YuanError):
    """No facts lead to just this level."""

    code = "unknown-name"


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine leads to after an inject, or at a time by itself: the level proposed, else in force."""

    at: timedelta
    inject: str | None
    level: Level


@dataclass(frozen=True, slots=True)
class Draft:
    """A generated scenario, and the course of its leading scale as it was checked by playing it."""

    scenario: Scenario
    scale: str
    steps: tuple[Step, ...]


def generate(
    plan: Plan,
    to: str,
    scale: str | None = None,
    *,
    begins: datetime,
    seed: int | None = None,
    readings: Mapping[str, str] = NO_CHOICES,
) -> Scenario:
    """A scenario that climbs to a level of a scale (absent: the one of its scales that most duties go by).

    Raises UnknownName for a scale, level or reading that is not there, Unreachable where no facts lead to the level.
    """
    return draft(plan, to, scale, begins=begins, seed=seed, readings=readings).scenario


def draft(
    plan: Plan,
    to: str,
    scale: str | None = None,
    *,
    begins: datetime,
    seed: int | None = None,
    readings: Mapping[str, str] = NO_CHOICES,
) -> Draft:
    """As `generate`, with the course that was checked."""
    choices = check_readings(plan, readings)
    named, level = wanted(plan, to, scale)
    for lead, top in leaders(plan, named, level, choices):
        climb = Climb(plan, lead, choices, begins + HOUR)
        for rungs in climb.climbs(lead.rank(top)):
            found = _Writer(plan, climb, named, level, begins, seed, choices).draft(rungs)
            if found is not None:
                return found
    raise Unreachable(
        f"《{plan.title}》没有一组事实恰好达到{named.short}{level_word(named, level)}",
        where="to",
        remedy="换一级；或换读法后再试",
    )


class _Writer:
    """One draft being written."""

    def __init__(
        self, plan: Plan, climb: Climb, named: Scale, level: str, begins: datetime, seed: int | None, choices: Mapping[str, str]
    ) -> None:
        self.plan = plan
        self.climb = climb
        self.scale = climb.scale
        title = f"{plan.title}{MARK}：{named.short}{level_word(named, level)}"
        self.bare = Scenario(
            id=f"{plan.id}-{named.id}-{level}".lower().replace("_", "-"),
            title=title,
            jurisdiction=plan.jurisdiction,
            plans=(plan.id,),
            begins=begins,
            lasts=SETTLES,
            report=Report(f"{plan.title.removesuffix('应急预案')}情况", "接报有关情况，正在核实。", WITNESS, plan.jurisdiction),
            duties=(Completion(share=SHARE),),
            readings={plan.id: dict(choices)} if choices else {},
            seed=seed,
            background=f"{MARK}情景，由《{plan.title}》自动生成：事实逐级上升到{level_word(named, level)}，情况均为虚构。",
        )

    def draft(self, rungs: tuple[Rung, ...]) -> Draft | None:
        """None where the climb does not come true when it is played."""
        top = rungs[-1].about
        kept, steps, rungs = self._checked(rungs)
        if not any(one.kind == "at" and one.about == top for one in rungs):
            return None
        kept = self._peopled(kept)
        ended, more = self._improved(kept, rungs, steps)
        last = max((one.at for one in (*steps, *more)), default=ZERO)
        lasts = HOUR * -(-(last + REST) // HOUR)
        return Draft(replace(ended, lasts=lasts), self.scale.id, (*steps, *more))

    def _injects(self, rungs: tuple[Rung, ...]) -> Iterator[Inject]:
        minutes = FIRST
        raw: Raw = {}
        opening = True
        for n, rung in enumerate(rungs):
            raw = put(raw, rung.facts)
            at = rung.kind == "at"
            moments = self._moments(ending=False) if at and opening else {}
            opening = opening and not at
            does = Happening(self._text(rung, n), WITNESS, facts=rung.facts, moments=moments)
            yield Inject(f"{n + 1:02d}-{rung.kind}", fixed(minutes * 60), does, expected=self._expected(rung, raw))
            minutes += AFTER[rung.kind]

    def _text(self, rung: Rung, n: int) -> str:
        told = facts_words(self.plan, rung.facts)
        if rung.open is not None:
            told = "；".join(part for part in (told, f"“{rung.open}”尚不清楚，正在核实") if part)
        return f"【{MARK}】{'初报' if n == 0 else '续报'}：{told}。"

    def _expected(self, rung: Rung, raw: Raw) -> str:
        about = level_word(self.scale, self.scale.level_at(rung.about))
        now = level_word(self.scale, self.scale.level_at(rung.rank))
        rest = f"仍为{now}" if rung.rank else "没有建议"
        if rung.kind == "at":
            found = self.climb.assess(raw)
            clauses = () if found is None else found.basis(self.scale.id)
            return f"建议{self.scale.short}达到{now}（{'、'.join(clauses)}）"
        if rung.kind == "above":
            return f"仍为{now}，不因此改变"
        if rung.kind == "unknown":
            return f"可能达到{about}，尚不能确立，应追问；{rest}"
        return f"还不到{about}，{rest}"

    def _moments(self, *, ending: bool) -> dict[str, timedelta]:
        """The moments that officers record and that deadlines run from."""
        asked = {duty.due.moment for duty in self.plan.duties if duty.due is not None and duty.due.moment is not None}
        return {
            key: ZERO
            for key, word in self.plan.moments.items()
            if key in asked
            and key not in self.plan.moment_events
            and any(part in word for part in ENDING) == ending
            and not any(part in word for part in FROM_ABOVE)
        }

    def _peopled(self, scenario: Scenario) -> Scenario:
        """With a person for everything that the plan lets somebody sign on the way."""
        run = play(begin(scenario, (self.plan,)), scenario.begins + _last(scenario) + HOUR)
        asked = [entry.body for entry in run.entries if entry.kind == "proposed"]
        return replace(
            scenario,
            people=people_for(self.plan, self.scale, [tuple(one["signers"]) for one in asked], run.incident),
            objectives=objectives_of(self.plan, [one.id for one in leading(self.plan) if any(b["scale"] == one.id for b in asked)],
                                     self.bare, run),
        )  # fmt: skip

    def _checked(self, rungs: tuple[Rung, ...]) -> tuple[Scenario, tuple[Step, ...], tuple[Rung, ...]]:
        """Without reports after which the engine leads elsewhere than expected, and where it leads after each of the others.

        Facts are found for one hour and reported at others: what hours of a series lead to may be different then.
        """
        while True:
            scenario = replace(self.bare, injects=tuple(self._injects(rungs)))
            run, steps = begin(scenario, (self.plan,), light=True), []
            for one in scenario.injects:
                run = play(run, scenario.begins + _at(one) + SECOND)
                steps.append(Step(_at(one), one.id, self.led(run)))
            wrong = [
                n for n, (step, rung) in enumerate(zip(steps, rungs, strict=True)) if self.scale.rank(step.level) != rung.rank
            ]
            if not wrong:
                return scenario, tuple(steps), rungs
            rungs = _without(rungs, wrong[0])

    def _improved(
        self, scenario: Scenario, rungs: tuple[Rung, ...], steps: tuple[Step, ...]
    ) -> tuple[Scenario, tuple[Step, ...]]:
        """With what makes the level come down again, where the plan prints a rule by which facts do; else with a closing word."""
        raw: Raw = {}
        for rung in rungs:
            raw = put(raw, rung.facts)
        after = _last(scenario) + timedelta(minutes=100)
        number = len(scenario.injects) + 1
        for facts in improvements(self.climb, raw, scenario.begins, after):
            text = f"【{MARK}】续报：情况好转。{facts_words(self.plan, facts)}。"
            does = Happening(text, WITNESS, facts=facts, moments=self._moments(ending=True))
            better = Inject(f"{number:02d}-better", fixed(after.total_seconds()), does)
            found = self._eased(replace(scenario, injects=(*scenario.injects, better)), after, steps[-1].level)
            if found:
                said = "，".join(
                    f"T+{_clock(one.at)} {'解除' if one.level is None else '降至' + level_word(self.scale, one.level)}"
                    for one in found
                )
                better = replace(better, expected=f"建议{self.scale.short}：{said}")
                at_once = found[0].at == after
                first = Step(after, better.id, found[0].level if at_once else steps[-1].level)
                return replace(scenario, injects=(*scenario.injects, better)), (first, *(found[1:] if at_once else found))
        words = f"【{MARK}】续报：事态已得到控制，请研究是否降级或解除。"
        closing = Inject(
            f"{number:02d}-controlled", fixed(after.total_seconds()), Happening(words, WITNESS, moments=self._moments(ending=True)),
            expected="预案没有印出由这些事实即可降级或解除的条件，由有权的人决定",
        )  # fmt: skip
        return replace(scenario, injects=(*scenario.injects, closing)), (Step(after, closing.id, steps[-1].level),)

    def _eased(self, scenario: Scenario, after: timedelta, top: Level) -> tuple[Step, ...]:
        """The lower levels that the engine leads to from then on, each with its time; none where it never does."""
        run, level, found = begin(scenario, (self.plan,), light=True), top, []
        for hours in range(int(SETTLES / HOUR)):
            at = after + hours * HOUR
            if at >= scenario.lasts:
                break
            run = play(run, scenario.begins + at + SECOND)
            led = self.led(run)
            if self.scale.rank(led) > self.scale.rank(level):
                return ()
            if led != level:
                found.append(Step(at, None, led))
                level = led
            if level is None:
                break
        return tuple(found)

    def led(self, run: Run) -> Level:
        """The level that is proposed now; else the one in force."""
        course = run.incident.courses[self.plan.id]
        pending = course.pending.get(self.scale.id)
        return course.levels.get(self.scale.id) if pending is None else pending.level


def _without(rungs: tuple[Rung, ...], wrong: int) -> tuple[Rung, ...]:
    """The climb without a report; where that was the one of a level, the one above it brings the level about."""
    left = list(rungs[:wrong] + rungs[wrong + 1 :])
    if rungs[wrong].kind == "at" and wrong < len(left) and left[wrong].kind == "above":
        left[wrong] = replace(left[wrong], kind="at")
    return tuple(left)


def _at(inject: Inject) -> timedelta:
    return timedelta(seconds=inject.at.values[0])


def _last(scenario: Scenario) -> timedelta:
    return max((_at(one) for one in scenario.injects), default=ZERO)


def _clock(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"

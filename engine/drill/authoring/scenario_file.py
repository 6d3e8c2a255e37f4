"""A scenario file's text to a scenario, with every finding of the file in one run. Its form: plans/drills/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.drill.authoring.amounts import read_clock, read_draw, read_duration, read_share
from engine.drill.authoring.cue_file import needed, read_cue
from engine.drill.authoring.fact_values import find_indicator, read_fact
from engine.drill.authoring.named import Named
from engine.drill.authoring.scenario_schema import (
    CompletionForm,
    ContingencyForm,
    HappeningForm,
    InjectForm,
    ObjectiveForm,
    PersonForm,
    ScenarioForm,
)
from engine.drill.authoring.stage import Stage
from engine.drill.draw import Draw
from engine.drill.scenario import (
    DECIDES,
    ZERO,
    Completion,
    Contingency,
    Deviation,
    Happening,
    Inject,
    Objective,
    Player,
    Report,
    Scenario,
)
from engine.incident.event import DutyStep
from engine.lifecycle.signers import signers
from engine.plan.condition import Level
from engine.plan.finding import FactInvalid, Finding
from engine.plan.forms import shaped
from engine.plan.model import Plan, Scale
from engine.plan.source import Path, Source, read
from engine.plan.spelling import nearest
from engine.plan.words import level_word

MANUAL = "plans/drills/README.md"
STEPS: tuple[DutyStep, ...] = ("notified", "acknowledged", "started", "done", "not_applicable", "impossible")
NORMAL = Happening()
LONGEST = timedelta(days=366)
STUBS: Mapping[str, Any] = {
    "drill": "drill", "title": "（无题）", "plans": [], "begins": "2000-01-01", "lasts": "1小时",
    "report": {"title": "（无）", "words": "（无）", "source": "（无）"},
}  # fmt: skip
"""What stands in for a part that does not fit, so that the rest is checked in the same run."""


@dataclass(frozen=True, slots=True)
class ReadScenario:
    """What came of a file: the scenario unless something in it is wrong, and the findings in order of place."""

    file: str
    scenario: Scenario | None
    findings: tuple[Finding, ...]


def read_scenario(text: str, file: str, versions: Mapping[str, tuple[Plan, ...]]) -> ReadScenario:
    """Read a scenario. versions: of each plan all versions, oldest first. Nothing is raised for what the text says."""
    source = read(text, file, MANUAL)
    form = shaped(ScenarioForm, source, STUBS)
    found = None if form is None else _Reader(source, form, versions).scenario()
    wrong = any(one.severity == "error" for one in source.findings)
    return ReadScenario(file, None if wrong else found, tuple(sorted(set(source.findings))))


class _Reader:
    """One file, being read."""

    def __init__(self, source: Source, form: ScenarioForm, versions: Mapping[str, tuple[Plan, ...]]) -> None:
        self.source = source
        self.form = form
        self.stage = Stage(source, form, versions)
        self.plans = self.stage.plans
        self.named = Named(source, self.plans, frozenset(one.id for one in form.injects))

    def scenario(self) -> Scenario:
        form, named = self.form, self.named
        stem = self.source.file.rsplit("/", 1)[-1].removesuffix(".yaml")
        if stem != form.drill:
            self.source.report(("drill",), "wrong-name", f"id “{form.drill}”，文件名“{stem}”", "二者相同", "改文件名或 id")
        lasts = self._span(("lasts",), form.lasts)
        if not ZERO < lasts <= LONGEST:
            self.source.report(("lasts",), "bad-amount", f"“{form.lasts}”", "大于零，不超过一年", "写演练持续的时间")
        found = Scenario(
            id=form.drill,
            title=form.title,
            jurisdiction=form.jurisdiction or (self.plans[0].jurisdiction if self.plans else ""),
            plans=tuple(form.plans),
            begins=self.stage.begins,
            lasts=lasts,
            report=Report(form.report.title, form.report.words, form.report.source, form.report.place),
            injects=tuple(self._inject(("injects", n), one) for n, one in enumerate(form.injects)),
            people=tuple(self._person(("people", n), one) for n, one in enumerate(form.people)),
            duties=tuple(self._completion(("duties", n), one) for n, one in enumerate(form.duties)),
            objectives=tuple(self._objective(("objectives", n), one) for n, one in enumerate(form.objectives)),
            readings=self.stage.readings(),
            versions=self.stage.versions,
            seed=self._seed(),
            background=form.background or "",
        )
        for part, listed in (("injects", form.injects), ("people", form.people), ("objectives", form.objectives)):
            self._once(part, [one.id for one in listed])
        self._can_be_given(found)
        self._within(found)
        if not named.plans and not self.source.findings:
            self.source.report(("plans",), "missing-key", "没有预案", "至少一份预案的 id", "补上")
        return found

    def _seed(self) -> int | None:
        text = self.form.seed
        if text is None:
            return None
        if text.isascii() and text.isdecimal() and len(text) <= 18:
            return int(text)
        self.source.report(("seed",), "bad-amount", f"“{text}”", "不小于零的整数，如 1", "写种子；不抽取就删去")
        return None

    def _person(self, path: Path, form: PersonForm) -> Player:
        allowed = self.named.posts
        if self.plans and not set(form.posts) & set(allowed):
            near = next((near for post in form.posts if (near := nearest(post, allowed))), "")
            expected = f"如“{near}”" if near else "、".join(allowed[:8])
            self.source.report(
                (*path, "posts"), "cannot-sign", f"“{'、'.join(form.posts)}”在这些预案中无权签发", expected,
                "改正职务；只是到场的人可以保留", "warning",
            )  # fmt: skip
        otherwise = []
        for n, one in enumerate(form.otherwise):
            here = (*path, "otherwise", n)
            scale = self.named.scale((*here, "scale"), one.scale)
            if scale is not None:
                proposed = self.named.level((*here, "proposed"), *scale, one.proposed)
                level = self.named.level((*here, "level"), *scale, one.level)
                if proposed is not None and level is not None:
                    otherwise.append(Deviation(scale[1].id, proposed[0], level[0], one.reason))
                    self._may_deviate((*here, "level"), form.posts, *scale, level[0])
        decides = DECIDES if form.decides is None else self._draw((*path, "decides"), form.decides)
        return Player(form.id, form.name, tuple(form.posts), decides, tuple(otherwise))

    def _may_deviate(self, path: Path, posts: list[str], plan: Plan, scale: Scale, level: Level) -> None:
        """A warning where the person may not sign what he is to sign instead, whatever is in force."""
        able = {post for one in (None, *scale.levels) for post in signers(plan, scale.id, one, level)}
        if not able & set(posts):
            self.source.report(
                path, "cannot-sign", f"“{'、'.join(posts)}”无权签发{scale.short}{level_word(scale, level)}", "、".join(sorted(able)[:8]),
                "改正职务，或删去这一条", "warning",
            )  # fmt: skip

    def _inject(self, path: Path, form: InjectForm) -> Inject:
        at = self.named.amount((*path, "at"), lambda: read_draw(form.at, read_clock)) or DECIDES
        otherwise = None if form.else_ is None else self._happening((*path, "else"), form.else_)
        if form.when is None:
            for key, extra in (("else", form.else_), ("within", form.within)):
                if extra is not None:
                    self.source.report((*path, key), "bad-condition", f"有 {key} 而没有 when", "when: 条件", "补上条件，或删去")
        return Inject(
            form.id,
            at,
            self._happening(path, form),
            None if form.when is None else read_cue(self.named, (*path, "when"), form.when),
            ZERO if form.within is None else self._span((*path, "within"), form.within),
            otherwise,
            None if form.contingency is None else self._contingency((*path, "contingency"), form.contingency),
            form.expected or "",
        )

    def _contingency(self, path: Path, form: ContingencyForm) -> Contingency | None:
        unless = read_cue(self.named, (*path, "unless"), form.unless)
        after, does = self._draw((*path, "after"), form.after), self._happening(path, form)
        return None if unless is None else Contingency(unless, after, does)

    def _happening(self, path: Path, form: HappeningForm) -> Happening:
        plan = self.named.plan((*path, "plan"), form.plan)
        plans = (plan,) if plan is not None else self.plans
        facts: dict[str, Any] = {}
        if plans:
            for name, given in form.facts.items():
                here = (*path, "facts", name)
                try:
                    indicator = find_indicator(plans, name)
                    value = read_fact(plans, indicator, given)
                except FactInvalid as error:
                    code = "unknown-indicator" if error.message.startswith("没有指标") else "fact-invalid"
                    self.source.report(here, code, error.message, error.remedy or "指标的取值", "改正这项事实")
                    continue
                if indicator.id in facts:
                    self.source.report(here, "duplicate-id", f"“{indicator.short}”写了两次", "一次", "删去一处")
                facts[indicator.id] = value
        moments: dict[str, timedelta] = {}
        for name, ago in form.moments.items():
            called = {word: key for one in plans for key, label in one.moments.items() for word in (label, key)}
            if plans and self.named.known((*path, "moments", name), "unknown-moment", "时刻", name, called):
                moments[called[name]] = ZERO if ago is None else self._span((*path, "moments", name), ago)
        if not (form.text or form.facts or form.moments):
            self.source.report(path, "empty", "没有 text、facts，也没有 moments", "至少一项", "写明来了什么情况")
        return Happening(
            form.text or "",
            form.from_ or NORMAL.sender,
            form.to or NORMAL.to,
            form.medium or NORMAL.medium,
            facts,
            moments,
            ZERO if form.observed is None else self._span((*path, "observed"), form.observed.strip().removesuffix("前")),
            form.plan,
        )

    def _completion(self, path: Path, form: CompletionForm) -> Completion:
        if form.clause is not None and self.plans:
            self.named.clause((*path, "clause"), form.clause, with_duties=True)
        if form.unit is not None and self.plans:
            self.named.unit((*path, "unit"), form.unit)
        if sum(one is not None for one in (form.takes, form.share, form.never)) != 1 or form.never not in (None, "true", "是"):
            self.source.report(
                path, "bad-completion", "takes、share、never 不是恰好一项", "takes: 40分钟、share: 80% 或 never: true", "留一项"
            )
        step: DutyStep = next((one for one in STEPS if one == form.step), "done")
        if form.step is not None:
            self.named.known((*path, "step"), "bad-completion", "步骤", form.step, STEPS)
        takes = None if form.takes is None else self._draw((*path, "takes"), form.takes)
        share = None
        if form.share is not None:
            share = self.named.amount((*path, "share"), lambda: read_draw(form.share, read_share))
        return Completion(form.clause, form.unit, form.has, takes, share, step)

    def _objective(self, path: Path, form: ObjectiveForm) -> Objective:
        scales = []
        if self.plans:
            for n, clause in enumerate(form.clauses):
                self.named.clause((*path, "clauses", n), clause)
            for n, unit in enumerate(form.units):
                self.named.unit((*path, "units", n), unit)
            for n, name in enumerate(form.scales):
                found = self.named.scale((*path, "scales", n), name)
                scales += [] if found is None else [found[1].id]
        within = None if form.decided_within is None else self._span((*path, "decided_within"), form.decided_within)
        return Objective(form.id, form.words, tuple(form.clauses), tuple(form.units), tuple(scales), within)

    def _span(self, path: Path, text: str) -> timedelta:
        found = self.named.amount(path, lambda: read_duration(text))
        return timedelta(seconds=found or 0)

    def _draw(self, path: Path, given: Any) -> Draw:
        return self.named.amount(path, lambda: read_draw(given, read_duration)) or DECIDES

    def _once(self, part: str, ids: list[str]) -> None:
        for n, one in enumerate(ids):
            if one in ids[:n]:
                self.source.report((part, n, "id"), "duplicate-id", f"“{one}”", "同一节里每个 id 一次", "改名")

    def _can_be_given(self, scenario: Scenario) -> None:
        """Injects whose condition waits for itself, or for others that wait for it."""
        rest = dict(enumerate(scenario.injects))
        possible: set[str] = set()
        while fitting := [n for n, one in rest.items() if one.otherwise is not None or needed(one.when) <= possible]:
            possible.update(rest.pop(n).id for n in fitting)
        for n, one in rest.items():
            if needed(one.when) <= self.named.injects:
                waits = "、".join(sorted(needed(one.when) - possible))
                self.source.report(
                    ("injects", n, "when"),
                    "never-given",
                    f"“{one.id}”要等“{waits}”，等不到",
                    "不绕回自己的条件",
                    "改条件，或加 else",
                )

    def _within(self, scenario: Scenario) -> None:
        for n, one in enumerate(scenario.injects):
            earliest = timedelta(seconds=one.at.at(0))
            if earliest > scenario.lasts:
                self.source.report(
                    ("injects", n, "at"),
                    "after-end",
                    f"“{one.id}”在演练结束之后",
                    f"不晚于 T+{self.form.lasts}",
                    "提前，或延长 lasts",
                )

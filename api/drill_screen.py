"""What `yuan drill` prints: the list of scenarios, a drill's timeline, and how its deadlines were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Column

from api.screen import make_table, out
from engine.contract.entry import KIND_WORDS, Wording
from engine.drill.authoring.scenario_file import ReadScenario
from engine.drill.review.evaluation import evaluate
from engine.drill.review.expected import OUTCOME_WORDS
from engine.drill.run import Run, origin_of
from engine.drill.scenario import PREFIX, Scenario
from engine.incident import event as ev
from engine.plan.model import Plan
from engine.plan.words import level_word
from engine.trigger.facts import CHINA

QUIET = ("owner_set", "duty_marked")
"""Entries that a timeline leaves out unless they are asked for: there are hundreds."""
LOUD = {"proposed": "yellow", "decided": "green", "level_set": "bold", "superseded": "dim", "noted": "red"}


def scenarios(found: Mapping[str, ReadScenario]) -> None:
    """The scenario files, by id."""
    table = make_table(
        Column("情景", no_wrap=True), "标题", "预案", "时长", "注入", title=f"{escape(PREFIX)}情景", title_justify="left"
    )
    for key, read in found.items():
        one = read.scenario
        if one is None:
            table.add_row(
                key, f"[red]{sum(each.severity == 'error' for each in read.findings)} 处错误[/]，见 --check", "", "", ""
            )
        else:
            table.add_row(key, escape(one.title), "、".join(one.plans), _span(one.lasts.total_seconds()), str(len(one.injects)))
    out.print(table)
    if not found:
        out.print(f"{escape(PREFIX)}还没有情景文件：yuan drill --plan 预案 --to 级别 --write 文件.yaml")


def timeline(run: Run, *, every: bool = False) -> None:
    """What happened, entry by entry; what each level was when it changed; and the summary. every: with each duty that was done."""
    scenario = run.scenario
    names = run.names
    wording = Wording(run.incident, run.plans, names)
    _head(scenario, run)
    table = make_table(
        Column("T+", no_wrap=True), Column("时刻", no_wrap=True), Column("事项", no_wrap=True), "内容", box=SIMPLE_HEAD
    )
    shown = ""
    for entry, following in zip_longest(run.entries, run.entries[1:]):
        if entry.kind in QUIET and not (every and entry.kind == "duty_marked"):
            continue
        clock = _span((entry.at - scenario.begins).total_seconds())
        style = LOUD.get(entry.kind)
        words = escape(wording.of(ev.from_data(entry.kind, entry.body)))
        table.add_row(
            "" if clock == shown else clock,
            "" if clock == shown else f"{entry.at.astimezone(CHINA):%m-%d %H:%M}",
            KIND_WORDS.get(entry.kind, entry.kind),
            words if style is None else f"[{style}]{words}[/]",
        )
        shown = clock
        if following is None or origin_of(following) != origin_of(entry):
            expected = _expected(scenario, origin_of(entry))
            if expected:
                table.add_row("", "", "预计", f"[dim]{escape(expected)}[/]")
    out.print(table)
    summary(run)


def _expected(scenario: Scenario, origin: str | None) -> str:
    """What the author expects after an inject that was just given."""
    kind, _, name = (origin or "").partition(":")
    inject = scenario.inject(name) if kind == "inject" else None
    return "" if inject is None else inject.expected


def _head(scenario: Scenario, run: Run) -> None:
    plans = "、".join(f"《{plan.title}》{plan.document.in_force} 起施行" for plan in run.plans.values())
    seed = "各项取中位数" if scenario.seed is None else f"种子 {scenario.seed}"
    out.print(f"[bold]{escape(PREFIX + scenario.title)}[/]　{scenario.begins.astimezone(CHINA):%Y-%m-%d %H:%M} 起，{seed}")
    out.print(plans)
    for plan_id, chosen in scenario.readings.items():
        for reading, letter in chosen.items():
            plan = next((one for one in run.plans.values() if one.id == plan_id), None)
            if plan is not None:
                out.print(f"读法 {reading}={letter}：{escape(plan.readings[reading].words(letter))}")
    if scenario.background:
        out.print(escape(scenario.background))


def summary(run: Run) -> None:
    """The levels at the end, what was left out, and how many actions were in time."""
    clock = _span((run.at - run.scenario.begins).total_seconds())
    out.print(f"{escape(PREFIX)}T+{clock} 时：{'；'.join(_levels(run)) or '没有级别在行'}")
    for origin in sorted(one for one in run.settled if one.startswith("inject:") and one[7:] not in run.given):
        out.print(f"未注入：{escape(origin[7:])}（条件没有成立）")
    for refusal in run.refusals:
        out.print(f"[red]未办成[/]：T+{_span((refusal.at - run.scenario.begins).total_seconds())} {escape(refusal.words)}")
    found = evaluate(run)
    counts = [f"{OUTCOME_WORDS[outcome]} {number}" for outcome, number in found.total.counts.items() if number]
    out.print(f"应办 {len(found.expected)} 项：{'，'.join(counts) or '无'}")
    for one in found.objectives:
        tally = found.by_objective[one.id]
        parts = "，".join(f"{OUTCOME_WORDS[outcome]} {number}" for outcome, number in tally.counts.items() if number)
        out.print(f"　{escape(one.words)}：{parts or '没有相应的事项'}")


def _levels(run: Run) -> Iterable[str]:
    several = len(run.plans) > 1
    for course in run.incident.courses.values():
        plan: Plan = run.plans[course.digest]
        for scale in plan.scales.values():
            level = course.levels.get(scale.id)
            if level is not None:
                yield f"{plan.title if several else ''}{scale.short} {level_word(scale, level)}"


def _span(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"

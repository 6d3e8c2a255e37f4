"""Drills as JSON: how one went, its level lanes, and its after-action report; every word that officials read is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from engine.contract.entry import Wording, entry_data
from engine.contract.known import value_words
from engine.contract.moment import stamp
from engine.drill.draw import Draw
from engine.drill.review.evaluation import Evaluation
from engine.drill.review.expected import FORMULA, NO_GRADE, NOBODY, OUTCOME_WORDS, Expected, Fed, Tally
from engine.drill.review.findings import span_word
from engine.drill.review.issue import KIND_WORDS, STATUS_WORDS, Issue, issue_data
from engine.drill.review.lanes import Lane, lanes
from engine.drill.run import Run
from engine.drill.scenario import MARK, Hours
from engine.incident.command import ENGINE
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.plan.words import level_word

Json = dict[str, Any]
FED_WORDS = {"given": "已给出", "instead": "条件不成立，给出了另一项", "skipped": "条件不成立，没有给出", "waiting": "没有给出"}
CONTINGENCY_WORDS = {"given": "备用注入已给出", "spared": "备用注入不需要", "waiting": "备用注入没有到时间"}
KINDS = {"decision": "签发", "duty": "任务"}


def after_word(after: timedelta) -> str:
    """“T+1:05”, “T+0:00:30”; before T+0 “T-0:10”."""
    seconds = round(after.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    tail = f":{rest:02d}" if rest else ""
    return f"T{'-' if seconds < 0 else '+'}{minutes // 60}:{minutes % 60:02d}{tail}"


def tally_data(one: Tally) -> Json:
    """The outcomes counted: met, late …; share of those met in time; score 0 to 100. null where nothing counts."""
    return {
        **{outcome: one.counts.get(outcome, 0) for outcome in OUTCOME_WORDS},
        "counted": one.counted,
        "share": None if one.share is None else round(one.share, 4),
        "score": one.score,
    }


def evaluation_data(found: Evaluation, plans: Mapping[str, Plan]) -> Json:
    """How a drill went. plans: by digest, those that it ran under."""
    by_id = {plan.id: plan for plan in plans.values()}
    objectives = found.by_objective
    return {
        "mark": MARK,
        "title": found.title,
        "begins": stamp(found.begins),
        "at": stamp(found.at),
        "over": found.over,
        "hash": found.hash,
        "formula": FORMULA,
        "grade": NO_GRADE,
        "total": tally_data(found.total),
        "units": [{"unit": unit, **tally_data(one)} for unit, one in found.by_unit.items()],
        "clauses": [{"clause": clause, **tally_data(one)} for clause, one in found.by_clause.items()],
        "objectives": [
            {
                "id": one.id,
                "words": one.words,
                "decided_within_s": None if one.decided_within is None else int(one.decided_within.total_seconds()),
                **tally_data(objectives[one.id]),
            }
            for one in found.objectives
        ],
        "expected": [expected_data(one, found, by_id) for one in found.expected],
        "undated": {"all": len(found.undated), "done": sum(one.done_at is not None for one in found.undated)},
        "injects": [fed_data(one, found, by_id) for one in found.fed],
        "refusals": [{"at": stamp(one.at), "origin": one.origin, "words": one.words} for one in found.refusals],
        "issues": issues_data(found.issues),
    }


def expected_data(one: Expected, found: Evaluation, plans: Mapping[str, Plan]) -> Json:
    """One expected action and what became of it. Times as moments and from T+0."""
    took, late = one.took, one.late_by
    return {
        "kind": one.kind,
        "kind_name": KINDS[one.kind],
        "of": one.of,
        "number": one.number,
        "what": one.what,
        "plan": one.plan,
        "scale": one.scale,
        "level": one.level,
        "level_name": name_of(plans[one.plan], one.scale, one.level),
        "decided": one.decided,
        "decided_name": name_of(plans[one.plan], one.scale, one.decided) if one.as_proposed is not None else None,
        "as_proposed": one.as_proposed,
        "clauses": list(one.clauses),
        "unit": one.unit or NOBODY,
        "unit_id": one.unit_id,
        "begins": stamp(one.begins),
        "begins_after": after_word(one.begins - found.begins),
        "due_at": stamp(one.due_at),
        "due_after": None if one.due_at is None else after_word(one.due_at - found.begins),
        "done_at": stamp(one.done_at),
        "done_after": None if one.done_at is None else after_word(one.done_at - found.begins),
        "done_by": found.names.get(one.done_by, one.done_by),
        "took": None if took is None else span_word(took),
        "outcome": one.outcome,
        "outcome_name": OUTCOME_WORDS[one.outcome],
        "late_by": None if late is None else span_word(late),
        "note": one.note,
        "entries": list(one.entries),
        "objectives": list(one.objectives),
    }


def name_of(plan: Plan, scale: str, level: Level) -> str:
    """A level in words; one that the plan no longer has goes by its key."""
    found = plan.scales.get(scale)
    return level_word(found, level) if found is not None and level in (None, *found.levels) else str(level)


def fed_data(one: Fed, found: Evaluation, plans: Mapping[str, Plan]) -> Json:
    """An inject and what became of it."""
    does = one.does
    return {
        "id": one.inject.id,
        "planned_after": after_word(one.planned_at - found.begins),
        "given_at": stamp(one.given_at),
        "given_after": None if one.given_at is None else after_word(one.given_at - found.begins),
        "how": one.how,
        "how_name": FED_WORDS[one.how],
        "contingency": one.contingency,
        "contingency_name": None if one.contingency is None else CONTINGENCY_WORDS[one.contingency],
        "from": does.sender,
        "to": does.to,
        "medium": does.medium,
        "text": does.text,
        "facts": [{"indicator": key, "words": fact_word(plans.values(), key, value)} for key, value in does.facts.items()],
        "expected": one.inject.expected,
    }


def fact_word(plans: Iterable[Plan], key: str, value: Any) -> str:
    """“死亡人数：3人”; what is drawn, and a series, in short."""
    plan = next((one for one in plans if key in one.indicators), None)
    label = key if plan is None else plan.indicators[key].short
    if value is None:
        return f"{label}：撤回，成为未知"
    if isinstance(value, Hours):
        numbers = [one for one in value.values if one is not None]
        ends = f"{min(numbers):g}至{max(numbers):g}" if numbers else "缺测"
        return f"{label}：逐小时序列，{len(value.values)}个值，{ends}"
    if isinstance(value, Draw):
        return f"{label}：抽取，中位 {value_words(plan, key, value.middle)}"
    return f"{label}：{value_words(plan, key, value)}"


def issues_data(issues: Iterable[Issue]) -> list[Json]:
    """Problems with who mends them and by when."""
    return [{**issue_data(one), "kind_name": KIND_WORDS[one.kind], "status_name": STATUS_WORDS[one.status]} for one in issues]


def lanes_data(found: Iterable[Lane], plans: Mapping[str, Plan]) -> list[Json]:
    """Every scale over time; `reached`: whether anything was ever in force."""
    return [
        {
            "plan": lane.plan,
            "plan_title": plans[lane.digest].title,
            "scale": lane.scale,
            "label": plans[lane.digest].scales[lane.scale].short,
            "reached": bool(lane.reached),
            "stretches": [
                {
                    "level": one.level,
                    "level_name": name_of(plans[lane.digest], lane.scale, one.level),
                    "rank": _rank(plans[lane.digest], lane.scale, one.level),
                    "begins": stamp(one.begins),
                    "ends": stamp(one.ends),
                    "entry": one.entry,
                }
                for one in lane.stretches
            ],
        }
        for lane in found
        if lane.scale in plans[lane.digest].scales
    ]


def _rank(plan: Plan, scale: str, level: Level) -> int:
    found = plan.scales[scale]
    return found.rank(level) if level in (None, *found.levels) else 0


def report_data(run: Run, found: Evaluation, issues: Iterable[Issue] | None = None) -> Json:
    """All that an after-action report says. issues: those on record, where people have added or settled some; else the evaluation's own."""
    scenario = run.scenario
    wording = Wording(run.incident, run.plans, {**run.names, ENGINE.id: ENGINE.name})
    pinned = [run.plans[course.digest] for course in run.incident.courses.values()]
    return {
        "mark": MARK,
        "scenario": {
            "id": scenario.id,
            "title": scenario.title,
            "jurisdiction": scenario.jurisdiction,
            "background": scenario.background,
            "begins": stamp(scenario.begins),
            "ends": stamp(scenario.ends),
            "seed": scenario.seed,
            "report": {
                "title": scenario.report.title,
                "words": scenario.report.words,
                "source": scenario.report.source,
                "place": scenario.report.place,
            },
            "plans": [
                {"plan": plan.id, "title": plan.title, "number": plan.document.number, "digest": plan.digest} for plan in pinned
            ],
            "readings": [
                {"plan": plan.id, "reading": reading, "letter": letter, "words": plan.readings[reading].words(letter)}
                for plan in pinned
                for reading, letter in scenario.readings.get(plan.id, {}).items()
                if reading in plan.readings
            ],
            "people": [{"name": one.name, "posts": list(one.posts)} for one in scenario.people],
            "objectives": [{"id": one.id, "words": one.words} for one in scenario.objectives],
        },
        "evaluation": {
            **evaluation_data(found, {plan.digest: plan for plan in pinned}),
            **({} if issues is None else {"issues": issues_data(issues)}),
        },
        "lanes": lanes_data(lanes(run.entries, run.plans, run.at), run.plans),
        "entries": [{**entry_data(one, wording), "after": after_word(one.at - scenario.begins)} for one in run.entries],
    }

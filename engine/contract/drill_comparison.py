"""Plays of a drill side by side, and a drill against its last play, as JSON and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.contract.drill import after_word, evaluation_data, expected_data, fact_word, lanes_data, name_of, tally_data
from engine.contract.entry import Wording, entry_data
from engine.contract.work import NOBODY
from engine.drill.authoring.amounts import duration_words
from engine.drill.review.burden import HOW_WORDS, Shift
from engine.drill.review.comparison import Against, Comparison, Play
from engine.drill.review.expected import Expected
from engine.drill.review.parting import LevelParting, Parting
from engine.drill.review.progress import Progress
from engine.drill.scenario import MARK, Scenario
from engine.drill.variant import Change, DelayChange, Dropped, FactChange, ReadingChange, TimeChange, VersionChange
from engine.incident.board import due_of
from engine.incident.chain import Entry
from engine.incident.event import Assigned
from engine.plan.model import Plan
from engine.plan.words import due_word

Json = dict[str, Any]
ORIGINS = {"inject": "注入", "else": "注入（另一项）", "contingency": "备用注入", "person": "签发人", "duty": "任务"}
PARTING_WORDS = {"setting": "设定不同", "content": "内容不同", "time": "时间不同", "only": "一方独有"}


def comparison_data(found: Comparison) -> Json:
    """Every play with its lanes and results; against the first: what differed first and why, and duties by unit; who signed."""
    known = {plan.id: plan for one in reversed(found.plays) for plan in _pinned(one).values()}
    return {
        "mark": MARK,
        "plays": [_play(one) for one in found.plays],
        "against": [against_data(one, found.base) for one in found.others],
        "signatures": [
            {
                "plan": plan,
                "scale": scale,
                "level": level,
                "label": known[plan].scales[scale].short,
                "level_name": name_of(known[plan], scale, level),
                "by": {
                    name: {"post": one.post, "name": one.name, "after": after_word(one.after), "approved": one.approved}
                    for name, one in signed.items()
                },
            }
            for (plan, scale, level), signed in found.signatures.items()
            if scale in known[plan].scales
        ],
    }


def _play(one: Play) -> Json:
    evaluation = evaluation_data(one.evaluation, _pinned(one))
    return {
        "name": one.name,
        "begins": evaluation["begins"],
        "at": evaluation["at"],
        "total": evaluation["total"],
        "units": evaluation["units"],
        "lanes": lanes_data(one.lanes, one.run.plans),
    }


def _pinned(play: Play) -> dict[str, Plan]:
    return {course.digest: play.run.plans[course.digest] for course in play.run.incident.courses.values()}


def _plan(play: Play, plan: str) -> Plan:
    return play.run.plans[play.run.incident.courses[plan].digest]


def against_data(one: Against, base: Play) -> Json:
    """One play against the first."""
    return {
        "name": one.play.name,
        "first": None if one.first is None else parting_data(one.first, base, one.play),
        "beyond_time": None if one.beyond_time is None else parting_data(one.beyond_time, base, one.play),
        "level": None if one.level is None else level_parting_data(one.level, base, one.play),
        "shifts": [shift_data(each, base, one.play) for each in one.shifts],
        "words": against_words(one, base),
    }


def against_words(one: Against, base: Play) -> str:
    """What differed first and why, in a sentence or two."""
    if one.first is None:
        return "两次的日志逐条相同。"
    parts = [f"第一处不同：{parting_data(one.first, base, one.play)['words']}。"]
    if one.first.kind == "time" and one.beyond_time is None:
        parts.append("此后也只有时间不同。")
    elif one.first.kind == "time" and one.beyond_time is not None:
        parts.append(f"不只是时间的第一处不同：{parting_data(one.beyond_time, base, one.play)['words']}。")
    if one.level is not None:
        parts.append(f"级别第一次不同：{level_parting_data(one.level, base, one.play)['words']}。")
    else:
        mine, theirs = ({(lane.plan, lane.scale) for lane in play.lanes} for play in (base, one.play))
        parts.append("没有两次都有的等级体系。" if mine.isdisjoint(theirs) else "各级别始终相同。")
    return "".join(parts)


def parting_data(one: Parting, base: Play, other: Play) -> Json:
    """The first entry that differs, in both plays, with a sentence."""
    ours, theirs = _entry(one.ours, base), _entry(one.theirs, other)
    return {
        "kind": one.kind,
        "kind_name": PARTING_WORDS[one.kind],
        "origin": one.origin,
        "what": one.what,
        "ours": ours,
        "theirs": theirs,
        "words": _parting_words(one, ours, theirs, base, other),
    }


def _entry(entry: Entry | None, play: Play) -> Json | None:
    if entry is None:
        return None
    run = play.run
    data = entry_data(entry, Wording(run.incident, run.plans, run.names))
    return {**data, "after": after_word(entry.at - run.scenario.begins)}


def _parting_words(one: Parting, ours: Json | None, theirs: Json | None, base: Play, other: Play) -> str:
    origin = _origin_word(one.origin)
    if one.kind == "setting":
        return f"设定（{one.what}）" if one.what else "首报、辖区或预案"
    if ours is None or theirs is None:
        entry, play = (theirs, other) if ours is None else (ours, base)
        assert entry is not None
        return f"{entry['after']} 只有“{play.name}”有：{entry['kind_name']}，{entry['words']}{origin}"
    if one.kind == "time":
        return (
            f"{ours['kind_name']}“{ours['words']}”：“{base.name}”在 {ours['after']}，“{other.name}”在 {theirs['after']}{origin}"
        )
    if ours["after"] == theirs["after"]:
        return (
            f"{ours['after']} {ours['kind_name']}：“{base.name}”为“{ours['words']}”，“{other.name}”为“{theirs['words']}”{origin}"
        )
    mine, its = (f"“{play.name}”{one['after']} 为“{one['words']}”" for play, one in ((base, ours), (other, theirs)))
    return f"{ours['kind_name']}：{mine}，{its}{origin}"


def _origin_word(origin: str | None) -> str:
    """“（注入 2）”."""
    if origin is None:
        return ""
    kind, _, name = origin.partition(":")
    return f"（{ORIGINS[kind]} {name.split(':')[0]}）" if kind in ORIGINS and name else ""


def level_parting_data(one: LevelParting, base: Play, other: Play) -> Json:
    """The first moment at which another level is in force, and the decision and clauses behind it."""
    plan = _plan(base, one.plan)
    clauses = [] if one.proposal is None else list(one.proposal.clauses)
    because = ""
    if one.decision is not None:
        basis = f"，依据 {'、'.join(clauses)}" if clauses else ""
        because = f"；此时{one.decision.post}签发{name_of(plan, one.decision.scale, one.decision.level)}{basis}"
    label, mine, theirs = plan.scales[one.scale].short, name_of(plan, one.scale, one.ours), name_of(plan, one.scale, one.theirs)
    return {
        "plan": one.plan,
        "scale": one.scale,
        "label": label,
        "after": after_word(one.after),
        "ours": one.ours,
        "ours_name": mine,
        "theirs": one.theirs,
        "theirs_name": theirs,
        "clauses": clauses,
        "words": f"{after_word(one.after)} {label}，“{base.name}”为{mine}，“{other.name}”为{theirs}{because}",
    }


def shift_data(one: Shift, base: Play, other: Play) -> Json:
    """A duty that one play asked otherwise."""
    return {
        "how": one.how,
        "how_name": HOW_WORDS[one.how],
        "why": one.why,
        "plan": one.plan,
        "unit": one.duty.unit or NOBODY,
        "unit_id": one.duty.unit_id,
        "action": one.duty.action,
        "clause": one.duty.clause,
        "before": _form(one.before, one.plan, base),
        "after": _form(one.after, one.plan, other),
    }


def _form(one: Assigned | None, plan_id: str, play: Play) -> Json | None:
    if one is None:
        return None
    plan, due = _plan(play, plan_id), due_of(one)
    moments: Mapping[str, str] = (
        plan.moments if due is None or due.moment in (None, *plan.moments) else {str(due.moment): str(due.moment)}
    )
    return {"level": one.level, "level_name": name_of(plan, one.scale, one.level), "due_words": due_word(due, moments)}


def progress_data(found: Progress, plans: Mapping[str, Plan]) -> Json:
    """A drill against its last play. plans: by digest, of the later play."""
    by_id = {plan.id: plan for plan in plans.values()}
    return {
        "mark": MARK,
        "then": {"title": found.then.title, "begins": day_word(found.then.begins), "total": tally_data(found.then.total)},
        "now": {"title": found.now.title, "begins": day_word(found.now.begins), "total": tally_data(found.now.total)},
        "score": found.score,
        "same": found.same,
        "better": [_change(one.then, one.now, found, by_id) for one in found.better],
        "worse": [_change(one.then, one.now, found, by_id) for one in found.worse],
        "fresh": [expected_data(one, found.now, by_id) for one in found.fresh if one.plan in by_id],
        "gone": [expected_data(one, found.then, by_id) for one in found.gone if one.plan in by_id],
        "units": [{"unit": unit, "then": then, "now": now} for unit, (then, now) in found.units.items()],
    }


def change_words(change: Change, scenario: Scenario, plans: Iterable[Plan]) -> str:
    """What a variant changes, in words. plans: those of the scenario."""
    match change:
        case FactChange(inject, indicator, value):
            return f"注入{inject} {fact_word(plans, indicator, value)}"
        case TimeChange(inject, at):
            return f"注入{inject} 在 {after_word(timedelta(seconds=float(at.middle)))}"
        case Dropped(inject):
            return f"没有注入{inject}"
        case DelayChange(person, decides):
            name = next((one.name for one in scenario.people if person in (one.id, *one.posts)), person)
            return f"{name}用时{duration_words(decides.middle)}"
        case ReadingChange(_, reading, letter):
            return f"条款解释 {reading} 取 {letter}"
        case VersionChange(plan, version):
            return f"预案 {plan} 用版本 {version[:12]}"


def day_word(moment: datetime) -> str:
    """“2026-10-22 09:00”."""
    return f"{moment:%Y-%m-%d %H:%M}"


def _change(then: Expected, now: Expected, found: Progress, plans: Mapping[str, Plan]) -> Json:
    before, after = expected_data(then, found.then, plans), expected_data(now, found.now, plans)
    return {
        "what": after["what"],
        "unit": after["unit"],
        "clauses": after["clauses"],
        "then": before["outcome_name"] + (f"{before['late_by']}" if before["late_by"] else ""),
        "now": after["outcome_name"] + (f"{after['late_by']}" if after["late_by"] else ""),
    }

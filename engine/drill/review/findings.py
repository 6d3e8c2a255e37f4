"""Problems that an exercise's own record shows: deadlines not kept, slow or deviating decisions, duties that the plan puts on nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.drill.review.expected import Expected
from engine.drill.review.issue import Issue
from engine.incident.state import Incident
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.plan.words import level_word

SLOW = timedelta(minutes=30)
"""A proposal that waited longer is a finding, where no objective says how long it may."""
CHECK_UNIT = "核对任务是否及时送达、时限是否可行；职责不清的，修订预案"
CHECK_SIGNER = "明确签发人不在位时由谁代签、受权，可先口头决定后补签"
CHECK_DEVIATION = "研究偏离建议的理由：常见的情形应写进预案或调整条款解释"
CHECK_NOBODY = "修订预案时写明责任单位；此前由指挥部办公室指定"
CHECK_MOMENT = "把登记这一时刻列入值班要点，时限才能起算"


def find_issues(incident: Incident, plans: Mapping[str, Plan], expected: Sequence[Expected], at: datetime) -> tuple[Issue, ...]:
    """Numbered A1, A2, … in the order of kinds. plans: by digest. at: until when a proposal has waited that waits still."""
    by_id = {course.plan: plans[course.digest] for course in incident.courses.values()}
    found = [
        *_deadlines(expected, "missed"),
        *_deadlines(expected, "late"),
        *_decisions(by_id, expected, at),
        *_not_started(by_id, expected),
        *_nobody(incident),
    ]
    return tuple(_numbered(found))


def _numbered(found: Iterable[Issue]) -> Iterator[Issue]:
    for number, one in enumerate(found, start=1):
        yield replace(one, id=f"A{number}")


def _deadlines(expected: Sequence[Expected], kind: str) -> Iterator[Issue]:
    """One for each duty, whatever number of its occurrences."""
    groups: dict[str, list[Expected]] = {}
    for one in expected:
        if one.kind == "duty" and one.outcome == kind:
            groups.setdefault(one.of, []).append(one)
    for listed in groups.values():
        first = listed[0]
        entries = tuple(dict.fromkeys(number for one in listed for number in one.entries))
        words = _missed(listed) if kind == "missed" else _late(listed)
        yield Issue(
            "",
            "missed" if kind == "missed" else "late",
            f"{first.what}：{words}",
            first.clauses[0],
            first.unit,
            entries,
            CHECK_UNIT,
        )


def _missed(listed: Sequence[Expected]) -> str:
    dues = [f"{one.due_at:%m-%d %H:%M}" for one in listed if one.due_at is not None]
    note = listed[0].note
    shown = "、".join(dues[:3]) + (f" 等{len(dues)}次" if len(dues) > 3 else "")
    return f"应于 {shown} 前完成，没有完成的记录" + (f"（{note}）" if note else "")


def _late(listed: Sequence[Expected]) -> str:
    worst = max((one.late_by for one in listed if one.late_by is not None), default=timedelta(0))
    times = f"{len(listed)}次，最多" if len(listed) > 1 else ""
    note = next((one.note for one in listed if one.note), "")
    return f"逾期{times}{span_word(worst)}" + (f"（{note}）" if note else "")


def span_word(span: timedelta) -> str:
    """“2小时5分”, “35分”, “40秒”."""
    seconds = int(span.total_seconds())
    if seconds < 60:
        return f"{seconds}秒"
    days, minutes = divmod(seconds // 60, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0分"


def _decisions(plans: Mapping[str, Plan], expected: Sequence[Expected], at: datetime) -> Iterator[Issue]:
    decisions = [one for one in expected if one.kind == "decision"]
    for one in decisions:
        if one.outcome == "missed":
            waited = span_word((one.done_at or at) - one.begins)
            yield Issue(
                "", "unanswered", f"建议“{one.what}”没有及时签发（{one.note or f'已等{waited}'}）", _clause(one), one.unit,
                one.entries, CHECK_SIGNER,
            )  # fmt: skip
    for one in decisions:
        if one.took is not None and (one.outcome == "late" or (one.due_at is None and one.took > SLOW)):
            yield Issue(
                "", "slow", f"建议“{one.what}”等了{span_word(one.took)}才签发", _clause(one), one.done_by or one.unit, one.entries,
                CHECK_SIGNER,
            )  # fmt: skip
    for one in decisions:
        if one.as_proposed is False:
            what = f"建议“{one.what}”，签发为“{_level(plans[one.plan], one.scale, one.decided)}”"
            reason = f"；理由：{one.note}" if one.note else ""
            yield Issue("", "deviation", what + reason, _clause(one), one.done_by, one.entries, CHECK_DEVIATION)


def _clause(one: Expected) -> str | None:
    return one.clauses[0] if one.clauses else None


def _level(plan: Plan, scale: str, level: Level) -> str:
    found = plan.scales.get(scale)
    return level_word(found, level) if found is not None and level in (None, *found.levels) else str(level)


def _not_started(plans: Mapping[str, Plan], expected: Sequence[Expected]) -> Iterator[Issue]:
    """Moments that an officer is to record and that nobody did; those that a change of levels makes have simply not come."""
    groups: dict[tuple[str, str], list[Expected]] = {}
    for one in expected:
        if one.outcome == "waiting" and one.moment not in plans[one.plan].moment_events:
            groups.setdefault((one.plan, one.moment or ""), []).append(one)
    for (plan, moment), listed in groups.items():
        word = plans[plan].moments.get(moment, moment)
        clauses = "、".join(dict.fromkeys(clause for one in listed for clause in one.clauses))
        entries = tuple(dict.fromkeys(number for one in listed for number in one.entries))
        what = f"“{word}”没有登记，{len(listed)}项任务的时限没有起算（条款 {clauses}）；没有发生的，不必理会"
        yield Issue("", "not_started", what, listed[0].clauses[0], None, entries, CHECK_MOMENT)


def _nobody(incident: Incident) -> Iterator[Issue]:
    """One for each plan: all its clauses that leave open whose a duty is."""
    for course in incident.courses.values():
        nobodys = [one for one in course.duties.values() if one.assigned.unit is None and one.assigned.unit_id is None]
        if not nobodys:
            continue
        clauses = tuple(dict.fromkeys(one.assigned.clause for one in nobodys))
        count = len({one.assigned.duty for one in nobodys})
        what = f"《{course.title}》{len(clauses)}条条款的{count}项任务没有写明责任单位：{'、'.join(clauses)}"
        entries = tuple(dict.fromkeys(one.entry for one in nobodys))
        yield Issue("", "no_unit", what, clauses[0], None, entries, CHECK_NOBODY)

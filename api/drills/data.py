"""Drills as JSON: those of the list, one that is played with its script and its clock, problems with who mends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from api.drills.cast import OFFICER
from api.drills.drill import Branch, Drill
from api.drills.record import KeptBranch, Record
from api.wings import UNDER, Pulse
from engine.contract.drill import after_word, fed_data, issues_data, lanes_data
from engine.contract.moment import Names, stamp
from engine.contract.work import work_data
from engine.drill.review.evaluation import evaluate
from engine.drill.review.issue import Issue
from engine.drill.review.lanes import lanes
from engine.drill.run import Act, Run
from engine.drill.scenario import MARK, Scenario
from engine.drill.script import planned_at
from engine.incident.board import board

Json = dict[str, Any]
SOONEST = 20
"""Deadlines that are shown."""
STATES = {"running": "进行中", "ended": "已结束", "stopped": "服务重启，没有演完"}
COMING = {
    "inject": "注入 {}",
    "else": "注入 {}（条件不成立时的另一项）",
    "skip": "略过注入 {}（条件不成立）",
    "contingency": "备用注入 {}",
    "spared": "备用注入 {} 不需要",
    "clock": "时间推移",
    "duty": "任务办结",
}


def address_of(key: str) -> str:
    """Where a branch is served."""
    return f"{UNDER}{key}/"


def pulse_data(pulse: Pulse, real: datetime, ends: datetime) -> Json:
    """The clock. real, speed, running: from that real moment on `speed` seconds of the exercise pass in a real one, if it runs."""
    shown = min(pulse.at(real), ends)
    return {
        "began": stamp(pulse.began),
        "ends": stamp(ends),
        "real": stamp(real),
        "shown": stamp(shown),
        "elapsed_s": int((shown - pulse.began).total_seconds()),
        "after": after_word(shown - pulse.began),
        "speed": pulse.speed,
        "running": pulse.running,
        "over": shown >= ends,
    }


def branch_data(one: KeptBranch, *, served: bool) -> Json:
    """A branch. address: None where it is served no longer."""
    begins = one.scenario.begins
    return {
        "key": one.key,
        "label": one.label,
        "title": one.scenario.title,
        "address": address_of(one.key) if served else None,
        "parent": one.parent,
        "since": stamp(one.since),
        "since_after": None if one.since is None else after_word(one.since - begins),
        "changes": one.changes,
        "readings": {plan: dict(chosen) for plan, chosen in one.scenario.readings.items()},
        "begins": stamp(begins),
        "ends": stamp(one.scenario.ends),
        "at": stamp(one.at),
        "after": after_word(one.at - begins),
        "over": one.over,
        "total": dict(one.total) or None,
    }


def state_of(record: Record, *, served: bool) -> str:
    """running, ended, or stopped: the server was, and it can be resumed."""
    return "ended" if record.ended_at is not None else "running" if served else "stopped"


def drill_data(record: Record, names: Names, *, served: bool, may: bool) -> Json:
    """A drill of the list. may: whether the reader may cast, end, resume or remove it."""
    scenario, state = record.branches[0].scenario, state_of(record, served=served)
    words = STATES[state]
    if state == "stopped":
        words = f"服务重启，停在 {after_word(record.branches[0].at - scenario.begins)}"
    return {
        "id": record.id,
        "mark": MARK,
        "title": record.title,
        "state": state,
        "state_name": words,
        "served": served,
        "director": record.director,
        "director_name": names.get(record.director, record.director_name),
        "started_at": stamp(record.started_at),
        "ended_at": stamp(record.ended_at),
        "scenario": scenario_data(scenario),
        "cast": cast_data(scenario, record.parts, names),
        "branches": [branch_data(one, served=served) for one in record.branches],
        "may_direct": may,
    }


def scenario_data(scenario: Scenario) -> Json:
    """A scenario in short."""
    return {
        "id": scenario.id,
        "title": scenario.title,
        "jurisdiction": scenario.jurisdiction,
        "plans": list(scenario.plans),
        "begins": stamp(scenario.begins),
        "lasts_s": int(scenario.lasts.total_seconds()),
        "injects": len(scenario.injects),
        "seed": scenario.seed,
        "readings": {plan: dict(chosen) for plan, chosen in scenario.readings.items()},
        "background": scenario.background,
    }


def cast_data(scenario: Scenario, parts: Mapping[str, frozenset[str]], names: Names) -> Json:
    """The parts that there are, and who has which. A part that nobody has is played by the script."""
    known = [{"part": OFFICER, "name": "值班员", "posts": [], "shared": True}]
    known += [{"part": one.id, "name": one.name, "posts": list(one.posts), "shared": False} for one in scenario.people]
    return {
        "parts": known,
        "people": [{"person": one, "name": names.get(one, one), "parts": sorted(held)} for one, held in sorted(parts.items())],
    }


def drill_stage(drill: Drill, branch: Branch, names: Names, real: datetime, *, directs: bool) -> Json:
    """A branch as it is played. What is still to come, and what is expected, is the director's alone."""
    exercise = branch.exercise
    run = exercise.told()
    coming = exercise.upcoming() if directs and not exercise.ended else None
    record = drill.record()
    return {
        "mark": MARK,
        "drill": drill.id,
        "title": drill.title,
        "director": drill.director,
        "director_name": names.get(drill.director, drill.director_name),
        "directs": directs,
        "started_at": stamp(drill.started_at),
        "ended_at": stamp(drill.ended_at),
        "incident": exercise.incident_id,
        "branch": branch_data(next(one for one in record.branches if one.key == branch.key), served=True),
        "pulse": pulse_data(exercise.clock.pulse(), real, run.scenario.ends),
        "trouble": exercise.trouble,
        "cast": cast_data(drill.scenario, drill.cast.parts, names),
        "injects": injects_data(run, directs=directs),
        "lanes": lanes_data(lanes(run.entries, run.plans, run.at), run.plans),
        "deadlines": deadlines_data(branch),
        "refusals": [
            {"at": stamp(one.at), "origin": one.origin, "words": one.words} for one in run.refusals if directs
        ],
        "next": None if coming is None else act_data(coming, run),
        "branches": [
            {**branch_data(kept, served=True), "running": live.exercise.clock.pulse().running}
            for kept, live in zip(record.branches, tuple(drill.branches), strict=False)
        ],
    }  # fmt: skip


def deadlines_data(branch: Branch) -> list[Json]:
    """What is waited for, the soonest limit first."""
    desk = branch.exercise.desk
    now, state = desk.now(), branch.exercise.incident
    found = []
    for row in board(desk.states.deadlines(now), SOONEST):
        shown = work_data(row, desk.versions[state.courses[row.plan].digest], now, {})
        del shown["steps"]
        found.append(shown)
    return found


def injects_data(run: Run, *, directs: bool) -> list[Json]:
    """The script: what was given and what waits. Without the right to direct, what was given."""
    found = evaluate(run)
    plans = {plan.id: plan for plan in run.plans.values()}
    listed = []
    for one in found.fed:
        told = fed_data(one, found, plans)
        told |= {
            "state": "given" if one.how == "instead" else one.how,
            "planned_at": stamp(planned_at(run.scenario, one.inject)),
            "conditional": one.inject.when is not None,
            "has_contingency": one.inject.contingency is not None,
        }
        if directs:
            listed.append(told)
        elif one.given_at is not None:
            listed.append({**told, "expected": "", "contingency": None, "contingency_name": None, "has_contingency": False})
    return listed


def act_data(act: Act, run: Run) -> Json:
    """What the script does next."""
    return {
        "at": stamp(act.at),
        "after": after_word(act.at - run.scenario.begins),
        "origin": act.origin,
        "words": act_words(act, run),
        "by": act.by.name,
    }


def act_words(act: Act, run: Run) -> str:
    """“注入 2：死亡三人”, “副市长（推演）签发”; of a condition that is to be looked at, what depends on it."""
    looked = act.origin.startswith("look:")
    kind, _, name = act.origin.removeprefix("look:").partition(":")
    if kind == "person":
        return f"{act.by.name}签发"
    words = COMING.get(kind, kind).format(name)
    inject = run.scenario.inject(name) if kind == "inject" else None
    if inject is not None and inject.does.text:
        words = f"{words}：{inject.does.text}"
    depends = looked and (inject is None or inject.when is not None)
    return f"{words}（看条件是否成立）" if depends else words


def drill_issues(issues: Iterable[Issue], branch: str, owners: Mapping[str, str]) -> list[Json]:
    """Problems; owner_id: the person who mends it, where one of this office does."""
    listed = tuple(issues)
    return [{**data, "branch": branch, "owner_id": owners.get(f"{branch}/{data['id']}")} for data in issues_data(listed)]

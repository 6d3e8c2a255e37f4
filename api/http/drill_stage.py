"""`/api/v1/drill`, in a wing: the exercise of the address, its clock, what the director feeds in, other branches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field, model_validator

from api.drills.data import address_of, drill_stage, pulse_data
from api.drills.drill import Branch, Drill
from api.drills.otherwise import Otherwise, branched, renewed
from api.http.fields import Body, Short
from api.http.of_drills import DRILL_READS, OfDrills, TheDrills
from api.http.strict import WRITES, Line, PlanId, StrictRoute, Text, Time, example
from api.people.refusal import Invalid
from engine.contract.moment import stamp
from engine.drill.scenario import ZERO, Happening
from engine.incident.fact import check_fact
from engine.plan.finding import FactInvalid, UnknownName
from engine.plan.spelling import nearest

router = APIRouter(prefix="/api/v1/drill", tags=["drill"], route_class=StrictRoute)
FASTEST = 3600.0
Facts = Annotated[dict[Short, Any], Field(max_length=200, description="指标 → 值；null：撤回，成为未知", default_factory=dict)]
InjectId = Annotated[str, Field(min_length=1, max_length=64)]


class ClockBody(Body):
    """What the clock does: run, stand, step to the next thing that happens, go on to a moment at once."""

    do: Literal["run", "stand", "step", "to"]
    speed: Annotated[float | None, Field(gt=0, le=FASTEST, allow_inf_nan=False, description="现实一秒走推演几秒；不写则照旧")] = (
        None
    )
    to: Annotated[Time | None, Field(description="演到的时刻，只能往后")] = None

    @model_validator(mode="after")
    def _fits(self) -> ClockBody:
        if (self.to is not None) != (self.do == "to"):
            raise ValueError("do 为 to 时写 to，其余不写")
        if self.speed is not None and self.do != "run":
            raise ValueError("speed 只在 do 为 run 时写")
        return self


class InjectBody(Body):
    """Something fed in now: a planned inject, or a message and what it changes."""

    inject: Annotated[InjectId | None, Field(description="剧本里的注入，现在就给")] = None
    text: Annotated[Text | None, Field(description="说什么")] = None
    sender: Annotated[Line, Field(alias="from", description="谁说的")] = "导调"
    to: Annotated[Line, Field(description="对谁说")] = "值班室"
    medium: Annotated[Line, Field(description="电话、传真、电子公文……")] = "电话"
    facts: Facts
    observed_at: Annotated[Time | None, Field(description="事实是何时的（推演时间）；不写则为现在")] = None
    moments: Annotated[
        list[Short] | dict[Short, Time], Field(description="预案的哪些时刻到了；或 时刻 → 何时", default_factory=list)
    ]

    @model_validator(mode="after")
    def _fits(self) -> InjectBody:
        free = self.model_fields_set - {"inject"}
        if self.inject is not None and free:
            raise ValueError("给剧本里的注入，只写 inject")
        if self.inject is None and not (self.text or self.facts or self.moments):
            raise ValueError("写 inject，或写 text、facts、moments")
        return self


class InjectChange(Body):
    """What is otherwise in an inject that has not come."""

    at: Annotated[str | float | None, Field(description="改到 T+ 何时：1:30、90分钟，或秒数")] = None
    facts: Facts
    drop: Annotated[bool, Field(description="不给")] = False


class ScenarioChanges(Body):
    """What is otherwise in the script from the moment on."""

    injects: Annotated[dict[InjectId, InjectChange], Field(max_length=200, default_factory=dict)]
    people: Annotated[
        dict[Annotated[str, Field(max_length=200)], str | float],
        Field(max_length=50, description="人员 → 多久作决定：40分钟，或秒数", default_factory=dict),
    ]


class BranchBody(Body):
    """Another course. `moment`: from where; with `readings` or `versions` it begins anew at T+0, and no moment is written."""

    moment: Annotated[Time | None, Field(description="从哪一时刻起（推演时间），不晚于已演到的时刻")] = None
    changes: Annotated[Line | None, Field(description="有何不同，一句话；不写则据改动写")] = None
    scenario_changes: Annotated[ScenarioChanges | None, Field(description="剧本有何不同")] = None
    readings: Annotated[
        dict[PlanId, dict[Short, Short]], Field(max_length=20, description="换读法：从头再演", default_factory=dict)
    ]
    versions: Annotated[
        dict[PlanId, Short], Field(max_length=20, description="换预案版本（摘要的开头）：从头再演", default_factory=dict)
    ]

    @model_validator(mode="after")
    def _fits(self) -> BranchBody:
        anew = bool(self.readings or self.versions)
        if anew and self.moment is not None:
            raise ValueError("换读法或版本要从头再演，不写 moment")
        if not anew and self.moment is None:
            raise ValueError("写从哪一时刻起：moment")
        return self


@router.get("", responses=DRILL_READS, summary="这次推演")
def show_stage(of: TheDrills) -> dict[str, Any]:
    """The exercise of this address: clock, injects, levels over time, branches; what is still to come for its director alone."""
    return _stage(of, *of.playing())


def _stage(of: OfDrills, drill: Drill, branch: Branch) -> dict[str, Any]:
    return drill_stage(drill, branch, of.at_desk.names, of.drills.real(), directs=of.person == drill.director)


@router.post("/clock", responses=WRITES, summary="推演时钟")
def set_clock(body: ClockBody, of: TheDrills) -> dict[str, Any]:
    """Let the clock run, stand, step, or go on to a moment; back it does not go: that is another branch."""
    _, branch = of.directing()
    one, done = branch.exercise, None
    match body.do:
        case "run":
            one.start(body.speed)
        case "stand":
            one.stand()
        case "step":
            done = one.step()
        case "to":
            one.advance(body.to or one.clock.shown())
    pulse = pulse_data(one.clock.pulse(), of.drills.real(), one.run.scenario.ends)
    return {"branch": branch.key, "pulse": pulse, "stepped_to": stamp(done), "trouble": one.trouble}


@router.post("/injects", status_code=201, responses=WRITES, summary="注入")
def feed_in(body: InjectBody, of: TheDrills) -> dict[str, Any]:
    """Feed something in now: a message with what it changes, or an inject of the script before its time."""
    _, branch = of.directing()
    asked = ("inject", branch.key, body.model_dump_json())
    told: dict[str, Any] = of.once(of.person, of.at_desk.key, asked, lambda: _fed(branch, body))
    return told


def _fed(branch: Branch, body: InjectBody) -> dict[str, Any]:
    exercise = branch.exercise
    before = exercise.incident.seq
    if body.inject is not None:
        exercise.give(body.inject)
    else:
        _check_facts(branch, body.facts)
        exercise.feed(lambda at: _happening(body, at))
    return {"branch": branch.key, "at": stamp(exercise.run.at), "entries": [before + 1, exercise.incident.seq]}


def _happening(body: InjectBody, at: datetime) -> Happening:
    return Happening(
        body.text or "", body.sender, body.to, body.medium, body.facts, _moments(body.moments, at), _ago(body.observed_at, at, "observed_at")
    )  # fmt: skip


def _moments(given: list[str] | dict[str, datetime], at: datetime) -> Mapping[str, timedelta]:
    if isinstance(given, list):
        return dict.fromkeys(given, ZERO)
    return {name: _ago(moment, at, f"moments.{name}") for name, moment in given.items()}


def _ago(moment: datetime | None, at: datetime, where: str) -> timedelta:
    if moment is not None and moment > at:
        raise Invalid(f"晚于推演的现在（{at:%m-%d %H:%M:%S}）", where=where, remedy="写推演里已到的时刻")
    return ZERO if moment is None else at - moment


def _check_facts(branch: Branch, facts: Mapping[str, Any]) -> None:
    """Raises UnknownName or FactInvalid: no plan of the exercise has it, or it may not have this value."""
    run = branch.exercise.run
    plans = [run.plans[course.digest] for course in run.incident.courses.values()]
    for key, value in facts.items():
        having = [plan for plan in plans if key in plan.indicators]
        if not having:
            near = nearest(key, [one for plan in plans for one in plan.indicators])
            raise UnknownName(
                f"没有指标“{key}”", where=f"facts.{key}", remedy=f"是不是“{near}”？" if near else "用这次推演的预案里的指标"
            )
        for plan in having if value is not None else ():
            try:
                check_fact(plan, key, value)
            except FactInvalid as error:
                raise FactInvalid(error.message, where=f"facts.{key}", remedy=error.remedy) from None


@router.post(
    "/branches", status_code=201, responses=WRITES | example({"branch": "20261122-1-2", "address": "/drill/20261122-1-2/"}, status=201),
    summary="另开分支",
)  # fmt: skip
def branch_off(body: BranchBody, of: TheDrills) -> dict[str, Any]:
    """Another branch from a moment of this one, alike or otherwise; with other readings or versions one that begins anew."""
    drill, branch = of.directing()
    asked = ("branch", branch.key, body.model_dump_json())
    told: dict[str, Any] = of.once(of.person, of.at_desk.key, asked, lambda: _branched(of, drill, branch, body))
    return told


def _branched(of: OfDrills, drill: Drill, branch: Branch, body: BranchBody) -> dict[str, Any]:
    versions = of.at_desk.library.current().versions
    changes = body.scenario_changes
    wanted = Otherwise(
        {} if changes is None else {name: one.model_dump() for name, one in changes.injects.items()},
        {} if changes is None else changes.people,
        body.readings,
        body.versions,
    )
    run = branch.exercise.told()
    words = body.changes or wanted.words(run.scenario, run.plans.values())
    if body.moment is None:
        made = of.drills.again(drill.id, renewed(run, wanted, versions), words)
    else:
        made = of.drills.fork(drill.id, branch.key, body.moment, branched(run, body.moment, wanted, versions), words)
    return {"branch": made.key, "label": made.label, "address": address_of(made.key), "changes": words}

"""`/api/v1/drills`: exercises begun, cast, ended, resumed, removed; the scenarios that there are. At the live office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field, model_validator

from api.drills import beginning
from api.drills.data import address_of, drill_data
from api.drills.drill import Drill
from api.drills.record import Record
from api.http.at_desk import in_force_on
from api.http.fields import Body, Id, Short
from api.http.of_drills import DRILL_READS, DrillId, OfDrills, TheDrills
from api.http.strict import WRITES, Line, PlanId, StrictRoute, Time, example
from api.people.actor import EVERYWHERE
from api.people.refusal import Invalid
from api.store.failure import NoIncident
from engine.contract.moment import stamp
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.exchange.exchange_draft import from_cexf
from engine.drill.exchange.past import pins
from engine.drill.run import Run
from engine.drill.scenario import MARK, Scenario
from engine.plan.finding import Finding
from engine.plan.model import Plan

router = APIRouter(prefix="/api/v1", tags=["drills"], route_class=StrictRoute)
Part = Annotated[str, Field(min_length=1, max_length=200)]
Parts = Annotated[list[Part], Field(max_length=50, description="角色：officer 为值班员，其余为情景里的人员")]
Readings = Annotated[
    dict[PlanId, dict[Short, Short]],
    Field(max_length=20, description='预案 → {读法: 取法}，如 {"a": "chosen"}', default_factory=dict),
]
SOURCES = ("scenario", "yaml", "generate", "incident")
BEGUN = {"id": "20261122-1", "branch": "20261122-1-1", "address": "/drill/20261122-1-1/", "warnings": []}


class GenerateBody(Body):
    """A scenario that the engine writes out of a plan's thresholds."""

    plan: PlanId
    to: Annotated[Short, Field(description="升到哪一级")]
    scale: Annotated[Short | None, Field(description="哪个等级体系；不写则为带动任务最多的")] = None


class DrillBody(Body):
    """What is played: exactly one of `scenario`, `yaml`, `generate`, `incident`."""

    scenario: Annotated[Short | None, Field(description="情景文件的编号，见 GET /api/v1/scenarios")] = None
    yaml: Annotated[str | None, Field(min_length=1, max_length=500_000, description="情景文件的内容")] = None
    generate: Annotated[GenerateBody | None, Field(description="由引擎据预案生成")] = None
    incident: Annotated[
        Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")] | None,
        Field(description="从一件实况事件现在的样子接着演，不影响实况"),
    ] = None
    seed: Annotated[int | None, Field(ge=0, le=2**53, description="随机种子；情景里的不写则照它")] = None
    title: Annotated[Line | None, Field(description="推演的名称；不写则照情景")] = None
    readings: Readings
    begins: Annotated[Time | None, Field(description="推演时钟从何时起；不写：情景文件照它写的，生成的从现在起")] = None
    parts: Annotated[
        dict[Id, Parts], Field(max_length=100, description="人员 → 角色；没有人扮演的由剧本代演", default_factory=dict)
    ]

    @model_validator(mode="after")
    def _one_source(self) -> DrillBody:
        given = [one for one in SOURCES if getattr(self, one) is not None]
        if len(given) != 1:
            raise ValueError(f"在 {'、'.join(SOURCES)} 中写一项，只写一项")
        if self.incident is not None and (self.begins or self.readings):
            raise ValueError("从实况事件接着演，时间和读法照事件的；换读法，开始后另开分支再演")
        return self


class CastBody(Body):
    """Who plays what from now on; no part: he looks on."""

    person: Id
    parts: Parts


class CexfBody(Body):
    """An exercise in the Common Exercise Format."""

    cexf: Annotated[dict[str, Any], Field(description="CEXF 文件的内容")]
    begins: Annotated[Time | None, Field(description="演练的日期和钟点；不写则从现在起")] = None
    plans: Annotated[list[PlanId], Field(max_length=10, description="用哪些预案；文件里写了的可以不写", default_factory=list)]
    jurisdiction: Annotated[Short | None, Field(description="辖区；不写则照预案")] = None


@router.get("/scenarios", responses=DRILL_READS, summary="有哪些情景文件")
def list_scenarios(of: TheDrills) -> dict[str, Any]:
    """The scenario files that come with Yuan and the office's own, with what is wrong in them."""
    found = beginning.listed(of.at_desk.library.current().versions)
    return {"scenarios": [_scenario_row(name, one.scenario, one.findings) for name, one in found]}


def _scenario_row(name: str, scenario: Scenario | None, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        "id": name,
        "title": None if scenario is None else scenario.title,
        "jurisdiction": None if scenario is None else scenario.jurisdiction,
        "plans": [] if scenario is None else list(scenario.plans),
        "begins": None if scenario is None else stamp(scenario.begins),
        "lasts_s": None if scenario is None else int(scenario.lasts.total_seconds()),
        "injects": None if scenario is None else len(scenario.injects),
        "background": "" if scenario is None else scenario.background,
        "findings": [
            {"place": str(one.place), "code": one.code, "words": str(one), "severity": one.severity} for one in findings
        ],
    }  # fmt: skip


@router.post("/scenarios/cexf", responses=WRITES, summary="由 CEXF 文件起草情景")
def draft_from_cexf(body: CexfBody, of: TheDrills) -> dict[str, Any]:
    """A draft of a scenario file, and what it still lacks. Records nothing."""
    versions = of.at_desk.library.current().versions
    begins = body.begins or beginning.rounded(of.at_desk.now)
    draft = from_cexf(
        body.cexf, begins, tuple(of.at_desk.plan(one, "body.plans").id for one in body.plans), body.jurisdiction or ""
    )
    plans = tuple(one for one in draft.scenario.plans if one in versions)
    if not plans:
        raise Invalid("没有写用哪份预案", where="plans", remedy="加上 plans，见 GET /api/v1/plans")
    known = [versions[one][-1] for one in plans]
    scenario = replace(draft.scenario, plans=plans, jurisdiction=draft.scenario.jurisdiction or known[0].jurisdiction)
    return {"mark": MARK, "yaml": scenario_text(scenario, known), "missing": list(draft.missing)}


@router.get("/drills", responses=DRILL_READS, summary="推演一览")
def list_drills(of: TheDrills) -> dict[str, Any]:
    """The exercises that run, those that ended, and those that stood when the server stopped; the newest first."""
    return {"drills": [_told(of, one) for one in of.drills.records() if of.may_see(one)]}


@router.get("/drills/{drill_id}", responses=DRILL_READS, summary="一次推演")
def show_drill(drill_id: DrillId, of: TheDrills) -> dict[str, Any]:
    """An exercise with its cast and its branches."""
    return _told(of, of.seen(drill_id))


def _told(of: OfDrills, record: Record) -> dict[str, Any]:
    served = any(one.id == record.id for one in of.drills.listed())
    return drill_data(record, of.at_desk.names, served=served, may=of.may_direct(record))


@router.post("/drills", status_code=201, responses=WRITES | example(BEGUN, status=201), summary="开始一次推演")
def start_drill(body: DrillBody, of: TheDrills) -> dict[str, Any]:
    """Begin an exercise, its clock standing at T+0; the caller directs it.

    warnings: a change of shifts is near, or proposals of live incidents wait for a signature.
    """
    asked = ("start", body.model_dump_json())
    begun: dict[str, Any] = of.once(of.person, of.at_desk.key, asked, lambda: _started(body, of))
    return begun


def _started(body: DrillBody, of: OfDrills) -> dict[str, Any]:
    warned = [*_shift_warnings(of), *_signing_warnings(of)]
    parts = {person: frozenset(held) for person, held in body.parts.items()}
    for person in parts:
        _check_person(of, person, f"parts.{person}")
    past = None if body.incident is None else _fork(of, body.incident)
    scenario = _scenario(body, of) if past is None else past.scenario
    if past is not None:
        scenario = replace(scenario, seed=body.seed, title=body.title or scenario.title)
        past = replace(past, scenario=scenario)
    drill = of.drills.start(scenario, of.person, parts, past=past)
    return _begun(drill) | {"warnings": warned}


def _begun(drill: Drill) -> dict[str, Any]:
    key = drill.branches[0].key
    return {"id": drill.id, "branch": key, "address": address_of(key)}


def _fork(of: OfDrills, incident: str) -> Run:
    """The incident's journal as a drill: its entries are read once."""
    desk = of.at_desk.desk
    state = of.at_desk.incident(incident)
    if state.watch:
        raise NoIncident(f"“{incident}”是常态监测，不是事件", where="incident", remedy="写一件事件的编号")
    entries = desk.journal.read(state.id)
    return beginning.of_incident(entries, {pin.digest: desk.versions[pin.digest] for pin in pins(entries)})


def _scenario(body: DrillBody, of: OfDrills) -> Scenario:
    versions = of.at_desk.library.current().versions
    if body.generate is not None:
        wanted = body.generate
        begins = body.begins or beginning.rounded(of.at_desk.now)
        plan = _version_on(of, wanted.plan, begins)
        found = beginning.of_plan(plan, wanted.to, wanted.scale, begins, body.seed, body.readings)
        return replace(found, title=body.title or found.title)
    found = (
        beginning.of_file(body.scenario, versions) if body.scenario is not None else beginning.of_text(body.yaml or "", versions)
    )
    return beginning.otherwise(
        found, versions, begins=body.begins, seed=body.seed, title=body.title, readings=body.readings
    )  # fmt: skip


def _version_on(of: OfDrills, plan_id: str, begins: datetime) -> Plan:
    """The version that a scenario of that day plays."""
    found = of.at_desk.plan(plan_id, "generate.plan")
    return in_force_on(of.at_desk.library.current().versions[found.id], begins.date())


def _check_person(of: OfDrills, person_id: str, where: str) -> None:
    found = of.at_desk.people.accounts.find(person_id)
    if not found.active:
        raise Invalid(f"{found.name}已停用", where=where, remedy="换一个人员")


def _shift_warnings(of: OfDrills) -> tuple[str, ...]:
    own = of.at_desk.caller.actor.jurisdiction
    place = of.at_desk.own_place if own == EVERYWHERE else own
    if place is None or place == EVERYWHERE:
        return ()
    now = of.at_desk.now
    near = beginning.NEAR_CHANGE + timedelta(seconds=1)
    return beginning.near_change(of.at_desk.people.shifts.between(place, now - near, now + near), now)


def _signing_warnings(of: OfDrills) -> list[str]:
    waiting = [
        f"{one.title}（{one.id}）"
        for one in of.at_desk.open_incidents()
        if any(course.pending for course in one.courses.values())
    ]  # fmt: skip
    return [f"实况有建议待签：{'、'.join(waiting)}"] if waiting else []


@router.post("/drills/{drill_id}/cast", responses=WRITES, summary="派角色")
def cast_drill(drill_id: DrillId, body: CastBody, of: TheDrills) -> dict[str, Any]:
    """Give a person parts, in every branch; without any he looks on."""
    of.directed(drill_id)
    _check_person(of, body.person, "person")
    of.drills.cast(drill_id, body.person, frozenset(body.parts))
    return _told(of, of.drills.record(drill_id))


@router.post("/drills/{drill_id}/end", responses=WRITES, summary="结束推演")
def end_drill(drill_id: DrillId, of: TheDrills) -> dict[str, Any]:
    """Stop its clocks for good, and evaluate every branch."""
    of.directed(drill_id)
    of.drills.end(drill_id)
    return _told(of, of.drills.record(drill_id))


@router.post("/drills/{drill_id}/resume", responses=WRITES, summary="服务重启后接着演")
def resume_drill(drill_id: DrillId, of: TheDrills) -> dict[str, Any]:
    """Go on with an exercise that stood when the server stopped: everything is done again, and must come to the same journal."""
    of.directed(drill_id)
    return _begun(of.drills.resume(drill_id)) | {"warnings": [*_shift_warnings(of), *_signing_warnings(of)]}


@router.delete("/drills/{drill_id}", status_code=204, responses=WRITES, summary="删去推演的记录")
def remove_drill(drill_id: DrillId, of: TheDrills) -> None:
    """Delete an exercise that does not run, with all that is kept of it."""
    of.directed(drill_id)
    of.drills.remove(drill_id)

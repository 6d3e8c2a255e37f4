"""`/api/v1`: plans, their duties, and assessments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import count
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from api.cases import assess_case, assess_lines
from api.gazettes import Gazettes, clause_data
from api.http.body import LineResponse, json_body
from api.library import Library
from api.reading import BadInput, parse_choice
from engine.assess import check_readings
from engine.contract import assessment_data, duty_data, duty_effects_data, explained_data, plan_data, plan_summary
from engine.duty.duties import duties_at
from engine.duty.effects import duty_effects
from engine.lifecycle.machine import diagrams
from engine.plan.finding import UnknownName
from engine.plan.load import Loaded
from engine.plan.model import Plan
from engine.trigger.facts import validate

router = APIRouter(prefix="/api/v1", tags=["plans"])
Body = Annotated[Any, Depends(json_body)]
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
LONG = 20_000
"""Bytes of a body, from which on its assessment may take more than a moment: a series."""


def _loaded(request: Request) -> Loaded:
    library: Library = request.app.state.library
    return library.current()


async def _plan(plan_id: str, request: Request, version: str | None = None) -> Plan:
    """The plan now in use, or with `version` the one whose digest begins so. Raises UnknownName."""
    library: Library = request.app.state.library
    loaded = await to_thread.run_sync(library.current) if library.is_due() else library.current()
    plan = loaded.plan(plan_id)
    if version is None:
        return plan
    found = [one for one in loaded.versions[plan.id] if one.digest.startswith(version)]
    if len(found) != 1:
        known = "、".join(one.digest[:12] for one in loaded.versions[plan.id])
        raise UnknownName(f"《{plan.title}》没有版本“{version}”", where="version", remedy=f"可用：{known}")
    return found[0]


ThePlan = Annotated[Plan, Depends(_plan)]
Readings = Annotated[list[str] | tuple[()], Query()]


def _choices(plan: Plan, given: Iterable[str]) -> dict[str, str]:
    """Readings as `SE-24=a`. Raises BadInput or UnknownName."""
    return check_readings(plan, dict(parse_choice(one, "readings") for one in given))


@router.post(
    "/plans/{plan_id}/assess",
    response_model=dict[str, Any],
    openapi_extra={
        "parameters": [
            {"name": "plan_id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "version", "in": "query", "schema": {"type": "string"}},
            {"name": "explain", "in": "query", "schema": {"type": "boolean", "default": False}},
        ]
    },
)
async def assess_facts(request: Request) -> Response:
    """Levels, possible levels and basis; with `explain=1` reasons, distances, questions, signers and duties."""
    # The busiest address stands first and asks for its parameters itself: to have them asked for costs more than an assessment.
    asked = request.query_params
    explain = _flag(asked.get("explain"), "explain")
    plan, body = await _plan(request.path_params["plan_id"], request, asked.get("version")), await json_body(request)
    # An assessment takes microseconds, less than a change of thread; only what takes longer goes to another.
    if explain or int(request.headers.get("content-length", LONG)) >= LONG:
        return _json(await to_thread.run_sync(_assessed, plan, body, explain))
    return _json(_assessed(plan, body, explain))


def _flag(text: str | None, where: str) -> bool:
    """A query parameter that is yes or no. Raises BadInput."""
    try:
        return FLAGS[(text or "0").lower()]
    except KeyError:
        raise BadInput(f"“{text}”不是“是”或“否”", where=f"query.{where}", remedy="写 true 或 false") from None


def _assessed(plan: Plan, body: Any, explain: bool) -> dict[str, Any]:
    assessment = assess_case(plan, body)
    return explained_data(assessment) if explain else assessment_data(assessment)


def _json(content: dict[str, Any]) -> Response:
    """The answer, encoded once."""
    return Response(ENCODER.encode(content), media_type="application/json")


@router.get("/plans")
def list_plans(request: Request) -> list[dict[str, Any]]:
    """Every plan: id, title, document, digest, its versions, and whether it is of the office's own jurisdiction."""
    loaded, own = _loaded(request), request.app.state.settings.jurisdiction
    return [
        {
            **plan_summary(plan),
            "own": own is None or plan.jurisdiction == own,
            "versions": [
                {"digest": one.digest, "in_force": one.document.in_force.isoformat()} for one in loaded.versions[plan.id]
            ],
        }
        for plan in loaded.plans.values()
    ]


@router.get("/findings")
def list_findings(request: Request) -> list[dict[str, str]]:
    """Why plan files were not taken up, at the start or when they changed last; empty where they were."""
    library: Library = request.app.state.library
    library.current()
    return [
        {"code": one.code, "message": f"{one.found}；应为：{one.expected}", "where": str(one.place), "remedy": one.remedy}
        for one in library.rejected
    ]


@router.get("/plans/{plan_id}")
def show_plan(plan: ThePlan) -> dict[str, Any]:
    """A plan as data."""
    return plan_data(plan)


@router.get("/plans/{plan_id}/clauses/{clause}")
def show_clause(request: Request, plan: ThePlan, clause: str) -> dict[str, Any]:
    """A clause: its state in the ledger, and its text as printed where a gazette is configured (null with a note where not)."""
    folder = request.app.state.settings.gazettes
    return clause_data(plan, clause, None if folder is None else Gazettes(folder))


@router.get("/plans/{plan_id}/diagram")
def show_diagram(plan: ThePlan) -> dict[str, Any]:
    """The plan's states and transitions as mermaid."""
    return {"plan": plan.id, "mermaid": list(diagrams(plan))}


@router.get("/plans/{plan_id}/duties")
def list_duties(plan: ThePlan, scale: str, level: str, readings: Readings = ()) -> list[dict[str, Any]]:
    """Every duty in force at a level of a scale and no other; `readings=SE-24=a` (repeatable) for another reading."""
    return [duty_data(plan, one) for one in duties_at(plan, scale, level, choices=_choices(plan, readings))]


@router.post("/plans/{plan_id}/duties")
def list_duties_given(plan: ThePlan, scale: str, level: str, body: Body, readings: Readings = ()) -> list[dict[str, Any]]:
    """The duties of a level that apply, or may apply, with these facts; `readings` as above."""
    found = duties_at(plan, scale, level, validate(plan, body), choices=_choices(plan, readings))
    return [duty_data(plan, one) for one in found]


@router.get("/plans/{plan_id}/duties/readings")
def list_duty_effects(plan: ThePlan, scale: str, level: str, readings: Readings = ()) -> list[dict[str, Any]]:
    """The readings that move the duties of a level, with what each alternative adds, removes and changes."""
    return duty_effects_data(plan, duty_effects(plan, scale, level, choices=_choices(plan, readings)))


@router.post("/assess/batch", response_class=LineResponse)
def assess_batch(request: Request) -> LineResponse:
    """JSON lines in, JSON lines out, in the same order; a bad line is answered with its error and the others go on."""
    find = _loaded(request).plan
    numbers = count(1)
    return LineResponse(lambda lines: "".join(assess_lines(lines, find, numbers)).encode())

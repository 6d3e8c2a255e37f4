"""`/api/v1`: plans, their duties, and assessments."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.cases import assess_case, assess_lines
from api.http.body import LineResponse, json_body
from engine.contract import assessment_data, duty_data, explained_data, plan_data, plan_summary
from engine.duty.duties import duties_at
from engine.lifecycle.machine import diagram
from engine.plan.load import Loaded
from engine.plan.model import Plan
from engine.trigger.facts import validate

router = APIRouter(prefix="/api/v1", tags=["plans"])
Body = Annotated[Any, Depends(json_body)]


def _loaded(request: Request) -> Loaded:
    return request.app.state.loaded  # type: ignore[no-any-return]


def _plan(plan_id: str, request: Request) -> Plan:
    return _loaded(request).plan(plan_id)


ThePlan = Annotated[Plan, Depends(_plan)]


@router.get("/plans")
def list_plans(request: Request) -> list[dict[str, Any]]:
    """Every plan: id, title, document, digest."""
    return [plan_summary(plan) for plan in _loaded(request).plans.values()]


@router.get("/plans/{plan_id}")
def show_plan(plan: ThePlan) -> dict[str, Any]:
    """A plan as data."""
    return plan_data(plan)


@router.get("/plans/{plan_id}/diagram")
def show_diagram(plan: ThePlan) -> dict[str, str]:
    """The plan's states and transitions as mermaid."""
    return {"plan": plan.id, "mermaid": diagram(plan)}


@router.get("/plans/{plan_id}/duties")
def list_duties(plan: ThePlan, scale: str, level: str) -> list[dict[str, Any]]:
    """Every duty in force at a level of a scale and no other."""
    return [duty_data(plan, one) for one in duties_at(plan, scale, level)]


@router.post("/plans/{plan_id}/duties")
def list_duties_given(plan: ThePlan, scale: str, level: str, body: Body) -> list[dict[str, Any]]:
    """The duties of a level that apply, or may apply, with these facts."""
    return [duty_data(plan, one) for one in duties_at(plan, scale, level, validate(plan, body))]


@router.post("/plans/{plan_id}/assess")
def assess_facts(plan: ThePlan, body: Body, explain: bool = False) -> dict[str, Any]:
    """Levels, possible levels and basis; with `explain=1` reasons, distances, questions, signers and duties."""
    assessment = assess_case(plan, body)
    return explained_data(assessment) if explain else assessment_data(assessment)


@router.post("/assess/batch", response_class=LineResponse)
def assess_batch(request: Request) -> LineResponse:
    """JSON lines in, JSON lines out, in the same order; a bad line is answered with its error and the others go on."""
    find = _loaded(request).plan
    return LineResponse(lambda lines: "".join(assess_lines(lines, find)).encode())

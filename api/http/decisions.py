"""`/api/v1/incidents/{incident_id}/decisions` and `/api/v1/proposals`: what waits for a signature, and signing it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.http.at_desk import WRITTEN_EXAMPLE, AtDesk, TheDesk
from api.http.fields import Body
from api.http.strict import READS, WRITES, IncidentId, Line, PlanId, Post, StrictRoute, Text, Time, example
from engine.contract.incident import pending_data
from engine.incident.command import Sign

router = APIRouter(prefix="/api/v1", tags=["decisions"], route_class=StrictRoute)
PROPOSALS_EXAMPLE = [
    {
        "id": "P1",
        "incident": "20261122-001",
        "words": "预警级别达到红色",
        "signers": ["市长"],
        "clauses": ["3.2.3"],
        "effect": {
            "signer": "市长",
            "units": 23,
            "duties": 61,
            "words": "将以市长签发预警级别红色，启动响应等级Ⅰ级，23个单位、61项任务，最紧的：某办公室书面初报（30分钟内）",
        },
    }
]


class DecisionBody(Body):
    """A signature. As proposed it needs no reason; otherwise, or without a proposal, it does."""

    plan: PlanId
    scale: Line
    level: Annotated[Line | None, Field(description="级别；null 为解除")]
    post: Post
    proposal: Annotated[Line | None, Field(description="所答复的建议；别人已先签发，或事实已变，答 409")] = None
    reason: Text | None = None
    decided_at: Annotated[Time | None, Field(description="口头决定在先、补签的，写决定的时间")] = None
    effective_from: Annotated[Time | None, Field(description="不写则为决定之时")] = None
    until: Annotated[Time | None, Field(description="暂定到什么时候")] = None
    area: Annotated[Line | None, Field(description="适用的区域；不写则为全辖区")] = None


@router.post("/incidents/{incident_id}/decisions", responses=WRITES | example(WRITTEN_EXAMPLE))
def sign_decision(incident_id: IncidentId, body: DecisionBody, at_desk: TheDesk) -> dict[str, Any]:
    """Sign in a post that the plan lets sign. The second of two signers hears 409: who decided what, and when."""
    command = Sign(**{**body.model_dump(), "level": _level(at_desk, incident_id, body)})
    return at_desk.written(at_desk.do(incident_id, command))


def _level(at_desk: AtDesk, incident_id: str, body: DecisionBody) -> str | None:
    """The level's id, where it was given by its name. What does not fit is refused later, in order."""
    course = at_desk.incident(incident_id).courses.get(body.plan)
    plan = None if course is None else at_desk.desk.versions[course.digest]
    if body.level is None or plan is None or body.scale not in plan.scales:
        return body.level
    return plan.level(body.scale, body.level)


@router.get("/proposals", responses=READS | example(PROPOSALS_EXAMPLE))
def list_proposals(
    at_desk: TheDesk,
    mine: Annotated[bool, Query(description="只看自己的职务可以签的")] = False,
    jurisdiction: Annotated[str | None, Query(max_length=64, description="只看这个辖区的")] = None,
) -> list[dict[str, Any]]:
    """Every proposal that waits for a signature, the oldest first, with what signing it would do."""
    found = [
        one
        for state in at_desk.open_incidents(jurisdiction)
        if not state.watch
        if any(course.pending for course in state.courses.values())
        for one in pending_data(state, at_desk.desk.versions, at_desk.now, at_desk.posts)
        if one["mine"] or not mine
    ]
    return sorted(found, key=lambda one: (str(one["proposed_at"]), one["incident"], one["id"]))

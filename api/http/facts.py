"""`/api/v1/incidents/{incident_id}/facts` and `/api/v1/feeds`: facts as reported, corrected, and fed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from api.desk.desk import Done
from api.http.at_desk import AtDesk, TheDesk
from api.http.fields import Body
from api.http.strict import WRITES, IncidentId, Line, PlanId, StrictRoute, Text, Time, example
from api.people.refusal import ScopeNeeded
from engine.incident.command import Actor, Correct, Observe
from engine.incident.state import Incident
from engine.plan.finding import FactInvalid

router = APIRouter(prefix="/api/v1", tags=["facts"], route_class=StrictRoute)
FACTS_EXAMPLE = {
    "incident": "20261122-001",
    "seq": 4,
    "entries": [
        {"seq": 3, "kind": "fact_observed", "words": "死亡人数：至少10人（现场电话，11-22 08:30）"},
        {"seq": 4, "kind": "proposed"},
    ],
    "proposals": [{"id": "P1", "words": "响应等级达到Ⅱ级", "signers": ["指挥长"], "clauses": ["5.2"]}],
}


class FactsBody(Body):
    """Facts from one source, as they were at one time."""

    facts: Annotated[
        dict[str, Any],
        Field(min_length=1, max_length=200, description='指标 → 值；部分已知写 {"at_least": 10}；各预案的指标见 facts.… 各模式'),
    ]
    source: Annotated[Line, Field(description="来源")]
    observed_at: Annotated[Time | None, Field(description="什么时候的情况；不写则为现在")] = None
    plan: Annotated[PlanId | None, Field(description="只对这份预案；不写则对所有有此指标的预案")] = None


class CorrectionBody(Body):
    """What an entry should have said; null: it does not count at all. The original stays in the journal."""

    value: Any
    reason: Annotated[Text, Field(description="理由")]
    source: Line | None = None
    observed_at: Time | None = None


class PointsBody(Body):
    """Hourly values."""

    points: Annotated[
        list[tuple[str, float | None]],
        Field(min_length=1, max_length=10_000, description='[["2026-11-22T08:00:00+08:00", 87], …]；缺测写 null'),
    ]
    observed_at: Annotated[Time | None, Field(description="什么时候发布的；不写则为现在")] = None
    source: Annotated[Line | None, Field(description="不写则为令牌的用途")] = None


@router.post("/incidents/{incident_id}/facts", responses=WRITES | example(FACTS_EXAMPLE))
def report_facts(incident_id: IncidentId, body: FactsBody, at_desk: TheDesk) -> dict[str, Any]:
    """Record facts; the answer shows the proposals that now wait for a signature."""
    return at_desk.written(observe(at_desk, incident_id, body))


def observe(at_desk: AtDesk, incident_id: str, body: FactsBody) -> Done:
    """Facts into an incident or a watch."""
    return at_desk.do(incident_id, Observe(body.facts, body.source, body.observed_at or at_desk.now, body.plan))


@router.post("/incidents/{incident_id}/facts/{entry}/correction", responses=WRITES | example(FACTS_EXAMPLE))
def correct_fact(
    incident_id: IncidentId, entry: Annotated[int, Path(ge=1, le=2**31 - 1)], body: CorrectionBody, at_desk: TheDesk
) -> dict[str, Any]:
    """Correct the fact of an entry."""
    command = Correct(entry, body.value, body.reason, body.source, body.observed_at)
    return at_desk.written(at_desk.do(incident_id, command))


@router.post("/feeds/{incident_id}/{indicator}", tags=["feeds"], responses=WRITES | example(FACTS_EXAMPLE))
def feed_points(
    incident_id: IncidentId, indicator: Annotated[str, Path(max_length=100)], body: PointsBody, at_desk: TheDesk
) -> dict[str, Any]:
    """Append hourly values to a series of an incident or a watch. A token does so for the indicators that it is for."""
    state = at_desk.incident(incident_id)
    plans = _fed(at_desk, state, indicator)
    token = at_desk.caller.token
    actor = at_desk.actor if token is None else Actor(f"feed:{token.id}", token.label)
    source = body.source or actor.name
    facts = {indicator: [list(one) for one in body.points]}
    observed_at = body.observed_at or at_desk.now
    done = [
        at_desk.do(
            incident_id, Observe(facts, source, observed_at, plan), actor, at_desk.key and plan and f"{at_desk.key}/{plan}"
        )
        for plan in plans
    ]
    return at_desk.written(Done(done[-1].state, tuple(entry for one in done for entry in one.entries)))


def _fed(at_desk: AtDesk, state: Incident, indicator: str) -> list[str | None]:
    """The plans that the points are for; None for all that have the indicator. Raises FactInvalid or ScopeNeeded."""
    plans = [at_desk.desk.versions[course.digest] for course in state.courses.values()]
    having = [plan for plan in plans if indicator in plan.indicators]
    if not having or any(plan.indicators[indicator].type != "series" for plan in having):
        raise FactInvalid(f"本事件的预案没有序列指标“{indicator}”", where="indicator", remedy="单个的值用 …/facts 填报")
    token = at_desk.caller.token
    mine = [plan.id for plan in having if token is None or token.may_feed(plan.id, indicator)]
    if not mine:
        raise ScopeNeeded("令牌不能写这个指标", where="indicator", remedy="换一个令牌，见 /api/v1/tokens")
    return [None] if len(mine) == len(having) else list(mine)

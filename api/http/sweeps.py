"""`/api/v1/sweeps`: a plan over many cases, counted and mapped. It records nothing, and everything in the answer is 推演."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from api.http.at_desk import AtDesk, TheDesk
from api.http.fields import Body, Short
from api.http.strict import WRITES, PlanId, StrictRoute, Time, example
from api.sweeping.run import run
from engine.contract.moment import stamp
from engine.contract.sweep import conclude, sweep_data
from engine.contract.sweep_order import read_sweep
from engine.plan.finding import UnknownName
from engine.plan.model import Plan

router = APIRouter(prefix="/api/v1", tags=["questions"], route_class=StrictRoute)
ASKED = {status: one for status, one in WRITES.items() if status != 409}
MOST_CASES = 1_000_000
LEAST_DIGEST = 6
Values = Annotated[Any, Field(description='"0:40"、"0:40:2"、"0,10,50"、"*"、"normal(600,100)"，或取值的列表')]
Named = Annotated[dict[Short, Any], Field(max_length=200)]
ANSWER = {
    "kind": "推演",
    "plan": "…",
    "cases": 164,
    "scales": {"grade": {"levels": [{"level": "IV", "level_name": "Ⅳ级（一般）", "cases": 2, "share": 0.012195}]}},
    "courses": [],
    "maps": [],
    "comparison": None,
}


class SweepBody(Body):
    """What is varied and fixed, how many cases, and what they are compared with."""

    plan: PlanId
    version: Annotated[Short | None, Field(description="版本的摘要，或它的开头；不写则为在行的版本")] = None
    vary: Annotated[dict[Short, Values], Field(min_length=1, max_length=12, description="指标 → 取值")]
    fix: Annotated[Named | None, Field(description="固定的事实")] = None
    rest: Annotated[str | None, Field(description="其余事实：unknown 未知，normal 取常值")] = None
    unknown: Annotated[Any, Field(description="变动的指标未知的比例：一个数，或指标 → 比例")] = None
    cases: Annotated[int | None, Field(description=f"随机抽多少例，至多 {MOST_CASES}；不写则为全部组合")] = None
    seed: Annotated[int | None, Field(description="种子")] = None
    scales: Annotated[list[Short] | None, Field(max_length=50, description="只看这些等级体系")] = None
    readings: Annotated[dict[Short, Any] | None, Field(max_length=200, description="扫描用的读法")] = None
    at: Annotated[Time | None, Field(description="研判时刻")] = None
    in_force: Annotated[dict[Short, Short | None] | None, Field(max_length=50, description="在行的级别")] = None
    map: Annotated[list[Short] | None, Field(min_length=2, max_length=2, description="级别图的横轴和纵轴")] = None
    point: Annotated[Named | None, Field(description="当前点")] = None
    against: Annotated[dict[Short, Any] | None, Field(description='{"plan": 预案或摘要} 或 {"readings": {编号: 取法}}')] = None


@router.post("/sweeps", responses={**ASKED, **example(ANSWER)})
def sweep_plan(body: SweepBody, at_desk: TheDesk) -> dict[str, Any]:
    """How many cases come to each level, where levels, signers and duties change, level maps; two sides compared. Records nothing."""
    order = body.model_dump(exclude={"plan", "version"}, exclude_none=True, mode="json")
    if body.at is not None:
        order["at"] = stamp(body.at)
    plan = at_desk.version(body.plan, body.version)
    found = read_sweep(plan, order, lambda name: plan_of(at_desk, name), MOST_CASES)
    return sweep_data(conclude(found, run(found.work)))


def plan_of(at_desk: AtDesk, name: str) -> Plan:
    """A plan by its id or title, or a version by the beginning of its digest. Raises UnknownName."""
    loaded = at_desk.library.current()
    if len(name) >= LEAST_DIGEST:
        found = [plan for versions in loaded.versions.values() for plan in versions if plan.digest.startswith(name)]
        if len(found) == 1:
            return found[0]
    try:
        return loaded.plan(name)
    except UnknownName as error:
        raise UnknownName(error.message, where="against.plan", remedy=error.remedy) from None

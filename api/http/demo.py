"""`/api/v1/demo`: whether this is a demonstration, and its removal. An office's own store answers that it is none."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request

from api.demo.store import Demo
from api.http.answers import GUARDED
from api.http.strict import WRITES, StrictRoute, example
from api.people.refusal import Conflict

router = APIRouter(prefix="/api/v1/demo", tags=["demo"], route_class=StrictRoute)
REMOVED = {"removed": True, "next": "演示已移除，服务随即停止。正式值守请运行 yuan serve"}


@router.get("", responses=GUARDED)
def show_demo(request: Request) -> dict[str, Any]:
    """Whether what is shown here is a demonstration, and since when."""
    demo: Demo | None = request.app.state.office.demo
    return {"demo": demo is not None, "made_at": None if demo is None else demo.made_at.isoformat()}


@router.post("/removal", status_code=202, responses=WRITES | example(REMOVED, status=202))
def remove_demo(request: Request, background: BackgroundTasks) -> dict[str, Any]:
    """Remove the demonstration, all of it, and stop the server. The store of an office is never touched."""
    demo: Demo | None = request.app.state.office.demo
    if demo is None:
        raise Conflict("这不是演示，没有可移除的", where="demo", remedy="正式的记录不能移除")
    background.add_task(demo.ask_removal)
    return REMOVED

"""The sweep of an address as a page that stands alone, to be kept or printed. Its name bears 推演."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request

from api.console.plain import refusal_of
from api.console.rooms import Rooms
from api.console.screens.sweep import MOST_CASES
from api.console.screens.sweep_asked import Asked
from api.console.visit import Visit, visit_of
from api.documents.sweep_page import sweep_page
from api.http.sweeps import plan_of
from api.sweeping.run import run
from engine.contract.sweep import conclude
from engine.contract.sweep_order import read_sweep
from engine.drill.scenario import PREFIX
from engine.plan.finding import YuanError

NO_STORE = {"Cache-Control": "no-store"}


def add_sweep_page(app: FastAPI, rooms: Rooms) -> None:
    """`GET /sweeps/page?…` with the query of the screen: the same sweep as a document."""

    @app.get("/sweeps/page", include_in_schema=False)
    async def page(request: Request) -> Response:
        visit = visit_of(rooms.of(request).place, request)
        if visit is None:
            return RedirectResponse(f"/login?next={request.url.path}", 303)
        try:
            return await to_thread.run_sync(_document, visit)
        except YuanError as error:
            return refusal_of(error)


def _document(visit: Visit) -> Response:
    at_desk = visit.at_desk()
    asked = Asked.of(at_desk, visit.query)
    order = read_sweep(asked.plan, asked.order()[0], lambda name: plan_of(at_desk, name), MOST_CASES)
    name = f"{PREFIX}情景扫描 {asked.plan.title}.html"
    headers = {**NO_STORE, "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return HTMLResponse(sweep_page(conclude(order, run(order.work))), headers=headers)

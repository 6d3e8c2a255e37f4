"""Pasted series, drawn before they are recorded: the same reader and the same drawing as for recorded ones."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from api.console.parts.chart_lines import preview
from api.console.rooms import Rooms
from api.console.visit import visit_of
from api.http.body import MOST_BODY

REFUSED = {"points": None, "html": "请重新登录"}


def add_series_drawing(app: FastAPI, rooms: Rooms) -> None:
    """`POST /console/series?plan=…&series=…` with pasted rows: the points as they would be sent, and their drawing. Records nothing."""

    @app.post("/console/series", include_in_schema=False)
    async def draw(request: Request) -> Response:
        place = rooms.of(request).place
        visit = visit_of(place, request)
        if visit is None:
            return JSONResponse(REFUSED, 401)
        if int(request.headers.get("content-length", MOST_BODY + 1)) > MOST_BODY:
            return JSONResponse({"points": None, "html": "内容太多，分成几次贴"}, 413)
        text = (await request.body()).decode("utf-8", "replace")
        plans = [one for listed in place.library.current().versions.values() for one in listed]
        wanted, series = request.query_params.get("plan"), request.query_params.get("series", "")
        plan = next((one for one in reversed(plans) if one.id == wanted and series in one.indicators), None)
        if plan is None or plan.indicators[series].type != "series":
            return JSONResponse({"points": None, "html": "没有这个序列"}, 404)
        points, drawn = preview(plan, series, text, visit.now())
        return JSONResponse({"points": points, "html": drawn})

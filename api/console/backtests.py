"""Backtests over the web: the file that starts one comes in here, and what it gave goes out as files."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.backtesting import files
from api.backtesting.job import Job, Result, parse_end, parse_moment, perform
from api.backtesting.mapping import match, parse_mapping
from api.backtesting.record import make_record
from api.backtesting.shelf import Shelf
from api.backtesting.table import read_content
from api.console.plain import refusal
from api.console.rooms import Rooms
from api.console.visit import Visit, visit_of
from api.http.body import MOST_BODY
from api.reading import BadInput, parse_choice
from engine.assess import check_readings
from engine.drill.backtests.backtest import Delays, Progress, Setting
from engine.drill.backtests.forecast import Forecast
from engine.plan.model import Plan

ASKED = ("plan", "lead", "error", "delay", "fill", "reading", "against", "from", "to", "map")
LONGEST = 4000
"""Characters of one field."""
TYPES = {"html": "text/html", "csv": "text/csv", "json": "application/json"}


def add_backtests(app: FastAPI, rooms: Rooms) -> None:
    """`POST /console/backtests` starts one and goes to its page; `GET /console/backtests/ID.html`, `.csv`, `.json` are its files."""

    @app.post("/console/backtests", include_in_schema=False)
    async def begin(request: Request) -> Response:
        visit = visit_of(rooms.of(request).place, request)
        if visit is None:
            return RedirectResponse("/login?next=/backtests", 303)
        if int(request.headers.get("content-length", MOST_BODY + 1)) > MOST_BODY:
            return refusal(f"文件超过 {MOST_BODY // 1_000_000} MB", "分段上传，或用命令行 yuan backtest", 413)
        async with request.form(max_files=1, max_fields=30) as form:
            fields = {key: str(form.get(key, ""))[:LONGEST] for key in (*ASKED, "csrf", "kept")}
            file = form.get("file")
            sent = file if isinstance(file, UploadFile) and file.filename else None
            content, name = (b"", "") if sent is None else (await sent.read(), sent.filename or "")
        if not hmac.compare_digest(fields["csrf"].encode(), visit.csrf.encode()):
            return refusal("页面已过期", "回到历史回测，再选一次文件", 403)
        asked = {key: fields[key] for key in ASKED}
        shelf, owner = visit.place.backtests, visit.at_desk().caller.actor.person_id
        earlier = shelf.get(fields["kept"], owner)
        if not name and earlier is not None:
            content, name = earlier.content, earlier.name
        trial = _start(shelf, owner, asked, content, name, visit)
        return RedirectResponse(f"/backtests?trial={trial}", 303)

    @app.get("/console/backtests/{trial_id}.{kind}", include_in_schema=False)
    def download(request: Request, trial_id: str, kind: str) -> Response:
        visit = visit_of(rooms.of(request).place, request)
        trial = None if visit is None else visit.place.backtests.get(trial_id, visit.at_desk().caller.actor.person_id)
        if trial is None or trial.result is None or kind not in TYPES:
            return refusal("没有这个文件", "回到历史回测，再做一次", 404)
        named = quote(files.suggested(trial.result, f".{kind}"))
        text = files.content(trial.result, f".{kind}")
        return HTMLResponse(
            text, media_type=TYPES[kind], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{named}"}
        )


def _start(shelf: Shelf, owner: str, asked: Mapping[str, str], content: bytes, name: str, visit: Visit) -> str:
    """Everything is read in the backtest's own thread: what is wrong with the file is shown on its page."""
    plan = visit.loaded().plans.get(asked["plan"])

    def work(progress: Progress) -> Result:
        if plan is None:
            raise BadInput(f"没有预案“{asked['plan']}”", where="plan", remedy="从列表中选")
        if not name:
            raise BadInput("没有选文件", where="file", remedy="选一个 CSV 文件")
        return perform(_job(plan, asked, content, name), progress)

    return shelf.start(owner, asked, content, name, work).id


def _job(plan: Plan, asked: Mapping[str, str], content: bytes, name: str) -> Job:
    """What was asked for. Raises YuanError."""
    given = parse_mapping((line for line in asked["map"].splitlines() if line.strip()), "列的对应")
    table = read_content(content, name, given.time)
    record = make_record(plan, table, match(plan, table.columns, given))
    fill = _number(asked["fill"], "缺测")
    record = record.filled(int(fill)) if fill else record
    record = record.cut(parse_moment(asked["from"].strip(), "从"), parse_end(asked["to"].strip(), "到"))
    choices = _readings(plan, asked["reading"], "读法")
    delay = int(_number(asked["delay"], "批准"))
    forecast = Forecast(int(_number(asked["lead"], "预报时效")), error=_number(asked["error"], "预报"))
    setting = Setting(forecast, Delays(delay, delay, delay), choices)
    other = (plan, {**choices, **_readings(plan, asked["against"], "对照")}) if asked["against"] else None
    return replace(Job(plan, record, setting), other=other)


def _readings(plan: Plan, text: str, where: str) -> dict[str, str]:
    return check_readings(plan, dict([parse_choice(text, where)])) if text else {}


def _number(text: str, where: str) -> float:
    try:
        found = float(text or "0")
    except ValueError:
        found = -1.0
    if not 0 <= found <= 10_000:
        raise BadInput(f"“{text[:20]}”不在选项里", where=where, remedy="从列表中选")
    return found

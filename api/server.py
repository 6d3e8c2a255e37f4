"""The server: one process, or several on one store; what it says when it starts."""

from __future__ import annotations

import os

import typer
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.library import Library
from api.office import Office, open_office
from api.settings import read_settings

CONSOLE = "YUAN_CONSOLE"
"""How worker processes are told whether to show the console."""
LEAVE = 10
"""Seconds that open answers have when the server stops."""


def create() -> FastAPI:
    """The application of one worker process, from the environment."""
    settings, library = read_settings(), Library()
    office = open_office(settings, library)
    return create_app(library, settings, office=office, console=os.environ.get(CONSOLE) != "no")


def serve(host: str, port: int, workers: int, *, console: bool) -> None:
    """Serve until interrupted. The first run makes an administrator and prints the one-time password once."""
    settings, library = read_settings(), Library()
    office = open_office(settings, library)
    _welcome(office, host, port, console=console)
    if workers == 1:
        app = create_app(library, settings, office=office, console=console)
        uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=LEAVE)
        return
    office.engine.dispose()
    os.environ[CONSOLE] = "yes" if console else "no"
    uvicorn.run(
        "api.server:create",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        timeout_graceful_shutdown=LEAVE,
    )


def _welcome(office: Office, host: str, port: int, *, console: bool) -> None:
    address = f"http://{host}:{port}"
    password = office.people.accounts.first_administrator()
    if password is not None:
        typer.echo("首次启动：已建立管理员 admin")
        typer.echo(f"一次性密码（只显示这一次，登录后须修改）：{password}")
        typer.echo("接下来：登录后建立人员、赋予职务（GET /api/v1/posts 列出各预案的职务），排班，再开始值守")
    typer.echo(f"数据：{office.engine.url.render_as_string()}")
    typer.echo(f"{f'打开 {address}/ ；' if console else ''}接口说明 {address}/docs ；Ctrl+C 停止")

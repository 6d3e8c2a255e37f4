"""The server: one process, or several on one store; what it says when it starts."""

from __future__ import annotations

import os

import typer
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.demo.store import Demo, demo_library, demo_settings, prepare, refuse_demo, remove
from api.library import Library, folders
from api.office import Office, open_office
from api.settings import Settings, read_settings

CONSOLE = "YUAN_CONSOLE"
"""How worker processes are told whether to show the console."""
LEAVE = 10
"""Seconds that open answers have when the server stops."""
FIRST_STEPS = (
    "登录后先改密码：管理员只管人员和设置，不签发",
    "在“用户与岗位”登记值班员、带班领导和有签发权的领导；职务与预案所写一字不差",
    "排班：每个班位现在和下一班是谁",
    "单位通讯录、本地自己的预案放在一个文件夹，用 YUAN_PLANS_DIR 指向它；YUAN_JURISDICTION 写本地名称",
    "定期备份：yuan backup 文件",
    "想先看看怎样用：yuan serve --demo（另有一个库，不影响这里）",
)
"""What an office that has nobody but its administrator does first."""


def create() -> FastAPI:
    """The application of one worker process, from the environment."""
    settings, library = read_settings(), Library()
    office = open_office(settings, library)
    return create_app(library, settings, office=office, console=os.environ.get(CONSOLE) != "no")


def serve(host: str, port: int, workers: int, *, console: bool, as_demo: bool = False) -> None:
    """Serve until interrupted. The first run makes an administrator and prints the one-time password once.

    as_demo: the demonstration, on a store of its own; it goes when its removal was asked for.
    """
    settings, library = read_settings(), demo_library(folders()) if as_demo else Library()
    demo: Demo | None = None
    if as_demo:
        settings = demo_settings(settings)
        demo = _prepared(settings, library)
    else:
        refuse_demo(settings)
    office = open_office(settings, library, demo=demo)
    address = f"http://{host}:{port}"
    if demo is None:
        _welcome(office)
    typer.echo(f"数据：{office.engine.url.render_as_string()}")
    typer.echo(f"{f'打开 {address}/ ；' if console else ''}接口说明 {address}/docs ；Ctrl+C 停止")
    if workers == 1:
        app = create_app(library, settings, office=office, console=console)
        uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=LEAVE)
        if demo is not None and demo.removal_asked:
            remove(demo.folder)
            typer.echo("演示已移除。正式值守：yuan serve")
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


def _prepared(settings: Settings, library: Library) -> Demo:
    demo, made = prepare(settings, library)
    typer.echo(f"【演示】{'已按现在的时间生成一个晚上' if made else '接着上次的演示'}；事件、人员都是虚构的，与正式的库分开")
    typer.echo(f"登录名（密码都是 {demo.story.password}）：{'、'.join(f'{one.login} {one.shown}' for one in demo.story.people)}")
    typer.echo("移除演示：管理员在系统状态里移除，或 yuan demo remove；正式值守：yuan serve")
    return demo


def _welcome(office: Office) -> None:
    accounts = office.people.accounts
    password = accounts.first_administrator()
    if password is not None:
        typer.echo("首次启动：已建立管理员 admin")
        typer.echo(f"一次性密码（只显示这一次，登录后须修改）：{password}")
    if all(one.roles == {"admin"} for one in accounts.everybody()):
        typer.echo("接下来：")
        for number, step in enumerate(FIRST_STEPS, start=1):
            typer.echo(f"  {number}. {step}")

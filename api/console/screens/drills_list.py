"""The drills that run, with the way in; and those that were, with what can be taken away."""

from __future__ import annotations

from api.console.markup import Markup, tag
from api.console.screen import nothing
from api.drills.data import address_of, state_of
from api.drills.drills import Drills
from api.drills.record import KeptBranch, Record
from api.http.at_desk import AtDesk
from api.http.of_drills import OfDrills
from api.http.once import Once
from api.people.clock import CHINA
from engine.contract.drill import after_word

STOPPED = "服务重启时停住"


def running(drills: Drills | None, at_desk: AtDesk) -> Markup:
    """Those that are played now, each with its branches to go into."""
    if drills is None:
        return nothing("这个进程不开推演")
    rows = [_running(one, at_desk) for one in _seen(drills, at_desk) if _state(drills, one) == "running"]
    return tag("ul", *rows) if rows else nothing("没有正在进行的推演")


def earlier(drills: Drills | None, at_desk: AtDesk) -> Markup:
    """Those that ended, and those that stood when the server stopped."""
    if drills is None:
        return nothing("这个进程不开推演")
    of = OfDrills(drills, at_desk, Once())
    rows = [
        _earlier(one, at_desk, state, directs=of.may_direct(one))
        for one in _seen(drills, at_desk)
        if (state := _state(drills, one)) != "running"
    ]
    return tag("ul", *rows) if rows else nothing("还没有推演过。结束的推演在这里，可以看复盘、下载报告")


def _seen(drills: Drills, at_desk: AtDesk) -> list[Record]:
    of = OfDrills(drills, at_desk, Once())
    return [one for one in drills.records() if of.may_see(one)]


def _state(drills: Drills, one: Record) -> str:
    """running, ended, stopped; or shown: it has ended, and its screens can still be looked at."""
    served = any(each.id == one.id for each in drills.listed())
    state = state_of(one, served=served)
    return "shown" if state == "ended" and served else state


def _head(one: Record, at_desk: AtDesk, words: str) -> Markup:
    when = f"导调 {at_desk.names.get(one.director, one.director)}，{one.started_at.astimezone(CHINA):%Y-%m-%d %H:%M} 开始"
    return tag("div", tag("b", f"[推演] {one.title}"), tag("div", f"{when}{words}　{one.id}", class_="aside"))


def _running(one: Record, at_desk: AtDesk) -> Markup:
    links = (
        tag("a", f"进入{each.label}，{_at(each)}", href=address_of(each.key), class_="button", title=each.changes or None)
        for each in one.branches
    )
    return tag("li", _head(one, at_desk, ""), tag("div", *links, class_="line"), data_key=one.id)


def _at(one: KeptBranch) -> str:
    return f"已到 {after_word(one.at - one.scenario.begins)}"


def _earlier(one: Record, at_desk: AtDesk, state: str, *, directs: bool) -> Markup:
    rows = (
        tag("div", tag("b", _score(each)), *_links(one, each, shown=state == "shown"), class_="line") for each in one.branches
    )
    resume = None
    if state == "stopped" and directs:
        resume = tag(
            "form", tag("button", "续演", type="submit", class_="button"), tag("span", data_said=True, class_="said", role="status", tabindex="-1"),
            data_url=f"/api/v1/drills/{one.id}/resume", data_go="{address}", data_label="续演", data_bare=True, data_key=f"resume-{one.id}", class_="line",
        )  # fmt: skip
    return tag("li", _head(one, at_desk, f"，{STOPPED}" if state == "stopped" else "，已结束"), *rows, resume, data_key=one.id)


def _score(one: KeptBranch) -> str:
    score = one.total.get("score")
    return f"{one.label} {_at(one) if score is None else f'{score:g} 分'}"


def _links(drill: Record, one: KeptBranch, *, shown: bool) -> list[Markup]:
    """Its screens while they are served; the report as files."""
    base = f"/api/v1/drills/{drill.id}/branches/{one.key}"
    found = [tag("a", "复盘", href=f"{address_of(one.key)}review")] if shown else []
    return [
        *found,
        tag("a", "评估报告", href=f"{base}/report.html", download=True),
        tag("a", "Word", href=f"{base}/report.docx", download=True),
        tag("a", "情景文件", href=f"{base}/scenario.yaml", download=True),
    ]

"""The frame around every screen of a drill: nobody takes it for the live office, and the live office is not forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from api.console.markup import Markup, join, tag
from api.console.screen import Screen
from api.console.visit import ROLES, Place
from api.http.at_desk import AtDesk
from api.people.actor import may_see
from api.people.clock import stamp
from api.wings import Pulse, Wing

RAIL = {
    "/": "推演",
    "/incidents": "事件",
    "/sign": "待签",
    "/duties": "任务",
    "/journal": "日志",
    "/review": "复盘",
}
"""Words of the rail by the path of the screen, in order; those whose screen is there."""
KEYS = (
    ("空格", "推演：播放、暂停（导调）"),
    ("→", "推演：到下一步"),
    ("←", "推演：倒回，从那里另开分支"),
    ("B", "推演：从此刻另开分支"),
)
"""Those of the director, beside the office's; none of them feeds in or signs."""
NOBODY_TOLD = "不通知任何单位 · 与实况隔离"
MARK = "[推演]"
"""Before every title, in every file name."""


def head(wing: Wing, base: str, real: str) -> Markup:
    """What the script needs to know beside what it is told at the live office."""
    metas = (("base", base), ("wing", wing.title), ("real", real))
    return join(tag("meta", name=f"yuan-{name}", content=content) for name, content in metas)


def name(screen: Screen, at_desk: AtDesk) -> str:
    """What a screen is called in a drill."""
    return RAIL["/"] if screen.path == "/" else screen.name(at_desk)


def top(screen: Screen, at_desk: AtDesk, wing: Wing) -> Markup:
    """The bar: the exercise's clock large, the real one small, and what waits at the live office."""
    return tag(
        "header",
        tag("div", tag("b", "推演"), tag("span", NOBODY_TOLD), class_="brand"),
        tag("div", " ", tag("small"), data_clock=True, class_="clock", role="timer", aria_label="演练时刻"),
        tag("div", tag("b", data_elapsed=True), tag("span", "演练时刻 ", tag("span", data_today=True)), class_="elapsed"),
        tag("div", tag("b", wing.title), tag("span", name(screen, at_desk)), class_="exercise"),
        tag("div", tag("b", data_panel="pulse"), tag("span", "真实时间 ", tag("span", data_real=True)), class_="state"),
        tag(
            "div",
            tag("b", "实况值班台 ", tag("span", data_panel="live-waits")),
            tag("span", "有实况时此处提示，不出声"),
            class_="live",
        ),
        tag("div", tag("b", at_desk.caller.actor.name), tag("small", data_panel="duty"), class_="person"),
        class_="top",
    )


def rail(screen: Screen, listed: Sequence[type[Screen]], at_desk: AtDesk) -> Markup:
    """The drill's own, and the way back."""
    roles, by_path = at_desk.caller.actor.roles, {one.path: one for one in listed}
    links = [
        tag(
            "a", word, tag("span", data_panel="to-sign") if path == "/sign" else None, href=path,
            aria_current="page" if screen.path == path or (path != "/" and screen.path.startswith(f"{path}/")) else None,
            data_shortcut="s" if path == "/sign" else None,
        )
        for path, word in RAIL.items() if path in by_path and roles & by_path[path].roles
    ]  # fmt: skip
    back = tag("a", "回实况", data_live=True, href="/", class_="back")
    return tag("nav", join(links), back, class_="rail", aria_label="推演各屏")


def foot(keys: Sequence[tuple[str, str]]) -> Markup:
    """What marks all that leaves the drill; keys, and the switches that the live office has in its bar."""
    return tag(
        "footer",
        tag("span", data_linked=True),
        tag("span", tag("b", MARK), " 导出、文件名、打印一律带此前缀", class_="motto"),
        tag("span", *(tag("span", tag("kbd", key), f" {words}") for key, words in keys), class_="keys"),
        tag(
            "span",
            tag("a", "查找", href="/search", class_="switch", data_shortcut="/", data_open="search", role="button"),
            tag("button", "浅色", type="button", class_="switch", data_toggle="light", aria_pressed="false"),
            tag("button", "大字", type="button", class_="switch", data_toggle="large", aria_pressed="false"),
            tag("button", "？", type="button", class_="switch", data_open="help", data_shortcut="?", aria_label="按键"),
            tag("button", "退出", type="button", class_="switch", data_logout=True),
        ),
        class_="foot",
    )


def watermark() -> Markup:
    """Over everything, in nobody's way."""
    return tag("div", class_="watermark", aria_hidden="true")


def bare_mark(wing: Wing) -> Markup:
    """What a page without a frame bears at its top."""
    return tag("p", tag("b", MARK), f" {wing.title}　{NOBODY_TOLD}　", tag("span", data_panel="pulse"), class_="drill-mark")


def drill_panels(at_desk: AtDesk, place: Place, wing: Wing) -> dict[str, Markup]:
    """What the frame says anew whenever a screen is looked at."""
    waits = Markup("") if place.live is None else _waits(at_desk, place)
    return {"pulse": _pulse(wing.pulse()), "live-waits": waits, "duty": _as_whom(at_desk)}


def _pulse(pulse: Pulse) -> Markup:
    """How the clock runs, in words and for the script."""
    words = f"{'进行中' if pulse.running else '已暂停'} · {pulse.speed:g} 倍速"
    return tag(
        "span",
        words,
        data_pulse=stamp(pulse.shown),
        data_at=stamp(pulse.real),
        data_began=stamp(pulse.began),
        data_speed=f"{pulse.speed:g}",
        data_running=pulse.running,
    )


def _waits(at_desk: AtDesk, place: Place) -> Markup:
    """How much waits at the live office for somebody of this person's place."""
    assert place.live is not None
    person = place.live.people.actor(at_desk.caller.actor.person_id)
    seen = [one for one in place.live.desk.states.open() if not one.watch and may_see(person, one.jurisdiction)]
    count = sum(len(course.pending) for one in seen for course in one.courses.values())
    return tag("a", f"{count} 件待签", data_live=True, href="/sign", class_="count") if count else Markup("无待签")


def _as_whom(at_desk: AtDesk) -> Markup:
    """In which posts the person takes part, or else as what."""
    actor = at_desk.caller.actor
    whom = list(actor.posts) or [ROLES[role] for role in ROLES if role in actor.roles]
    return Markup(join(whom, "、"))

"""Another version of an incident's plan: which there are, what each would change, and the form by which the change is signed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from api.console.markup import Markup, join, tag
from api.console.screens.incident_dialogs import choice, shell, small_form
from api.console.screens.incident_view import Under, View
from api.http.handling import compare_version
from engine.plan.model import Plan

Json = dict[str, Any]
SHORT = 8
FEW = 8
"""Differences that are shown at once; with more, all go into a fold."""


def others(view: View) -> list[tuple[Under, Plan]]:
    """Each plan of the incident with every other version of it that is at hand, the latest first."""
    at_hand = view.at_desk.library.current().versions
    return [
        (one, other) for one in view.under for other in reversed(at_hand.get(one.plan.id, ())) if other.digest != one.plan.digest
    ]


def dialog() -> Markup:
    """Drawn once; what there is to choose from comes in a panel."""
    return shell(
        "version",
        "换预案版本",
        tag("p", "级别、任务随新版本改变，事实照旧；由预案指挥机构的负责人签，日志写明改了什么。", class_="aside"),
        tag("div", data_panel="versions"),
    )


def versions(view: View, posts: tuple[str, ...]) -> Markup:
    """Every other version, what it would change, and the form to sign it."""
    found = others(view)
    if not found:
        return tag("p", "本事件的预案没有别的版本", class_="nothing")
    return view.kept("versions", lambda: join(_version(view, one, other, posts) for one, other in found), posts, *_digests(found))


def _digests(found: list[tuple[Under, Plan]]) -> list[str]:
    return [other.digest for _, other in found]


def _version(view: View, one: Under, other: Plan, posts: tuple[str, ...]) -> Markup:
    change: Json = compare_version(view.incident.id, view.at_desk, other.id, other.digest)
    now, then = change["before"], change["after"]
    small = {"plan": other.id, "digest": other.digest}
    return tag(
        "section",
        tag("h3", then["title"], " ", _when(view, other)),
        tag("p", f"由 {_words(now)} 换为 {_words(then)}"),
        _changes(change["words"]),
        small_form(
            f"/api/v1/incidents/{quote(view.incident.id)}/version-change", small, f"{other.id}-{other.digest}",
            choice("以什么职务", "post", posts),
            tag("label", "理由", tag("input", name="reason", required=True, maxlength="2000", autocomplete="off")),
            tag("button", f"换用版本 {other.digest[:SHORT]}", type="submit", class_="button primary"),
            guard=True,
        ),
        data_key=f"{other.id}-{other.digest}",
        class_="version",
    )  # fmt: skip


def _words(version: Json) -> str:
    return f"{version['number']}（{version['in_force']}起，版本 {version['digest'][:SHORT]}）"


def _when(view: View, other: Plan) -> Markup:
    """How it stands today."""
    if other.document.in_force > view.at.date():
        return tag("b", "尚未施行", class_="inverse")
    today = view.at_desk.plan(other.id).digest == other.digest
    return tag("span", "今天施行的版本" if today else "不是今天施行的版本", class_="chip")


def _changes(words: list[str]) -> Markup:
    """What would change, in words."""
    listed = tag("ul", *(tag("li", one) for one in words))
    if len(words) <= FEW:
        return tag("div", tag("b", "将改变："), listed)
    return tag("details", tag("summary", tag("b", f"将改变 {len(words)} 处")), listed, data_key="changes", open=True)

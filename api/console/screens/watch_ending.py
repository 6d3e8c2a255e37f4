"""The end of a watch on its screen, and its archive."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.markup import Markup, join, tag
from api.console.parts.words import moment
from api.console.screens.incident_dialogs import choice
from api.http.at_desk import AtDesk
from engine.incident.ending import may_end
from engine.incident.state import Incident


def ending(watch: Incident, at_desk: AtDesk) -> Markup:
    """The end of the watch, or that it has ended; then the archive."""
    where = f"/api/v1/incidents/{watch.id}"
    if watch.status == "open":
        able = may_end(watch, at_desk.desk.versions)
        posts = [post for post in at_desk.actor.posts if post in able]
        if not posts:
            return tag("p", f"结束监测由{'或'.join(able)}签，您没有这样的职务", class_="aside")
        words = "结束后不再提出建议，也不再收事实；由它登记的事件照旧办理。"
        fields = (choice("以什么职务", "post", posts), _reason())
        return _fold("结束监测", words, f"{where}/end", fields, "结束这项监测")
    if watch.status == "archived":
        return tag("p", tag("b", "监测已归档"))
    return join(
        (
            tag("p", tag("b", f"监测已结束，{moment(watch.ended_at, at_desk.now)}")),
            tag("p", "事实、建议和日志都还查得到；要再监测，另建一项", class_="aside"),
            _fold("归档", "归档后不能再记任何内容。", f"{where}/archive", (_reason(),), "归档，不再可记"),
        )
    )


def _reason() -> Markup:
    return tag("label", "理由", tag("textarea", name="reason", required=True, maxlength="2000"))


def _fold(name: str, words: str, url: str, fields: Iterable[Markup], button: str) -> Markup:
    form = tag(
        "form",
        tag("p", words, class_="aside"),
        *fields,
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", button, type="submit", class_="button"),
        data_url=url, data_label=name, data_guard=True, data_key=url, data_still=True,
    )  # fmt: skip
    return tag("details", tag("summary", name), form, data_key=f"fold-{name}")

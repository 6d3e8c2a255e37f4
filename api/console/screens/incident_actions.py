"""What can be done with an incident besides facts and duties: dialogs, nothing in them chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from api.console.markup import Markup, join, tag
from api.console.parts.words import mentioned, moment
from api.console.screens import incident_version as version
from api.console.screens.incident_dialogs import (
    CHOOSE,
    choice,
    dialog,
    pairs,
    shell,
    small_form,
    text,
    time_field,
    time_line,
)
from api.console.screens.incident_view import View
from api.http.at_desk import AtDesk
from api.http.whatif import triage_incident
from api.people.actor import EVERYWHERE
from engine.contract.moment import stamp

VERDICTS = {"applies": "inverse", "may_apply": "soon", "does_not": "chip", "silent": "chip"}
MEDIA = ("电话", "传真", "电子公文", "短信", "对讲机", "当面")


def buttons(view: View) -> Markup:
    """What this person can do now; the rare and the final in a fold."""
    incident = view.incident
    where = quote(incident.id)
    always = (
        tag("a", "假设推算", href=f"/incidents/{where}/what-if", class_="button"),
        None if view.at_desk.wing is not None else tag("a", "情景扫描", href=f"/sweeps?incident={where}", class_="button"),
        None if view.at_desk.wing is not None else tag("a", "从此刻推演", href=f"/drills?incident={where}", class_="button"),
        tag("a", "打印", href=f"/print/incident/{where}", class_="button"),
        tag("button", "看过去某一刻", type="button", class_="button", data_open="past"),
    )
    if view.past or incident.status in ("merged", "archived") or not (view.acts or incident.status == "ended"):
        return join(always)
    if incident.status == "ended":
        return join((_open("note", "值班记录"), _open("message", "收发消息"), *always, _open("archive", "归档")))
    rare = (
        ("plan", "启用预案"),
        ("phase", "转阶段"),
        *((("version", "换预案版本"),) if version.others(view) else ()),
        ("owner", "换负责人"),
        ("link", "关联事件"),
        ("merge", "并入另一事件"),
        ("split", "分出一件"),
        ("end", "结束事件"),
    )
    return join((
        _open("note", "值班记录"), _open("message", "收发消息"), _open("moment", "记时刻"), *always,
        tag("details", tag("summary", "其他办理", class_="button"), tag("div", *(_open(name, words) for name, words in rare), class_="menu"),
            data_key="rare"),
    ))  # fmt: skip


def _open(dialog: str, words: str) -> Markup:
    return tag("button", words, type="button", class_="button", data_open=dialog)


def dialogs(view: View) -> Markup:
    """The dialogs, drawn once; what they choose from comes in panels."""
    where = f"/api/v1/incidents/{quote(view.incident.id)}"
    now = time_line("什么时候")
    reason = tag("label", "理由", tag("textarea", name="reason", required=True))
    post = choice("以什么职务", "post", view.at_desk.actor.posts)
    people = _people(view.at_desk, view.incident.jurisdiction)
    return join((
        dialog("note", "值班记录", f"{where}/notes", tag("label", "记什么", tag("textarea", name="text", required=True)), now, submit="记下"),
        dialog(
            "message", "收发消息", f"{where}/messages",
            pairs("来文还是去文", "direction", (("in", "来文"), ("out", "去文"))),
            tag("div", text("发出的人或单位", "sender"), text("收到的人或单位", "recipient"), class_="row"),
            tag("label", "方式", tag("input", name="medium", required=True, list="media", autocomplete="off"),
                tag("datalist", *(tag("option", value=one) for one in MEDIA), id="media")),
            tag("label", "内容", tag("textarea", name="text", required=True)), now, submit="记下",
        ),
        shell("moment", "记下发生的时刻", tag("p", "有些时限从这些时刻起算。已记的可以再记，以后记的为准。", class_="aside"), tag("div", data_panel="moments")),
        shell("plan", "启用预案：哪些适用，为什么", tag("div", data_panel="triage")),
        shell("phase", "转阶段", tag("div", data_panel="moves")),
        version.dialog(),
        dialog("owner", "换负责人", f"{where}/owner", pairs("负责人", "person", people), submit="由此人负责"),
        dialog("link", "关联另一事件", f"{where}/links", _others("与哪一件"), text("怎样关联", "words"), submit="关联"),
        dialog(
            "merge", "并入另一事件", f"{where}/merge",
            tag("p", "并入后，本事件不再单独办理：事实带过去，两边的日志都写明。不能撤销。"), _others("并入哪一件", "into"), reason,
            submit="并入，本事件不再单独办理",
        ),
        dialog(
            "split", "分出一件", f"{where}/split",
            tag("p", "分出的一件自成事件，按本事件的预案另行办理；本事件照旧，两边的日志都写明。", class_="aside"),
            tag("label", "分出的是什么情况", tag("textarea", name="report", required=True)), reason,
            tag("div", tag("label", "标题（不填取第一句）", tag("input", name="title", autocomplete="off")),
                tag("label", "地点（不填同本事件）", tag("input", name="place", autocomplete="off")), class_="row"),
            submit="分出，另立一件", go="/incidents/{part.incident}",
        ),
        dialog("end", "结束事件", f"{where}/end", tag("p", "结束后不再提出建议，未办结的任务随之结束。预案规定须解除的级别，要先解除。"), post, reason,
                submit="结束本事件"),
        dialog("archive", "归档", f"{where}/archive", tag("p", "归档后不能再记任何内容。"), reason, submit="归档，不再可记"),
    ))  # fmt: skip


def past_dialog(view: View) -> Markup:
    """Look at another moment."""
    return shell(
        "past",
        "看过去某一刻",
        tag(
            "form",
            tag(
                "label",
                "时间（北京时间）",
                tag("input", name="at", required=True, placeholder="1430 或 11-22 14:30", autocomplete="off"),
            ),
            tag("button", "看那时的情形", type="submit", class_="button primary"),
            method="get",
            action=f"/incidents/{quote(view.incident.id)}",
        ),
    )


def panels(view: View) -> dict[str, Markup]:
    """What the dialogs choose from."""
    at_desk = view.at_desk
    others = tuple((one.id, one.title) for one in at_desk.open_incidents() if one.id != view.incident.id and not one.watch)
    posts = tuple(at_desk.actor.posts)
    return {
        "moments": view.kept("moments", lambda: _moments(view)),
        "triage": view.kept("triage", lambda: _triage(view), at_desk.caller.actor.jurisdiction),
        "versions": version.versions(view, posts),
        "moves": view.kept("moves", lambda: _moves(view, posts), posts),
        "others": _options(others),
        "others-into": _options(others),
    }


def _options(options: Iterable[tuple[str, str]]) -> Markup:
    listed = (tag("option", f"{words}（{value}）", value=value, data_key=value) for value, words in options)
    return join((tag("option", CHOOSE, value="", data_key="none"), *listed))


def _others(label: str, name: str = "incident") -> Markup:
    select = tag("select", name=name, required=True, data_panel="others" if name == "incident" else f"others-{name}")
    return tag("label", label, select)


def _people(at_desk: AtDesk, place: str) -> list[tuple[str, str]]:
    return [
        (one.id, f"{one.name}（{'、'.join(one.posts) or '无职务'}）")
        for one in at_desk.people.accounts.everybody()
        if one.active and one.jurisdiction in (EVERYWHERE, place)
    ]


def _moments(view: View) -> Markup:
    rows = [
        small_form(
            f"/api/v1/incidents/{quote(view.incident.id)}/moments", {"plan": one.plan.id, "moment": key}, f"{key}-{stamp(at)}",
            tag("b", words), tag("span", f"已记 {moment(at, view.at)}" if at else "还没有", class_="aside"),
            time_field(aria_label=f"{words}的时间，不填就是现在"),
            tag("button", "记下", type="submit", class_="button"),
        )
        for one in view.under
        for key, words in one.plan.moments.items()
        for at in (one.course.moments.get(key),)
        if key not in one.plan.moment_events
    ]  # fmt: skip
    return join(rows) if rows else tag("p", "本事件的预案没有要人工记的时刻", class_="nothing")


def _triage(view: View) -> Markup:
    found = triage_incident(view.incident.id, view.at_desk)["plans"]
    return tag("ul", *(_concern(view, one) for one in found), class_="triage")


def _concern(view: View, one: dict[str, Any]) -> Markup:
    form = tag("span", "已启用", class_="chip") if one["running"] else small_form(
        f"/api/v1/incidents/{quote(view.incident.id)}/plans", {"plan": one["plan"]}, one["plan"],
        tag("input", name="reason", placeholder="理由（可不填）", aria_label=f"启用{one['title']}的理由"),
        tag("button", "启用", type="submit", class_="button", aria_label=f"启用{one['title']}"),
    )  # fmt: skip
    because = dict.fromkeys(fact for scale in one["scales"] for fact in scale["because"])
    return tag(
        "li",
        tag("div", tag("span", one["verdict_name"], class_=VERDICTS[one["verdict"]]), tag("b", one["title"]), class_="line"),
        tag("p", one["words"], class_="aside") if one["words"] != one["verdict_name"] else None,
        mentioned(one["mentions"]),
        tag("p", "因为：", "；".join(because), class_="aside") if because else None,
        form,
        data_key=one["plan"],
    )


def _moves(view: View, posts: tuple[str, ...]) -> Markup:
    rows = [
        small_form(
            f"/api/v1/incidents/{quote(view.incident.id)}/phase", {"plan": one.plan.id, "do": move.do}, f"{move.do}-{one.course.phase}",
            tag("b", f"{move.label}（{move.clause}）"), tag("span", f"现在：{one.course.phase_word}", class_="aside"),
            choice("以什么职务", "post", posts), tag("input", name="reason", placeholder="理由", aria_label="理由"),
            tag("button", move.label, type="submit", class_="button"),
        )
        for one in view.under
        for move in one.plan.lifecycle.transitions
        if one.course.phase in move.sources and move.goes_with is None
    ]  # fmt: skip
    return join(rows) if rows else tag("p", "此刻没有可以单独转的阶段；随级别而转的，签发时自动转", class_="nothing")

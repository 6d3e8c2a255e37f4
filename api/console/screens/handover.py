"""交接班: what the next shift must know, made from the journal; both sign, each in his own session; earlier ones; the roster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.roster import may_plan, people_of, roster_panel, shift_form
from api.console.parts.words import ago, moment
from api.console.screen import AT_WORK, Screen, nothing, panel
from api.http.at_desk import AtDesk
from api.http.handovers import since_made
from api.people.actor import EVERYWHERE
from api.people.handovers import Handover
from api.people.refusal import Missing
from engine.contract.moment import stamp
from engine.duty.deadlines import STATE_WORDS
from engine.incident.handover import handover_summary

EARLIER, MOST_DEADLINES = 20, 12
Json = Mapping[str, Any]


def place_of(at_desk: AtDesk, query: Mapping[str, str]) -> str | None:
    """Whose shift it is: the visitor's place, the one chosen, or that of this office."""
    own = at_desk.caller.actor.jurisdiction
    return own if own != EVERYWHERE else query.get("place") or at_desk.own_place


class HandoverScreen(Screen):
    """The change of shifts."""

    path, title, rail = "/handover", "交接班", "交接"

    def frame(self, at_desk: AtDesk) -> Markup:
        place = place_of(at_desk, self.visit.query)
        at_work = at_desk.caller.actor.roles & AT_WORK
        return tag(
            "div",
            tag(
                "div",
                _places(at_desk, place),
                panel("waiting", label="待签的交接班", classes="asks-if", live=True),
                tag(
                    "section",
                    tag("h2", "交班：此刻要交代的", class_="title"),
                    _begin(at_desk, place) if at_work and place else None,
                    tag("div", data_panel="summary"),
                    class_="panel", aria_label="要交代的",
                ),
                class_="stack",
            ),
            tag(
                "div",
                tag(
                    "section",
                    tag("h2", "班次（7 天）", class_="title"),
                    tag("div", data_panel="roster"),
                    tag("details", tag("summary", "排班"), shift_form(at_desk, place), class_="no-print") if place and may_plan(at_desk) else None,
                    class_="panel", aria_label="班次",
                ),
                panel("earlier", label="以前的交接班", heading="以前的交接班"),
                class_="stack",
            ),
            class_="columns handover-columns",
        )  # fmt: skip

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        place = place_of(at_desk, self.visit.query)
        if place is None:
            return {"waiting": nothing("先选辖区"), "summary": EMPTY, "roster": EMPTY, "earlier": EMPTY}
        listed = at_desk.people.handovers.listed(place, EARLIER)
        waiting = [one for one in listed if not one.is_signed]
        summary = handover_summary(at_desk.open_incidents(place), at_desk.desk.versions, at_desk.now)
        return {
            "waiting": _waiting(at_desk, waiting),
            "summary": summary_markup(at_desk, summary),
            "roster": roster_panel(at_desk, place),
            "earlier": _earlier(at_desk, [one for one in listed if one.is_signed]),
        }


def _places(at_desk: AtDesk, place: str | None) -> Markup | None:
    """Only who works for all places chooses one."""
    if at_desk.caller.actor.jurisdiction != EVERYWHERE:
        return None
    listed = dict.fromkeys(plan.jurisdiction for plan in at_desk.library.current().plans.values())
    links = (
        tag("a", one, href=f"/handover?place={one}", aria_current="page" if one == place else None, class_="button")
        for one in listed
    )
    return tag("nav", *links, class_="line", aria_label="辖区")


def _begin(at_desk: AtDesk, place: str) -> Markup:
    others = [(one.id, one.name) for one in people_of(at_desk, place, AT_WORK) if one.id != at_desk.caller.actor.person_id]
    return tag(
        "form",
        tag("input", type="hidden", name="jurisdiction", value=place),
        tag(
            "div",
            tag("label", "交班给", _select(others)),
            tag("button", "按此刻的情况作成交接单", type="submit", class_="button primary"),
            class_="row",
        ),
        tag("p", "作成后内容不再变，之后又有记录的，签时会提示；双方各自登录后签，第二个人签了才算交接。", class_="aside"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_url="/api/v1/handovers", data_label="交接班", data_done="交接单已作成，双方请签", data_guard=True, class_="no-print",
    )  # fmt: skip


def _select(persons: list[tuple[str, str]]) -> Markup:
    listed = (tag("option", name, value=key) for key, name in persons)
    return tag("select", tag("option", "选接班人", value=""), *listed, name="to_person", required=True)


def _waiting(at_desk: AtDesk, waiting: list[Handover]) -> Markup:
    if not waiting:
        return tag("p", tag("b", "待签的交接班　"), tag("span", "没有。作成交接单后，双方在这里签", class_="aside"))
    return join((tag("h2", "待签的交接班", class_="title"), *(_one_waiting(at_desk, one) for one in waiting)))


def _one_waiting(at_desk: AtDesk, one: Handover) -> Markup:
    return tag(
        "div",
        tag(
            "div",
            tag("b", f"{_name(at_desk, one.from_person)} 交给 {_name(at_desk, one.to_person)}"),
            tag("span", f"{moment(one.at, at_desk.now)} 作成"),
            tag("a", "看全文", href=f"/handover/{one.id}"),
            class_="line",
        ),
        _later(at_desk, one),
        signatures(at_desk, one),
        class_="told",
        data_key=one.id,
    )


def _later(at_desk: AtDesk, one: Handover) -> Markup | None:
    """What the sheet does not tell, and the way to have it told: by either of the two."""
    found = since_made(at_desk, one)
    if found is None or not (found.entries or found.incidents):
        return None
    parts = (f"又记了 {found.entries} 条" if found.entries else "", f"新开了 {found.incidents} 件" if found.incidents else "")
    words = tag("p", f"作成以后{'、'.join(part for part in parts if part)}：先看过再签，或按此刻的情况重新作成", class_="soon")
    if at_desk.caller.actor.person_id not in (one.from_person, one.to_person):
        return words
    form = tag(
        "form",
        tag("button", "重新作成", type="submit", class_="button"),
        tag("span", "已签的要再签一次" if one.signed_from_at or one.signed_to_at else "", class_="aside"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_url=f"/api/v1/handovers/{one.id}/renewal", data_bare=True, data_label="重新作成交接单", data_done="已按此刻的情况重新作成",
        class_="line no-print", data_key=f"renew-{one.id}",
    )  # fmt: skip
    return join((words, form))


def signatures(at_desk: AtDesk, one: Handover) -> Markup:
    """Both sides: signed when, or waiting; the visitor's own with its button."""
    sides = (("交班", one.from_person, one.signed_from_at), ("接班", one.to_person, one.signed_to_at))
    return tag("div", *(_side(at_desk, one, *side) for side in sides), class_="signed-by")


def _side(at_desk: AtDesk, one: Handover, word: str, person: str, signed_at: Any) -> Markup:
    name = _name(at_desk, person)
    if signed_at is not None:
        return tag("div", tag("span", f"{word}　{name}"), " ", tag("b", f"✓ {moment(signed_at, at_desk.now)} 已签"))
    if person != at_desk.caller.actor.person_id:
        return tag("div", tag("span", f"{word}　{name}"), " ", tag("span", "未签，请本人登录后签", class_="chip"))
    takes = word == "接班"
    effect = f"将以{name}签{word}：{'此前各项由您接着办' if takes else '此前各项已向接班人交代'}"
    return tag(
        "form",
        tag("p", f"{word}　{name}"),
        tag("p", effect, class_="aside"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", f"签{word}", type="submit", class_="button primary"),
        data_url=f"/api/v1/handovers/{one.id}/sign", data_bare=True, data_label=f"签{word}", data_done="已签",
        class_="no-print", data_key=f"sign-{one.id}",
    )  # fmt: skip


def _earlier(at_desk: AtDesk, listed: list[Handover]) -> Markup:
    if not listed:
        return nothing("还没有双方签过的交接班")
    return tag(
        "ul",
        *(
            tag(
                "li",
                tag("a", f"{moment(one.at, at_desk.now)}　{_name(at_desk, one.from_person)} 交给 {_name(at_desk, one.to_person)}", href=f"/handover/{one.id}"),
                tag("span", f"　{len(one.summary['incidents'])} 件事件", class_="aside"),
                data_key=one.id,
            )
            for one in listed
        ),
    )  # fmt: skip


def _name(at_desk: AtDesk, person: str) -> str:
    return at_desk.names.get(person, person)


def summary_markup(at_desk: AtDesk, summary: Json) -> Markup:
    """What must be known, incident by incident."""
    if not summary["incidents"]:
        return nothing("没有在办的事件")
    return join(_told(at_desk, one) for one in summary["incidents"])


def _told(at_desk: AtDesk, one: Json) -> Markup:
    unsigned = [
        f"{row['words']}，待{'或'.join(row['signers'])}签，{moment(row['since'], at_desk.now)} 提出" for row in one["unsigned"]
    ]
    due = [row for row in one["deadlines"] if row["due_at"] is not None]
    rest = len(one["deadlines"]) - min(len(due), MOST_DEADLINES)
    deadlines = [_deadline(at_desk, row) for row in due[:MOST_DEADLINES]]
    if rest:
        deadlines.append(tag("li", f"另有 {rest} 项未起算或较晚的时限，见任务板", class_="aside"))
    parts: list[tuple[str, str | Markup | None, str]] = [
        ("级别", "；".join(one["levels"]), "在行的级别"),
        ("待签", tag("ul", *(tag("li", tag("b", words)) for words in unsigned)) if unsigned else None, "待签"),
        ("时限", tag("ul", *deadlines) if deadlines else None, "在计时的时限"),
        ("任务", f"{one['unfinished']} 项未办结" if one["unfinished"] else None, "未办结的任务"),
        ("过期", f"要重新问：{'、'.join(dict.fromkeys(one['stale']))}" if one["stale"] else None, "过期的事实"),
        ("负责", one["owner"], "负责人"),
    ]
    parts.append(("没有", "、".join(none for _, content, none in parts if not content), ""))
    return tag(
        "article",
        tag("h3", tag("a", one["title"], href=f"/incidents/{one['id']}"), " ", tag("small", one["id"])),
        tag("dl", *(join((tag("dt", name), tag("dd", content))) for name, content, _ in parts if content)),
        class_="told",
        data_key=one["id"],
    )


def _deadline(at_desk: AtDesk, row: Json) -> Markup:
    state = (
        tag("b", STATE_WORDS[row["state"]], class_="inverse")
        if row["state"] == "overdue"
        else tag("span", STATE_WORDS[row["state"]])
    )
    words = f"{row['unit'] or '（条款未写明单位）'}：{row['action']}"
    return tag("li", tag("b", moment(row["due_at"], at_desk.now)), tag("span", words), state, class_="due-line")


class EarlierHandover(Screen):
    """One hand-over as it was signed; to be read and printed."""

    path, title = "/handover/{handover_id}", "交接单"

    def _handover(self, at_desk: AtDesk) -> Handover:
        """Raises Missing, for one of another place too."""
        found = at_desk.people.handovers.get(self.visit.parameters["handover_id"])
        if not at_desk.sees(found.jurisdiction):
            raise Missing("没有这次交接班", where="handover", remedy="从交接班的列表里选一次")
        return found

    def frame(self, at_desk: AtDesk) -> Markup:
        self._handover(at_desk)
        buttons = tag(
            "div", tag("a", "回交接班", href="/handover", class_="button"),
            tag("button", "打印", type="button", class_="button", data_print=True), class_="line no-print",
        )  # fmt: skip
        return tag("div", buttons, panel("sheet", label="交接单"), class_="stack")

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        one = self._handover(at_desk)
        head = tag("h2", f"{one.jurisdiction} 值班交接单", class_="title")
        when = tag(
            "p",
            f"{_name(at_desk, one.from_person)} 交给 {_name(at_desk, one.to_person)}，{moment(one.at, at_desk.now)} 作成，",
            ago(stamp(one.at)),
        )
        mark = tag("p", f"编号 {one.id}", class_="aside")
        return {
            "sheet": join(
                (head, when, _later(at_desk, one), summary_markup(at_desk, one.summary), signatures(at_desk, one), mark)
            )
        }

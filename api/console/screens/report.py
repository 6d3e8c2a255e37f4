"""快报: one line of free text with time and source, in ten seconds; then which plans the event concerns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

from api.console.badge import ladder
from api.console.markup import Markup, join, tag
from api.console.parts.picking import Picked, asked_rows, choose, picked
from api.console.parts.words import ago, clause, mentioned, moment
from api.console.screen import AT_WORK, Screen, nothing, panel
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from engine.contract.comparison import concerns_data
from engine.counterfactual import questions
from engine.explain import level_states
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.incident.triage import APPLIES, DOES_NOT, SILENT, Concern, concerns_of
from engine.plan.model import Plan

RECENT, MOST_RECENT, MOST_SOURCES, MOST_WHY = timedelta(hours=24), 12, 20, 6


class Report(Screen):
    """A first report."""

    path, title, rail, roles = "/new", "快报", "快报", AT_WORK

    def frame(self, at_desk: AtDesk) -> Markup:
        form = tag(
            "form",
            tag(
                "label", "接到了什么（一句话，照说的记；第一句成为标题）",
                tag("input", name="report", class_="first", required=True, maxlength="10000", autocomplete="off", data_autofocus=True, data_first=True),
            ),
            tag(
                "div",
                tag("label", "谁报的、怎么报的", tag("input", name="source", required=True, maxlength="200", list="sources", autocomplete="off")),
                tag("label", "接报时间", tag("input", name="reported_at", data_type="moment", data_now=True, placeholder="此刻；或 1430、11-22 14:30", autocomplete="off"), class_="narrow"),
                class_="row",
            ),
            tag(
                "div",
                tag("label", "地点（可以以后再补）", tag("input", name="place", maxlength="200", autocomplete="off")),
                _where(at_desk),
                class_="row",
            ),
            tag("datalist", *(tag("option", value=one) for one in _sources(at_desk)), id="sources"),
            tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
            tag(
                "div",
                tag("button", "记下，看哪些预案适用", type="submit", class_="button primary"),
                tag("span", "回车即发；断线时也记得下，连上后自动发送", class_="aside"),
                class_="line",
            ),
            data_url="/api/v1/incidents", data_go="/new/{incident}", data_label="快报", data_draft="report", data_guard=True,
        )  # fmt: skip
        return tag(
            "div",
            tag("section", tag("h2", "快报", class_="title"), form, class_="panel asks report-form", aria_label="快报"),
            panel("recent", label="最近登记", heading="24 小时内登记的事件：先看是不是同一件"),
            class_="columns report-columns",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        since = at_desk.now - RECENT
        listed = [one for one in at_desk.desk.states.listed() if one.kind == "live" and at_desk.sees(one.jurisdiction)]
        recent = [at_desk.desk.incident(one.id) for one in listed if one.opened_at >= since][:MOST_RECENT]
        if not recent:
            return {"recent": nothing("24 小时内没有登记过事件")}
        return {"recent": tag("ul", *(_recent(one, at_desk) for one in recent))}


def _recent(one: Incident, at_desk: AtDesk) -> Markup:
    return tag(
        "li",
        tag("div", tag("b", moment(one.reported_at, at_desk.now)), tag("a", one.title, href=f"/incidents/{one.id}"), class_="line"),
        tag("div", f"{one.source}　{one.place or ''}", class_="aside"),
        class_="told",
        data_key=one.id,
    )  # fmt: skip


def _where(at_desk: AtDesk) -> Markup | None:
    """The place is asked for only of whoever works for all of them."""
    if at_desk.caller.actor.jurisdiction != EVERYWHERE:
        return None
    places = dict.fromkeys(plan.jurisdiction for plan in at_desk.library.current().plans.values())
    return choose("jurisdiction", [(one, one) for one in places], at_desk.own_place or "", "选辖区", "辖区")


def _sources(at_desk: AtDesk) -> Iterable[str]:
    """Who reported before, the latest first."""
    newest = sorted(at_desk.open_incidents(), key=lambda one: one.id, reverse=True)
    told = [one.source for one in newest] + [fact.source for one in newest for listed in one.facts.values() for fact in listed]
    return list(dict.fromkeys(told))[:MOST_SOURCES]


class Concerns(Screen):
    """Which plans an incident concerns."""

    path, title, roles = "/new/{incident_id}", "哪些预案适用", AT_WORK

    @property
    def incident_id(self) -> str:
        return self.visit.parameters["incident_id"]

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return incident.id == self.incident_id

    def frame(self, at_desk: AtDesk) -> Markup:
        state = at_desk.incident(self.incident_id)
        plans = [one.plan for one in concerns_of(at_desk.plans_of(state.jurisdiction), state, at_desk.now, {})]
        form = tag(
            "form",
            tag(
                "label", "已经知道什么（按名称找，如 人数、时间）",
                tag("input", type="search", data_filter="picks", autocomplete="off", data_autofocus=True, data_shortcut="n"),
            ),
            tag("div", asked_rows(plans, self.visit.query), id="picks", class_="picks"),
            data_ask=True,
        )  # fmt: skip
        return tag(
            "div",
            tag(
                "div",
                panel("report", label="快报"),
                tag("section", tag("h2", "事实", class_="title"), form, class_="panel", aria_label="事实"),
                class_="stack",
            ),
            tag(
                "div",
                panel("next", label="下一步", classes="asks", live=True),
                panel("verdicts", label="哪些预案适用", heading="哪些预案适用"),
                class_="stack",
            ),
            class_="columns concern-columns",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        state = at_desk.incident(self.incident_id)
        plans = at_desk.plans_of(state.jurisdiction)
        given = picked(plans, self.visit.query)
        return {
            "report": _reported(state, at_desk),
            "verdicts": join(_verdict(one, state) for one in concerns_of(plans, state, at_desk.now, given.facts)),
            "next": _next(state, given, at_desk),
        }


def _reported(state: Incident, at_desk: AtDesk) -> Markup:
    return join(
        (
            tag("p", state.report, class_="said-first"),
            tag(
                "p", f"{state.source}　{state.place or ''}　", tag("b", moment(state.reported_at, at_desk.now)), " 接报，",
                ago(state.reported_at.isoformat() if state.reported_at else None), "　", tag("b", f"已记下，编号 {state.id}", class_="left"), class_="aside",
            ),
        )
    )  # fmt: skip


def _verdict(one: Concern, state: Incident) -> Markup:
    plan, (data,) = one.plan, concerns_data([one])
    running = plan.id in state.courses
    head = tag(
        "div",
        tag("b", data["verdict_name"], class_="inverse" if one.verdict == APPLIES else "chip"),
        tag("a", plan.title, href=f"/plans/{plan.id}", class_="name"),
        tag("span", "✓ 已启用") if running else _add(plan, state),
        class_="line",
    )
    if one.assessment is None or one.verdict == DOES_NOT:
        words = "" if one.verdict == SILENT else data["words"]
        return tag(
            "article", head, mentioned(data["mentions"]), tag("p", words, class_="aside") if words else None, class_="concern",
            data_key=plan.id,
        )  # fmt: skip
    scales = [
        join(
            (
                tag(
                    "div",
                    tag("span", scale["label"], class_="aside"),
                    *(clause(plan.id, name) for name in scale["clauses"]),
                    class_="line",
                ),
                ladder(plan.scales[scale["scale"]], level_states(one.assessment, scale["scale"])),
                tag("ul", *(tag("li", words) for words in scale["because"][:MOST_WHY])) if scale["because"] else None,
            )
        )
        for scale in data["scales"]
        if scale["level"] is not None or any(level is not None for level in scale["possible"])
    ]
    asks = questions(one.assessment, most=1)
    ask = tag("p", tag("b", "先问："), asks[0].label) if asks else None
    return tag(
        "article", head, mentioned(data["mentions"]), tag("p", tag("b", data["words"])), *scales, ask, class_="concern",
        data_key=plan.id,
    )  # fmt: skip


def _add(plan: Plan, state: Incident) -> Markup:
    return tag(
        "form",
        tag("input", type="hidden", name="plan", value=plan.id),
        tag("span", data_said=True, class_="said", role="status"),
        tag("button", "启用", type="submit", class_="button", aria_label=f"启用《{plan.title}》"),
        data_url=f"/api/v1/incidents/{state.id}/plans",
        data_label=f"启用《{plan.title}》",
        data_done="已启用",
        data_key=f"add-{plan.id}",
    )


def _next(state: Incident, given: Picked, at_desk: AtDesk) -> Markup:
    """What to do next: choose a plan, then take the facts along into the incident."""
    troubles = join(tag("p", tag("b", "没有算进去　"), one, class_="said error", role="alert") for one in given.troubles)
    on = tag("a", "打开事件", href=f"/incidents/{state.id}", class_="button")
    if not state.courses:
        words = "接报已经记下。在下面启用适用的预案，填的事实随后记入；一时定不下来，也可以先打开事件。"
        return join((troubles, tag("p", words), on))
    having = {key for one in state.courses.values() for key in at_desk.desk.versions[one.digest].indicators}
    fresh = {key: value for key, value in given.facts.items() if key in having and not _recorded(state, key, value)}
    left = [key for key in given.facts if key not in having]
    names = "、".join(f"《{one.title}》" for one in state.courses.values())
    note = tag("p", f"{len(left)} 项事实与已启用的预案无关，不记入", class_="aside") if left else None
    if not fresh:
        return join(
            (
                troubles,
                tag("p", f"已启用{names}"),
                note,
                tag("a", "打开事件", href=f"/incidents/{state.id}", class_="button primary"),
            )
        )
    form = tag(
        "form",
        tag("input", type="hidden", name="facts", data_type="json", value=json.dumps(fresh, ensure_ascii=False)),
        tag("input", type="hidden", name="observed_at", data_now=True),
        tag(
            "div",
            tag("label", "这些事实的来源", tag("input", name="source", required=True, maxlength="200", value=state.source)),
            tag("button", f"记入 {len(fresh)} 项事实，打开事件", type="submit", class_="button primary"),
            class_="row",
        ),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_url=f"/api/v1/incidents/{state.id}/facts",
        data_go=f"/incidents/{state.id}",
        data_label="事实",
        data_key="take",
    )
    return join((troubles, tag("p", f"已启用{names}"), note, form, on))


def _recorded(state: Incident, key: str, value: object) -> bool:
    """Whether this is what was reported last."""
    listed = state.facts.get(key, ())
    return bool(listed) and listed[-1].value == value

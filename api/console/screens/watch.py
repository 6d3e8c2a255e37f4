"""常态监测: what is watched, what is known of it and how old that is, how far the next level is, and the way to an incident."""

from __future__ import annotations

from typing import Any

from api.console.badge import badge, ladder
from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.kept import Kept
from api.console.parts.picking import choose, sent_rows
from api.console.parts.words import ago, clause
from api.console.screen import AT_WORK, Screen, nothing, panel
from api.console.screens.watch_ending import ending
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from api.store.failure import NoIncident
from engine.assess import Assessment, assess
from engine.contract.known import known_data
from engine.contract.signing import proposal_data
from engine.counterfactual import changes_words, distances
from engine.explain import level_states
from engine.incident.chain import Entry
from engine.incident.fact import facts_now
from engine.incident.state import Course, Incident
from engine.plan.measure import UNITS
from engine.plan.model import Plan, Scale
from engine.plan.words import level_word

WAYS = 3
GAPS: Kept[Markup] = Kept(200)


class Watches(Screen):
    """Every watch, and making one."""

    path, title = "/watches", "常态监测"

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return incident.watch

    def frame(self, at_desk: AtDesk) -> Markup:
        return tag(
            "div",
            panel("watches", label="常态监测", heading="正在监测"),
            _making(at_desk) if at_desk.caller.actor.roles & AT_WORK else None,
            class_="columns watch-columns",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        watches = sorted((one for one in at_desk.open_incidents() if one.watch), key=lambda one: one.id)
        if not watches:
            return {"watches": nothing("没有常态监测。建立后，这里显示离下一级还差多少")}
        return {"watches": tag("ul", *(_watch(at_desk, one) for one in watches))}


def _making(at_desk: AtDesk) -> Markup:
    own = at_desk.caller.actor.jurisdiction
    plans = [one for one in at_desk.library.current().plans.values() if at_desk.sees(one.jurisdiction)]
    places = [(one, one) for one in dict.fromkeys(plan.jurisdiction for plan in plans)]
    form = tag(
        "form",
        tag("label", "监测什么", tag("input", name="title", required=True, maxlength="200", autocomplete="off", data_first=True, data_shortcut="n")),
        choose("jurisdiction", places, at_desk.own_place or "", "选辖区", "辖区") if own == EVERYWHERE else None,
        tag(
            "fieldset", tag("legend", "按哪些预案（至少一份）"),
            *(
                tag("label", tag("input", type="checkbox", name="plans", value=one.id, data_type="item"), one.title)
                for one in plans
            ),
            class_="plan-choices",
        ),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "开始监测", type="submit", class_="button primary"),
        data_url="/api/v1/watches", data_go="/watches/{incident}", data_label="常态监测", data_draft="watch", data_guard=True,
    )  # fmt: skip
    return tag("section", tag("h2", "建立常态监测", class_="title"), form, class_="panel", aria_label="建立常态监测")


def _watch(at_desk: AtDesk, watch: Incident) -> Markup:
    parts = []
    for course in watch.courses.values():
        plan = at_desk.desk.versions[course.digest]
        parts.append(tag("div", tag("b", plan.title), class_="line"))
        parts.append(_gaps(watch, plan, _assessed(watch, course, plan, at_desk), 1))
        parts += [tag("p", tag("span", f"建议：{one.words}", class_="soon")) for one in course.pending.values()]
    return tag(
        "li",
        tag(
            "div", tag("a", watch.title, href=f"/watches/{watch.id}", class_="name"), tag("small", watch.id),
            ago(None if watch.last_at is None else watch.last_at.isoformat(), "前更新"), class_="line",
        ),
        *parts,
        class_="told",
        data_key=watch.id,
    )  # fmt: skip


def _assessed(watch: Incident, course: Course, plan: Plan, at_desk: AtDesk) -> Assessment:
    return assess(plan, facts_now(watch, plan).facts, at_desk.now, in_force=course.own)


def _gaps(watch: Incident, plan: Plan, found: Assessment, ways: int) -> Markup:
    """Each scale with what is established, what is possible, and the smallest ways to the next level.

    The ways take long to find where facts have areas; they are looked for anew where something was recorded, or each minute.
    """
    minute = None if found.at is None else found.at.replace(second=0, microsecond=0)
    shown = (one for one in plan.scales.values() if one.follows is None)
    return GAPS.get((watch.hash, plan.digest, ways, minute), lambda: join(_gap(plan, found, one, ways) for one in shown))


def _gap(plan: Plan, found: Assessment, scale: Scale, ways: int) -> Markup:
    level = found.levels[scale.id]
    above = next(iter(scale.levels[scale.rank(level) :]), None)
    listed = () if above is None else distances(found, scale.id, above, most=ways)
    to = "已是最高一级" if above is None else f"到{level_word(scale, above)}"
    to += "" if not listed else "，最近：" if len(listed) == 1 else "，有一项即可："
    rows = (tag("li", tag("b", changes_words(plan, one.changes)), " ", clause(plan.id, one.clause)) for one in listed)
    none = tag("span", "没有单凭事实变化的路径" if above is not None else "", class_="aside") if not listed else None
    return tag(
        "div",
        tag("div", tag("span", scale.short, class_="aside"), badge(scale, level, "small"), tag("span", to), none, class_="line"),
        ladder(scale, level_states(found, scale.id)),
        tag("ul", *rows) if listed else None,
        class_="next-level",
    )


class Watch(Screen):
    """One watch."""

    path, title = "/watches/{incident_id}", "常态监测"

    @property
    def incident_id(self) -> str:
        return self.visit.parameters["incident_id"]

    def name(self, at_desk: AtDesk) -> str:
        return self._state(at_desk).title

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return incident.id == self.incident_id

    def _state(self, at_desk: AtDesk) -> Incident:
        """The watch. Raises NoIncident."""
        found = at_desk.incident(self.incident_id)
        if not found.watch:
            raise NoIncident(f"没有常态监测“{self.incident_id}”", where="watch", remedy="从常态监测的列表里选一项")
        return found

    def frame(self, at_desk: AtDesk) -> Markup:
        watch = self._state(at_desk)
        at_work = bool(at_desk.caller.actor.roles & AT_WORK)
        return tag(
            "div",
            tag(
                "div",
                panel("proposal", label="建议", heading="建议", live=True),
                panel("gaps", label="离下一级", heading="离下一级还差多少"),
                panel("values", label="指标", heading="监测到的"),
                class_="stack",
            ),
            tag(
                "div",
                *((_opening(watch), _feeding(watch, at_desk)) if at_work and watch.status == "open" else ()),
                panel("about", label="这项监测"),
                panel("ending", label="结束监测") if at_work else None,
                class_="stack",
            ),
            class_="columns watch-columns",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        watch = self._state(at_desk)
        courses = [(course, at_desk.desk.versions[course.digest]) for course in watch.courses.values()]
        found = [(course, plan, _assessed(watch, course, plan, at_desk)) for course, plan in courses]
        return {
            "proposal": _proposals(watch, courses, at_desk),
            "gaps": join(join((tag("h3", plan.title), _gaps(watch, plan, one, WAYS))) for _, plan, one in found),
            "values": join(_values(watch, plan, one, at_desk) for _, plan, one in found),
            "about": _about(watch),
            "ending": ending(watch, at_desk) if at_desk.caller.actor.roles & AT_WORK else EMPTY,
        }


def _proposals(watch: Incident, courses: list[tuple[Course, Plan]], at_desk: AtDesk) -> Markup:
    waiting = [
        proposal_data(watch, plan, one, at_desk.now, at_desk.posts) for course, plan in courses for one in course.pending.values()
    ]
    if not waiting:
        return nothing("没有建议。监测到的够上某一级时，这里建议登记事件")
    return tag("ul", *(_proposal(one, courses) for one in waiting))


def _proposal(one: dict[str, Any], courses: list[tuple[Course, Plan]]) -> Markup:
    plan = next(plan for _, plan in courses if plan.id == one["plan"])
    facts = (tag("li", f"{fact['label']} {fact['words']}（{fact['source']}）") for fact in one["facts"])
    return tag(
        "li",
        tag("div", badge(plan.scales[one["scale"]], one["level"]), tag("b", f"建议登记事件：{one['words']}"), class_="line"),
        tag("div", *(clause(plan.id, name) for name in one["clauses"]), ago(one["proposed_at"], "前提出"), class_="line aside"),
        tag("ul", *facts),
        class_="told",
        data_key=one["id"],
    )


def _values(watch: Incident, plan: Plan, found: Assessment, at_desk: AtDesk) -> Markup:
    listed = known_data(watch, plan, facts_now(watch, plan), found, at_desk.now, at_desk.names)
    listed.sort(key=lambda one: one["mark"] == "never")
    heads = ("指标", "值", "何时", "来源")
    return tag(
        "table",
        tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads))),
        tag("tbody", *(_value(plan, one) for one in listed)),
        data_key=plan.id,
    )


def _value(plan: Plan, one: dict[str, Any]) -> Markup:
    mark = one["mark"]
    value = tag("span", tag("span", f"未知 · {one['mark_name']}"), class_="unknown-plate") if mark else tag("b", one["words"])
    note = tag("small", " 推算") if one["derived"] else None
    unit = UNITS[one["unit"]][0] if one["unit"] else ""
    age = tag("b", ago(one["observed_at"]), class_="soon") if mark == "stale" else ago(one["observed_at"])
    return tag(
        "tr",
        tag("td", tag("span", one["label"], title=f"单位：{unit}" if unit else None)),
        tag("td", value, note),
        tag("td", age),
        tag("td", one["source"] or ""),
        data_key=f"{plan.id}-{one['indicator']}",
    )


def _opening(watch: Incident) -> Markup:
    form = tag(
        "form",
        tag("label", "事件标题", tag("input", name="title", required=True, maxlength="200", placeholder="这件事怎么称呼", autocomplete="off")),
        tag("label", "情况（空着则写监测的建议）", tag("textarea", name="report", maxlength="10000")),
        tag("label", "地点", tag("input", name="place", maxlength="200", value=watch.place, autocomplete="off")),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("p", "将登记一件事件，按本监测的预案办理；监测到的事实一并转入，监测继续。", class_="aside"),
        tag("button", "登记为事件", type="submit", class_="button primary"),
        data_url=f"/api/v1/watches/{watch.id}/incident", data_go="/incidents/{incident}", data_label="登记为事件", data_draft="open", data_guard=True,
    )  # fmt: skip
    return tag("section", tag("h2", "转为事件", class_="title"), form, class_="panel", aria_label="转为事件")


def _feeding(watch: Incident, at_desk: AtDesk) -> Markup:
    plans = [at_desk.desk.versions[one.digest] for one in watch.courses.values()]
    form = tag(
        "form",
        tag("label", "找指标", tag("input", type="search", data_filter="feed", autocomplete="off", data_shortcut="n", data_first=True)),
        tag("div", sent_rows(plans), id="feed", class_="picks"),
        tag(
            "div",
            tag("label", "来源", tag("input", name="source", required=True, maxlength="200", autocomplete="off")),
            tag("label", "何时的情况", tag("input", name="observed_at", data_type="moment", data_now=True, placeholder="此刻；或 1430、11-22 14:30", autocomplete="off")),
            class_="row",
        ),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "记入", type="submit", class_="button"),
        data_url=f"/api/v1/watches/{watch.id}/facts", data_label="监测数据", data_draft="feed", data_guard=True,
    )  # fmt: skip
    return tag("section", tag("h2", "人工填报", class_="title"), form, class_="panel", aria_label="人工填报")


def _about(watch: Incident) -> Markup:
    opened = watch.opened_at.isoformat() if watch.opened_at else None
    into = (tag("li", tag("a", other, href=f"/incidents/{other}"), f"　{words}") for other, words in watch.links)
    return join(
        (
            tag("p", watch.report),
            tag("p", f"{watch.source}　{watch.id}　", ago(opened, "前开始"), class_="aside"),
            tag("ul", *into) if watch.links else None,
            tag("a", "这项监测的日志", href=f"/journal?incident={watch.id}"),
        )
    )

"""Paper: sheets on A4, legible in black and white; every page names the plan's version, the time and the journal's state."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from api.console.badge import badge
from api.console.markup import Child, Markup, join, tag
from api.console.parts.words import moment
from api.console.screen import Screen, nothing
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from engine.contract.entry import Wording, entry_data
from engine.contract.incident import incident_data
from engine.contract.work import NOBODY, by_unit
from engine.incident.state import Incident
from engine.plan.model import Plan

MOST_ENTRIES = 30
WAITS = ("overdue", "due_soon", "running")
DEMO = "演示·不是真实事件"
DRILL = "[推演] 不是真实事件"


class Paper(Screen):
    """A sheet: its head is repeated on every page."""

    bare = True
    heading: ClassVar[str]

    def frame(self, at_desk: AtDesk) -> Markup:
        sheet = tag(
            "table",
            tag("thead", tag("tr", tag("td", data_panel="head", class_="sheet-head"))),
            tag("tbody", tag("tr", tag("td", data_panel="sheet", class_="sheet-body"))),
            tag("tfoot", tag("tr", tag("td", data_panel="tail", class_="sheet-tail"))),
            class_="sheet",
            role="presentation",
        )
        return tag(
            "main",
            tag(
                "div",
                tag("button", "打印", type="button", class_="button primary", data_print=True),
                self.choice(),
                tag("a", "回值班台" if at_desk.wing is None else "回推演", href="/", class_="button"),
                tag("span", "A4 纵向；黑白打印也看得清。纸上的内容到印制时为止。", class_="aside"),
                class_="sheet-tools",
            ),
            sheet,
            class_="paper",
        )

    def choice(self) -> Markup | None:
        """Another way to print the same, where there is one."""
        return None

    @abstractmethod
    def incidents(self, at_desk: AtDesk) -> list[Incident]:
        """What the sheet is about: plans, versions and journals of its head and tail."""

    @abstractmethod
    def sheet(self, at_desk: AtDesk, incidents: list[Incident]) -> Markup:
        """What is on it."""

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        incidents = self.incidents(at_desk)
        return {
            "head": self._head(at_desk, incidents),
            "sheet": self.sheet(at_desk, incidents),
            "tail": _tail(incidents, drill=at_desk.wing is not None),
        }

    def _head(self, at_desk: AtDesk, incidents: Sequence[Incident]) -> Markup:
        mark = DRILL if at_desk.wing is not None else DEMO if any(one.demo for one in incidents) else None
        demo = None if mark is None else tag("span", mark, class_="demo-mark")
        plans = {course.digest: at_desk.desk.versions[course.digest] for one in incidents for course in one.courses.values()}
        lines = [
            tag("p", f"《{plan.title}》{plan.document.number}　版本 {digest[:12]}", class_="sheet-plan")
            for digest, plan in plans.items()
        ]
        return join(
            (
                tag("div", tag("h1", self.name(at_desk)), demo, class_="sheet-title"),
                *lines,
                tag(
                    "p", f"印制 {at_desk.now:%Y-%m-%d %H:%M}（北京时间）　印制人 {at_desk.caller.actor.name}", class_="sheet-plan"
                ),
            )
        )

    def name(self, at_desk: AtDesk) -> str:
        return self.heading


def _tail(incidents: Iterable[Incident], *, drill: bool) -> Markup:
    """Where the journals stood."""
    return join(
        tag(
            "p",
            f"{'[推演] ' if drill else ''}{one.id} 日志第 {one.seq} 条，校验值 {one.hash[:16]}{'（演示）' if one.demo else ''}",
        )
        for one in incidents
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[Child]], *, classes: str = "") -> Markup:
    """A ruled table; its head is repeated on every page."""
    head = tag("tr", *(tag("th", one, scope="col") for one in heads))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    return tag("table", tag("thead", head), tag("tbody", *body), class_=f"ruled {classes}".strip())


def due_words(one: Mapping[str, Any], at_desk: AtDesk) -> Markup:
    """A deadline on paper: the time and its state in words; overdue is boxed."""
    found = one["deadline"]
    if found["due_at"] is None:
        return join((one["due_words"], f"（{found['state_name']}）" if found["state"] == "waiting" else None))
    state = tag("span", found["state_name"], class_="boxed" if found["state"] == "overdue" else None)
    return join((tag("b", moment(found["due_at"], at_desk.now)), " ", state, tag("br"), tag("small", one["due_words"])))


class IncidentPaper(Paper):
    """The summary of an incident."""

    path, title, heading = "/print/incident/{incident_id}", "事件摘要", "事件摘要"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)

    def incidents(self, at_desk: AtDesk) -> list[Incident]:
        return [at_desk.incident(self.visit.parameters["incident_id"])]

    def name(self, at_desk: AtDesk) -> str:
        return f"{self.heading}：{self.incidents(at_desk)[0].title}"

    def sheet(self, at_desk: AtDesk, incidents: list[Incident]) -> Markup:
        incident = incidents[0]
        data = incident_data(incident, at_desk.desk.versions, at_desk.now, at_desk.names, at_desk.posts)
        plans = {one["plan"]: at_desk.desk.versions[one["digest"]] for one in data["plans"]}
        return join(
            (
                _first(data, at_desk),
                *(_course(plans[one["plan"]], one, at_desk) for one in data["plans"]),
                _deadlines(data, at_desk),
                _journal(incident, at_desk),
                _units(data, at_desk),
            )
        )


def section(heading: str, *children: Child) -> Markup:
    return tag("section", tag("h2", heading), *children, class_="sheet-section")


def _first(data: Mapping[str, Any], at_desk: AtDesk) -> Markup:
    owner = data["owner"]["name"] if data["owner"] else "无"
    pairs = (
        ("编号", data["id"]),
        ("地点", data["place"] or data["jurisdiction"]),
        ("接报", f"{data['reported_at'][:16].replace('T', ' ')}，{data['source']}"),
        ("首报", data["report"]),
        ("状态", data["status_name"]),
        ("责任人", owner),
    )
    return section(
        "事件", tag("dl", *(tag("div", tag("dt", key), tag("dd", value)) for key, value in pairs), class_="sheet-pairs")
    )


def _course(plan: Plan, one: Mapping[str, Any], at_desk: AtDesk) -> Markup:
    levels = table(
        ("等级体系", "在行级别", "自", "暂定到"),
        (
            (
                found["label"],
                badge(plan.scales[key], found["level"]),
                moment(found["since"], at_desk.now),
                moment(found["until"], at_desk.now) if found["until"] else "—" if found["level"] is None else "不限",
            )
            for key, found in one["levels"].items()
        ),
    )
    waiting = [
        tag(
            "li",
            tag("b", found["words"]),
            f"，{moment(found['proposed_at'], at_desk.now)} 提出，由{'或'.join(found['signers'])}签发（{'、'.join(found['clauses'])}）",
        )
        for found in one["proposals"]
    ]
    known = [fact for fact in one["facts"] if fact["reports"] or fact["derived"]]
    facts = table(
        ("事实", "值", "来源", "时间"),
        (
            (
                fact["label"],
                join((fact["words"], f"（{fact['mark_name']}）" if fact["mark"] else None)),
                fact["source"] or ("推得" if fact["derived"] else "—"),
                tag("span", moment(fact["observed_at"], at_desk.now), class_="short"),
            )
            for fact in known
        ),
    )
    never = [fact["label"] for fact in one["facts"] if fact["mark"] == "never"]
    return tag(
        "div",
        section(f"《{one['title']}》·{one['phase_name']}", levels),
        section("待签", tag("ul", *waiting)) if waiting else None,
        section("已知的事实", facts) if known else section("已知的事实", nothing("还没有报来事实")),
        section("从未报告", tag("p", "、".join(never))) if never else None,
        data_key=one["plan"],
    )


def _units(data: Mapping[str, Any], at_desk: AtDesk) -> Markup | None:
    listed = by_unit(one for one in data["duties"] if one["ended_at"] is None)
    if not listed:
        return None
    rows = []
    for unit in listed:
        states = Counter(one["deadline"]["state"] for one in unit["duties"])
        done = sum(1 for one in unit["duties"] if one["step"] == "done")
        late = tag("span", f"逾期 {states['overdue']}", class_="boxed") if states["overdue"] else "—"
        following = min(
            (one["deadline"]["due_at"] for one in unit["duties"] if one["deadline"]["state"] in ("running", "due_soon")),
            default=None,
        )
        rows.append((unit["unit"], str(len(unit["duties"])), str(done), late, moment(following, at_desk.now)))
    return section("各单位的任务", table(("单位", "任务", "完成", "逾期", "下一时限"), rows))


def _deadlines(data: Mapping[str, Any], at_desk: AtDesk) -> Markup | None:
    waiting = [one for one in data["duties"] if one["ended_at"] is None and one["deadline"]["state"] in WAITS]
    if not waiting:
        return None
    waiting.sort(key=lambda one: str(one["deadline"]["due_at"]))
    rows = ((due_words(one, at_desk), one["unit"] or NOBODY, one["action"], one["clause"], one["step_name"]) for one in waiting)
    return section("在计时的时限", table(("时限", "单位", "任务", "条款", "进展"), rows, classes="due-table"))


def _journal(incident: Incident, at_desk: AtDesk) -> Markup:
    entries = at_desk.desk.journal.read(incident.id)
    wording = Wording(incident, at_desk.desk.versions, at_desk.names)
    shown = [entry_data(one, wording) for one in entries[-MOST_ENTRIES:]]
    decided = [entry_data(one, wording) for one in entries if one.kind == "decided"]
    parts: list[Child] = []
    if decided:
        parts.append(
            section("签发的决定", table(("时间", "决定"), ((moment(one["at"], at_desk.now), one["words"]) for one in decided)))
        )
    heading = (
        f"日志（最近 {len(shown)} 条，共 {incident.seq} 条）" if len(entries) > len(shown) else f"日志（共 {incident.seq} 条）"
    )
    rows = ((str(one["seq"]), moment(one["at"], at_desk.now), one["kind_name"], one["words"], one["by_name"]) for one in shown)
    parts.append(section(heading, table(("序号", "时间", "类别", "内容", "记录人"), rows, classes="journal")))
    return join(parts)

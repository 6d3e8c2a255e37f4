"""Journal entries as JSON, each with one line that an official reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from engine.contract.known import value_words
from engine.contract.moment import Names, by_whom, stamp
from engine.contract.work import STEP_WORDS, count_units
from engine.incident import event as ev
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.plan.words import NO_LEVEL, level_word

Json = dict[str, Any]
KIND_WORDS = {
    "opened": "登记",
    "plan_added": "启用预案",
    "plan_moved": "更换预案版本",
    "fact_observed": "事实",
    "fact_corrected": "更正",
    "proposed": "建议",
    "superseded": "建议失效",
    "decided": "决定",
    "deviation_ended": "偏离结束",
    "level_set": "级别变动",
    "phase_moved": "阶段变动",
    "moment_recorded": "时刻",
    "duties_changed": "任务变动",
    "duty_marked": "任务进展",
    "message": "消息",
    "noted": "值班记录",
    "linked": "关联",
    "merged": "合并",
    "split": "拆分",
    "handed_over": "交接班",
    "owner_set": "责任人",
    "ended": "结束",
    "archived": "归档",
}


def entry_data(entry: Entry, wording: Wording) -> Json:
    """An entry with what it says in words."""
    return {
        "incident": entry.incident,
        "seq": entry.seq,
        "at": stamp(entry.at),
        **by_whom(entry.by, wording.names),
        "kind": entry.kind,
        "kind_name": KIND_WORDS.get(entry.kind, entry.kind),
        "words": wording.of(ev.from_data(entry.kind, entry.body)),
        "body": dict(entry.body),
        "key": entry.key,
        "previous": entry.previous,
        "hash": entry.hash,
    }


@dataclass(frozen=True)
class Wording:
    """Puts events of one incident into words. plans: by digest; names: of people by id. The state need only be as late as the events."""

    incident: Incident
    plans: Mapping[str, Plan]
    names: Names

    def _plan(self, plan_id: str | None, indicator: str | None = None) -> Plan | None:
        """The plan of a course; with none named, the first that has the indicator."""
        for course in self.incident.courses.values():
            plan = self.plans[course.digest]
            if plan_id == plan.id or (plan_id is None and indicator in plan.indicators):
                return plan
        return None

    def _level(self, plan_id: str, scale_id: str, level: Level) -> str:
        """“预警级别橙色”, “解除预警级别”."""
        plan = self._plan(plan_id)
        scale = None if plan is None else plan.scales.get(scale_id)
        if scale is None or level not in (None, *scale.levels):
            return f"{scale_id} {level or '解除'}"
        if level is None:
            return f"解除{scale.short}"
        return f"{scale.short}{level_word(scale, level)}"

    def _kept(self, plan_id: str, scale_id: str) -> str:
        """“预警级别不变（未达级别）”: nothing was in force that could be lifted."""
        plan = self._plan(plan_id)
        return f"{plan.scales[scale_id].short if plan is not None and scale_id in plan.scales else scale_id}不变（{NO_LEVEL}）"

    def _fact(self, indicator: str, value: Any, plan_id: str | None) -> str:
        plan = self._plan(plan_id, indicator)
        label = plan.indicators[indicator].short if plan is not None and indicator in plan.indicators else indicator
        return f"{label}：{value_words(plan, indicator, value)}"

    def _duty(self, key: str) -> str:
        for course in self.incident.courses.values():
            if key in course.duties:
                one = course.duties[key].assigned
                return f"{one.unit or ''}{one.action}"
        return key

    @singledispatchmethod
    def of(self, event: ev.Event) -> str:
        """One line."""
        return ""

    @of.register
    def _(self, event: ev.Opened) -> str:
        plans = "、".join(f"《{pin.title}》" for pin in event.plans)
        what = "开始常态监测" if event.watch else "接报登记"
        return f"{what}：{event.title}（{event.source}）" + (f"，启用{plans}" if plans else "")

    @of.register
    def _(self, event: ev.PlanAdded) -> str:
        return f"启用《{event.pin.title}》" + (f"：{event.reason}" if event.reason else "")

    @of.register
    def _(self, event: ev.PlanMoved) -> str:
        return f"{event.post}将《{event.pin.title}》换为另一版本：{event.reason}；{'；'.join(event.changes)}"

    @of.register
    def _(self, event: ev.FactObserved) -> str:
        return f"{self._fact(event.indicator, event.value, event.plan)}（{event.source}，{event.observed_at:%m-%d %H:%M}）"

    @of.register
    def _(self, event: ev.FactCorrected) -> str:
        return f"更正第{event.entry}条：{self._fact(event.indicator, event.value, None)}；{event.reason}"

    @of.register
    def _(self, event: ev.Proposed) -> str:
        clauses = f"（{'、'.join(event.clauses)}）" if event.clauses else ""
        return f"建议{event.words}{clauses}，由{'或'.join(event.signers)}签发（{event.id}）"

    @of.register
    def _(self, event: ev.Superseded) -> str:
        return f"建议 {event.proposal} 失效：{event.why}"

    @of.register
    def _(self, event: ev.Decided) -> str:
        how = "按建议" if event.approved else f"未按建议，因{event.reason}" if event.proposal else f"因{event.reason}"
        until = f"，暂定到 {event.until:%m-%d %H:%M}" if event.until else ""
        area = f"，范围：{event.area}" if event.area else ""
        by = f"（受权：{event.authority}）" if event.authority else ""
        stands = "" if event.prevails else "；更高职务的决定仍然有效"
        level = (
            self._kept(event.plan, event.scale)
            if event.keeps and event.level is None
            else self._level(event.plan, event.scale, event.level)
        )
        return f"{event.post}{event.name}{by}签发：{level}，{how}{until}{area}{stands}"

    @of.register
    def _(self, event: ev.DeviationEnded) -> str:
        return f"{event.why}，恢复提出建议"

    @of.register
    def _(self, event: ev.LevelSet) -> str:
        plan = self._plan(event.plan)
        known = [one for one in (plan.scales if plan is not None else ()) if one in event.levels]
        order = [*known, *(one for one in event.levels if one not in known)]
        told = [one for one in order if event.levels[one] is not None or one == event.scale]
        if event.kind == "keep":
            return f"{event.effective_at:%m-%d %H:%M} 起：级别不变；{event.phase_word}"
        levels = "、".join(self._level(event.plan, one, event.levels[one]) for one in told)
        return f"{event.effective_at:%m-%d %H:%M} 起：{levels}；{event.phase_word}"

    @of.register
    def _(self, event: ev.PhaseMoved) -> str:
        return f"{event.post}：进入{event.phase_word}" + (f"，{event.reason}" if event.reason else "")

    @of.register
    def _(self, event: ev.MomentRecorded) -> str:
        return f"{event.word}：{event.happened_at:%m-%d %H:%M}"

    @of.register
    def _(self, event: ev.DutiesChanged) -> str:
        parts = []
        if event.assigned:
            units = count_units((one.unit_id, one.unit) for one in event.assigned)
            parts.append(f"下达{len(event.assigned)}项任务，{units}个单位")
        if event.ended:
            parts.append(f"结束{len(event.ended)}项任务")
        return "；".join(parts)

    @of.register
    def _(self, event: ev.DutyMarked) -> str:
        note = f"（{event.note}）" if event.note else ""
        return f"{self._duty(event.key)}：{STEP_WORDS[event.step]}，{event.happened_at:%m-%d %H:%M}{note}"

    @of.register
    def _(self, event: ev.Message) -> str:
        arrow = "来" if event.direction == "in" else "去"
        return f"{arrow}文（{event.medium}）{event.sender} → {event.recipient}：{event.text}"

    @of.register
    def _(self, event: ev.Noted) -> str:
        return (f"关于第{event.entry}条：" if event.entry else "") + event.text

    @of.register
    def _(self, event: ev.Linked) -> str:
        return f"与 {event.incident} 关联：{event.words}"

    @of.register
    def _(self, event: ev.Merged) -> str:
        return f"并入 {event.into}：{event.reason}" if event.into else f"{event.taken} 并来：{event.reason}"

    @of.register
    def _(self, event: ev.Split) -> str:
        return f"分出 {event.part}：{event.reason}" if event.part else f"分自 {event.origin}：{event.reason}"

    @of.register
    def _(self, event: ev.HandedOver) -> str:
        return f"{event.giver_name}交班给{event.taker_name}，双方已签"

    @of.register
    def _(self, event: ev.OwnerSet) -> str:
        return f"责任人：{event.name}"

    @of.register
    def _(self, event: ev.Ended) -> str:
        return f"{event.post}结束事件：{event.reason}"

    @of.register
    def _(self, event: ev.Archived) -> str:
        return f"归档：{event.reason}"

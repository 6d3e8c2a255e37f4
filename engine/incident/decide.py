"""Commands to events. A command that the state does not allow says why and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch

from engine.assess import check_readings
from engine.incident import command as cmd
from engine.incident import event as ev
from engine.incident.chain import Draft
from engine.incident.command import ENGINE, Actor, NotYours, Overtaken, Refused
from engine.incident.ending import check_over, may_end
from engine.incident.fact import check_fact, facts_now
from engine.incident.merging import check_not_lost
from engine.incident.proposal import combined, leading, may_sign, targets
from engine.incident.state import OVER, Course, Incident
from engine.incident.version import differences
from engine.incident.work import Work, check_move
from engine.lifecycle.signers import RECORDERS, heads, rank
from engine.plan.condition import Level
from engine.plan.finding import FactInvalid
from engine.plan.model import NO_CHOICES, Plan, Scale
from engine.plan.spelling import nearest
from engine.plan.words import level_word
from engine.trigger.facts import CHINA

CLOSED = {"ended": "已结束", "merged": "已并入另一事件", "archived": "已归档", "new": "还没有登记"}
REMARKS = (cmd.Note, cmd.Tell, cmd.MarkDuty, cmd.Link, cmd.HandOver, cmd.SetOwner)
"""What changes no fact, level or plan: nothing follows from it."""
NOT_IN_WATCH = (cmd.Sign, cmd.MarkDuty, cmd.MovePhase, cmd.MergeInto, cmd.TakeIn, cmd.SplitOff)
AFTER_END = (cmd.Note, cmd.Tell, cmd.MarkDuty, cmd.Correct, cmd.Archive, cmd.Link, cmd.HandOver, cmd.Tick)
"""What may still be recorded once an incident has ended: late reports of what was done, notes, corrections."""


def decide(incident: Incident, command: cmd.Command, actor: Actor, at: datetime, plans: Mapping[str, Plan]) -> tuple[Draft, ...]:
    """The entries that a command makes, those that follow by themselves included; none where nothing changes.

    plans: by digest, every version that the incident is pinned to. Raises Refused, NotYours, Overtaken, FactInvalid,
    UnknownName or IllegalMove; nothing has changed then.
    """
    return carry_out(incident, command, actor, at, plans).drafts()


def carry_out(incident: Incident, command: cmd.Command, actor: Actor, at: datetime, plans: Mapping[str, Plan]) -> Work:
    """As `decide`, with the state that the entries lead to and the events themselves: for drills that keep no journal."""
    _check_open(incident, command)
    work = Work(incident, plans, actor, at)
    _do(command, work)
    if not isinstance(command, REMARKS):
        work.settle()
    return work


def _check_open(incident: Incident, command: cmd.Command) -> None:
    if isinstance(command, cmd.Open):
        if incident.status != "new":
            raise Refused("事件已经登记过", where="incident", remedy="用它的编号继续")
        return
    if incident.watch and isinstance(command, NOT_IN_WATCH):
        raise Refused("这是常态监测，还没有事件", where="incident", remedy="先由它登记一件事件，再签发和办理")
    if incident.status == "open" or (incident.status == "ended" and isinstance(command, AFTER_END)):
        return
    if incident.status == "ended":
        raise Refused("事件已结束，不能再改变级别和事实", where="incident", remedy="补记用值班记录；情况又起，另登记一件并关联")
    raise Refused(f"事件{CLOSED[incident.status]}", where="incident", remedy="到并入的事件里记录，或另登记一件")


@singledispatch
def _do(command: cmd.Command, work: Work) -> None:
    """Time passed: everything that follows is settled."""


def pin(plan: Plan, readings: Mapping[str, str] = NO_CHOICES) -> ev.Pin:
    """A plan as an incident is pinned to it, in the plan's first phase. Raises UnknownName for a reading that it does not encode."""
    start = plan.lifecycle.start
    return ev.Pin(plan.id, plan.digest, plan.title, start, plan.lifecycle.phases[start], check_readings(plan, readings))


@_do.register
def _(command: cmd.Open, work: Work) -> None:
    pins = tuple(pin(plan, command.readings.get(plan.id, NO_CHOICES)) for plan in command.plans)
    work.plans = {plan.digest: plan for plan in command.plans}
    _check_time(command.reported_at, work.at, "reported_at")
    work.add(
        ev.Opened(
            command.title, command.jurisdiction, command.report, command.source, command.reported_at, pins, command.place, command.demo, command.watch,
        )
    )  # fmt: skip
    work.add(ev.OwnerSet(work.actor.id, work.actor.name))


@_do.register
def _(command: cmd.AddPlan, work: Work) -> None:
    if command.plan.id in work.state.courses:
        raise Refused(f"《{command.plan.title}》已经启用", where="plan", remedy="不必再加")
    work.know(command.plan)
    work.add(ev.PlanAdded(pin(command.plan), command.reason))


@_do.register
def _(command: cmd.MoveVersion, work: Work) -> None:
    before = work.plan(command.plan.id)
    course = work.state.courses[before.id]
    if before.digest == command.plan.digest:
        raise Refused("已经是这个版本", where="version", remedy="不必更换")
    _check_post(work.actor, command.post, heads(before.organization.command) or RECORDERS[:1], "更换预案版本")
    _need(command.reason, "reason", "更换版本须写明理由")
    found = differences(before, command.plan, course, work.state, work.at)
    for ahead in course.scheduled:
        scale = command.plan.scales.get(ahead.scale)
        if scale is None or ahead.level not in (None, *scale.levels):
            raise Refused(
                f"已签发、还没有生效的{before.scales[ahead.scale].short}{level_word(before.scales[ahead.scale], ahead.level)}在新版本中没有",
                where="version", remedy="等它生效，或另行签发以撤回它，再更换版本",
            )  # fmt: skip
    phases = command.plan.lifecycle.phases
    phase = course.phase if course.phase in phases else command.plan.lifecycle.start
    readings = {one: letter for one, letter in course.readings.items() if letter in command.plan.switches().get(one, ())}
    moved = ev.Pin(command.plan.id, command.plan.digest, command.plan.title, phase, phases[phase], readings)
    levels, own, imposed = found.carried
    work.know(command.plan)
    work.add(ev.PlanMoved(before.id, before.digest, moved, command.post, command.reason, found.words, levels, own, imposed))


@_do.register
def _(command: cmd.Observe, work: Work) -> None:
    if not command.facts:
        raise FactInvalid("没有事实", where="facts", remedy="写成 {指标: 值}")
    _need(command.source, "source", "须写明来源")
    _check_time(command.observed_at, work.at, "observed_at")
    plans = [work.plan(command.plan)] if command.plan else [work.plan(one) for one in work.state.courses]
    if not plans:
        raise Refused("本事件还没有启用预案，事实无从填报", where="plan", remedy="先选定适用的预案；情况可以先写在值班记录里")
    for indicator, value in command.facts.items():
        having = [plan for plan in plans if indicator in plan.indicators]
        if not having:
            known = [key for plan in plans for key in plan.indicators]
            near = nearest(indicator, known)
            raise FactInvalid(
                f"本事件的预案都没有指标“{indicator}”",
                where=f"facts.{indicator}",
                remedy=f"是不是“{near}”？" if near else "见预案的指标表",
            )
        for plan in having:
            check_fact(plan, indicator, value)
        work.add(ev.FactObserved(indicator, value, command.source, command.observed_at, command.plan))


@_do.register
def _(command: cmd.Correct, work: Work) -> None:
    found = next((one for listed in work.state.facts.values() for one in listed if one.entry == command.entry), None)
    if found is None:
        raise Refused(f"第{command.entry}条不是事实记录", where="entry", remedy="写被更正的那条事实的序号")
    _need(command.reason, "reason", "更正须写明理由")
    if command.value is not None:
        for course in work.state.courses.values():
            plan = work.plan(course.plan)
            if found.plan in (None, plan.id) and found.indicator in plan.indicators:
                check_fact(plan, found.indicator, command.value)
    if command.observed_at is not None:
        _check_time(command.observed_at, work.at, "observed_at")
    work.add(ev.FactCorrected(found.entry, found.indicator, command.value, command.reason, command.source, command.observed_at))


@_do.register
def _(command: cmd.Sign, work: Work) -> None:
    plan = work.plan(command.plan)
    course = work.state.courses[plan.id]
    scale = plan.scale(command.scale)
    level = None if command.level is None else plan.level(scale.id, command.level)
    if all(one.id != scale.id for one in leading(plan)):
        raise Refused(f"“{scale.short}”随别的等级体系变动，不单独签发", where="scale", remedy="签发它所随的那一项")
    pending = course.pending.get(scale.id)
    if command.proposal is not None and (pending is None or pending.id != command.proposal):
        _check_scale(work, course, scale, command.proposal)
        raise _overtaken(work.state, course, scale, command.proposal)
    before = course.levels.get(scale.id)
    named = pending.signers if pending is not None and pending.level == level else may_sign(plan, course, scale, level)
    what = (
        f"{scale.short}{level_word(scale, level)}" if level else f"{scale.short}不变" if before is None else f"解除{scale.short}"
    )
    _check_post(work.actor, command.post, named, what)
    imposed = course.imposed.get(scale.id) if pending is None else pending.imposed
    if scale.rank(level) < scale.rank(imposed):
        raise Refused(
            f"上级通报的{level_word(scale, imposed)}仍然有效，不能低于它",
            where="level",
            remedy="等上级解除通报，或签发不低于它的级别",
        )
    approved = pending is not None and level == pending.level
    if not approved:
        _need(command.reason, "reason", "与建议不同、或没有建议而决定的，须写明理由")
    if pending is None and level == before and course.ahead(scale.id) is None:
        raise Refused(f"“{scale.short}”已经是{level_word(scale, level)}", where="level", remedy="不必再签")
    decided_at = (command.decided_at or work.at).astimezone(CHINA)
    _check_time(decided_at, work.at, "decided_at")
    effective = command.effective_from or decided_at
    if effective < decided_at:
        raise Refused("生效时间早于决定的时间", where="effective_from", remedy="口头决定在先的，写决定的时间；生效不早于它")
    if command.until is not None and command.until <= effective:
        raise Refused("暂定的截止时间不晚于生效时间", where="until", remedy="改晚，或不填")
    own = pending.own if approved and pending is not None else level
    check_move(plan, course, scale, combined(plan, course, scale, own, imposed))
    prevails = pending is not None or _outranks(plan, course, scale, command.post, named)
    proposed = _led_to(work, plan, course, scale) if pending is None else pending.level
    decision = ev.Decided(
        id=f"D{work.state.decisions + 1}", plan=plan.id, scale=scale.id, level=level, approved=approved, prevails=prevails,
        post=command.post, name=work.actor.name, decided_at=decided_at, effective_from=effective, own=own, imposed=imposed,
        proposal=None if pending is None else pending.id, proposed=proposed,
        reason=command.reason, until=command.until, area=command.area, authority=work.actor.posts.get(command.post),
        keeps=level == before,
    )  # fmt: skip
    work.add(decision)
    if prevails and effective <= work.at:
        work.take_effect(plan, scale.id, (own, imposed), effective, decision.id)


def _overtaken(incident: Incident, course: Course, scale: Scale, proposal: str) -> Overtaken:
    """Who was first, and what they decided; or that newer facts overtook the proposal."""
    standing = course.standing.get(scale.id)
    if standing is not None and standing.decision.proposal == proposal:
        one = standing.decision
        words = f"{one.post}（{one.name}）已于 {one.decided_at:%m-%d %H:%M} 签发：{level_word(scale, one.level)}"
        return Overtaken(words, where="proposal", remedy="看过之后，仍有不同意见的，写明理由另行签发")
    pending = course.pending.get(scale.id)
    now = f"现在的建议是“{pending.words}”（{pending.id}）" if pending is not None else "现在没有待签的建议"
    return Overtaken(f"建议 {proposal} 已被更新的事实取代；{now}", where="proposal", remedy="按现在的建议重新决定")


def _check_scale(work: Work, course: Course, scale: Scale, proposal: str) -> None:
    """Raises Refused for a proposal that waits, but for another scale."""
    found = work.state.course_of(proposal)
    if found is None:
        return
    other, one = found
    short = f"“{work.plan(other.plan).scales[one.scale].short}”"
    theirs = short if other.plan == course.plan else f"《{other.title}》{short}"
    own = course.pending.get(scale.id)
    remedy = "现在没有这一项的建议；要另行决定的，不写建议，写明理由" if own is None else f"这一项的建议是 {own.id}"
    raise Refused(f"建议 {proposal} 是{theirs}的，不是“{scale.short}”的", where="proposal", remedy=remedy)


def _led_to(work: Work, plan: Plan, course: Course, scale: Scale) -> Level:
    """Where the facts and the plan's rules lead, once nothing is proposed: who decides otherwise knows it, and is not asked again."""
    return targets(plan, course, facts_now(work.state, plan), work.at)[scale.id].level


def _outranks(plan: Plan, course: Course, scale: Scale, post: str, named: tuple[str, ...]) -> bool:
    """Whether a post's word stands against the decision that stands now: also where the plan leaves this change (named) to others
    than the post that decided then, as an end that is for the head on the site to declare."""
    standing = course.standing.get(scale.id)
    if standing is None or standing.decision.post == post or standing.decision.post not in named:
        return True
    return rank(plan, scale.id, post) >= rank(plan, scale.id, standing.decision.post)


@_do.register
def _(command: cmd.MovePhase, work: Work) -> None:
    plan = work.plan(command.plan)
    _check_post(work.actor, command.post, (*heads(plan.organization.command), *RECORDERS), "改变事件阶段")
    work.move_phase(plan, command.do, command.post, command.reason)


@_do.register
def _(command: cmd.RecordMoment, work: Work) -> None:
    plan = work.plan(command.plan)
    if command.moment not in plan.moments:
        raise Refused(f"预案没有时刻“{command.moment}”", where="moment", remedy=f"可用：{'、'.join(plan.moments) or '（无）'}")
    _check_time(command.happened_at, work.at, "happened_at")
    work.add(ev.MomentRecorded(plan.id, command.moment, plan.moments[command.moment], command.happened_at))


@_do.register
def _(command: cmd.MarkDuty, work: Work) -> None:
    duty = next((one.duties[command.key] for one in work.state.courses.values() if command.key in one.duties), None)
    if duty is None:
        raise Refused(f"没有任务“{command.key}”", where="key", remedy="用任务清单里的 key")
    _check_time(command.happened_at, work.at, "happened_at")
    if command.step in ("not_applicable", "impossible"):
        _need(command.note, "note", "不适用、无法完成须写明原因")
    recurring = duty.assigned.due_kind in ("daily_at", "every", "times_per_day")
    if duty.step in OVER and not recurring and command.step not in ("done", "not_applicable", "impossible"):
        raise Refused("这项任务已有结果", where="step", remedy="要改结果，重新登记完成、不适用或无法完成")
    work.add(ev.DutyMarked(command.key, command.step, command.happened_at, command.note))


@_do.register
def _(command: cmd.Tell, work: Work) -> None:
    _need(command.text, "text", "写明内容")
    _check_time(command.happened_at, work.at, "happened_at")
    work.add(ev.Message(command.direction, command.sender, command.recipient, command.medium, command.text, command.happened_at))


@_do.register
def _(command: cmd.Note, work: Work) -> None:
    _need(command.text, "text", "写明内容")
    if command.entry is not None and not 0 < command.entry <= work.state.seq:
        raise Refused(f"没有第{command.entry}条记录", where="entry", remedy="写已有的序号，或不填")
    work.add(ev.Noted(command.text, command.happened_at, command.entry))


@_do.register
def _(command: cmd.Link, work: Work) -> None:
    if command.incident == work.state.id:
        raise Refused("不能与自己关联", where="incident", remedy="写另一事件的编号")
    work.add(ev.Linked(command.incident, command.words))


@_do.register
def _(command: cmd.MergeInto, work: Work) -> None:
    _need(command.reason, "reason", "并入须写明理由")
    if command.incident == work.state.id:
        raise Refused("不能并入自己", where="incident", remedy="写另一事件的编号")
    for plan_id in work.state.courses:
        work.end_duties(plan_id)
    work.add(ev.Merged(command.incident, None, command.reason, work.state.hash))


@_do.register
def _(command: cmd.TakeIn, work: Work) -> None:
    for plan_id, title, scale_id, level in command.in_force:
        check_not_lost(work, plan_id, title, scale_id, level)
    work.add(ev.Merged(None, command.incident, command.reason, command.hash))
    for indicator, value, source, observed_at, plan in command.facts:
        if any(indicator in work.plan(one).indicators for one in work.state.courses):
            work.add(ev.FactObserved(indicator, value, f"{source}（来自 {command.incident}）", observed_at, plan))


@_do.register
def _(command: cmd.SplitOff, work: Work) -> None:
    work.add(ev.Split(command.part, command.origin, command.reason))


@_do.register
def _(command: cmd.SetOwner, work: Work) -> None:
    work.add(ev.OwnerSet(command.person, command.name))


@_do.register
def _(command: cmd.HandOver, work: Work) -> None:
    work.add(
        ev.HandedOver(command.giver, command.giver_name, command.taker, command.taker_name, command.handover, command.summary)
    )
    if work.state.owner == command.giver:
        work.add(ev.OwnerSet(command.taker, command.taker_name))


@_do.register
def _(command: cmd.End, work: Work) -> None:
    _need(command.reason, "reason", "结束须写明理由")
    check_over(work.state, work.plans)
    _check_post(work.actor, command.post, may_end(work.state, work.plans), "结束监测" if work.state.watch else "结束事件")
    work.add(ev.Ended(command.post, command.reason, work.at))


@_do.register
def _(command: cmd.Archive, work: Work) -> None:
    if work.state.status != "ended":
        raise Refused("事件还没有结束", where="incident", remedy="先结束，再归档")
    work.add(ev.Archived(command.reason))


def _check_post(actor: Actor, post: str, allowed: tuple[str, ...], what: str) -> None:
    """Raises NotYours unless the person may act in the post, and the post may sign."""
    if post not in allowed:
        raise NotYours(f"“{post}”不能签发：{what}", where="post", remedy=f"预案规定由{'、'.join(allowed)}签发")
    if actor is not ENGINE and post not in actor.posts:
        held = "、".join(actor.posts) or "（无）"
        raise NotYours(f"您没有“{post}”这一职务，也没有得到授权", where="post", remedy=f"您的职务：{held}；或由{post}登记授权")


def _need(text: str | None, where: str, words: str) -> None:
    if text is None or not text.strip():
        raise Refused(words, where=where, remedy="补上")


SLACK_SECONDS = 120
"""How far another clock may be ahead of ours before a time counts as in the future."""


def _check_time(time: datetime, now: datetime, where: str) -> None:
    if time.tzinfo is None:
        raise Refused("时间没有时区", where=where, remedy="写成 2020-12-20T08:00:00+08:00")
    if (time - now).total_seconds() > SLACK_SECONDS:
        raise Refused(f"{time:%m-%d %H:%M} 还没有到", where=where, remedy="写已经发生的时间")

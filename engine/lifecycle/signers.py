"""Who may sign a change of level: from the plan's procedure and organization, in the posts that people hold.

Entries about something else than the level (`of`: releasing information, asking for help) do not count.
Raising: those who sign or decide at the new level. Lowering and lifting: those who adjust or terminate at the level that
ends, and among them those who would have to sign for it. A body acts by its head, an office by its head. Where the plan
names nobody for a level, its command's head decides; a scale that no procedure speaks of (a grade) is a finding that the
officer on duty records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.lifecycle.machine import LIFT, LOWER
from engine.plan.condition import Level
from engine.plan.model import NO_CHOICES, Act, Body, Plan, Scale

RECORDERS = ("带班领导", "值班员")
"""Posts of every duty office that record what no procedure reserves to anybody."""
POST = re.compile(r"(?P<body>.*?)(?P<deputy>副)?总?指挥长?(?:或其授权的.*)?(?:（(?P<remark>.*)）)?")
WHO_STARTED = ("发布者", "原机构", "原启动")
"""How plans say: whoever brought it into force."""


def signers(plan: Plan, scale: str, before: Level, after: Level, choices: Mapping[str, str] = NO_CHOICES) -> tuple[str, ...]:
    """The posts that may sign this change, those named first; never empty. choices: reading id -> letter of an alternative."""
    found = plan.scale(scale)
    if not any(_acts(plan, found, level, choices) for level in found.levels):
        return (*heads(plan.organization.command), *RECORDERS)
    raised = found.rank(after) > found.rank(before)
    posts = (
        _raising(plan, found, after, choices)
        if raised
        else _ending(plan, found, before, LIFT if after is None else LOWER, choices)
    )
    return posts or heads(plan.organization.command) or RECORDERS


def rank(plan: Plan, scale: str, post: str) -> tuple[int, int]:
    """How high a post stands: the highest level that it may raise to, then its place in the command. Higher is larger."""
    found = plan.scale(scale)
    reach = max((found.rank(level) for level in found.levels if post in signers(plan, scale, None, level)), default=0)
    command = plan.organization.command
    place = 0 if command is None else 2 if post in heads(command) else 1 if post in command.deputies else 0
    return reach, place


def posts_for(plan: Plan, who: str) -> tuple[str, ...]:
    """The posts that act for a subject of the procedure: itself, and the head of the body that it names."""
    organization = plan.organization
    found = [who]
    for body in (organization.command, organization.on_site_command):
        if body is None:
            continue
        if who in (body.name, *body.aliases):
            found += body.head
        elif who in (body.office_name, *body.office_aliases) and body.office_head:
            found.append(body.office_head)
    if organization.command is not None:
        found += _as_post_of(organization.command, who)
    on_site = organization.on_site_command
    if on_site is not None and who.startswith((on_site.name, *on_site.aliases)):
        found += _as_post_of(on_site, who)
    return tuple(dict.fromkeys(found))


def _as_post_of(command: Body, who: str) -> tuple[str, ...]:
    """The posts of the command that “指挥长”, “某指挥部总指挥”, “副指挥长（办公室主任）” mean."""
    named = POST.fullmatch(who)
    if named is None or named["body"] not in ("", command.name, *command.aliases):
        return ()
    if named["deputy"] is None:
        return command.head
    office = (
        named["remark"] is not None
        and command.office_head
        and any(name and name in named["remark"] for name in (command.office_name, *command.office_aliases))
    )
    return (command.office_head or "",) if office else command.deputies


def _raising(plan: Plan, scale: Scale, level: Level, choices: Mapping[str, str]) -> tuple[str, ...]:
    acts = _acts(plan, scale, level, choices)
    decided = {act.clause for act in acts if act.step == "decide"}
    ending = {act.clause for act in acts if act.step in ("adjust", "terminate")} - decided
    signing = _closest([act for act in acts if act.step == "sign" and act.clause not in ending])
    deciding = _closest([act for act in acts if act.step == "decide" and act.who is not None])
    own = [act for act in deciding if len(posts_for(plan, act.who or "")) > 1]
    return _posts(plan, [*signing, *own]) or _posts(plan, deciding)


def _ending(plan: Plan, scale: Scale, level: Level, kind: str, choices: Mapping[str, str]) -> tuple[str, ...]:
    acts = _acts(plan, scale, level, choices)
    steps = ("terminate",) if kind == LIFT else ("adjust",)
    clauses = {act.clause for act in acts if act.step in steps}
    listed = [act for act in acts if act.step in steps or (act.step == "sign" and act.clause in clauses)]
    started = _raising(plan, scale, level, choices) or heads(plan.organization.command)
    if any(act.who is not None and any(word in act.who for word in WHO_STARTED) for act in listed):
        return started
    named = _posts(plan, listed)
    both = [post for act in listed for post in _known_as(plan, act, started)]
    return tuple(dict.fromkeys(both)) or named or started


def _known_as(plan: Plan, act: Act, started: tuple[str, ...]) -> list[str]:
    """The posts of an entry that are among those who started it; with its on-site head, the words that the clause prints."""
    posts = () if act.who is None else posts_for(plan, act.who)
    found = [post for post in posts if post in started]
    on_site = plan.organization.on_site_command
    if found and on_site is not None and (act.who or "").startswith((on_site.name, *on_site.aliases)):
        return list(posts)
    return found


def _closest(acts: list[Act]) -> list[Act]:
    """The entries that name the level, where there are such; else those for every level."""
    return [act for act in acts if not act.every_level] or acts


def _acts(plan: Plan, scale: Scale, level: Level, choices: Mapping[str, str]) -> list[Act]:
    """The procedure's entries for a level of the scale, and of those that move along with it."""
    pairs = [(scale.id, level)]
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale.id and level is not None:
            pairs.append((other.id, other.follows.map_under(choices).get(level)))
        if scale.id in other.highest_of:
            pairs.append((other.id, level))
    return [
        act
        for act in plan.procedure_under(choices)
        if act.of is None and any(act.scale == one and (act.every_level or at in act.levels) for one, at in pairs)
    ]


def _posts(plan: Plan, acts: Iterable[Act]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(post for act in acts if act.who is not None for post in posts_for(plan, act.who)))


def heads(command: Body | None) -> tuple[str, ...]:
    """Who leads a command: its head, or itself by any of its names."""
    if command is None:
        return ()
    return command.head or (command.name, *command.aliases)

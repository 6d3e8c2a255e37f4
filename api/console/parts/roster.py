"""The roster: who is on duty, who is next, the shifts of the coming days with their gaps and overlaps, and the form for a shift."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from api.console.markup import Child, Markup, join, tag
from api.console.parts.picking import choose
from api.console.parts.words import moment
from api.console.screen import nothing
from api.http.at_desk import AtDesk
from api.people.person import Person
from api.people.roster import PLACES, gaps, overlaps
from engine.trigger.facts import CHINA

SPAN = timedelta(days=7)
MAKES_ROSTER = frozenset({"leader", "admin"})
MOST = 40


def may_plan(at_desk: AtDesk) -> bool:
    """Whether the visitor puts people on the roster."""
    return bool(at_desk.caller.actor.roles & MAKES_ROSTER)


def roster_panel(at_desk: AtDesk, place: str) -> Markup:
    """Now, next, and the coming days in order of time, gaps among the shifts."""
    now = at_desk.now
    on, following = at_desk.people.shifts.now(place)
    listed = at_desk.people.shifts.between(place, now, now + SPAN)
    if not listed and not following:
        return nothing("没有排班。排班以后，这里显示谁在班、谁接班，空班和重叠也标出来")
    doubled = {one: lap for lap in overlaps(listed) for one in lap.shifts}
    rows: list[tuple[datetime, Markup]] = [
        (max(one.begins, now), _shift_row(at_desk, one, one in on, doubled.get(one.id))) for one in listed
    ]
    until = max((one.ends for one in listed), default=now)
    rows += [(one.begins, _gap_row(one.place, one.begins, one.ends, now)) for one in gaps(listed, now, min(until, now + SPAN))]
    nobody = [place for place in PLACES if all(one.place != place for one in on)]
    head = tag("p", tag("b", f"此刻没有{'、'.join(nobody)}在班", class_="inverse")) if nobody else None
    ordered = [row for _, row in sorted(rows, key=lambda one: one[0])]
    more = tag("p", f"还有 {len(ordered) - MOST} 班", class_="aside") if len(ordered) > MOST else None
    return join((head, *ordered[:MOST], more))


def _shift_row(at_desk: AtDesk, one: Any, on_now: bool, doubled: Any) -> Markup:
    now = at_desk.now
    clash = None
    if doubled is not None:
        clash = tag("div", f"与同一班位重叠：{moment(doubled.begins, now)} 到 {moment(doubled.ends, now)}", class_="aside")
    return tag(
        "div",
        tag("span", one.place, class_="aside"),
        tag("div", tag("b", one.name), " ", tag("b", "在班", class_="chip") if on_now else None, tag("div", _span(one.begins, one.ends, now)), clash),
        _remove(one.id, one.name) if may_plan(at_desk) else None,
        class_="shift-row", data_key=one.id,
    )  # fmt: skip


def _span(begins: datetime, ends: datetime, now: datetime) -> str:
    first, last = begins.astimezone(CHINA), ends.astimezone(CHINA)
    end = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%m-%d %H:%M}"
    return f"{first:%m-%d %H:%M} 到 {end}"


def _gap_row(place: str, begins: datetime, ends: datetime, now: datetime) -> Markup:
    return tag(
        "div",
        tag("span", place, class_="aside"),
        tag("div", tag("b", "无人值守", class_="inverse"), tag("div", _span(begins, ends, now))),
        class_="shift-row vacant",
        data_key=f"gap-{place}-{ends.isoformat()}",
    )


def _remove(shift: str, name: str) -> Markup:
    form = tag(
        "form",
        tag("span", data_said=True, class_="said", role="status"),
        tag("button", f"从排班中删去{name}的这一班", type="submit", class_="button"),
        data_url=f"/api/v1/shifts/{shift}",
        data_method="DELETE",
        data_bare=True,
        data_done="已删去",
    )
    return tag(
        "details", tag("summary", "删去", aria_label=f"删去{name}的这一班"), form, class_="no-print", data_key=f"remove-{shift}"
    )


def people_of(at_desk: AtDesk, place: str, roles: Iterable[str]) -> list[Person]:
    """Who works for a place, by name."""
    wanted = frozenset(roles)
    found = [
        one
        for one in at_desk.people.accounts.everybody()
        if one.active and one.jurisdiction in ("*", place) and one.roles & wanted
    ]
    return sorted(found, key=lambda one: one.name)


def shift_form(at_desk: AtDesk, place: str) -> Markup:
    """Put a person on the roster."""
    persons: list[tuple[str, str]] = [(one.id, one.name) for one in people_of(at_desk, place, ("officer", "leader"))]

    def time(name: str, label: str) -> Child:
        field = tag("input", name=name, data_type="today", placeholder="2000 或 11-22 20:00", autocomplete="off", required=True)
        return tag("label", label, field)

    return tag(
        "form",
        tag("input", type="hidden", name="jurisdiction", value=place),
        tag(
            "div",
            choose("person", persons, "", "选人", "人员"),
            choose("place", [(one, one) for one in PLACES], "", "选班位", "班位"),
            class_="row",
        ),
        tag("div", time("begins", "从"), time("ends", "到"), class_="row"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "排上", type="submit", class_="button"),
        data_url="/api/v1/shifts", data_label="排班", data_done="已排上", data_draft="shift", class_="no-print",
    )  # fmt: skip

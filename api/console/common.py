"""The panels that every screen has: who is on duty, and how the store stands."""

from __future__ import annotations

from api.console.markup import Markup, join, tag
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE


def common_panels(at_desk: AtDesk) -> dict[str, Markup]:
    """On duty now; how much waits for a signature."""
    duty = _on_duty(at_desk) if at_desk.wing is None else Markup("")
    return {"duty": duty, "foot": Markup(""), "to-sign": _to_sign(at_desk)}


def _to_sign(at_desk: AtDesk) -> Markup:
    """How many proposals wait for a signature, seen from every screen."""
    waiting = sum(len(course.pending) for one in at_desk.open_incidents() if not one.watch for course in one.courses.values())
    return tag("b", str(waiting), class_="count") if waiting else Markup("")


def _on_duty(at_desk: AtDesk) -> Markup:
    own = at_desk.caller.actor.jurisdiction
    place = at_desk.own_place if own == EVERYWHERE else own
    if place is None:
        return Markup("")
    now, _ = at_desk.people.shifts.now(place)
    if not now:
        return tag("span", "此刻没有排班", class_="nobody")
    return join((tag("span", tag("small", one.place), " ", tag("b", one.name)) for one in now), " ")

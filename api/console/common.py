"""The panels that every screen has: who is on duty, and how the store stands."""

from __future__ import annotations

from api.console.markup import Markup, join, tag
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE


def common_panels(at_desk: AtDesk) -> dict[str, Markup]:
    """On duty now; the number of the last entry."""
    return {"duty": _on_duty(at_desk), "foot": Markup("")}


def _on_duty(at_desk: AtDesk) -> Markup:
    own = at_desk.caller.actor.jurisdiction
    place = at_desk.own_place if own == EVERYWHERE else own
    if place is None:
        return Markup("")
    now, _ = at_desk.people.shifts.now(place)
    if not now:
        return tag("span", "此刻没有排班", class_="nobody")
    return join((tag("span", tag("small", one.place), " ", tag("b", one.name)) for one in now), " ")

"""Every form of every screen, filled in by the types of its fields and sent as the script would: markup and interface agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from api.console.screens import SCREENS
from api.library import Library
from api.people.delegations import NewDelegation
from api.people.tokens import NewToken
from tests.console.page_forms import Form, forms, send
from tests.http.duty_office import POLLUTION, City, DutyOffice, Person

ACCEPTED = (200, 201, 204)
ORDER = (
    "/decisions$",
    "^POST (?!.*/(merge|version-change|end|archive|password)$)",
    "/version-change$",
    "/merge$",
    "/end$",
    "/archive$",
    "^DELETE ",
    "",
)
"""What ends other things, or makes them impossible, is sent after them."""
RED = {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}


@dataclass
class Night:
    """A night on which there is something of everything."""

    city: City
    admin: Person
    people: dict[str, Person]
    running: str
    bare: str
    over: str
    calm: str
    watch: str

    def pages(self) -> dict[str, list[tuple[dict[str, str], dict[str, str]]]]:
        """What each screen is opened with: parameters and query."""
        office, incident = self.city.officer, {"incident_id": self.running}
        handover = office.get("/handovers")[0]["id"]
        nothing: list[tuple[dict[str, str], dict[str, str]]] = [({}, {})]
        return {
            "/incidents/{incident_id}": [({"incident_id": one}, {}) for one in (self.running, self.over, self.calm, self.bare)],
            "/incidents/{incident_id}/what-if": [(incident, {})],
            "/new/{incident_id}": [({"incident_id": self.bare}, {}), (incident, {"f.so2_hourly_max": "50"})],
            "/sign/{incident_id}/{proposal_id}": [({**incident, "proposal_id": "P2"}, {})],
            "/sign/{incident_id}/{plan}/{scale}/new": [({**incident, "plan": POLLUTION, "scale": "warning"}, {})],
            "/handover/{handover_id}": [({"handover_id": handover}, {})],
            "/plans/{plan_id}": [({"plan_id": POLLUTION}, {})],
            "/people/{person_id}": [({"person_id": one.id}, {}) for one in (self.city.officer, self.admin)],
            "/watches/{incident_id}": [({"incident_id": self.watch}, {})],
            "/print/incident/{incident_id}": [(incident, {})],
            "/print/duties/{incident_id}": [(incident, {})],
            **{one.path: nothing for one in SCREENS if "{" not in one.path},
        }


@pytest.fixture
def city(tmp_path: Path, two_versions: Library) -> Iterator[City]:
    """With drills, which may be begun."""
    office = DutyOffice(tmp_path, two_versions, drills=True)
    yield City.of(office)
    office.close()


@pytest.fixture
def night(city: City) -> Night:
    office, people = city.office, city.office.staff.people
    admin = office.hire("admin", "admin")
    head = office.hire("head", "leader", posts=("市政府分管生态环境工作的副市长",))
    running = city.orange()
    city.forecast(running, **RED)
    over = city.opened()
    city.leader.post(f"/incidents/{over}/end", {"post": "带班领导", "reason": "误报"})
    watch = city.officer.post("/watches", {"title": "市区空气", "plans": [POLLUTION]})["incident"]
    city.officer.post("/handovers", {"to_person": city.leader.id})
    now = office.clock()
    city.leader.post(
        "/shifts",
        {"person": city.officer.id, "place": "值班员", "begins": now.isoformat(), "ends": (now + timedelta(hours=8)).isoformat()},
    )
    lent = NewDelegation("带班领导", city.officer.id, "某政函1号", now + timedelta(days=2), by_person=city.leader.id)
    people.delegations.create(lent, city.leader.id)
    people.tokens.create(NewToken(city.officer.id, "接口", frozenset({"read"}), now + timedelta(days=3)), city.officer.id)
    office.log_in(city.officer.id)
    everybody = {"officer": city.officer, "leader": city.leader, "head": head, "admin": admin}
    return Night(city, admin, everybody, running, city.opened(plans=[]), over, city.opened(), watch)


def _kind(form: Form) -> tuple[object, ...]:
    """What forms that differ only in what they are about have in common."""
    names = tuple(one for one in form.names if not one.startswith("facts."))
    shown = form.shown.get("class") if form.shown is not None else ""
    return *_route(form), names, shown, form.submitter.get("value") if form.submitter is not None else ""


def _route(form: Form) -> tuple[str, str]:
    """The address without the names of what it is about."""
    sent = form.sent()
    return sent.method, re.sub(
        r"(incidents|watches|duties|facts|people|shifts|sessions|tokens|delegations|handovers|posts)/[^/]+", r"\1/*", sent.url
    )


def _order(form: Form) -> int:
    method, route = _route(form)
    return next(n for n, one in enumerate(ORDER) if re.search(one, f"{method} {route}"))


def test_every_form_of_every_screen_is_understood(night: Night) -> None:
    """Refused is only what the state or the role forbids, and every address takes at least one of its forms."""
    pages = night.pages()
    assert {one.path for one in SCREENS} == set(pages)
    found: dict[tuple[object, ...], list[tuple[Person, Form]]] = {}
    for kind in SCREENS:
        for person in night.people.values():
            roles = night.city.office.staff.people.accounts.find(person.id).roles
            for parameters, query in pages[kind.path] if roles & kind.roles else ():
                for form in forms(night.city, person, kind, query, **parameters):
                    found.setdefault(_kind(form), []).append((person, form))
    wrong, done, refused = [], set(), {}
    for listed in sorted(found.values(), key=lambda one: _order(one[0][1])):
        for person, form in reversed(listed):
            answer = send(person, form)
            if answer.status_code in ACCEPTED:
                done.add(_route(form))
                break
            refused[_route(form)] = answer.text
            if answer.status_code not in (403, 409):
                wrong.append((form.sent(), answer.status_code, answer.text))
    assert not wrong
    assert {one: refused[one] for one in refused.keys() - done} == {}

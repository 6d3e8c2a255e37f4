"""Times are typed in one form on every screen: 24 hours, month before day; no browser's own date and time fields."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.console.entry import BadEntry, read_past
from api.console.screens.incident import IncidentScreen
from engine.plan.finding import FactInvalid
from engine.trigger.facts import CHINA
from tests.console.page_forms import Form, forms
from tests.console.story_desk import Desk
from tests.http.duty_office import City

NOW = datetime(2026, 11, 22, 3, 12, tzinfo=CHINA)


def times(found: list[Form], name: str) -> list[str]:
    return [
        one.get("data-type")
        for form in found
        for one in form.node.all("input")
        if one.get("name").rpartition(".")[2] == name and one.get("type") != "hidden"
    ]


def test_every_time_of_an_incident_is_typed(city: City) -> None:
    incident = city.orange()
    found = forms(city, city.leader, IncidentScreen, incident_id=incident)
    assert not [
        one.get("name")
        for form in found
        for one in form.node.all("input")
        if one.get("type") in ("datetime-local", "date", "time")
    ]
    dialogs = {form.dialog for form in found if times([form], "happened_at")}
    assert {"note", "message", "moment", "step"} <= dialogs
    assert set(times(found, "happened_at")) == {"moment"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0230", NOW - timedelta(minutes=42)),
        ("2：30", NOW - timedelta(minutes=42)),
        ("14:30", datetime(2026, 11, 21, 14, 30, tzinfo=CHINA)),
        ("11-20 14:30", datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)),
        ("12/31 2359", datetime(2025, 12, 31, 23, 59, tzinfo=CHINA)),
        ("2026-11-20 14:30", datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)),
        ("2026-11-20T14:30:00+08:00", datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)),
        ("2026-11-20T06:30:00Z", datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)),
    ],
)
def test_a_past_time_is_understood_as_officers_write_it(typed: str, meant: datetime) -> None:
    assert read_past(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["", "昨天", "2530", "13-01 10:00", "11-31 10:00", "三点"])
def test_what_is_no_time_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadEntry, match="1430 或 11-22 14:30"):
        read_past(typed, NOW)


def test_the_past_is_asked_for_with_a_typed_time(desk: Desk) -> None:
    incident = desk.city.orange()
    desk.later(hours=3)
    then = desk.city.office.clock() - timedelta(hours=2)
    seen = desk.see(incident, query={"at": f"{then.astimezone(CHINA):%H%M}"})
    assert f"您在看 {then.astimezone(CHINA):%H:%M} 的情形，不是现在" in seen.frame
    with pytest.raises(FactInvalid, match="“昨天下午”不是时间") as refused:
        desk.see(incident, query={"at": "昨天下午"})
    assert "1430 或 11-22 14:30" in refused.value.remedy

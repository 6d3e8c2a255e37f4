"""What is done with an incident, each through the form that the screen has for it; and what only stands there when it can be done."""

from __future__ import annotations

from typing import Any

import pytest

from api.console.frame import KEYS
from api.console.screens.incident import IncidentScreen
from tests.console.page_forms import Form, forms, send
from tests.http.duty_office import City, Person, signature

RED = {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}
HEAD = "市政府分管生态环境工作的副市长"


def form(city: City, incident: str, dialog: str, person: Person | None = None, button: str = "") -> Form:
    """The form in a dialog of the incident's screen."""
    found = [one for one in forms(city, person or city.leader, IncidentScreen, incident_id=incident) if one.dialog == dialog]
    return next(one for one in found if one.submitter is not None and one.submitter.get("value") == button)


def accepted(city: City, incident: str, dialog: str, person: Person | None = None, button: str = "") -> Any:
    """Send it; what the interface answers."""
    answer = send(person or city.leader, form(city, incident, dialog, person, button))
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("dialog", "kinds"),
    [
        ("note", ["noted"]),
        ("message", ["message"]),
        ("moment", ["moment_recorded"]),
        ("plan", ["plan_added"]),
        ("owner", ["owner_set"]),
        ("step", ["duty_marked"]),
        ("link", ["linked"]),
        ("split", ["split"]),
    ],
)
def test_a_dialog_is_accepted_as_it_stands(city: City, dialog: str, kinds: list[str]) -> None:
    city.opened(title="另一件")
    found = accepted(city, city.orange(), dialog)
    assert [one["kind"] for one in found["entries"]][:1] == kinds


def test_facts_are_entered_and_corrected_and_withdrawn_through_the_forms(city: City) -> None:
    incident = city.opened()
    entries = [one for one in forms(city, city.officer, IncidentScreen, incident_id=incident) if one.node.has("data-entry")]
    assert len(entries) > 2  # a number, an enumeration, a series
    for one in entries:
        assert send(city.officer, one).status_code == 200
    fixed = accepted(city, incident, "correct")
    assert fixed["entries"][0]["kind"] == "fact_corrected"
    gone = accepted(city, incident, "correct", button="null")
    assert gone["entries"][0]["body"]["value"] is None


def test_a_duty_is_confirmed_and_finished_with_one_button_each(city: City) -> None:
    incident = city.orange()
    quick = [one for one in forms(city, city.officer, IncidentScreen, incident_id=incident) if one.node.get("id") == "step-now"]
    steps: dict[str, Form] = {}
    for one in quick:
        if one.submitter is not None:
            steps.setdefault(one.submitter.get("value"), one)
    assert set(steps) == {"acknowledged", "done"}
    for step, one in steps.items():
        assert send(city.officer, one).json()["entries"][0]["body"]["step"] == step


def test_a_phase_is_moved_to_where_no_level_changes(city: City) -> None:
    incident = city.opened(plans=["shuozhou-food-safety"])
    assert accepted(city, incident, "phase")["entries"][0]["kind"] == "phase_moved"


def test_an_incident_goes_on_in_another(city: City) -> None:
    into, incident = city.orange(), city.opened(plans=[])
    accepted(city, incident, "merge")
    assert city.officer.get(f"/incidents/{incident}")["status"] == "merged"
    assert any(incident in str(one) for one in city.officer.get(f"/incidents/{into}/journal")["entries"])
    assert not [one for one in forms(city, city.leader, IncidentScreen, incident_id=incident) if one.dialog]


def test_a_part_goes_on_by_itself_and_the_page_goes_there(city: City) -> None:
    incident = city.orange()
    one = form(city, incident, "split")
    assert one.node.get("data-go") == "/incidents/{part.incident}"
    part = send(city.leader, one).json()["part"]["incident"]
    both = [[each["plan"] for each in city.officer.get(f"/incidents/{one}")["plans"]] for one in (part, incident)]
    assert both[0] == both[1]


def test_another_version_says_what_it_changes_and_is_signed(city: City) -> None:
    incident = city.orange()
    head = city.office.hire("head", "leader", posts=(HEAD,))
    one = form(city, incident, "version", head)
    shown = next(each for each in one.page.all("dialog") if each.get("id") == "version").text()
    assert "尚未施行" in shown and "将改变：" in shown and "级别和任务都不变" in shown and "2020-12-25起" in shown
    assert one.node.has("data-guard")
    wrong = send(city.leader, form(city, incident, "version"))
    assert (wrong.status_code, wrong.json()["code"]) == (403, "not-yours")
    before = city.officer.get(f"/incidents/{incident}")
    accepted(city, incident, "version", head)
    after = city.officer.get(f"/incidents/{incident}")
    assert before != after and "plan_moved" in str(city.officer.get(f"/incidents/{incident}/journal"))
    back = form(city, incident, "version", head)
    assert "今天施行的版本" in next(each for each in back.page.all("dialog") if each.get("id") == "version").text()


def test_without_another_version_nothing_offers_one(city: City) -> None:
    incident = city.opened(plans=["shuozhou-drought"])
    (page,) = {one.page for one in forms(city, city.leader, IncidentScreen, incident_id=incident)}
    assert not [one for one in page.all("button") if one.get("data-open") == "version"]


def test_after_the_end_notes_messages_corrections_and_the_archive_are_left(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, so2_hourly_max=50)
    accepted(city, incident, "end")
    left = forms(city, city.leader, IncidentScreen, incident_id=incident)
    assert {one.dialog for one in left} == {"note", "message", "archive", "correct"}
    for dialog in ("note", "message", "correct", "archive"):
        accepted(city, incident, dialog)
    assert city.officer.get(f"/incidents/{incident}")["status"] == "archived"
    assert forms(city, city.leader, IncidentScreen, incident_id=incident) == []


def test_units_that_another_incident_engages_are_marked_until_it_ends(city: City) -> None:
    first, second = city.orange(), city.opened(title="另一场污染")
    city.forecast(second, aqi_above_200_duration=80)

    def marks() -> list[str]:
        (page,) = {one.page for one in forms(city, city.officer, IncidentScreen, incident_id=first)}
        return [one.text() for one in page.all("span") if "twice" in one.get("class")]

    assert marks() == []
    city.vice.post(f"/incidents/{second}/decisions", signature("orange", "主管副市长", proposal="P1"))
    assert len(marks()) > 5 and set(marks()) == {"同时承担 2 件"}
    (page,) = {one.page for one in forms(city, city.officer, IncidentScreen, incident_id=first)}
    assert {one.text() for one in page.all("a") if one.get("href") == f"/incidents/{second}"} == {"另一场污染"}
    city.vice.post(f"/incidents/{second}/decisions", signature(None, "主管副市长", reason="误报"))
    assert marks() == []


def test_one_key_unfolds_the_readings_and_the_help_says_so(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, **RED)
    (page,) = {one.page for one in forms(city, city.officer, IncidentScreen, incident_id=incident)}
    keyed = [one for one in page.all("button") if one.get("data-shortcut") == "r"]
    assert keyed and all(one.has("data-unfold") and any("rests" in each.get("class") for each in one.up()) for one in keyed)
    assert all(not any(each.name == "details" for each in one.up()) for one in keyed)
    assert "R" in dict(KEYS)

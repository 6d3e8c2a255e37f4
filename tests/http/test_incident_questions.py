"""Triage, what-if, version changes: what they answer, and that they record nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.library import Library, plans_folder
from engine.incident.command import Actor, AddPlan
from tests.http.duty_office import POLLUTION, City, DutyOffice

GOOD = Path(__file__).parents[1] / "bad_plans" / "good.yaml"
PLACE = "某市"


def test_what_if_shows_the_differences_and_records_nothing(city: City) -> None:
    incident = city.orange()
    before = city.office.office.desk.journal.position()
    (found,) = city.officer.post(
        f"/incidents/{incident}/what-if", {"facts": {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}}
    )["plans"]
    assert [(one["label"], one["now_name"], one["then_name"]) for one in found["levels"]] == [
        ("预警级别", "橙色", "红色"), ("响应级别", "Ⅱ级", "Ⅰ级"),
    ]  # fmt: skip
    assert (found["same"], found["then"]["signers"], found["now"]["signers"]) == (False, {"warning": ["市长"]}, {})
    assert len(found["added"]) - len(found["removed"]) == found["then"]["duties"] - found["now"]["duties"]
    assert found["added"]
    assert all(one["due"] is not None for one in found["deadlines"])
    (unknown,) = city.officer.post(f"/incidents/{incident}/what-if", {"facts": {"aqi_above_200_duration": None}})["plans"]
    assert None in unknown["then"]["possible"]["warning"]
    (same,) = city.officer.post(f"/incidents/{incident}/what-if", {})["plans"]
    assert (same["same"], same["levels"], same["added"], same["moved"]) == (True, [], [], [])
    assert city.office.office.desk.journal.position() == before


def test_what_if_can_try_another_reading(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, so2_hourly_max=700)
    (found,) = city.officer.post(f"/incidents/{incident}/what-if", {"readings": {POLLUTION: {}}})["plans"]
    assert found["same"]
    refused = city.officer.refused(f"/incidents/{incident}/what-if", {"readings": {POLLUTION: {"nothing": "a"}}})
    assert refused[:2] == (422, "unknown-name")


def test_triage_says_which_plans_apply_and_why(city: City) -> None:
    plans = {one["plan"]: one for one in city.officer.post("/triage", {"facts": {"deaths": 12}})["plans"]}
    assert {one["verdict"] for one in plans.values()} <= {"applies", "may_apply", "does_not", "silent"}
    assert plans["shuozhou-special-equipment"]["verdict"] == "applies"
    grade = plans["shuozhou-special-equipment"]["scales"][1]
    assert (grade["level"], grade["because"]) == ("II", ["死亡人数 10人以上、不足30人"])
    assert plans[POLLUTION]["words"] == "没有相关的事实"
    assert city.officer.refused("/triage", {"facts": {"death": 12}}) == (
        422, "fact-invalid", "没有一份预案有指标“death”",
    )  # fmt: skip
    every = city.officer.post("/triage", {"facts": {}, "jurisdiction": "*"})["plans"]
    assert len(every) == len(city.office.office.desk.versions._library.current().plans)


def test_before_any_fact_triage_orders_by_words_of_the_report_and_says_which(city: City) -> None:
    told = {"facts": {}, "report": "某厂锅炉房爆炸"}
    first, second = city.officer.post("/triage", told)["plans"][:2]
    assert (first["plan"], first["verdict"], first["mentions"]) == ("shuozhou-special-equipment", "silent", ["锅炉", "爆炸"])
    assert second["mentions"] == []
    incident = city.opened(report="某厂锅炉房爆炸", plans=[])
    assert city.officer.get(f"/incidents/{incident}/triage")["plans"][0]["mentions"] == ["锅炉", "爆炸"]


def test_an_incidents_own_triage_names_the_plans_that_are_running(city: City) -> None:
    incident = city.orange()
    plans = city.officer.get(f"/incidents/{incident}/triage")["plans"]
    assert (plans[0]["plan"], plans[0]["verdict"], plans[0]["running"]) == (POLLUTION, "applies", True)
    assert [one["running"] for one in plans].count(True) == 1


@pytest.fixture
def own_plans(tmp_path: Path) -> Path:
    """A folder with one plan of the office's own."""
    folder = tmp_path / "own"
    (folder / "place").mkdir(parents=True)
    shutil.copy(GOOD, folder / "place" / "good.yaml")
    return folder


@pytest.fixture
def small_office(own_plans: Path, tmp_path: Path) -> Iterator[DutyOffice]:
    office = DutyOffice(tmp_path / "data", Library((plans_folder(), own_plans)))
    office.clock.now = office.clock.now.replace(year=2026, month=7)
    yield office
    office.close()


def test_a_new_version_of_a_plan_is_compared_signed_and_recorded(small_office: DutyOffice, own_plans: Path) -> None:
    officer = small_office.hire("officer", "officer", posts=("值班员",), place=PLACE)
    head = small_office.hire("head", "leader", posts=("市指挥部",), place=PLACE)
    incident = officer.post("/incidents", {"report": "爆炸，三人死亡", "source": "电话", "plans": ["good"]})["incident"]
    officer.post(f"/incidents/{incident}/facts", {"facts": {"deaths": 3}, "source": "现场"})
    assert officer.get(f"/incidents/{incident}/version-change", plan="good")["same"] is True

    newer = GOOD.read_text().replace("in_force: 2026-01-01", "in_force: 2026-07-01")
    (own_plans / "place" / "good@2.yaml").write_text(
        newer.replace("at_least: 3人", "at_least: 4人").replace("below: 3人", "below: 4人")
    )
    later = newer.replace("in_force: 2026-07-01", "in_force: 2027-01-01")
    (own_plans / "place" / "good@3.yaml").write_text(
        later.replace("at_least: 3人", "at_least: 5人").replace("below: 3人", "below: 5人")
    )
    small_office.office.desk.versions._library.refresh()
    found = officer.get(f"/incidents/{incident}/version-change", plan="good")
    assert (found["same"], found["after"]["in_force"]) == (False, "2026-07-01")
    assert any("变为" in one for one in found["words"])
    seq = officer.get(f"/incidents/{incident}")["seq"]

    body = {"plan": "good", "digest": found["after"]["digest"][:12], "post": "市指挥部", "reason": "新版施行"}
    assert officer.refused(f"/incidents/{incident}/version-change", body)[:2] == (403, "not-yours")
    told = head.post(f"/incidents/{incident}/version-change", body)
    assert told["entries"][0]["words"].startswith("市指挥部将《某地某类事件应急预案》换为另一版本：新版施行；")
    assert told["entries"][0]["seq"] == seq + 1
    assert officer.get(f"/incidents/{incident}")["plans"][0]["digest"] == found["after"]["digest"]


def test_the_versions_that_an_incident_is_pinned_to_are_kept_when_their_files_are_gone(
    small_office: DutyOffice, own_plans: Path, tmp_path: Path
) -> None:
    officer = small_office.hire("officer", "officer", posts=("值班员",), place=PLACE)
    head = small_office.hire("head", "leader", posts=("市指挥部",), place=PLACE)
    moved = officer.post("/incidents", {"report": "爆炸", "source": "电话", "plans": ["good"]})["incident"]
    added = officer.post("/incidents", {"report": "爆炸", "source": "电话"})["incident"]
    newer = GOOD.read_text().replace("in_force: 2026-01-01", "in_force: 2026-07-01")
    (own_plans / "place" / "good@2.yaml").write_text(newer)
    small_office.office.desk.versions._library.refresh()
    digest = officer.get(f"/incidents/{moved}/version-change", plan="good")["after"]["digest"]
    head.post(f"/incidents/{moved}/version-change", {"plan": "good", "digest": digest, "post": "市指挥部", "reason": "新版施行"})
    officer.post(f"/incidents/{added}/plans", {"plan": "good"})
    small_office.close()
    reopened = DutyOffice(tmp_path / "data", Library((plans_folder(),)))
    desk = reopened.office.desk
    desk.do(moved, AddPlan(desk.versions._library.current().plan(POLLUTION)), Actor("u", "值班员"))
    pinned = [course.digest for one in (moved, added) for course in desk.incident(one).courses.values()]
    assert [desk.versions[one].id for one in pinned] == ["good", POLLUTION, "good"]
    assert (pinned[0], pinned[2]) == (digest, digest)
    reopened.close()

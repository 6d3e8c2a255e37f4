"""What a visitor finds, at whatever hour the demonstration is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from api.demo.store import Demo, demo_settings, prepare
from api.library import Library
from api.office import Office, open_office
from api.people.actor import EVERYWHERE
from api.people.roster import gaps, overlaps
from api.settings import Settings
from engine.incident.board import rows
from engine.incident.chain import first_break
from engine.incident.proposal import leading
from engine.incident.state import Incident
from engine.lifecycle.signers import signers
from engine.trigger.facts import CHINA

HOURS = (
    datetime(2026, 11, 22, 22, 10, 31, tzinfo=CHINA),
    datetime(2027, 1, 1, 0, 0, tzinfo=CHINA),
    datetime(2026, 7, 15, 8, 0, tzinfo=CHINA),
    datetime(2028, 2, 29, 14, 59, 59, tzinfo=CHINA),
)


@pytest.fixture(scope="module", params=HOURS, ids=lambda hour: f"{hour:%m-%d %H:%M}")
def now(request: pytest.FixtureRequest) -> datetime:
    found: datetime = request.param
    return found


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the demonstration, once for each moment: an evening takes a while to play, and is only looked at."""
    return demo_settings(Settings(data_dir=tmp_path_factory.mktemp("evening") / "yuan", database_url=None))


@pytest.fixture(scope="module")
def demo(evening: Settings, library: Library, now: datetime) -> Demo:
    return prepare(evening, library, lambda: now)[0]


@pytest.fixture(scope="module")
def office(evening: Settings, library: Library, now: datetime, demo: Demo) -> Iterator[Office]:
    office = open_office(evening, library, lambda: now, demo=demo)
    office.desk.states.load()
    yield office
    office.engine.dispose()


def titled(office: Office, *, watch: bool) -> list[Incident]:
    return sorted((one for one in office.desk.states.open() if one.watch is watch), key=lambda one: str(one.opened_at))


def test_two_incidents_run_one_waits_for_a_signature_and_two_watches_are_kept(office: Office) -> None:
    def told(one: Incident) -> tuple[str, dict[str, object], dict[str, tuple[str, ...]]]:
        course = next(iter(one.courses.values()))
        levels = {scale: level for scale, level in course.levels.items() if level is not None}
        return one.title, levels, {scale: pending.signers for scale, pending in course.pending.items()}

    assert [told(one) for one in titled(office, watch=False)] == [
        ("市区重污染天气过程", {"warning": "orange", "response": "II"}, {}),
        ("某村后山林地起火", {"forest_grade": "III", "readiness": "township", "response": "county"}, {}),
        ("某厂锅炉房爆炸", {"grade": "III"}, {"response": ("市应急指挥部", "分管特种设备安全工作的副市长")}),
    ]
    assert [one.title for one in titled(office, watch=True)] == ["市区空气质量常态监测", "大风降温天气监测"]
    assert all(one.demo for one in office.desk.states.open())


def test_the_first_report_is_overdue_others_are_done_and_the_next_is_due_soon(office: Office, now: datetime) -> None:
    pollution, fire, boiler = titled(office, watch=False)
    once = [row for row in rows(pollution, now) if row.duty.assigned.due_kind == "within"]
    assert sorted((row.duty.assigned.clause, row.duty.assigned.action[:6], row.deadline.state) for row in once) == [
        ("3.3.2", "1小时内以电", "met"), ("3.3.2", "接到市领导签", "due_soon"), ("3.3.2", "根据会商意见", "met"), ("4.3", "30分钟内书", "overdue"),
    ]  # fmt: skip
    assert {row.duty.step for row in rows(fire, now)} == {None, "started", "done"}
    assert {row.duty.step for row in rows(boiler, now)} == {None, "notified"}


def test_casualties_of_the_fire_are_unknown(office: Office) -> None:
    fire = titled(office, watch=False)[1]
    assert sorted(fire.facts) == ["affected_forest_area", "dry_climate", "forecast_wind_force", "other_forest_land_fire"]


def test_the_watch_has_a_series_of_several_days(office: Office, now: datetime) -> None:
    watch = titled(office, watch=True)[0]
    hours = {datetime.fromisoformat(hour) for one in watch.facts["aqi_hourly"] for hour, _ in one.value}
    assert min(hours) == now.replace(minute=0, second=0) - timedelta(hours=96)
    assert max(hours) == now.replace(minute=0, second=0) + timedelta(hours=88)


def test_every_journal_is_sound_and_in_order_and_nothing_lies_ahead(office: Office, now: datetime) -> None:
    for one in office.desk.states.open():
        entries = office.desk.journal.read(one.id)
        assert first_break(entries) is None
        times = [entry.at for entry in entries]
        assert times == sorted(times)
        assert times[-1] <= now


def test_somebody_is_on_duty_now_and_next_and_shifts_have_changed_hands(office: Office, demo: Demo, now: datetime) -> None:
    for place in ("朔州市", "五台县"):
        present, following = office.people.shifts.now(place)
        assert sorted(one.place for one in present) == sorted(one.place for one in following) == ["值班员", "带班领导"]
        assert {one.person_id for one in present} & {one.person_id for one in following} == set()
        ahead = office.people.shifts.between(place, now, now + timedelta(days=2))
        assert (gaps(ahead, now, now + timedelta(days=2)), overlaps(ahead)) == ([], [])
        assert [one.is_signed for one in office.people.handovers.listed(place)][:1] == [True]
    first = {(one.jurisdiction, one.place): one.logins[0] for one in demo.story.rosters}
    logins = {one.id: one.login for one in office.people.accounts.everybody()}
    on_duty = {
        (one.jurisdiction, one.place): logins[one.person_id]
        for place in ("朔州市", "五台县")
        for one in office.people.shifts.now(place)[0]
    }
    assert on_duty == first


def test_everybody_logs_in_with_the_password_shown(office: Office, demo: Demo) -> None:
    for one in demo.story.people:
        found = office.people.accounts.verified(one.login, demo.story.password)
        assert found is not None
        assert (found.login, found.name, found.must_change) == (one.login, one.name, False)
        assert "演示" in found.name


def test_every_level_of_every_plan_can_be_signed_by_somebody_of_its_place(demo: Demo, library: Library) -> None:
    for plan in library.current().plans.values():
        posts = {post for one in demo.story.people if one.jurisdiction in (plan.jurisdiction, EVERYWHERE) for post in one.posts}
        for scale in leading(plan):
            for level in scale.levels:
                assert posts & set(signers(plan, scale.id, None, level)), (plan.id, scale.id, level)


def test_what_a_visitor_opens_is_marked_too(office: Office, now: datetime) -> None:
    from engine.incident.command import Actor, Open

    done = office.desk.open(Open("又一件", "某县", "有事", "电话", now), Actor("u1", "某人"))
    assert done.state.demo is True

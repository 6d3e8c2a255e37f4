"""Several offices in one application: what is done in a drill stays there, and the live office's stays where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, MetaData, insert, select

from api.http.caller import COOKIE
from api.http.policy import DRILL_POLICY, IN_DRILLS, POLICY
from api.library import Library
from api.people.accounts import NewPerson
from api.people.actor import Actor
from api.people.audit import CONSOLE
from api.people.guests import GuestPeople
from api.people.refusal import Conflict, Forbidden, Invalid
from api.people.tables import people, sessions
from api.store.database import reading, writing
from api.wings import Pulse, Wing, Wings
from tests.desk.client import Listener
from tests.desk.setting import OFFICER, PLACE, clock, note, opened, plans_folder
from tests.http.duty_office import CITY, COUNTY, POLLUTION, City, DutyOffice, signature
from tests.http.served import Served
from tests.http.winged import EXERCISE, Drill, SetPulse, office_beside

NOON = datetime(2020, 12, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def drill(duty_office: DutyOffice, tmp_path: Path, shelf_of_plans: Library) -> Iterator[Drill]:
    made = Drill(duty_office, tmp_path, shelf_of_plans, place=CITY)
    yield made
    duty_office.app.state.wings.close()
    made.close()


def stored(office: DutyOffice) -> list[tuple[object, ...]]:
    """Everything in the live store."""
    engine = office.office.engine
    tables = MetaData()
    tables.reflect(engine)
    with reading(engine) as link:
        return [(name, *row) for name, table in sorted(tables.tables.items()) for row in link.execute(select(table))]


def test_what_is_written_in_a_drill_is_not_in_the_live_journal(city: City, drill: Drill) -> None:
    before = stored(city.office)
    officer, vice = drill.person(city.officer), drill.person(city.vice)
    incident = officer.post("/incidents", {"report": "能见度下降", "source": "导调", "plans": [POLLUTION]})["incident"]
    officer.post(f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "导调"})
    vice.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))

    assert [one["id"] for one in officer.get("/incidents")["incidents"]] == [incident]
    assert city.officer.get("/incidents")["incidents"] == []
    assert city.officer.send(f"/incidents/{incident}/notes", {"text": "实况"}).status_code == 404
    assert stored(city.office) == before


def test_what_is_written_live_is_not_in_a_drill(city: City, drill: Drill) -> None:
    incident = city.orange()
    officer = drill.person(city.officer)

    assert officer.get("/incidents")["incidents"] == []
    assert officer.get("/proposals") == []
    assert officer.get("/deadlines")["rows"] == []
    assert officer.send(f"/incidents/{incident}/notes", {"text": "推演"}).status_code == 404


def test_the_same_number_in_both_offices_is_two_incidents(city: City, drill: Drill) -> None:
    """Boards and counts are kept for each office."""
    drill.clock.later(days=-1)
    live, played = city.orange(), None
    played = drill.person(city.officer).post("/incidents", {"report": "演", "source": "导调", "plans": [POLLUTION]})["incident"]
    assert played == live

    assert city.officer.get("/deadlines")["rows"] != []
    assert drill.person(city.officer).get("/deadlines")["rows"] == []
    assert city.officer.get(f"/incidents/{live}/journal")["entries"][0]["body"]["source"] != "导调"


def test_a_drill_runs_on_its_own_clock(city: City, drill: Drill) -> None:
    drill.clock.later(hours=3)
    officer = drill.person(city.officer)
    incident = officer.post("/incidents", {"report": "演", "source": "导调"})["incident"]
    at = officer.get(f"/incidents/{incident}/journal")["entries"][0]["at"]
    assert datetime.fromisoformat(at) == EXERCISE + timedelta(hours=3)


def test_two_drills_do_not_see_each_other(city: City, drill: Drill, tmp_path: Path, shelf_of_plans: Library) -> None:
    (tmp_path / "other").mkdir()
    other = Drill(city.office, tmp_path / "other", shelf_of_plans, key="spring", place=CITY)
    drill.person(city.officer).post("/incidents", {"report": "演", "source": "导调"})
    assert len(drill.person(city.officer).get("/incidents")["incidents"]) == 1
    assert other.person(city.officer).get("/incidents")["incidents"] == []
    other.close()


def test_a_session_of_the_live_office_is_one_of_the_drill(city: City, drill: Drill) -> None:
    me = drill.person(city.officer).get("/session")
    assert me["person"]["id"] == city.officer.id
    assert me["csrf"] == city.officer.headers["x-csrf-token"]
    assert drill.client.get("/api/v1/incidents").status_code == 401
    assert drill.client.post("/api/v1/incidents", json={}, headers={"cookie": city.officer.headers["cookie"]}).status_code == 403


def test_a_session_is_not_noted_as_used_by_a_drill(city: City, drill: Drill) -> None:
    city.office.clock.forward(hours=2)
    drill.person(city.officer).get("/incidents")
    with reading(city.office.office.engine) as link:
        assert set(link.execute(select(sessions.c.seen_at)).scalars()) == {city.office.clock() - timedelta(hours=2)}


def test_a_token_does_not_take_part(city: City, drill: Drill) -> None:
    program = drill.person(city.office.program(city.officer, "read", "facts"))
    assert program.client.get("/api/v1/incidents", headers=dict(program.headers)).status_code == 401


def test_a_drill_cannot_write_into_the_live_store(city: City, drill: Drill) -> None:
    """The database itself refuses, whatever a handler may try."""
    guests = drill.office.people
    assert isinstance(guests, GuestPeople)
    before = stored(city.office)
    for attempt in (
        lambda: guests.sessions.start(city.officer.id),
        lambda: guests.posts.give(city.officer.id, "市长", city.officer.id),
        lambda: guests.accounts.change(city.officer.id, city.officer.id, name="别人"),
        lambda: guests.sessions.end("id1", city.officer.id),
    ):
        with pytest.raises(Exception, match=r"readonly|只读|写"):
            attempt()
    with pytest.raises(Exception, match=r"readonly|只读|写"), writing(guests.engine) as link:
        link.execute(insert(people).values(id="x", login="x", name="x", jurisdiction="x", roles=[], active=True))
    for refused in (lambda: guests.log_in("officer", "x", ""), lambda: guests.change_password(None, "", "", "")):  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            refused()
    assert stored(city.office) == before


def test_the_events_of_one_office_are_not_told_in_the_other(tmp_path: Path) -> None:
    library = Library([plans_folder(tmp_path)])
    served = Served(URL.create("sqlite", database=str(tmp_path / "yuan.db")), library)
    wings: Wings = served.app.state.wings
    pulse = SetPulse(clock())
    beside = office_beside(tmp_path, library, wings.guests, pulse)
    beside.live.start()
    wings.add(Wing("winter", "演练", beside, pulse, place=PLACE))
    accounts = served.office.people.accounts
    person, once = accounts.create(NewPerson("watcher", "观察员", PLACE, frozenset({"observer"})), CONSOLE)
    accounts.change_password(person.id, once, "a sound password", None)
    started = served.office.people.sessions.start(person.id)
    assert started is not None
    cookie = {"Cookie": f"{COOKIE}={started[1]}"}
    live, played = opened(served.desk), opened(beside.desk)
    with served.listen(cookie) as at_office, Listener(served.port, cookie, path="/drill/winter/api/v1/events") as at_drill:
        assert (at_office.status, at_drill.status) == (200, 200)
        served.desk.do(live, note("实况"), OFFICER)
        beside.desk.do(played, note("推演"), OFFICER)
        heard = [one.event() for one in (at_office, at_drill)]
        assert [one.data["body"]["text"] for one in heard if one is not None] == ["实况", "推演"]
        wings.remove("winter")
        assert at_drill.event() is None
        served.desk.do(live, note("再记"), OFFICER)
        again = at_office.event()
        assert again is not None and again.data["body"]["text"] == "再记"
    served.stop()
    beside.live.stop()
    wings.close()
    beside.engine.dispose()
    served.office.engine.dispose()


def filled(template: str) -> str:
    """An address with something in place of its parameters."""
    return re.sub(r"\{\w+\}", "x", template)


def test_what_is_not_of_an_exercise_is_refused_there(city: City, drill: Drill) -> None:
    admin = drill.person(city.office.hire("root", "admin", "officer", "leader", "director", place="*"))
    before = stored(city.office)
    for method, template in POLICY.keys() - IN_DRILLS:
        answer = admin.client.request(method, filled(template), json={}, headers=dict(admin.headers))
        assert (answer.status_code, answer.json()["message"]) == (403, "推演中不办理这一项"), (method, template)
    assert stored(city.office) == before


def test_every_route_of_the_interface_is_ruled_in_drills(city: City, drill: Drill) -> None:
    """Nothing is served in a drill that its policy does not hold; what it holds is there."""
    admin = drill.person(city.office.hire("root", "admin", "officer", "leader", "director", place="*"))
    before, served = stored(city.office), set()
    for path, methods in city.office.app.openapi()["paths"].items():
        for method in {one.upper() for one in methods} - ({"GET"} if path == "/api/v1/events" else set()):
            answer = admin.client.request(method, filled(path), headers=dict(admin.headers))
            if "推演中不办理这一项" not in answer.text:
                served.add((method, path))
    assert served | {("GET", "/api/v1/events")} == IN_DRILLS == DRILL_POLICY.keys()
    assert stored(city.office) == before


def test_an_address_that_is_nowhere_is_nowhere_in_a_drill(city: City, drill: Drill) -> None:
    officer = drill.person(city.officer)
    for path, status in (("/api/v1/nothing", 404), ("/api", 404), ("/api/v1/plans", 405)):
        answer = officer.client.post(path, headers=dict(officer.headers))
        assert (answer.status_code, set(answer.json())) == (status, {"code", "message", "where", "remedy"})


def test_a_drill_that_is_not_there(duty_office: DutyOffice) -> None:
    for path in ("/drill/none", "/drill/none/", "/drill/none/api/v1/incidents", "/drill/", "/drill/none/sign"):
        answer = duty_office.client.get(path)
        assert (answer.status_code, set(answer.json())) == (404, {"code", "message", "where", "remedy"}), path


def test_a_drill_that_was_removed_is_served_no_longer(city: City, drill: Drill) -> None:
    wings: Wings = city.office.app.state.wings
    officer = drill.person(city.officer)
    assert officer.get("/incidents")["incidents"] == []
    with pytest.raises(Conflict):
        wings.add(drill.wing)
    assert wings.remove("winter") is drill.wing
    assert not wings.serves(drill.wing)
    assert drill.wing.streams.closed
    answer = officer.client.get("/api/v1/incidents", headers=dict(officer.headers))
    assert (answer.status_code, answer.json()["message"]) == (404, "没有这个推演，或已结束")
    assert wings.remove("winter") is None


def test_below_a_proxys_prefix(city: City, drill: Drill) -> None:
    for root_path, url in (("/yuan", "http://testserver"), ("/yuan", "http://testserver/yuan")):
        client = TestClient(city.office.app, base_url=url, root_path=root_path)
        answer = client.get("/drill/winter/api/v1/session", headers=dict(city.officer.headers))
        assert answer.status_code == 200, answer.text


class Played:
    """A cast of one: the officer, who plays the mayor; nobody else takes part."""

    def __init__(self, person: str) -> None:
        self.person = person

    def roles_of(self, actor: Actor) -> frozenset[str]:
        return frozenset({"officer", "leader"}) if actor.person_id == self.person else frozenset()

    def posts_of(self, actor: Actor) -> Mapping[str, str | None] | None:
        return {"市长": None, "主管副市长": "导调指定代行"}

    def names(self) -> Mapping[str, str]:
        return {"actor:mayor": "（扮演）市长"}


def test_a_person_acts_as_whom_the_director_cast_him(duty_office: DutyOffice, tmp_path: Path, shelf_of_plans: Library) -> None:
    watcher = duty_office.hire("watcher", "observer", place=COUNTY)
    other = duty_office.hire("other", "leader", posts=("主管副市长",))
    drill = Drill(duty_office, tmp_path, shelf_of_plans, cast=Played(watcher.id), place=CITY)
    player = drill.person(watcher)

    assert player.get("/session")["posts"] == {"市长": None, "主管副市长": "导调指定代行"}
    incident = player.post("/incidents", {"report": "演", "source": "导调", "plans": [POLLUTION]})["incident"]
    player.post(f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "导调"})
    made = player.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
    assert made["entries"][0]["body"]["authority"] == "导调指定代行"
    status, code, words = drill.person(other).refused("/incidents", {"report": "演", "source": "导调"})
    assert (status, code, words) == (403, "forbidden", "您不在这次推演里")
    assert duty_office.client.get("/api/v1/session", headers=dict(watcher.headers)).json()["posts"] == {}
    drill.close()


def test_a_pulse_runs_stands_and_jumps() -> None:
    pulse = Pulse(EXERCISE, NOON, EXERCISE, 60.0)
    assert pulse.at(NOON + timedelta(minutes=2)) == EXERCISE + timedelta(hours=2)
    paused = pulse.changed(NOON + timedelta(minutes=2), running=False)
    assert paused.at(NOON + timedelta(hours=9)) == EXERCISE + timedelta(hours=2)
    assert paused.elapsed == timedelta(hours=2)
    slower = paused.changed(NOON + timedelta(hours=9), speed=1.0, running=True)
    assert slower.at(NOON + timedelta(hours=10)) == EXERCISE + timedelta(hours=3)
    back = slower.changed(NOON + timedelta(hours=10), shown=EXERCISE)
    assert back.at(NOON + timedelta(hours=10)) == back.began == EXERCISE


def test_a_key_is_an_address(duty_office: DutyOffice, tmp_path: Path, shelf_of_plans: Library) -> None:
    for key in ("", "A", "a/b", "推演", "-a"):
        with pytest.raises(Invalid):
            Drill(duty_office, tmp_path, shelf_of_plans, key=key)
    duty_office.app.state.wings.close()


def test_an_exported_journal_says_that_it_is_of_a_drill(city: City, drill: Drill) -> None:
    officer = drill.person(city.officer)
    incident = officer.post("/incidents", {"report": "演", "source": "导调"})["incident"]
    answer = officer.client.get(f"/api/v1/incidents/{incident}/journal/export", headers=dict(officer.headers))
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="drill-{incident}.jsonl"')
    assert "%5B%E6%8E%A8%E6%BC%94%5D" in answer.headers["content-disposition"]

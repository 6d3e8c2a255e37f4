"""The screens in a drill: every address stays in the drill, every page says what it is, and what is the live office's is left to it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.console import frame
from api.console.drill_frame import drill_panels
from api.console.markup import EMPTY, Markup, at_base, tag
from api.console.screen import Screen
from api.console.screens import IN_DRILLS, SCREENS
from api.console.screens.drill_review import DrillReview
from api.console.screens.drill_stage import DrillStage
from api.console.visit import Place, Visit, WingGone
from api.drills.cast import OFFICER
from api.library import Library
from api.office import Office
from api.people.actor import Actor
from api.settings import Settings
from api.wings import Everybody, Wing
from engine.trigger.facts import CHINA
from tests.drills.boiler import SCENARIO
from tests.http.duty_office import CITY, POLLUTION, City, DutyOffice, Person, signature
from tests.http.winged import Drill

BASE = "/drill/winter"
VALUES = re.compile(r'(<(?:a|form) data-live)?[ ]([a-z-]+)="(/[^"]*)"')
TO_THE_LIVE_OFFICE = re.compile(r"/|/sign|/drills|/drill/[0-9-]+/|/api/v1/drills/.*")
"""What leads out of a drill on purpose."""
SCRIPTED = (DrillStage, DrillReview)
"""Screens that need an exercise with a script."""
NO_ADDRESS = {"data-path", "data-shortcut"}
"""Attributes that may begin with a slash and lead nowhere."""


class Admitted(Everybody):
    """A cast that the test may close."""

    closed = False

    def roles_of(self, actor: Actor) -> frozenset[str]:
        return frozenset() if self.closed else actor.roles


class Served(NamedTuple):
    """An office beside the live one, as it is served."""

    office: Office
    wing: Wing


class Played(NamedTuple):
    """An office, a drill beside it, the application that serves both, and incidents of the drill by the names of parameters.

    directed: an exercise with a script, a director, two branches and a player, in which something happened.
    """

    city: City
    drill: Drill
    client: TestClient
    known: dict[str, str]
    directed: Served


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, shelf: Library) -> Iterator[Played]:
    """A duty office with its console, and a drill in which there is something of everything."""
    folder = tmp_path_factory.mktemp("drill")
    office = DutyOffice(folder, shelf)
    office.app = create_app(shelf, Settings(data_dir=folder), office=office.office)
    office.client = TestClient(office.app, raise_server_exceptions=False, follow_redirects=False)
    city = City.of(office)
    drill = Drill(office, folder, shelf, cast=Admitted(), place=CITY)
    officer, vice = drill.person(city.officer), drill.person(city.vice)
    incident = officer.post("/incidents", {"report": "能见度下降", "source": "导调", "plans": [POLLUTION]})["incident"]
    officer.post(f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "导调"})
    vice.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
    drill.clock.later(minutes=40)
    officer.post(
        f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}, "source": "导调"}
    )
    officer.post("/incidents", {"report": "又一件", "source": "导调", "plans": [POLLUTION]})
    drills = office.app.state.drills
    one = drills.start(SCENARIO, city.vice.id, {city.officer.id: frozenset({OFFICER})})
    one.branches[0].exercise.advance(SCENARIO.begins + timedelta(hours=3))
    branch = drills.fork(one.id, one.branches[0].key, SCENARIO.begins + timedelta(hours=1), changes="照旧")
    yield Played(city, drill, office.client, {"incident_id": incident}, Served(branch.exercise.office, branch.wing))
    drills.close()
    office.app.state.wings.close()
    drill.close()
    office.close()


def visit(city: City, drill: Drill | Served, login: str = "vice", **parameters: str) -> Visit:
    app, secret = city.office.app, getattr(city, login).headers["cookie"].partition("=")[2]
    live = city.office.office
    place = Place(
        app.state.library,
        drill.office,
        CITY,
        lambda plan, clause: {},
        app.state.settings,
        lambda: 1,
        drill.wing,
        live,
        app.state.wings,
        drills=app.state.drills,
    )
    return Visit(place, secret, parameters, {}, drill.wing.path)


def whole(kind: type[Screen], found: Visit) -> str:
    """Everything that a tab of this screen is sent."""
    screen, at_desk = kind(found), found.at_desk()
    assert at_desk.wing is not None
    panels = {**drill_panels(at_desk, found.place, at_desk.wing), **screen.panels(at_desk)}
    page = frame.around(screen, IN_DRILLS, at_desk, screen.frame(at_desk))
    return "".join(at_base(one, found.base) for one in (page, *panels.values()))


@pytest.mark.parametrize("kind", IN_DRILLS, ids=lambda kind: kind.path)
def test_no_address_leads_out_of_the_drill(played: Played, kind: type[Screen]) -> None:
    city, drill, _, known, directed = played
    given = {**known, "proposal_id": "P2", "plan": POLLUTION, "scale": "warning", "plan_id": POLLUTION}
    found = visit(
        city, directed if kind in SCRIPTED else drill, **{name: given[name] for name in re.findall(r"\{(\w+)\}", kind.path)}
    )
    page = whole(kind, found)
    addresses = [(live, name, value) for live, name, value in VALUES.findall(page) if name not in NO_ADDRESS]
    abroad = [(name, value) for live, name, value in addresses if not live and not value.startswith(f"{found.base}/")]
    assert abroad == []
    assert [value for live, _, value in addresses if live and not TO_THE_LIVE_OFFICE.fullmatch(value)] == []
    assert kind.bare or addresses
    assert "推演" in page and "watermark" in page


def test_addresses_are_put_under_a_base_and_texts_are_not() -> None:
    made = tag("a", ' href="/sign" ', title=' href="/x"', href="/sign/1?a=b")
    assert at_base(made, "/drill/a&b") == (
        '<a title=" href=&quot;/x&quot;" href="/drill/a&amp;b/sign/1?a=b"> href=&quot;/sign&quot; </a>'
    )
    for kept in ("/login?next=/", "//elsewhere", "https://elsewhere/", "#here", "?q=1"):
        assert at_base(tag("a", href=kept), BASE) == tag("a", href=kept)
    assert at_base(tag("a", data_live=True, href="/"), BASE) == tag("a", data_live=True, href="/")
    assert at_base(tag("form", data_url="/api", data_go="/x/{y}", action="/z"), BASE).count(BASE) == 3
    assert at_base(made, "") is made
    assert at_base(EMPTY, BASE) == Markup("")


def sent(client: TestClient, path: str, person: Person) -> tuple[int, str]:
    """Status and text of a page; NiceGUI writes what it shows into a script."""
    answer = client.get(path, headers={**person.headers, "accept": "text/html"})
    return answer.status_code, html.unescape(re.sub(r'\\{1,2}"', '"', answer.text))


def test_a_page_says_what_it_is(played: Played) -> None:
    city, _, client, known, _ = played
    status, page = sent(client, f"{BASE}/incidents/{known['incident_id']}", city.officer)
    assert status == 200
    assert "<title>[推演] 能见度下降 · 采暖期前综合演练</title>" in page
    assert f'<meta name="yuan-base" content="{BASE}">' in page
    assert f'"{BASE}/_nicegui/' in page and f'prefix: "{BASE}"' in page
    for words in ("不通知任何单位 · 与实况隔离", "回实况", "真实时间"):
        assert words in page
    for path in (f"/print/incident/{known['incident_id']}", "/print/deadlines", f"/print/duties/{known['incident_id']}"):
        status, page = sent(client, f"{BASE}{path}", city.officer)
        assert (status, "[推演] 不是真实事件" in page, "drill-mark" in page) == (200, True, True)
        assert "<title>[推演] " in page


def test_the_live_offices_pages_bear_nothing_of_a_drill(played: Played) -> None:
    city, _, client, known, _ = played
    status, page = sent(client, "/", city.officer)
    assert status == 200
    for word in ("/drill/", "yuan drill", "[推演]", "watermark", "yuan-base"):
        assert word not in page
    assert "没有事件" in sent(client, f"/incidents/{known['incident_id']}", city.officer)[1]


def test_screens_that_are_not_of_a_drill_are_refused_there(played: Played) -> None:
    city, _, client, *_ = played
    admin = city.office.hire("root", "admin", "officer", "leader", "director", "observer")
    for path in {one.path for one in SCREENS} - {one.path for one in IN_DRILLS} | {"/plans/{plan_id}/assess"}:
        status, page = sent(client, BASE + re.sub(r"\{\w+\}", "x", path), admin)
        assert (status, "<h1>推演中不办理这一项</h1>" in page) == (403, True), path
        assert f'<a href="{BASE}/">回推演</a>' in page


def test_who_has_no_session_or_no_part(played: Played) -> None:
    city, drill, client, *_ = played
    answer = client.get(f"{BASE}/sign")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={BASE}/sign")
    drill.wing.cast.closed = True
    try:
        status, page = sent(client, f"{BASE}/sign", city.officer)
        assert (status, "<h1>您不在这次推演里</h1>" in page) == (403, True)
        assert drill.person(city.officer).refused("/incidents", {"report": "演", "source": "导调"})[0] == 403
    finally:
        drill.wing.cast.closed = False


def test_the_exercises_clock_and_what_waits_live(played: Played) -> None:
    city, drill, *_ = played
    found = visit(city, drill)
    said = drill_panels(found.at_desk(), found.place, drill.wing)
    pulse = drill.clock.pulse
    assert said["pulse"].endswith(">已暂停 · 60 倍速</span>")
    assert f'data-pulse="{pulse.shown.astimezone(CHINA).isoformat()}"' in said["pulse"]
    assert "data-running" not in said["pulse"]
    assert said["duty"] == "主管副市长"
    assert said["live-waits"] == "无待签"
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    assert (
        drill_panels(found.at_desk(), found.place, drill.wing)["live-waits"]
        == '<a data-live href="/sign" class="count">1 件待签</a>'
    )


def test_a_tab_notices_that_its_drill_is_gone(played: Played) -> None:
    city, drill, client, *_ = played
    found, wings = visit(city, drill), city.office.app.state.wings
    wings.remove("winter")
    try:
        with pytest.raises(WingGone):
            found.at_desk()
        assert sent(client, f"{BASE}/", city.officer)[0] == 404
    finally:
        wings.add(drill.wing)


def test_series_are_drawn_in_a_drill_too(played: Played) -> None:
    city, _, client, *_ = played
    query = {"plan": POLLUTION, "series": "none"}
    answer = client.post(f"{BASE}/console/series", params=query, content="x", headers=dict(city.officer.headers))
    assert (answer.status_code, answer.json()["html"]) == (404, "没有这个序列")
    assert client.post(f"{BASE}/console/series", params=query, content="x").status_code == 401

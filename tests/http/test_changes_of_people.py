"""What no journal entry tells of is told to the open screens of this process: hand-overs, shifts, delegations, people."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from api.console.hub import Hub
from tests.http.duty_office import City


class Screen:
    """A tab that counts how often it was asked to look."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.looks = 0

    def hear(self, entry: object, incident: object) -> None:
        raise AssertionError("no entry was recorded")

    def look(self) -> None:
        self.looks += 1

    def turn(self) -> int:
        self.loop.run_until_complete(asyncio.sleep(0))
        return self.looks


def test_a_hand_over_and_its_signature_wake_every_tab(city: City) -> None:
    office = city.office.office
    hub, here, gone = Hub(office.live, office.people.changes), Screen(), Screen()
    hub.join(here)
    hub.join(gone)
    hub.leave(gone)
    begun = city.officer.post("/handovers", {"to_person": city.leader.id})["id"]
    assert here.turn() == 1
    city.officer.get("/handovers")
    assert here.turn() == 1
    city.leader.post(f"/handovers/{begun}/sign")
    assert here.turn() == 2
    city.leader.refused(f"/handovers/{begun}/sign")
    assert here.turn() == 2
    assert gone.turn() == 0
    for one in (here, gone):
        one.loop.close()


def test_the_roster_and_delegations_too(city: City) -> None:
    told: list[str] = []
    end = city.office.office.people.changes.follow(lambda: told.append("told"))
    now = city.office.clock()
    shift = {
        "person": city.officer.id,
        "place": "值班员",
        "begins": now.isoformat(),
        "ends": (now + timedelta(hours=8)).isoformat(),
    }
    city.leader.post("/shifts", shift)
    assert len(told) == 1
    city.leader.refused("/shifts", {**shift, "ends": now.isoformat()})
    assert len(told) == 1
    end()
    city.officer.post("/handovers", {"to_person": city.leader.id})
    assert len(told) == 1


def test_one_follower_that_fails_does_not_keep_the_others_from_hearing(city: City) -> None:
    told: list[str] = []

    def fails() -> None:
        raise RuntimeError("closed")

    changes = city.office.office.people.changes
    changes.follow(fails)
    changes.follow(lambda: told.append("told"))
    city.officer.post("/handovers", {"to_person": city.leader.id})
    assert told == ["told"]

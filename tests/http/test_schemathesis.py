"""Whatever the OpenAPI document allows, and what it does not: never a 5xx, never an answer that is not documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from zlib import crc32

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from api.library import Library
from api.people.person import ROLES
from tests.people.world import SOUND
from tests.http.duty_office import CITY, POLLUTION, City, DutyOffice, signature

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = ("/api/v1/events",)
"""Streams that do not end by themselves."""


POSTS = ("值班员", "带班领导", "主管副市长", "市长")
CLOSING = ("/phase", "/end", "/archive", "/plans", "/version-change", "/facts")
"""Operations after those that leave no incident open: before them there are new ones."""


@schemathesis.serializer("application/x-ndjson")
def lines(context: Any, value: Any) -> bytes:
    """A body of lines, as it was made."""
    return value if isinstance(value, bytes) else str(value).encode()


class Known:
    """What there is in the store: without it nearly every request would end at 404."""

    def __init__(self, office: DutyOffice) -> None:
        self.office = office
        self.victims = [office.staff.hire(f"victim{n}", "officer", jurisdiction=CITY).id for n in range(3)]
        self.everything = office.staff.hire("everything", *ROLES, posts=POSTS, jurisdiction=CITY, knows=SOUND)
        self.taker = office.staff.hire("taker", "officer", jurisdiction=CITY)
        self.values: dict[str, list[Any]] = {}
        self.stock()

    def stock(self) -> None:
        """Incidents in every state, fresh ones."""
        person = self.office.log_in(self.everything.id)
        city = City(self.office, person, person, person, person)
        orange, pending, bare, ended = city.orange(), city.opened(), city.opened(plans=[]), city.orange()
        city.forecast(pending, aqi_above_200_duration=80)
        watch = city.officer.post("/watches", {"title": "常态监测", "plans": [POLLUTION]})["incident"]
        city.vice.post(f"/incidents/{ended}/decisions", signature(None, "主管副市长", reason="误发"))
        city.leader.post(f"/incidents/{ended}/end", {"post": "带班领导", "reason": "误报"})
        handover = city.officer.post("/handovers", {"to_person": self.taker.id})
        incidents, people = [orange, orange, pending, bare, watch, ended], self.victims
        duties = city.officer.get(f"/incidents/{orange}/duties")["units"]
        self.values = {
            "incident_id": incidents, "incident": incidents, "into": incidents, "handover_id": [handover["id"]],
            "key": [quote(one["key"]) for unit in duties[:5] for one in unit["duties"]],
            "plan": [POLLUTION], "plans": [[POLLUTION], []], "plan_id": [POLLUTION, "shuozhou-drought"], "person": people,
            "to_person": [self.taker.id], "person_id": people, "post": list(POSTS), "scale": ["warning", "response"], "level": ["orange", "red", None],
            "proposal": ["P1", None], "do": ["respond", "restore"], "moment": ["warning_issued"], "entry": [3, 1], "step": ["done"],
            "indicator": ["aqi_hourly"], "clause": ["3.2.2"], "jurisdiction": [CITY, None], "digest": [None],
            "facts": [{"aqi_above_200_duration": 80}, {"aqi_24h_mean": {"at_least": 10}}, {"regional_notice": "red"}],
            "points": [[["2020-12-20T19:00:00+08:00", 100]]], "observed_at": [None], "happened_at": [None], "decided_at": [None],
            "effective_from": [None], "until": [None], "reported_at": [None], "source": ["电话"], "Idempotency-Key": [None],
        }  # fmt: skip

    def headers(self) -> dict[str, str]:
        """A fresh session: an operation may have ended the one before."""
        return dict(self.office.log_in(self.everything.id).headers)

    def fill(self, given: Any, seed: int) -> Any:
        """Some of the values replaced by such as there are."""
        if not isinstance(given, dict):
            return given
        return {name: self._one(name, value, crc32(name.encode(), seed)) for name, value in given.items()}

    def _one(self, name: str, value: Any, seed: int) -> Any:
        there = self.values.get(name)
        return there[seed // 4 % len(there)] if there and seed % 4 else value


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, shelf_of_plans: Library) -> Iterator[Known]:
    office = DutyOffice(tmp_path_factory.mktemp("schemathesis"), shelf_of_plans)
    yield Known(office)
    office.close()


def _probe(known: Known, examples: int) -> tuple[dict[str, str], int]:
    """Every operation with so many requests: what was found, by operation, and how many of them were ever answered well."""
    document = TestClient(known.office.app).get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = known.office.app
    found: dict[str, str] = {}
    well = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in ENDLESS:
            continue
        answered: set[int] = set()

        @settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)), seed=st.integers(0, 2**32 - 1))
        def probe(case: Any, seed: int) -> None:
            case.path_parameters = known.fill(case.path_parameters, seed)
            case.query = known.fill(case.query, seed)
            case.body = known.fill(case.body, seed)
            answer = case.call(headers=known.headers())
            answered.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        name = f"{operation.method.upper()} {operation.path}"
        if operation.path.endswith(CLOSING):
            known.stock()
        try:
            probe()
            well += bool(answered & {200, 201, 204})
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            found[name] = str(error)
    return found, well


def test_a_short_run_finds_nothing(known: Known) -> None:
    found, well = _probe(known, 15)
    assert found == {}
    assert well > 45, "too many requests never get past the first check"


@pytest.mark.long
def test_a_long_run_finds_nothing(known: Known) -> None:
    found, well = _probe(known, 1000)
    assert found == {}
    assert well > 60

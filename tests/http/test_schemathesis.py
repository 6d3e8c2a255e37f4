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
from tests.http.duty_office import CITY, POLLUTION, City, DutyOffice, signature
from tests.people.world import SOUND

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = ("/api/v1/events",)
"""Streams that do not end by themselves."""


POSTS = ("值班员", "带班领导", "主管副市长", "市长")
CLOSING = ("/phase", "/end", "/archive", "/plans", "/version-change", "/facts")
"""Operations after those that leave no incident open: before them there are new ones."""


WHOLE = {
    "/api/v1/incidents/{incident_id}/decisions": [
        signature("orange", "主管副市长", reason="x"), signature("red", "市长", reason="x"), signature("yellow", "市长", reason="x"),
        signature(None, "市长", reason="x"), signature("orange", "主管副市长", proposal="P1"),
    ],
}  # fmt: skip
"""Bodies whose parts must fit together."""


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
    schema = schemathesis.openapi.from_dict(TestClient(known.office.app).get("/openapi.json").json())
    schema.app = known.office.app
    found: dict[str, str] = {}
    well = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in ENDLESS:
            continue
        if operation.path.endswith(CLOSING):
            known.stock()
        wrong, answered = _try(known, operation, examples)
        well += bool(answered & {200, 201, 204})
        if wrong is not None:
            found[f"{operation.method.upper()} {operation.path}"] = wrong
    return found, well


def _try(known: Known, operation: Any, examples: int) -> tuple[str | None, set[int]]:
    """One operation: the first thing wrong, and the statuses that it answered."""
    answered: set[int] = set()
    cases = st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=cases, seed=st.integers(0, 2**32 - 1))
    def send(case: Any, seed: int) -> None:
        case.path_parameters = known.fill(case.path_parameters, seed)
        case.query = known.fill(case.query, seed)
        case.body = known.fill(case.body, seed)
        if operation.path in WHOLE and seed % 3 == 0:
            case.path_parameters = known.fill(case.path_parameters, 4 * seed + 1)
            case.body = WHOLE[operation.path][seed // 3 % len(WHOLE[operation.path])]
        answer = case.call(headers=known.headers())
        answered.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    try:
        send()
    except (Exception, BaseExceptionGroup) as error:
        return f"{error}", answered
    return None, answered


def test_a_short_run_finds_nothing(known: Known) -> None:
    found, well = _probe(known, 10)
    assert found == {}
    assert well > 45, "too many requests never get past the first check"


@pytest.mark.long
def test_a_long_run_finds_nothing(known: Known) -> None:
    found, well = _probe(known, 400)
    assert found == {}
    assert well > 55

"""Every route of the application × every role, nobody, and every token scope: allowed or refused as the one table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import URL
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from api.app import create_app
from api.http.policy import POLICY, Addresses, Rule
from api.library import Library
from api.office import open_office
from api.people.audit import CONSOLE
from api.people.person import ROLES
from api.people.sessions import csrf_token
from api.people.tokens import SCOPES, NewToken
from api.settings import Settings
from api.store.database import connect
from api.store.schema import migrate
from tests.people.world import SOUND, START, Office

REACHED = 299
REFUSED = {401: {"not-logged-in"}, 403: {"role-needed", "scope-needed", "password-change-needed"}}


class Stop:
    """Stands before the routes: whoever the guard lets through gets this far and no further."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await Response(status_code=REACHED)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@dataclass(frozen=True)
class Somebody:
    """A caller: the headers that he sends, and what he is."""

    name: str
    headers: dict[str, str]
    role: str | None = None
    scope: str | None = None
    must_change: bool = False

    def may(self, rule: Rule) -> bool:
        if rule.public:
            return True
        if self.role not in rule.roles or (self.must_change and not rule.before_change):
            return False
        return self.scope is None or self.scope in rule.scopes


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    engine = connect(URL.create("sqlite", database=str(tmp_path_factory.mktemp("policy") / "yuan.db")))
    migrate(engine)
    yield Office(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def app(office: Office, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application as it is served, with the people of this office."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    library = Library()
    return create_app(library, settings, console=False, office=open_office(settings, library, office.clock, office.people))


@pytest.fixture(scope="module")
def callers(office: Office) -> list[Somebody]:
    """Nobody; each role by session; each role with a token of each scope; somebody with a one-time password."""
    found = [Somebody("nobody", {}), Somebody("with a forged session", {"cookie": "yuan_session=x", "x-csrf-token": "x"})]
    found.append(Somebody("with a forged token", {"authorization": "Bearer yuan_x"}))
    for role in ROLES:
        person = office.hire(role, role, knows=SOUND)
        found.append(Somebody(role, _session(office, office.session(person)), role))
        for scope in SCOPES:
            feeds = frozenset({"plan/indicator"} if scope == "feed" else ())
            new = NewToken(person.id, "x", frozenset({scope}), START + timedelta(days=1), feeds)
            secret = office.people.tokens.create(new, CONSOLE)[1]
            found.append(Somebody(f"{role}'s {scope} token", {"authorization": f"Bearer {secret}"}, role, scope))
        newcomer = office.hire(f"new-{role}", role)
        found.append(Somebody(f"new {role}", _session(office, office.session(newcomer)), role, must_change=True))
    nothing = office.hire("without-a-role", knows=SOUND)
    return [*found, Somebody("without a role", _session(office, office.session(nothing)))]


def _session(office: Office, secret: str) -> dict[str, str]:
    return {"cookie": f"yuan_session={secret}", "x-csrf-token": csrf_token(secret)}


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path template of every route under /api, but the fallback that answers 404 and 405."""
    return {
        (method, str(one.path))
        for one in iter_route_contexts(app.routes)
        if str(one.path).startswith("/api") and one.path != "/api/{rest:path}"
        for method in one.methods or {"*"}
    }


def sample(template: str) -> str:
    """A path that fits."""
    return re.sub(r"{[^}]*}", "x1", template)


def test_every_route_is_in_the_policy_and_the_policy_has_no_other(app: FastAPI) -> None:
    assert routes(app) == POLICY.keys()


def test_a_path_is_judged_by_the_entry_of_the_route_that_serves_it() -> None:
    addresses = Addresses(POLICY)
    for (method, template), rule in POLICY.items():
        assert addresses.rule(method, sample(template)) is rule, template
    fits = [
        (method, one, other)
        for method, one in POLICY
        for other_method, other in POLICY
        if method == other_method and one != other and Addresses({(method, other): Rule()}).has(sample(one))
    ]
    assert fits == [], "two templates fit one path"


def test_every_route_is_open_to_whom_the_policy_says_and_to_nobody_else(app: FastAPI, callers: list[Somebody]) -> None:
    app.user_middleware.append(Middleware(Stop))
    client = TestClient(app)
    wrong = []
    for method, template in sorted(routes(app)):
        for caller in callers:
            answer = client.request(method, sample(template), headers=caller.headers)
            if caller.may(POLICY[method, template]):
                right = answer.status_code == REACHED
            else:
                known = caller.role is not None or caller.name == "without a role"
                right = answer.status_code == (403 if known else 401) and answer.json()["code"] in REFUSED[answer.status_code]
            if not right:
                wrong.append((method, template, caller.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/people", {"officer", "leader", "director", "admin"}),
        ("POST", "/api/v1/people", {"admin"}),
        ("PATCH", "/api/v1/people/{person_id}", {"admin"}),
        ("POST", "/api/v1/people/{person_id}/password", {"admin"}),
        ("POST", "/api/v1/delegations", {"officer", "leader", "admin"}),
        ("POST", "/api/v1/shifts", {"leader", "admin"}),
        ("GET", "/api/v1/audit", {"admin"}),
    ],
)
def test_what_matters_most_is_said_twice(method: str, path: str, allowed: set[str]) -> None:
    assert POLICY[method, path] == Rule(frozenset(allowed))


def test_no_token_signs_nor_manages_people() -> None:
    changing = {key: rule.scopes for key, rule in POLICY.items() if key[0] != "GET" and not rule.public and rule.scopes}
    assert {key: scopes for key, scopes in changing.items() if not scopes <= {"facts", "feed"}} == {}
    assert "sign" not in SCOPES


def test_what_the_policy_does_not_know_is_not_served(office: Office) -> None:
    app = office.app()

    @app.get("/api/v1/forgotten")
    def forgotten() -> str:
        return "secret"

    @app.websocket("/api/v1/socket")
    async def socket() -> None:
        raise AssertionError("reached")

    client = TestClient(app)
    person = office.hire("curious", *ROLES, jurisdiction="*", knows=SOUND)
    headers = _session(office, office.session(person))
    for path in (
        "/api/v1/forgotten",
        "/api/v1/forgotten%0A",
        "/api/v1/people%0A",
        "/api",
        "/api/",
        "/api/v1/people/",
        "/api//v1/people",
    ):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), path
    assert client.put("/api/v1/people", headers=headers).status_code == 405
    assert client.head("/api/v1/people", headers=headers).status_code == 405
    under = TestClient(app, root_path="/yuan")
    assert under.get("/yuan/api/v1/people").status_code == 401
    assert under.get("/api/v1/people").status_code == 401
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/api/v1/socket"):
        pass
    assert closed.value.code == 1008


def test_a_route_that_is_missing_in_the_policy_would_be_found(office: Office) -> None:
    app = office.app()
    app.add_api_route("/api/v1/forgotten", lambda: None, methods=["GET"])
    assert routes(app) - POLICY.keys() == {("GET", "/api/v1/forgotten")}

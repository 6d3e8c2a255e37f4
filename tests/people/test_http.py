"""People over HTTP: login, cookies, CSRF, headers, errors in the one shape."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.people.actor import EVERYWHERE
from api.people.sessions import csrf_token
from api.store.database import reading
from tests.people.world import HERE, SOUND, START, THERE, Office

NIGHT = (START + timedelta(hours=12)).isoformat()


def client_of(office: Office, base_url: str = "http://yuan.test") -> TestClient:
    return TestClient(office.app(), base_url=base_url, raise_server_exceptions=False)


def logged_in(office: Office, login: str, password: str = SOUND) -> TestClient:
    """A client with a session, that sends its CSRF token with every request."""
    client = client_of(office)
    answer = client.post("/api/v1/session", json={"login": login, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


def error_of(answer: Any, status: int) -> tuple[str, str]:
    """Code and place of an error in the one shape."""
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"code", "message", "where", "remedy"}
    return answer.json()["code"], answer.json()["where"]


def test_logging_in_answers_the_person_and_sets_a_cookie_that_no_script_reads(office: Office) -> None:
    person = office.hire("zhang", "officer", posts=("值班员",), knows=SOUND)
    client = client_of(office)
    answer = client.post("/api/v1/session", json={"login": "zhang", "password": SOUND})
    secret = client.cookies["yuan_session"]
    assert answer.headers["set-cookie"] == f"yuan_session={secret}; HttpOnly; Path=/; SameSite=strict"
    session = answer.json().pop("session")
    assert answer.json() == {
        "person": {
            "id": person.id,
            "name": "zhang先生",
            "jurisdiction": HERE,
            "everywhere": False,
            "roles": {"officer": "值班员"},
        },
        "posts": {"值班员": None},
        "must_change": False,
        "csrf": csrf_token(secret),
        "session": session,
    }
    assert session["expires_at"] == "2026-11-22T20:30:00+08:00"
    assert client.get("/api/v1/session").json() == {**answer.json(), "scopes": None}


def test_over_https_the_cookie_is_secure_and_the_browser_is_told_to_stay_there(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    client = client_of(office, "https://yuan.test")
    answer = client.post("/api/v1/session", json={"login": "zhang", "password": SOUND})
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_logging_out_ends_the_session(office: Office) -> None:
    office.hire("zhang", "officer", knows=SOUND)
    client = logged_in(office, "zhang")
    secret = client.cookies["yuan_session"]
    assert client.delete("/api/v1/session").status_code == 204
    assert "yuan_session" not in client.cookies
    assert office.people.by_session(secret) is None
    assert error_of(client.get("/api/v1/session", headers={"cookie": f"yuan_session={secret}"}), 401) == (
        "not-logged-in",
        "/api/v1/session",
    )


def test_not_logged_in_says_how_to_log_in(office: Office) -> None:
    answer = client_of(office).get("/api/v1/people")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == {
        "code": "not-logged-in",
        "message": "没有登录，或登录已过期",
        "where": "/api/v1/people",
        "remedy": "用 POST /api/v1/session 登录，或在 Authorization 中给出 Bearer yuan_… 令牌",
    }


def test_a_role_that_may_not_is_told_which_may(office: Office) -> None:
    office.hire("zhang", "observer", knows=SOUND)
    answer = logged_in(office, "zhang").get("/api/v1/people")
    assert error_of(answer, 403) == ("role-needed", "/api/v1/people")
    assert answer.json()["message"] == (
        "没有这个权限，需要角色：值班员（officer）或带班领导（leader）或导调员（director）或管理员（admin）"
    )


def test_a_wrong_login_is_answered_alike_and_then_asked_to_wait(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    client = client_of(office)
    known, unknown = ({"login": login, "password": "wrong"} for login in ("zhang", "nobody"))
    one, other = client.post("/api/v1/session", json=known), client.post("/api/v1/session", json=unknown)
    assert error_of(one, 401) == ("login-refused", "login")
    assert (one.json(), one.headers) == (other.json(), other.headers)
    for _ in range(2):
        client.post("/api/v1/session", json=known)
    answer = client.post("/api/v1/session", json={"login": "zhang", "password": SOUND})
    assert error_of(answer, 429) == ("too-many-attempts", "login")
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["message"] == "登录失败次数过多，请等 1 秒后再试"


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({"X-CSRF-Token": ""}, "X-CSRF-Token"),
        ({"X-CSRF-Token": "0" * 64}, "X-CSRF-Token"),
        ({"X-CSRF-Token": "é"}, "X-CSRF-Token"),
        ({"Origin": "http://evil.test"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Origin": "http://yuan.test.evil.test"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "Origin"),
        ({"Sec-Fetch-Site": "same-site"}, "Origin"),
    ],
)
def test_a_change_that_another_site_may_have_sent_is_refused(office: Office, headers: dict[str, str], where: str) -> None:
    office.admin()
    client = logged_in(office, "root")
    body = {"login": "zhang", "name": "张三", "jurisdiction": HERE}
    sent = {key: value.encode("latin-1") for key, value in headers.items()}
    assert error_of(client.post("/api/v1/people", json=body, headers=sent), 403) == ("cross-site", where)
    assert len(office.people.accounts.everybody()) == 1
    ours = {"Origin": "http://yuan.test", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/people", json=body, headers=ours).status_code == 201


def test_another_site_cannot_log_somebody_in(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    body = {"login": "zhang", "password": SOUND}
    answer = client_of(office).post("/api/v1/session", json=body, headers={"Origin": "http://evil.test"})
    assert error_of(answer, 403) == ("cross-site", "Origin")


def test_a_one_time_password_opens_nothing_but_its_change(office: Office) -> None:
    admin = office.admin()
    one_time = office.people.accounts.reset_password(admin.id, "yuan")
    client = logged_in(office, "root", one_time)
    assert client.get("/api/v1/session").json()["must_change"] is True
    assert error_of(client.get("/api/v1/people"), 403) == ("password-change-needed", "/api/v1/people")
    change = {"present": one_time, "new": "short"}
    assert error_of(client.post("/api/v1/session/password", json=change), 422) == ("password-refused", "new")
    assert error_of(client.post("/api/v1/session/password", json={"present": "wrong", "new": SOUND}), 403) == (
        "password-wrong",
        "present",
    )
    assert client.post("/api/v1/session/password", json={"present": one_time, "new": SOUND}).status_code == 204
    assert client.get("/api/v1/people").status_code == 200


def test_a_token_reads_what_its_scope_and_its_persons_role_allow(office: Office) -> None:
    office.hire("zhang", "officer", knows=SOUND)
    client = logged_in(office, "zhang")
    body = {"label": "大屏", "scopes": ["read"], "expires_at": NIGHT}
    made = client.post("/api/v1/tokens", json=body)
    assert made.status_code == 201, made.text
    secret = made.json()["token"]
    program = client_of(office)
    program.headers["Authorization"] = f"Bearer {secret}"
    assert program.get("/api/v1/shifts").status_code == 200
    assert program.get("/api/v1/session").json()["scopes"] == ["read"]
    assert error_of(program.get("/api/v1/people"), 403) == ("scope-needed", "/api/v1/people")
    listed = client.get("/api/v1/tokens").json()
    assert [(one["label"], one["scopes"]) for one in listed] == [("大屏", ["read"])]
    assert listed[0]["used_at"] is not None
    assert secret not in str(listed)
    assert client.delete(f"/api/v1/tokens/{listed[0]['id']}").status_code == 204
    assert error_of(program.get("/api/v1/shifts"), 401)[0] == "not-logged-in"


def test_a_bad_token_is_not_saved_by_a_good_cookie(office: Office) -> None:
    office.hire("zhang", "officer", knows=SOUND)
    client = logged_in(office, "zhang")
    for authorization in ("Bearer yuan_x", "Bearer", "Basic x", ""):
        assert client.get("/api/v1/session", headers={"Authorization": authorization}).status_code == 401


def test_one_manages_the_own_sessions_and_tokens_only(office: Office) -> None:
    office.admin()
    zhang, li = office.hire("zhang", "officer", knows=SOUND), office.hire("li", "officer", knows=SOUND)
    client, other, admin = logged_in(office, "zhang"), logged_in(office, "li"), logged_in(office, "root")
    (session,) = other.get("/api/v1/sessions").json()
    body = {"label": "x", "scopes": ["read"], "expires_at": NIGHT}
    token = other.post("/api/v1/tokens", json=body).json()
    for answer in (
        client.get("/api/v1/sessions", params={"person": li.id}),
        client.delete(f"/api/v1/sessions/{session['id']}"),
        client.get("/api/v1/tokens", params={"person": li.id}),
        client.post("/api/v1/tokens", json={**body, "person": li.id}),
        client.delete(f"/api/v1/tokens/{token['id']}"),
    ):
        assert error_of(answer, 403) == ("forbidden", "person")
    assert admin.get("/api/v1/sessions", params={"person": li.id}).json() == [session]
    assert admin.delete(f"/api/v1/sessions/{session['id']}").status_code == 204
    assert other.get("/api/v1/session").status_code == 401
    assert admin.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert [one["person"] for one in client.get("/api/v1/sessions").json()] == [zhang.id]


def test_an_administrator_makes_changes_and_disables_a_person(office: Office) -> None:
    office.admin()
    client = logged_in(office, "root")
    body = {"login": "zhang", "name": "张三", "jurisdiction": HERE, "roles": ["officer"], "posts": ["值班员"]}
    made = client.post("/api/v1/people", json=body).json()
    one_time = made.pop("one_time_password")
    here = f"/api/v1/people/{made['id']}"
    theirs = logged_in(office, "zhang", one_time)
    assert client.get(here).json() == made
    assert client.get("/api/v1/people").json()[-1] == made
    assert error_of(client.post("/api/v1/people", json=body), 409) == ("conflict", "login")
    assert client.patch(here, json={"roles": ["leader"]}).json()["roles"] == {"leader": "带班领导"}
    assert client.post(f"{here}/posts", json={"post": "市长"}).json()["posts"] == ["值班员", "市长"]
    assert client.delete(f"{here}/posts/值班员").json()["posts"] == ["市长"]
    assert [one["person"] for one in client.get("/api/v1/posts", params={"post": "市长"}).json()] == [made["id"]]
    assert theirs.get("/api/v1/session").status_code == 200
    assert client.patch(here, json={"active": False}).json()["active"] is False
    assert theirs.get("/api/v1/session").status_code == 401
    assert set(client.post(f"{here}/password").json()) == {"one_time_password"}
    assert [one["action"] for one in client.get("/api/v1/audit", params={"limit": 3}).json()] == [
        "password.reset",
        "person.disabled",
        "post.taken",
    ]


def test_an_administrator_of_one_place_does_not_reach_beyond_it(office: Office) -> None:
    root = office.admin()
    office.hire("local", "admin", knows=SOUND)
    far = office.hire("far", "officer", jurisdiction=THERE)
    client = logged_in(office, "local")
    own = office.people.accounts.everybody()[1]
    assert [one["login"] for one in client.get("/api/v1/people").json()] == ["local", "root"]
    for answer in (
        client.get(f"/api/v1/people/{far.id}"),
        client.patch(f"/api/v1/people/{far.id}", json={"active": False}),
        client.patch(f"/api/v1/people/{root.id}", json={"active": False}),
        client.patch(f"/api/v1/people/{own.id}", json={"jurisdiction": EVERYWHERE}),
        client.patch(f"/api/v1/people/{own.id}", json={"jurisdiction": " * "}),
        client.post(f"/api/v1/people/{root.id}/password"),
        client.post(f"/api/v1/people/{far.id}/posts", json={"post": "市长"}),
        client.post("/api/v1/people", json={"login": "x1", "name": "x", "jurisdiction": EVERYWHERE, "roles": ["admin"]}),
        client.get("/api/v1/sessions", params={"person": root.id}),
        client.get("/api/v1/shifts", params={"jurisdiction": THERE}),
    ):
        assert error_of(answer, 403) == ("forbidden", "jurisdiction")


def test_the_holder_of_a_post_delegates_it(office: Office) -> None:
    office.admin()
    office.hire("mayor", "leader", posts=("市长",), knows=SOUND)
    deputy = office.hire("deputy", "leader", knows=SOUND)
    mayor, other = logged_in(office, "mayor"), logged_in(office, "deputy")
    me = mayor.get("/api/v1/session").json()["person"]["id"]
    body = {"post": "市长", "by_person": me, "to_person": deputy.id, "authority": "市政府〔2026〕8号", "until": NIGHT}
    assert error_of(other.post("/api/v1/delegations", json=body), 403) == ("forbidden", "by_person")
    made = mayor.post("/api/v1/delegations", json=body)
    assert made.status_code == 201, made.text
    assert other.get("/api/v1/session").json()["posts"] == {"市长": made.json()["id"]}
    assert other.get("/api/v1/delegations").json() == [made.json()]
    assert [one["name"] for one in other.get("/api/v1/posts").json()] == ["mayor先生", "deputy先生"]
    here = f"/api/v1/delegations/{made.json()['id']}"
    assert error_of(other.delete(here), 403) == ("forbidden", "by_person")
    assert logged_in(office, "root").delete(here).status_code == 204
    assert other.get("/api/v1/session").json()["posts"] == {}
    assert error_of(mayor.delete(here), 404) == ("not-found", "delegation")


def test_the_roster_over_http(office: Office) -> None:
    office.hire("leader", "leader", knows=SOUND)
    zhang = office.hire("zhang", "officer")
    client = logged_in(office, "leader")
    body = {
        "person": zhang.id,
        "place": "值班员",
        "begins": "2026-11-22T08:30:00+08:00",
        "ends": "2026-11-23T08:30:00+08:00",
    }
    made = client.post("/api/v1/shifts", json=body)
    assert made.status_code == 201, made.text
    shift = {"id": made.json()["id"], "name": "zhang先生", "jurisdiction": HERE, **body}
    assert made.json() == shift
    assert client.get("/api/v1/shifts/now").json() == {"jurisdiction": HERE, "now": [shift], "next": []}
    assert client.get("/api/v1/shifts", params={"until": "2026-11-24T08:30:00+08:00"}).json() == {
        "jurisdiction": HERE,
        "since": "2026-11-22T08:30:00+08:00",
        "until": "2026-11-24T08:30:00+08:00",
        "shifts": [shift],
        "overlaps": [],
        "gaps": [
            {"place": "值班员", "begins": "2026-11-23T08:30:00+08:00", "ends": "2026-11-24T08:30:00+08:00"},
            {"place": "带班领导", "begins": "2026-11-22T08:30:00+08:00", "ends": "2026-11-24T08:30:00+08:00"},
        ],
    }
    assert client.delete(f"/api/v1/shifts/{shift['id']}").status_code == 204
    assert error_of(client.delete(f"/api/v1/shifts/{shift['id']}"), 404) == ("not-found", "shift")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/people", {"login": "zhang", "name": "张\0三", "jurisdiction": HERE}),
        ("POST", "/api/v1/people", {"login": "zhang", "name": "张三", "jurisdiction": HERE, "boss": True}),
        ("POST", "/api/v1/people", {"login": "zhang", "name": "张三", "jurisdiction": HERE, "roles": ["\ud800"]}),
        ("POST", "/api/v1/people", {"login": "z" * 65, "name": "张三", "jurisdiction": HERE}),
        ("POST", "/api/v1/people", {"login": "zhang", "name": "张三", "jurisdiction": HERE, "posts": ["\0"]}),
        ("GET", "/api/v1/people/%00", None),
        ("GET", "/api/v1/people/" + "a" * 40, None),
        ("GET", "/api/v1/sessions?person=%00", None),
        ("GET", "/api/v1/shifts?jurisdiction=%00", None),
        ("GET", "/api/v1/shifts", None),
        ("GET", "/api/v1/shifts?jurisdiction=x&since=9999-12-31T23:59:59-10:00", None),
        ("GET", "/api/v1/shifts?jurisdiction=x&since=2026-11-22T08:30:00", None),
        ("GET", "/api/v1/shifts?jurisdiction=x&until=2100-01-01T00:00:00Z", None),
        ("GET", "/api/v1/audit?limit=0", None),
        ("GET", "/api/v1/audit?before=99999999999999999999", None),
        ("DELETE", "/api/v1/people/{root}/posts/%00", None),
        ("POST", "/api/v1/people/{root}/posts", {"post": "a/b"}),
        ("POST", "/api/v1/tokens", {"label": "x", "scopes": ["sign"], "expires_at": NIGHT}),
        ("POST", "/api/v1/tokens", {"label": "x", "scopes": ["read"], "expires_at": "0001-01-01T00:00:00+14:00"}),
        ("POST", "/api/v1/session", {"login": "\ud800", "password": "x"}),
        ("POST", "/api/v1/session", {"login": "x", "password": "\ud800"}),
        ("POST", "/api/v1/session", [1]),
    ],
)
def test_what_cannot_be_is_refused_in_the_one_shape(office: Office, method: str, path: str, body: Any) -> None:
    root = office.admin()
    client = logged_in(office, "root")
    content = None if body is None else json.dumps(body)
    answer = client.request(
        method, path.replace("{root}", root.id), content=content, headers={"content-type": "application/json"}
    )
    assert error_of(answer, 422)


@pytest.mark.parametrize("login", ["\0", "a\0b", "ａ", "x" * 64, "' OR 1=1 --", ""])
def test_a_strange_login_is_an_unknown_one(office: Office, login: str) -> None:
    answer = client_of(office).post("/api/v1/session", json={"login": login, "password": "\0"})
    assert error_of(answer, 401) == ("login-refused", "login")


def test_a_body_is_not_read_beyond_its_limit(office: Office) -> None:
    client = client_of(office)
    said = client.post("/api/v1/session", content=b"x" * 20_001)
    assert error_of(said, 413) == ("too-large", "body")
    parts = (b"x" * 1000 for _ in range(21))
    unsaid = client.post("/api/v1/session", content=parts, headers={"content-type": "application/json"})
    assert "content-length" not in unsaid.request.headers
    assert error_of(unsaid, 413) == ("too-large", "body")


def test_every_answer_carries_the_headers_that_protect_a_browser(office: Office) -> None:
    app = office.app()

    @app.get("/page")
    def page() -> str:
        return "page"

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError

    client = TestClient(app, base_url="http://yuan.test", raise_server_exceptions=False)
    for path, status in (("/page", 200), ("/broken", 500), ("/none", 404), ("/api/none", 404), ("/api/v1/people", 401)):
        answer = client.get(path)
        api = path.startswith("/api")
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'" if api else "default-src 'self'")
        assert answer.headers.get("cache-control") == ("no-store" if api else None)
        assert "strict-transport-security" not in answer.headers


def test_a_store_that_is_gone_is_said_in_the_one_shape(office: Office) -> None:
    office.hire("zhang", "officer", knows=SOUND)
    client = logged_in(office, "zhang")
    with office.engine.begin() as link:
        link.execute(text("ALTER TABLE sessions RENAME TO gone"))
    assert error_of(client.get("/api/v1/people"), 503)[0] == "store-unavailable"
    with reading(office.engine) as link:
        assert link.execute(text("SELECT count(*) FROM gone")).scalar_one() == 1


def test_the_document_names_every_answer(office: Office) -> None:
    document = office.app().openapi()
    documented = {
        (method.upper(), path): set(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "plans" not in path and "assess" not in path and "findings" not in path
    }
    assert documented["POST", "/api/v1/session"] == {"200", "401", "403", "413", "422", "429", "503"}
    assert documented["PATCH", "/api/v1/people/{person_id}"] == {"200", "401", "403", "404", "409", "413", "422", "503"}
    assert {key for key, statuses in documented.items() if not {"401", "403", "422"} <= statuses} == set()

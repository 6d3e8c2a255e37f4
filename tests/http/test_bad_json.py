"""A body that is no JSON: what is wrong and where, on every route."""

from __future__ import annotations

import pytest

from tests.http.duty_office import City

ROUTES = ("/shifts", "/delegations", "/tokens", "/people", "/incidents", "/session")


@pytest.mark.parametrize("path", ROUTES)
def test_line_and_column_are_named(city: City, path: str) -> None:
    admin = city.office.hire("root", "admin", "officer", "leader")
    headers = {**admin.headers, "content-type": "application/json"}
    answer = admin.client.post(f"/api/v1{path}", content=b'{"a": 1,\n "b": }', headers=headers)
    assert answer.status_code in (400, 422)
    found = answer.json()
    assert found == {
        "code": "bad-input", "message": "不是合法的 JSON：这里要有一个值", "where": "body 第 2 行第 7 列", "remedy": "检查引号、逗号和括号",
    }  # fmt: skip

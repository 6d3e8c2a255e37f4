"""Pages as they are answered: a role refused, an address that leads nowhere, one main part a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.library import Library
from api.settings import Settings
from tests.console.small_office import SmallOffice

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
REFUSED = re.compile(r'class="yuan refused"><h1>(.+?)</h1><p>(.+?)</p>')


class Pages:
    """The whole application on a small office."""

    def __init__(self, office: SmallOffice, settings: Settings) -> None:
        self.office = office
        self.people = {"officer": office.officer, **{one: office.hire(one, one) for one in ("observer", "admin")}}
        self.client = TestClient(create_app(office.library, settings, office=office.office), follow_redirects=False)

    def get(self, path: str, role: str, accept: dict[str, str] = BROWSER) -> tuple[int, str, str]:
        """Status, kind and text of the answer to somebody in this role."""
        cookie = f"yuan_session={self.office.staff.session(self.people[role])}"
        answer = self.client.get(path, headers={**accept, "cookie": cookie})
        return answer.status_code, answer.headers["content-type"].partition(";")[0], answer.text


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, small_library: Library) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("pages")
    office = SmallOffice(folder, small_library)
    yield Pages(office, Settings(data_dir=folder))
    office.close()


def test_a_screen_that_a_role_may_not_see_is_refused_as_such(pages: Pages) -> None:
    status, kind, text = pages.get("/people", "observer")
    assert (status, kind) == (403, "text/html")
    assert REFUSED.findall(text) == [("您的角色不能看这一屏", "需要别的角色，请管理员授予")]
    assert '<a href="/">回值班台</a>' in text


def test_an_unknown_address_says_so_to_a_person_and_to_a_program(pages: Pages) -> None:
    status, kind, text = pages.get("/no-such-screen", "officer")
    assert (status, kind) == (404, "text/html")
    assert "没有这个地址" in text and "/no-such-screen" in text and '<a href="/">回值班台</a>' in text
    assert '<html lang="zh-CN">' in text
    shape = {"code": "not-found", "message": "没有这个地址", "where": "/no-such-screen", "remedy": "见 /docs 列出的地址"}
    answer = pages.client.get("/no-such-screen")
    assert (answer.status_code, answer.json()) == (404, shape)
    beneath = pages.client.get("/api/v1/no-such", headers=BROWSER)
    assert (beneath.status_code, beneath.json()["code"]) == (404, "not-found")


def test_what_stands_in_an_unknown_address_is_only_text(pages: Pages) -> None:
    assert "<b>" not in pages.get("/<b>x", "officer")[2]


@pytest.mark.parametrize("path", ["/plans/none", "/plans/none/assess", "/handover/none"])
def test_what_is_not_there_is_not_found(pages: Pages, path: str) -> None:
    status, kind, text = pages.get(path, "officer" if path.startswith("/h") else "admin")
    assert (status, kind) == (404, "text/html")
    assert len(REFUSED.findall(text)) == 1


def test_a_page_has_one_main_part(pages: Pages) -> None:
    for path in ("/", "/wall", "/plans/good/assess"):
        status, _, text = pages.get(path, "officer")
        assert status == 200
        assert '"tag":"q-page"' not in text.replace(" ", ""), path

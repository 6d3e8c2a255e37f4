"""历史回测: the file that starts one, its progress and result, its files; nobody else's."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.backtesting.job import Job, Result, perform
from api.backtesting.mapping import ColumnMapping, match
from api.backtesting.record import make_record
from api.backtesting.shelf import MOST_OF_ONE
from api.backtesting.table import parse_csv
from api.console.screens.backtest import Backtests
from api.console.visit import Visit
from api.library import Library
from api.people.sessions import csrf_token
from api.reading import BadInput
from api.settings import Settings
from engine.drill.backtests.backtest import Progress, Setting
from engine.drill.backtests.forecast import Forecast
from tests.console.small_office import SmallOffice
from tests.desk.setting import eventually

PLAN = "shuozhou-heavy-pollution"
VALUES = [30.0] * 60 + [240.0] * 90 + [20.0] * 90
CSV = "time,pm25\n" + "".join(
    f"{(datetime(2016, 12, 1) + timedelta(hours=n)).isoformat()},{one}\n" for n, one in enumerate(VALUES)
)
ASKED = {"plan": PLAN, "lead": "72", "error": "0", "delay": "0", "fill": "0", "against": "HP-02=a"}


@dataclass
class Web:
    """The application with two officers."""

    office: SmallOffice
    client: TestClient

    def begin(self, who: str, files: dict[str, tuple[str, str]], **changes: str) -> str:
        """Send the form; where it leads."""
        secret = self.secret(who)
        answer = self.client.post(
            "/console/backtests",
            data={"csrf": csrf_token(secret), **ASKED, **changes},
            files=files,
            headers={"cookie": f"yuan_session={secret}"},
        )
        return f"{answer.status_code} {answer.headers.get('location', '')}"

    def secret(self, who: str) -> str:
        return self.office.staff.session(self.office.officer if who == "officer" else self.office.leader)

    def get(self, who: str, path: str) -> tuple[int, str, str]:
        answer = self.client.get(path, headers={"cookie": f"yuan_session={self.secret(who)}"})
        return answer.status_code, unquote(answer.headers.get("content-disposition", "")), answer.text


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    from api.library import plans_folder

    found = SmallOffice(tmp_path_factory.mktemp("office"), Library((plans_folder(),)))
    yield found
    found.close()


@pytest.fixture(scope="module")
def web(office: SmallOffice, tmp_path_factory: pytest.TempPathFactory) -> Web:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    return Web(office, TestClient(create_app(office.library, settings, office=office.office), follow_redirects=False))


def test_a_file_is_run_and_its_report_is_the_persons_own(web: Web) -> None:
    led = web.begin("officer", {"file": ("series.csv", CSV)})
    assert re.fullmatch(r"303 /backtests\?trial=[\w-]+", led)
    base = f"/console/backtests/{led.partition('=')[2]}"
    eventually(lambda: web.get("officer", f"{base}.html")[0] == 200, 30)
    _, named, page = web.get("officer", f"{base}.html")
    assert "[推演] 历史回测-" in named and named.endswith(".html")
    assert "<title>[推演] 历史回测：" in page and "两边对照" in page
    assert web.get("officer", f"{base}.csv")[2].count("推演,") == 2
    assert '"mark": "推演"' in web.get("officer", f"{base}.json")[2]
    assert [web.get("officer", f"{base}.pdf")[0], web.get("leader", f"{base}.html")[0]] == [404, 404]


def test_a_form_of_another_site_starts_nothing(web: Web) -> None:
    assert web.begin("officer", {"file": ("series.csv", CSV)}, csrf="other").startswith("403")
    nobody = web.client.post("/console/backtests", data=ASKED, files={"file": ("series.csv", CSV)})
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/login?next=/backtests")


def trial(office: SmallOffice, text: str, name: str = "series.csv") -> str:
    plan = office.library.current().plans[PLAN]

    def work(progress: Progress) -> Result:
        table = parse_csv(text, name)
        record = make_record(plan, table, match(plan, table.columns, ColumnMapping()))
        return perform(Job(plan, record, Setting(Forecast(72)), (plan, {"HP-02": "a"})), progress)

    return office.place.backtests.start(office.officer.id, ASKED, text.encode(), name, work).id


def ended(office: SmallOffice, found: str) -> list[str]:
    eventually(lambda: "正在回测" not in (seen := lines(office, found)) and "等待开始" not in seen, 30)
    return office.see(Backtests, query={"trial": found}).lines("result")


def lines(office: SmallOffice, found: str) -> str:
    return "".join(office.see(Backtests, query={"trial": found}).lines("result"))


def test_the_result_has_the_chart_the_episodes_and_the_difference(office: SmallOffice) -> None:
    found = trial(office, CSV)
    said = ended(office, found)
    seen = office.see(Backtests, query={"trial": found})
    assert seen.panels["result"].count("<svg") == 1 and "左：在行" in said
    assert any(one.startswith("相差 ") and "左升至黄色（3.2.1）" in one for one in said)
    assert {"左：预警与实况", "右：在行过程", "定义"} <= set(said)
    assert "[推演] 结果" in seen.frame and 'class="stack drill-sheet"' in seen.frame
    assert 'value="HP-02=a" selected' in seen.frame, "what was asked stands in the form"
    assert f'name="kept" value="{found}"' in seen.frame, "the file can be used again"


def test_what_is_wrong_with_the_file_stands_in_place_of_the_result(office: SmallOffice) -> None:
    said = ended(office, trial(office, "time,pm25\n2016-01-01T00,5\n2016-01-01T01,-3\n"))
    assert said[0] == "-3 小于 0" and said[-1] == "（series.csv 第 3 行“pm25”列）"


def test_without_a_trial_it_says_what_to_do_and_of_a_lost_one_that_it_is_lost(office: SmallOffice) -> None:
    assert "还没有结果" in "".join(office.see(Backtests).lines("result"))
    assert "已不在了" in "".join(office.see(Backtests, query={"trial": "gone"}).lines("result"))
    found = trial(office, CSV)
    assert "已不在了" in "".join(office.see(Backtests, office.leader, query={"trial": found}).lines("result"))


def test_progress_is_told_and_the_oldest_are_dropped(office: SmallOffice) -> None:
    told: list[int] = []
    screen = Backtests(Visit(office.place, office.staff.session(office.officer), {}, {}))
    screen.wake = lambda: told.append(1)

    def work(progress: Progress) -> Result:
        progress(1, 2)
        time.sleep(0.05)
        raise BadInput("没有", where="x", remedy="y")

    shelf = office.place.backtests
    first = shelf.start(office.officer.id, ASKED, b"", "x", work)
    shelf.follow(first, screen.wake)
    eventually(lambda: first.ended and bool(told), 10)
    assert (first.done, first.total) == (1, 2)
    later = [shelf.start(office.officer.id, ASKED, b"", "x", work) for _ in range(MOST_OF_ONE)]
    assert shelf.get(first.id, office.officer.id) is None
    assert [shelf.get(one.id, office.officer.id) for one in later] == later
    eventually(lambda: all(one.ended for one in later), 10)

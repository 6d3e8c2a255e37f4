"""`yuan backtest`: columns and mappings, what it shows and writes, and what is wrong with a file, line by line."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.backtesting.table import parse_csv
from api.cli import app
from api.library import plans_folder
from engine.plan.finding import YuanError

PLAN = "shuozhou-heavy-pollution"
START = datetime(2016, 12, 1)
SPELLS = ((60, 30.0), (90, 240.0), (110, 20.0))


def yuan(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["backtest", *map(str, arguments)], env={"COLUMNS": "160"})


def shown(*arguments: str | Path) -> str:
    done = yuan(*arguments)
    assert done.exit_code == 0, done.exception
    return str(done.stdout)


def data(*arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown(*arguments, "--json"))
    return found


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return write(tmp_path / "series.csv", "pm25")


def write(path: Path, head: str, offset: str = "+08:00") -> Path:
    values = [value for hours, value in SPELLS for _ in range(hours)]
    rows = [f"{(START + timedelta(hours=n)).isoformat()}{offset},{value}" for n, value in enumerate(values)]
    path.write_text("\n".join([f"time,{head}", *rows]) + "\n", "utf-8")
    return path


def wrong(text: str | bytes, tmp_path: Path, *more: str) -> tuple[str, str, str]:
    path = tmp_path / "wrong.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    error = yuan(PLAN, path, *more).exception
    assert isinstance(error, YuanError), error
    return error.message, error.where.replace(str(path), "wrong.csv"), error.remedy


def test_it_shows_the_numbers_and_bears_the_mark(series: Path) -> None:
    said = shown(PLAN, series, "--lead", "72h")
    assert said.startswith("[推演] 历史回测：")
    assert re.search(r"黄色及以上\s+1\s+1\s+0\s+0\s+0\s+0\s+1\s+72", said)
    assert "预警级别：无" in said, "what was assumed"
    assert "[推演] 历史回测-" in said, "the name that is suggested for a file"


def test_an_episode_has_its_level_times_hours_and_clauses(series: Path) -> None:
    found = data(PLAN, series)
    assert found["mark"] == "推演"
    (episode,) = found["scales"]["warning"]["episodes"]
    assert (episode["level"], episode["ended"], episode["hours"]) == ("orange", True, sum(episode["hours_in"].values()))
    assert [(one["kind"], one["after"], one["clauses"]) for one in episode["changes"]] == [
        ("raise", "yellow", ["3.2.1"]),
        ("raise", "orange", ["3.2.2"]),
        ("lower", "yellow", ["3.5.1"]),
        ("lift", None, ["3.5.2"]),
    ]
    assert found["columns"] == {"pm25_hourly": "pm25"}


def test_every_file_bears_the_mark(series: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"out.{kind}" for kind in ("html", "csv", "json")]
    shown(PLAN, series, "--against", "HP-02=a", *(part for file in files for part in ("--out", file)))
    page, table, values = (file.read_text("utf-8-sig") for file in files)
    assert "<title>[推演] 历史回测：" in page and 'class="drill-mark"' in page and "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page), "it stands alone"
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["标记"], row["边"], row["最高级别"]) for row in rows] == [("推演", "左", "orange"), ("推演", "右", "orange")]
    assert json.loads(values)["against"]["readings"] == {"HP-02": "a"}


def test_two_readings_side_by_side_say_where_they_differ_first_and_by_which_clause(series: Path) -> None:
    compared = data(PLAN, series, "--against", "HP-02=a")["comparison"]["warning"]
    first = compared["stretches"][0]
    assert (first["levels"], first["causes"][0][0]["clauses"], first["causes"][1]) == (["yellow", None], ["3.2.1"], [])
    assert compared["differing_hours"] == sum(one["hours"] for one in compared["stretches"]) > 0


def test_another_plan_file_is_the_other_side(series: Path, tmp_path: Path) -> None:
    (source,) = plans_folder().glob(f"*/{PLAN}.yaml")
    changed = tmp_path / f"{PLAN}.yaml"
    changed.write_text(source.read_text("utf-8").replace("{at_least: 48小时}", "{at_least: 60小时}"), "utf-8")
    found = data(PLAN, series, "--against", changed)
    assert found["digest"] != found["against"]["digest"]
    assert found["comparison"]["warning"]["stretches"][0]["levels"] == ["yellow", None]
    assert data(changed, series)["digest"] == found["against"]["digest"]


def test_columns_are_matched_by_name_and_a_mapping_is_kept(tmp_path: Path) -> None:
    odd = write(tmp_path / "odd.csv", "细颗粒")
    kept = tmp_path / "columns.yaml"
    first = data(PLAN, odd, "--map", "pm25_hourly=细颗粒", "--save-mapping", kept)
    assert kept.read_text("utf-8") == f"plan: {PLAN}\ncolumns:\n  pm25_hourly: 细颗粒\n"
    assert data(PLAN, odd, "--mapping", kept) == first
    for head in ("PM2.5", "pm25_hourly", "细颗粒物小时浓度"):
        assert data(PLAN, write(tmp_path / "named.csv", head))["columns"] == {"pm25_hourly": head}


def test_parquet_gives_what_csv_gives(series: Path, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = list(csv.DictReader(series.read_text("utf-8").splitlines()))
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    path = tmp_path / "series.parquet"
    parquet.write_table(pyarrow.table({"time": times, "pm25": [float(row["pm25"]) for row in rows]}), path)
    assert data(PLAN, path) == data(PLAN, series)


def test_real_decisions_are_compared_hour_by_hour(series: Path, tmp_path: Path) -> None:
    (episode,) = data(PLAN, series)["scales"]["warning"]["episodes"]
    real = tmp_path / "real.csv"
    later = (datetime.fromisoformat(episode["start"]) + timedelta(hours=5)).isoformat()
    real.write_text(f"level,start,end\n橙色,{later},{episode['end']}\n", "utf-8")
    found = data(PLAN, series, "--decisions", real)["decisions"]["warning"]
    assert [(one["level"], one["start_earlier"], one["end_earlier"]) for one in found["decisions"]] == [("orange", 5, 0)]
    assert found["share"] < 1 and found["alone"] == []


def test_days_without_rain_are_counted_on_a_column(tmp_path: Path) -> None:
    rain = tmp_path / "rain.csv"
    amounts = [3.0, *[0.0] * 25, *[4.0] * 6]
    rain.write_text("time,rain\n" + "".join(f"2019-06-{n + 1:02},{one}\n" for n, one in enumerate(amounts[:30])), "utf-8")
    counted = ("--map", "consecutive_rainless_days=rain<0.1:back", "--map", "forecast_rainless_days=rain<0.1:ahead")
    found = data("shuozhou-drought", rain, *counted, "--lead", "20d", "--discretion", "2d")
    changes = [(one["at"][:10], one["after"], one["discretion"]) for one in found["scales"]["warning"]["episodes"][0]["changes"]]
    assert changes == [("2019-06-11", "blue", False), ("2019-06-21", "yellow", False), ("2019-06-24", None, True)]


HEAD = "time,pm25\n2016-01-01T00,5\n"


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("", "文件是空的", "wrong.csv"),
        ("time,pm25\n", "只有表头，没有数据", "wrong.csv"),
        ("time,foo\n2016-01-01T00,5\n", "没有一列与", "--map"),
        ("when,pm25\n2016-01-01T00,5\n", "没有时间列", "wrong.csv 第 1 行"),
        ("time,pm25,pm25\n2016-01-01T00,5,6\n", "“pm25”列重复", "wrong.csv 第 1 行"),
        ("time,pm25\n2016-13-01T00,5\n", "“2016-13-01T00”不是时间", "wrong.csv 第 2 行“time”列"),
        ("time,pm25\n2016-01-01T00:30,5\n", "不是整点", "wrong.csv 第 2 行“time”列"),
        (HEAD + "2016-01-01T00,6\n", "与第 2 行时刻相同", "wrong.csv 第 3 行“time”列"),
        (HEAD + "2015-12-31T00,6\n", "时间倒退", "wrong.csv 第 3 行“time”列"),
        (HEAD + "2016-01-01T01,-6\n", "-6 小于 0", "wrong.csv 第 3 行“pm25”列"),
        (HEAD + "2016-01-01T01,abc\n", "“abc”不是数", "wrong.csv 第 3 行“pm25”列"),
        (HEAD + "2016-01-01T01,inf\n", "不是有限的数", "wrong.csv 第 3 行“pm25”列"),
        (HEAD + "2016-01-01T01,6,7\n", "有 3 格，表头有 2 列", "wrong.csv 第 3 行"),
        (HEAD + "2016-01-02T00,6\n", "不是逐小时的数据", "time"),
        (HEAD + "2116-01-01T00,6\n", "跨度超过", "wrong.csv 第 3 行"),
        ("time,pm25,consultation_warning\n2016-01-01T00,5,紫\n", "“紫”不是", "wrong.csv 第 2 行“consultation_warning”列"),
        (b"\xff\xfe\x00\x01", "不是 UTF-8 也不是 GB18030", "wrong.csv"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_a_remedy(text: str | bytes, message: str, where: str, tmp_path: Path) -> None:
    said, place, remedy = wrong(text, tmp_path)
    assert message in said
    assert place == where
    assert remedy


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--reading", "HP-99=a"), "没有读法“HP-99”"),
        (("--reading", "HP-02=z"), "不能取“z”"),
        (("--against", "gone.yaml"), "读不了预案文件"),
        (("--map", "pm25_hourly=pm2"), "没有“pm2”列"),
        (("--map", "pm2_hourly=pm25"), "没有指标“pm2_hourly”"),
        (("--map", "no_improvement_24h=pm25<3:back"), "不能数行"),
        (("--from", "2017-01-01"), "所选的时段里没有数据"),
        (("--out", "x.xyz"), "不会写“.xyz”"),
        (("--lead", "abc"), "不是时长"),
        (("--delay", "1h,2h"), "有 2 个时长"),
        (("--heating", "11-01"), "不是采暖期"),
        (("--hindsight", "--forecast-error", "0.1"), "同时给出"),
        (("--assume", "consultation_warning=purple"), "“purple”不是"),
    ],
)
def test_what_is_asked_wrongly_is_said(more: tuple[str, ...], message: str, tmp_path: Path) -> None:
    said, _, remedy = wrong(HEAD + "2016-01-01T01,6\n", tmp_path, *more)
    assert message in said
    assert remedy


def test_times_are_read_as_spreadsheets_write_them() -> None:
    table = parse_csv("时间;pm25\n2016/1/1 1:00;5\n2016年1月1日2时;6\n2016-01-01T03:00:00Z;7\n", "x")
    assert [f"{at:%d %H%z}" for at in table.times] == ["01 01+0800", "01 02+0800", "01 11+0800"]


def test_without_pyarrow_a_parquet_file_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "series.parquet"
    path.write_bytes(b"PAR1")
    error = yuan(PLAN, path).exception
    assert isinstance(error, YuanError)
    assert (error.message, "pip install 'yuan[parquet]'" in error.remedy) == ("读 Parquet 要另装 pyarrow", True)


def test_the_last_day_is_included_to_its_end(series: Path) -> None:
    assert "2016-12-02 00时 至 2016-12-05 23时" in shown(PLAN, series, "--from", "2016-12-02", "--to", "2016-12-05")
    assert "至 2016-12-05 06时" in shown(PLAN, series, "--to", "2016-12-05T06:00")

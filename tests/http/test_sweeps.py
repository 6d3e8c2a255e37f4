"""`POST /api/v1/sweeps`: counts, maps and comparisons over HTTP, for whoever is logged in; wrong orders in the one error shape."""

from __future__ import annotations

from typing import Any

from tests.http.duty_office import FIRE, POLLUTION, City, DutyOffice

EQUIPMENT = "shuozhou-special-equipment"
ORDER: dict[str, Any] = {
    "plan": EQUIPMENT,
    "vary": {"deaths": "0:40", "serious_injuries": [0, 10, 50, 100]},
    "fix": {"boiler_explosion": False},
}


def test_counts_maps_and_turns(city: City) -> None:
    found = city.officer.post("/sweeps", {**ORDER, "scales": ["grade"], "point": {"deaths": 2, "serious_injuries": 20}})
    assert (found["kind"], found["cases"]) == ("推演", 164)
    assert [(one["level"], one["cases"]) for one in found["scales"]["grade"]["levels"]] == [
        (None, 1), ("IV", 2), ("III", 17), ("II", 70), ("I", 74),
    ]  # fmt: skip
    drawn = found["maps"][0]["map"]
    assert drawn["point"] == [2, 20]
    assert [one["words"] for one in drawn["lines_x"]] == ["1人以上", "3人以上", "10人以上", "30人以上"]
    assert {one["indicator"] for one in found["courses"]} == {"deaths", "serious_injuries"}


def test_two_readings_and_an_observer_may_ask(duty_office: DutyOffice) -> None:
    watcher = duty_office.hire("watcher", "observer")
    vary = {"aqi_above_200_duration": "0:120:8", "so2_hourly_max": "0:1000:50"}
    found = watcher.post("/sweeps", {"plan": POLLUTION, "vary": vary, "against": {"readings": {"HP-10": "a"}}})
    table = found["comparison"]["scales"]["warning"]["table"]
    assert sum(one["cases"] for one in table) == 16 * 21
    assert (
        sum(one["cases"] for one in table if one["one"] != one["two"])
        == found["comparison"]["scales"]["warning"]["differing"]
        > 0
    )
    assert all(one["sides"][0] != one["sides"][1] for one in found["comparison"]["examples"])


def test_nothing_is_recorded_and_nobody_asks_without_a_login(city: City) -> None:
    before = city.officer.get("/incidents")
    city.officer.post("/sweeps", ORDER)
    assert city.officer.get("/incidents") == before
    assert city.office.client.post("/api/v1/sweeps", json=ORDER).status_code in (401, 403)


WRONG: list[tuple[dict[str, Any], int, str, str]] = [
    ({"vary": {"death": "0:4"}}, 422, "fact-invalid", "没有指标"),
    ({"vary": {}}, 422, "bad-input", ""),
    ({"vary": {"deaths": "4:0"}}, 422, "fact-invalid", "下限 4 大于上限 0"),
    ({"vary": {"deaths": "0:1000000", "serious_injuries": "0:9"}, "fix": {}}, 400, "bad-input", "超过 1,000,000 例"),
    ({"cases": 1_000_001}, 400, "bad-input", "超过 1,000,000 例"),
    ({"cases": 0}, 400, "bad-input", "不在 1 到"),
    ({"seed": -1}, 400, "bad-input", "不在 0 到"),
    ({"unknown": "some"}, 400, "bad-input", "不是比例"),
    ({"unknown": {"deaths": float("1e9")}}, 400, "bad-input", "不是比例"),
    ({"map": ["deaths", "x"]}, 400, "bad-input", "没有变动"),
    ({"point": {"deaths": "many"}}, 422, "fact-invalid", "不是"),
    ({"scales": ["alarm"]}, 422, "unknown-name", "没有等级体系"),
    ({"in_force": {"warning": "pink"}}, 422, "unknown-name", "没有级别"),
    ({"rest": "zero"}, 400, "bad-input", "其余事实"),
    ({"against": {"plan": FIRE}}, 422, "unknown-name", "没有可以一样变动的指标"),
    ({"against": {"plan": "nothing"}}, 422, "unknown-name", "没有预案"),
    ({"against": {"reading": "a"}}, 400, "bad-input", "对比的写法不对"),
    ({"readings": {"SE-23": "q"}}, 422, "unknown-name", "不能"),
    ({"version": "000000"}, 422, "unknown-name", "没有版本"),
    ({"plan": "nothing"}, 422, "unknown-name", "没有预案"),
    ({"what": 1}, 422, "bad-input", ""),
    ({"at": "soon"}, 422, "bad-input", ""),
]  # fmt: skip


def test_wrong_orders_are_refused_with_a_reason(city: City) -> None:
    for changed, status, code, message in WRONG:
        found = city.officer.refused("/sweeps", {**ORDER, **changed})
        assert found[:2] == (status, code), changed
        assert message in found[2], changed

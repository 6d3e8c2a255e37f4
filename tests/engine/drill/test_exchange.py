"""CEXF: what maps comes back as it went out; what does not is named; files of others become drafts, bad ones say where they are bad."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.drill.cue import Given, LevelAtLeast
from engine.drill.draw import Draw, fixed
from engine.drill.exchange.exchange import left_out, to_cexf
from engine.drill.exchange.exchange_draft import LONGEST, BadExchange, from_cexf
from engine.drill.scenario import Contingency, Happening, Inject, Objective, Report, Scenario
from tests.engine.drill.haze import PLAN, SCENARIO, T0

PLAIN = Scenario(
    id="plain",
    title="只有消息的推演",
    jurisdiction="朔州市",
    plans=(PLAN,),
    begins=T0,
    lasts=timedelta(hours=3),
    report=Report("市区能见度下降", "能见度 800 米 <雾>", "市民来电", "市区"),
    injects=(
        Inject("a", fixed(600), Happening("请报送情况", "省指挥部", "市值班室", "传真"), expected="一小时内回复"),
        Inject("b", fixed(1200), Happening("催报", "省指挥部"), when=Given("a"), within=LONGEST),
        Inject("c", fixed(1200), Happening("媒体询问", "记者", medium="当面")),
    ),
    objectives=(Objective("o1", "信息报送及时"), Objective("o2", "口径一致")),
    background="冬季静稳天气",
)


def test_what_maps_comes_back_as_it_went_out() -> None:
    data = json.loads(json.dumps(to_cexf(PLAIN), ensure_ascii=False))
    found = from_cexf(data, T0)
    assert replace(found.scenario, id="plain") == PLAIN
    assert found.missing == ("facts：CEXF 没有事实，各注入改变哪些指标要逐条补",)
    assert left_out(PLAIN) == ("注入 b 的条件的等待时间", "推演开始的时刻")


def test_the_file_has_the_four_keys_of_the_format_and_says_what_it_is() -> None:
    data = to_cexf(SCENARIO)
    assert list(data) == ["exercise", "inject_flow", "inject_payloads", "injects"]
    assert data["exercise"]["name"].startswith("[推演]")
    assert data["exercise"]["total_duration"] == "72000"
    steps = {one["inject_uuid"] for one in data["inject_flow"]}
    assert steps == {one["uuid"] for one in data["injects"]}
    assert {one["action_payload_resource_uuid"] for one in data["injects"]} == {one["uuid"] for one in data["inject_payloads"]}
    assert all(uuid.UUID(one).version == 4 for one in steps)
    assert [one["timing"]["triggered_at"] for one in data["inject_flow"]] == [0, 600, 1800, 68400]
    assert data["inject_flow"][0]["sequence"] == {
        "trigger": ["startex"], "completion_trigger": ["time_expiration"], "followed_by": [data["inject_flow"][1]["inject_uuid"]],
    }  # fmt: skip
    assert to_cexf(SCENARIO) == data


def test_what_does_not_map_is_named() -> None:
    hard = replace(
        SCENARIO,
        injects=(
            replace(SCENARIO.injects[0], when=LevelAtLeast("warning", "red"), otherwise=Happening("照旧")),
            replace(SCENARIO.injects[1], contingency=Contingency(Given("1"), fixed(60), Happening("再催"))),
            Inject("3", Draw("uniform", (60, 120)), Happening("来电")),
        ),
        readings={PLAN: {"HP-02": "a"}},
        versions={PLAN: "0ac1"},
    )
    assert left_out(hard) == (
        "注入 1、2 的事实变化和时刻（只导出消息文字）",
        "注入 1 的条件（CEXF 只有“另一注入已给出”）",
        "注入 1 的条件不成立时的另一项",
        "注入 2 的备用注入",
        "注入 3 的抽取的时间（导出中位值）",
        "签发人和用时",
        "任务的完成时间",
        "条款读法",
        "预案版本",
        "推演开始的时刻",
        "目标所涉的条款、单位和签发时限",
    )


def foreign(**changes: Any) -> dict[str, Any]:
    """A file as platforms for cyber exercises write it: no times, names with spaces, a requirement on the first inject."""
    data: dict[str, Any] = {
        "exercise": {"name": "Phishing", "description": "A fraud case", "expanded": "", "uuid": "75d74600-af9d-4098-8ad1-754457076b32"},
        "inject_flow": [
            {"inject_uuid": "i1", "sequence": {"trigger": ["startex"]}, "requirements": {}, "timing": {"triggered_at": None}},
            {"inject_uuid": "i2", "sequence": {"trigger": "resolution"}, "requirements": {"inject_uuid": "i1", "resolution_requirement": "Publishing"}},
            {"inject_uuid": "i3", "requirements": {"inject_uuid": "i2", "resolution_requirement": "alert"}, "timing": {"triggered_at": "900"}},
        ],
        "inject_payloads": [
            {"uuid": "p1", "parameters": {"content": base64.b64encode("来信".encode()).decode(), "content-type": "base64"}},
            {"uuid": "p2", "parameters": {"destination": "mail", "port": "25"}},
        ],
        "injects": [
            {"uuid": "i1", "name": "received e-mail", "action_payload_resource_uuid": "p1"},
            {"uuid": "i2", "name": "network flow", "action_payload_resource_uuid": "p2", "inject_evaluation": [{"result": "alert"}]},
            {"uuid": "i3", "name": "n2"},
        ],
    }  # fmt: skip
    return {**data, **changes}


def test_a_foreign_file_becomes_a_draft() -> None:
    found = from_cexf(foreign(), T0, (PLAN,), "朔州市")
    scenario = found.scenario
    assert (scenario.report.title, scenario.report.words) == ("A fraud case", "来信")
    first, second = scenario.injects
    assert (first.id, first.does.text, first.when, first.expected) == ("n1", "network flow", None, "alert")
    assert (second.id, second.at.values, second.when) == ("n2", (900,), Given("n1"))
    assert (scenario.plans, scenario.lasts) == ((PLAN,), timedelta(seconds=900 + 3600))
    assert any("没有时间" in one for one in found.missing)
    assert any("“alert”" in one for one in found.missing)
    assert any("total_duration" in one for one in found.missing)


def test_without_a_plan_the_draft_says_so() -> None:
    assert "plans：文件没有写用哪份预案" in from_cexf(foreign(), T0).missing


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "exercise"),
        ({"exercise": {"name": "x"}}, "inject_flow"),
        (foreign(inject_flow=[{"inject_uuid": "i9"}, {"inject_uuid": "i8"}]), "inject_flow[1].inject_uuid"),
        (foreign(injects="x"), "injects"),
        (foreign(exercise={"uuid": "u"}), "exercise.name"),
    ],
)
def test_a_bad_file_says_where(data: Any, where: str) -> None:
    with pytest.raises(BadExchange) as caught:
        from_cexf(data, T0)
    assert caught.value.where == where
    assert caught.value.remedy

"""What signing a higher level does to what runs already: which limits start anew, and which demands get stricter."""

from __future__ import annotations

from engine.contract.signing import effect_data
from tests.engine.incident.test_story import PLAN, forecast, opened, signed_orange


def test_red_after_orange_names_what_starts_anew_and_what_gets_stricter() -> None:
    desk = signed_orange()
    forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50)
    pending = desk.state.courses[PLAN.id].pending["warning"]
    effect = effect_data(desk.state, PLAN, pending, "市长")
    assert effect["shortest"]["seconds"] == 1800 and "书面初报" in effect["shortest"]["action"]
    assert effect["restarted"] >= 1
    power = next(one for one in effect["stricter"] if one["unit"] == "电力企业")
    assert power["action"].endswith("减排30%") and power["before"].endswith("减排20%")
    assert all(one["action"] != one["before"] for one in effect["stricter"])
    words = effect["words"]
    assert words.startswith("将以市长签发预警级别红色，改为响应级别Ⅰ级")
    assert f"{len(effect['stricter'])}项要求更严" in words and "最紧的：" in words and "重新起算" in words


def test_a_first_level_has_nothing_to_make_stricter() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    pending = desk.state.courses[PLAN.id].pending["warning"]
    effect = effect_data(desk.state, PLAN, pending, "主管副市长")
    assert (effect["restarted"], effect["stricter"]) == (0, [])
    assert "更严" not in effect["words"] and "重新起算" not in effect["words"]

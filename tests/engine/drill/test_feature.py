"""A drill as a feature: run by the repository's own steps it passes, and a feature that says something else fails."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.library import library
from engine.drill.draw import fixed
from engine.drill.exchange.feature import feature_of
from engine.drill.play import begin, plans_of, play
from engine.drill.scenario import Happening, Hours, Inject
from tests.drills.boiler import SCENARIO as BOILER
from tests.engine.drill.haze import SCENARIO, played

ROOT = Path(__file__).resolve().parents[3]
TEST = "from pytest_bdd import scenarios\nfrom features.conftest import *\nscenarios('.')\n"


def test_drills_pass_as_features_and_wrong_ones_fail(tmp_path: Path) -> None:
    haze = feature_of(played())
    boiler = feature_of(play(begin(BOILER, plans_of(BOILER, library().versions))))
    wrong = haze.replace('那么"预警级别"为"橙色"', '那么"预警级别"为"红色"', 1)
    for name, text in (("haze", haze), ("boiler", boiler), ("wrong", wrong)):
        (tmp_path / f"{name}.feature").write_text(text, "utf-8")
    (tmp_path / "test_features.py").write_text(TEST, "utf-8")
    options = [
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
    ]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    total = 2 * haze.count("场景:") + boiler.count("场景:")
    assert boiler.count("场景:") >= 3
    assert f"1 failed, {total - 1} passed" in found.stdout, found.stdout[-3000:]


def test_the_text_says_what_was_known_and_what_followed() -> None:
    text = feature_of(played())
    assert text.startswith("# language: zh-CN\n功能: [推演] 橙色预警推演\n")
    assert '而且"监测预报组会商认为需要的预警级别"为"橙色"' in text
    assert '而且现在执行的"预警级别"为"橙色"' in text
    assert "| 市重污染天气应急指挥部办公室 | 30分钟内书面初报" in text
    assert text.count("场景:") == 3


def test_a_series_is_written_hour_by_hour() -> None:
    hours = Hours(-3, 1, (120.0, 210.0, 210.0, None, 260.0))
    inject = Inject("1", fixed(600), Happening("监测数据", facts={"aqi_hourly": hours}))
    text = feature_of(played(replace(SCENARIO, injects=(inject,))))
    assert (
        "起逐小时为:\n      | 小时数 | 值 |\n      | 1 | 120.0 |\n      | 2 | 210.0 |\n      | 1 | 缺 |\n      | 1 | 260.0 |"
        in text
    )


def test_what_the_steps_cannot_say_is_left_out_in_the_open() -> None:
    injects = tuple(
        Inject(str(n), fixed(600), Happening("", sender, facts={"consultation_warning": word}))
        for n, (sender, word) in enumerate((("甲", "yellow"), ("乙", "orange"), ("丙", "red")), start=1)
    )
    text = feature_of(played(replace(SCENARIO, injects=injects)))
    assert "  # 略：" in text


def test_a_run_without_a_journal_has_no_feature() -> None:
    plans = plans_of(SCENARIO, library().versions)
    with pytest.raises(ValueError, match="journal"):
        feature_of(play(begin(SCENARIO, plans, light=True)))

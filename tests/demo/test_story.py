"""The file of the demonstration: a mistake in it is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo.story import Curve, read_story
from api.reading import BadInput

GOOD = """
password: some-password
people: [{login: wang, name: 王, shown: 值班员, jurisdiction: 某县, roles: [officer]}]
rosters: [{jurisdiction: 某县, place: 值班员, changes: ["8:00"], logins: [wang, wang]}]
curves: {air: {begins: -6, every: 3, values: [10, 40, 20]}}
incidents:
  - key: one
    ago: "2:00"
    by: wang
    title: 某事
    jurisdiction: 某县
    plans: [some-plan]
    report: 有事
    source: 电话
    then:
      - {ago: "1:30", by: 值班员, source: 电话, facts: {deaths: 1}}
      - {ago: "0:30", by: wang, source: 站, hours: {air: {of: air, first: -6, last: 0}}}
"""


def refused(folder: Path, text: str) -> tuple[str, str]:
    (folder / "story.yaml").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_story(folder / "story.yaml")
    return caught.value.where, caught.value.message.removeprefix("Value error, ")


def test_a_right_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(GOOD)
    assert [one.title for one in read_story(tmp_path / "story.yaml").incidents] == ["某事"]


@pytest.mark.parametrize(
    ("right", "wrong", "where", "message"),
    [
        ("    by: wang\n", "    by: li\n", "", "没有人员“li”"),
        ("logins: [wang, wang]", "logins: [wang, li]", "", "没有人员“li”"),
        ("of: air", "of: water", "", "没有曲线“water”"),
        ("first: -6", "first: -7", "", "曲线“air”没有第 -7 到第 0 小时"),
        ('ago: "1:30"', 'ago: "2:30"', "incidents.0", "各步要按时间先后"),
        ('ago: "1:30"', 'ago: "90"', "incidents.0.then.0.ago", "写成 时:分，如 3:20"),
        ("by: 值班员, source: 电话,", "by: 值班员,", "incidents.0.then.0", "事实要写 source"),
        ("facts: {deaths: 1}", "facts: {deaths: 1}, note: 又", "incidents.0.then.0", "恰写一项：facts、hours、sign、moment、duty、message、note"),
        ("    report: 有事\n", "    reprot: 有事\n", "incidents.0.report", "Field required"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, right: str, wrong: str, where: str, message: str) -> None:
    assert right in GOOD
    assert refused(tmp_path, GOOD.replace(right, wrong)) == (f"story.yaml {where}".strip(), message)


def test_a_curve_is_straight_between_its_values() -> None:
    curve = Curve(begins=-6, every=3, values=(10, 40, 20))
    assert [curve.at(hour) for hour in range(-6, 1)] == [10, 20, 30, 40, 33, 27, 20]

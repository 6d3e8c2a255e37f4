"""推演 and 复盘: what the director, a player and an onlooker see; the clock's states; branches and how they differ; what is left at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.console.screen import Screen
from api.console.screens.drill_review import DrillReview
from api.console.screens.drill_stage import DrillStage
from api.console.screens.drills import DrillsScreen
from api.console.visit import Place, Visit
from api.drills.cast import OFFICER
from api.drills.drill import Branch, Drill
from api.drills.drills import Drills
from api.library import Library
from engine.drill.review.issue import Issue
from engine.drill.variant import Dropped, variant
from tests.console import page_forms
from tests.console.page_forms import forms_of, page_of
from tests.console.small_office import Seen
from tests.console.story_desk import said
from tests.drills.boiler import BEGINS, PLAN, SCENARIO
from tests.http.duty_office import CITY, City, DutyOffice, Person

MINUTE = timedelta(minutes=1)


@dataclass
class Rehearsal:
    """A drill of a boiler that explodes, directed by the leader; the officer takes down."""

    city: City
    library: Library
    drills: Drills
    drill: Drill = field(init=False)

    def __post_init__(self) -> None:
        self.drill = self.drills.start(SCENARIO, self.city.leader.id, {self.city.officer.id: frozenset({OFFICER})})

    @property
    def first(self) -> Branch:
        return self.drill.branches[0]

    def to(self, minutes: float, branch: Branch | None = None) -> None:
        (branch or self.first).exercise.advance(BEGINS + minutes * MINUTE)

    def fork(self, minutes: float, changes: str, *without: str) -> Branch:
        """A branch in which these injects do not come."""
        scenario = variant(SCENARIO, [Dropped(one) for one in without], self.library.current().versions)
        return self.drills.fork(self.drill.id, self.first.key, BEGINS + minutes * MINUTE, scenario, changes)

    def see(self, person: Person, kind: type[Screen] = DrillStage, branch: Branch | None = None, **query: str) -> Seen:
        app, wing = self.city.office.app, (branch or self.first).wing
        live = self.city.office.office
        office = live if kind is DrillsScreen else wing.office
        more: dict[str, Any] = {} if kind is DrillsScreen else {"wing": wing, "live": live, "wings": app.state.wings}
        place = Place(self.library, office, CITY, lambda plan, clause: {}, drills=self.drills, **more)
        secret = person.headers["cookie"].partition("=")[2]
        visit = Visit(place, secret, {}, query, "" if kind is DrillsScreen else wing.path)
        screen, at_desk = kind(visit), visit.at_desk()
        return Seen(str(screen.frame(at_desk)), {name: str(html) for name, html in screen.panels(at_desk).items()})


@pytest.fixture
def rehearsal(tmp_path: Path, shelf: Library) -> Iterator[Rehearsal]:
    office = DutyOffice(tmp_path, shelf, drills=True)
    yield Rehearsal(City.of(office), shelf, office.app.state.drills)
    office.close()


def test_only_the_director_has_the_clock_and_sees_what_is_to_come(rehearsal: Rehearsal) -> None:
    city = rehearsal.city
    rehearsal.to(6)
    director, player, onlooker = (rehearsal.see(one) for one in (city.leader, city.officer, city.mayor))
    assert said(director, "injects").count("未到") == 1 and "1/2 已给出" in said(director, "injects")
    assert "下一步 T+" in said(director, "transport")
    for words in ("播放", "一步", "到下一注入", "立即注入", "从此刻另开分支"):
        assert words in said(director, "transport")
    assert "推算" in director.panels["timeline"] and 'id="drill-branch"' in director.frame
    for one in (player, onlooker):
        assert "播放" not in said(one, "transport") and "钟由导调掌握" in said(one, "transport")
        assert "至少一人死亡" in said(one, "injects") and "死亡三人" not in one.frame + "".join(one.panels.values())
        assert "推算" not in one.panels["timeline"] and "apart" not in one.panels
        assert "/api/v1/drill/" not in one.frame + "".join(one.panels.values())
    assert "以值班员" in said(player, "own") and "您在观摩" in said(onlooker, "own")


def test_the_clock_stands_runs_and_comes_to_its_end(rehearsal: Rehearsal) -> None:
    director, exercise = rehearsal.city.leader, rehearsal.first.exercise
    seen = rehearsal.see(director)
    assert said(seen, "transport").split(" 已暂停 ")[1].startswith("分支甲")
    assert 'value="run" class="button primary" data-shortcut=" "' in seen.panels["transport"]
    exercise.start(10)
    seen = rehearsal.see(director)
    assert "进行中" in said(seen, "transport") and 'value="stand"' in seen.panels["transport"]
    assert re.search(r'value="10"[^>]*aria-pressed="true"', seen.panels["transport"])
    exercise.stand()
    rehearsal.to(8 * 60)
    seen = rehearsal.see(director)
    assert "已演到末尾" in said(seen, "transport")
    assert re.search(r'value="run"[^>]* disabled', seen.panels["transport"])
    assert "推算" not in seen.panels["timeline"]


def test_no_key_injects_or_signs(rehearsal: Rehearsal) -> None:
    seen = rehearsal.see(rehearsal.city.leader)
    page = seen.frame + "".join(seen.panels.values())
    keys = re.findall(r"<(\w+)[^>]*data-shortcut=\"([^\"]+)\"[^>]*>([^<]*)", page)
    assert {(key, words) for _, key, words in keys} == {
        (" ", "▶ 播放"), ("arrowright", "一步"), ("arrowleft", "倒回"), ("b", "从此刻另开分支"),
    }  # fmt: skip
    assert "data-setmoment" in page and 'data-url="/api/v1/drill/injects"' in page


def test_branches_are_side_by_side_with_what_differs(rehearsal: Rehearsal) -> None:
    director = rehearsal.city.leader
    rehearsal.to(3 * 60)
    assert "只有一个分支" in said(rehearsal.see(director), "apart")
    other = rehearsal.fork(2, "不给第一个注入", "1")
    early = said(rehearsal.see(director, branch=other), "apart")
    assert early.startswith("甲 → 乙 两支都到 T+0:02 时") and "没有增减" in early
    rehearsal.to(60, other)
    seen = rehearsal.see(director, branch=other)
    assert "09:02 起自甲" in said(seen, "timeline") and "甲 " in said(seen, "timeline")
    assert re.search(r"T\+0:02 起自甲，已到 T\+1:00 不给第一个注入", said(seen, "branches"))
    apart = said(seen, "apart")
    assert "两支都到 T+1:00 时" in apart and "第一处不同" in apart and "－ 减" in apart
    assert "分管特种设备安全工作的副市长 T+0:20:51 —" in apart
    assert 'href="/drill/' in seen.panels["branches"] and "data-live" in seen.panels["branches"]
    player = rehearsal.see(rehearsal.city.officer, branch=other)
    assert "不给第一个注入" not in said(player, "branches")
    assert "对比" not in said(player, "branches")


def test_parts_are_shown_with_who_plays_them(rehearsal: Rehearsal) -> None:
    city = rehearsal.city
    rehearsal.drills.cast(rehearsal.drill.id, city.vice.id, frozenset({"vice-mayor"}))
    seen = rehearsal.see(city.leader)
    names = city.office.staff.people.accounts.find
    assert f"副市长（推演） 分管特种设备安全工作的副市长 {names(city.vice.id).name}" in said(seen, "cast")
    assert "指挥部（推演） 市应急指挥部 剧本代演" in said(seen, "cast")
    assert f'data-live data-url="/api/v1/drills/{rehearsal.drill.id}/cast"' in seen.frame
    assert "/cast" not in rehearsal.see(city.vice).frame


def test_the_review_says_score_issues_and_what_to_take_away(rehearsal: Rehearsal) -> None:
    city, drill = rehearsal.city, rehearsal.drill
    rehearsal.to(4 * 60)
    before = rehearsal.see(city.leader, DrillReview)
    assert "推演还在进行" in said(before, "score") and "结束推演" in said(before, "ending")
    player = rehearsal.see(city.officer, DrillReview)
    assert "ending" not in player.panels and "情景文件" not in said(player, "take") and "定责任人" not in said(player, "issues")
    noted = Issue("R1", "remark", "电话占线", None, None, (), "", "县值班员", date(2026, 12, 31), "doing", "")
    rehearsal.drills.note(drill.id, rehearsal.first.key, noted, None)
    rehearsal.drills.end(drill.id)
    after = rehearsal.see(city.leader, DrillReview)
    assert re.match(r"\d+ 分|—", said(after, "score"))
    assert "电话占线" in said(after, "issues") and "整改中 县值班员 · 2026-12-31 前" in said(after, "issues")
    assert "推演已结束" in said(after, "ending")
    for name in ("report.html", "report.docx", "scenario.yaml", "cexf.json", "feature", "journal.jsonl"):
        address = f"/api/v1/drills/{drill.id}/branches/{rehearsal.first.key}/{name}"
        assert f'data-live href="{address}" download' in after.panels["take"]
        answer = city.office.client.get(address, headers=dict(city.leader.headers))
        assert answer.status_code == 200 and "%5B%E6%8E%A8%E6%BC%94%5D" in answer.headers["content-disposition"]
    ended = rehearsal.see(city.leader)
    assert "推演已结束" in said(ended, "transport") and "data-url" not in ended.panels["transport"]
    assert "情景文件" in said(rehearsal.see(city.officer, DrillReview), "take")


def test_two_branches_can_be_taken_away_as_one_page(rehearsal: Rehearsal) -> None:
    city = rehearsal.city
    rehearsal.to(60)
    rehearsal.fork(10, "迟些")
    (address,) = re.findall(r'href="([^"]*comparison\.html[^"]*)"', rehearsal.see(city.leader, DrillReview).panels["take"])
    answer = city.office.client.get(address, headers=dict(city.leader.headers))
    assert answer.status_code == 200
    assert "推演" in answer.text and "迟些" in answer.text


def test_at_the_live_office_nothing_is_chosen_and_the_drills_are_listed(rehearsal: Rehearsal) -> None:
    city = rehearsal.city
    seen = rehearsal.see(city.leader, DrillsScreen)
    assert "checked" not in seen.frame and " selected" not in seen.frame
    assert f'value="{{&quot;plan&quot;: &quot;{PLAN}&quot;' in seen.frame
    assert "[推演] 锅炉爆炸" in said(seen, "running") and "已到 T+0:00" in said(seen, "running")
    watcher = city.office.hire("watcher", "observer", place="五台县")
    other = rehearsal.see(watcher, DrillsScreen)
    assert "两分钟开始" not in other.frame and "没有正在进行的推演" in said(other, "running")
    rehearsal.drills.end(rehearsal.drill.id)
    seen = rehearsal.see(city.leader, DrillsScreen)
    assert "没有正在进行的推演" in said(seen, "running")
    assert "已结束" in said(seen, "earlier") and "评估报告" in said(seen, "earlier")


def test_an_incident_is_chosen_where_one_comes_from_it(rehearsal: Rehearsal) -> None:
    city = rehearsal.city
    incident = city.opened()
    seen = rehearsal.see(city.leader, DrillsScreen, incident=incident)
    assert re.search(rf'value="{incident}" selected', seen.frame)


def test_every_form_of_a_drill_is_understood(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the script would send it: in the drill, or to the live office where the form says so."""
    words = {"at": "7:30", "vice-mayor": "40分钟", "command": "1小时", "due": "2026-12-31"}
    monkeypatch.setattr(page_forms, "WORDS", page_forms.WORDS | words)
    rehearsal.to(4)
    leader, client = rehearsal.city.leader, rehearsal.city.office.client
    sent = {}
    for kind in (DrillStage, DrillReview):
        seen = rehearsal.see(leader, kind)
        for form in forms_of(page_of(seen.frame, seen.panels), BEGINS + 34 * MINUTE):
            one, where = form.sent(), "" if form.node.has("data-live") else rehearsal.first.wing.path
            answer = client.request(one.method, where + one.url, json=one.body, headers=dict(leader.headers))
            given = "inject" in (one.body or {}) and answer.status_code == 409
            assert answer.status_code in (200, 201) or given, (one, answer.text)
            sent[one.url, (one.body or {}).get("do")] = answer.json()
    stage = rehearsal.see(leader, branch=rehearsal.drill.branches[1])
    assert {do for url, do in sent if url.endswith("/clock")} == {"run", "step", "to"}
    assert {url.rsplit("/", 1)[1] for url, _ in sent} >= {"clock", "injects", "branches", "cast", "issues", "end"}
    assert [one.changes for one in rehearsal.drill.branches] == ["", "试填", "试填"]
    assert rehearsal.drill.branches[1].scenario != SCENARIO and "乙（这里）" in said(stage, "branches")

"""Drills over HTTP: begun, cast, played by several, branched, ended, resumed; nothing of the live office changes by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from api.drills import drills as drills_of_server
from api.library import Library
from api.store.database import reading
from engine.drill.run import HAND
from tests.drills.boiler import BEGINS, PLAN, SCENARIO, VICE_MAYOR
from tests.http.drilling import HOUR, MINUTE, Begun, Company, boiler, moment, shown
from tests.http.duty_office import COUNTY, POLLUTION, City, DutyOffice


@pytest.fixture
def company(tmp_path: Path, shelf_of_plans: Library) -> Iterator[Company]:
    office = DutyOffice(tmp_path, shelf_of_plans, drills=True)
    yield Company(office)
    office.close()


def stored(office: DutyOffice, *but: str) -> list[tuple[object, ...]]:
    """Everything in the live store, but some tables."""
    engine = office.office.engine
    tables = MetaData()
    tables.reflect(engine)
    with reading(engine) as link:
        return [
            (name, *row)
            for name, table in sorted(tables.tables.items())
            if name not in but
            for row in link.execute(select(table))
        ]


def to(person: Any, after: Any) -> dict[str, Any]:
    """The director puts the clock on."""
    answer: dict[str, Any] = person.post("/drill/clock", {"do": "to", "to": moment(after)})
    return answer


def told(lines: list[str]) -> list[tuple[Any, ...]]:
    """Lines without what names their own journal."""
    return [(one["at"], one["by"], one["kind"], one["body"], one["key"]) for one in map(json.loads, lines)]


# Beginning


def test_a_drill_begins_standing_and_is_listed(company: Company) -> None:
    drill = company.begin(title="锅炉桌面推演", seed=3)
    assert drill.answer["address"] == f"/drill/{drill.branch}/"
    listed = company.first.get("/drills")["drills"]
    assert [(one["id"], one["title"], one["state"], one["may_direct"]) for one in listed] == [
        (drill.id, "锅炉桌面推演", "running", False)
    ]
    one = company.director.get(drill.path)
    assert (one["scenario"]["seed"], one["branches"][0]["label"], one["branches"][0]["after"]) == (3, "甲", "T+0:00")
    stage = drill.at(company.director).get("/drill")
    assert (stage["pulse"]["running"], shown(stage), stage["incident"]) == (False, BEGINS, "20261022-001")
    assert [one["state"] for one in stage["injects"]] == ["waiting", "waiting"]
    assert stage["next"]["words"] == "注入 1：至少一人死亡"
    assert drill.at(company.first).get("/incidents")["incidents"][0]["title"].startswith("[推演] ")


def test_what_can_be_played(company: Company) -> None:
    files = {one["id"]: one for one in company.first.get("/scenarios")["scenarios"]}
    name = "shuozhou-special-equipment-boiler"
    assert files[name]["plans"] == [PLAN]
    assert [one for file in files.values() for one in file["findings"] if one["severity"] == "error"] == []
    played = company.begin(scenario=name)
    assert company.director.get(played.path)["scenario"]["id"] == name
    made = company.begin(generate={"plan": PLAN, "to": "II"}, title="生成的")
    begins = company.director.get(made.path)["scenario"]["begins"]
    assert begins == "2020-12-20T20:00:00+08:00"


NOT_BEGUN: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "只写一项"),
    ({"scenario": "x", "yaml": "y"}, 422, "只写一项"),
    ({"scenario": "special-equipment"}, 422, "没有情景"),
    ({"scenario": "../../etc/passwd"}, 422, "没有情景"),
    ({"yaml": "drill: x\nplans: ["}, 422, "处错误"),
    ({"yaml": "no scenario"}, 422, "处错误"),
    ({"generate": {"plan": "nothing", "to": "I"}}, 422, "没有预案"),
    ({"generate": {"plan": PLAN, "to": "IX"}}, 422, "IX"),
    ({"generate": {"plan": PLAN, "to": "II", "scale": "x"}}, 422, "x"),
    ({"incident": "20201220-009"}, 404, "没有事件"),
    ({"incident": "20201220-009", "begins": "2026-10-22T09:00:00+08:00"}, 422, "照事件的"),
    ({"yaml": "BOILER", "readings": {PLAN: {"x": "a"}}}, 422, "x"),
    ({"yaml": "BOILER", "parts": {"nobody": ["officer"]}}, 404, "没有这个人员"),
    ({"yaml": "BOILER", "parts": {"ME": ["king"]}}, 422, "没有角色“king”"),
    ({"yaml": "BOILER", "begins": "2026-10-22T09:00:00"}, 422, "时区"),
    ({"yaml": "BOILER", "seed": -1}, 422, ""),
    ({"yaml": "BOILER", "surprise": 1}, 422, "不认识的键"),
]


def test_what_cannot_be_begun(company: Company) -> None:
    for body, status, words in NOT_BEGUN:
        asked = body | ({"yaml": boiler()} if body.get("yaml") == "BOILER" else {})
        if "ME" in body.get("parts", {}):
            asked["parts"] = {company.first.id: body["parts"]["ME"]}
        found, _, message = company.director.refused("/drills", asked)
        assert (found, words in message) == (status, True), (body, message)
    assert company.director.get("/drills")["drills"] == []
    assert list(company.folder.glob("*")) == []


def test_a_request_that_is_sent_again_begins_one_drill(company: Company) -> None:
    body = {"yaml": boiler()}
    once, again = (company.director.post("/drills", body, key="k1") for _ in range(2))
    assert once == again
    assert company.director.refused("/drills", {**body, "seed": 1}, key="k1")[1] == "key-reused"
    assert len(company.director.get("/drills")["drills"]) == 1


def test_a_word_of_warning(company: Company) -> None:
    city = City.of(company.office)
    city.forecast(incident := city.opened(title="实况一件"), aqi_above_200_duration=80)
    now = company.office.clock()
    people = company.office.staff.people
    people.shifts.add(company.first.id, "值班员", "朔州市", now - 8 * HOUR, now + 20 * MINUTE, "id0")
    people.shifts.add(company.second.id, "值班员", "朔州市", now + 20 * MINUTE, now + 8 * HOUR, "id0")
    warnings = company.begin().answer["warnings"]
    assert warnings == [
        "20:20 值班员交接班：前后半小时内不宜开始推演",
        f"实况有建议待签：实况一件（{incident}）",
    ]


@pytest.mark.long
def test_too_many_at_a_time(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drills_of_server, "MOST", 2)
    drills = [company.begin() for _ in range(2)]
    assert company.director.refused("/drills", {"yaml": boiler()})[:2] == (409, "conflict")
    company.director.post(f"{drills[0].path}/end")
    assert company.begin().id == "20201220-3"


def test_a_process_without_the_console_says_so(duty_office: DutyOffice) -> None:
    officer = duty_office.hire("officer", "officer")
    assert officer.refused("/drills", {"yaml": boiler()}) == (409, "conflict", "推演在开着值班台的那个进程里进行")
    assert duty_office.client.get("/api/v1/scenarios", headers=dict(officer.headers)).status_code == 409


# Who may


def test_who_sees_and_who_directs(company: Company) -> None:
    drill = company.begin(company.first)
    admin = company.office.hire("root", "admin", place="*")
    assert company.stranger.get("/drills")["drills"] == []
    assert company.stranger.refused(f"{drill.path}/end")[0] == 404
    assert company.watcher.get(drill.path)["may_direct"] is False
    for person, status in ((company.watcher, 403), (company.second, 403), (company.vice, 403)):
        assert person.refused(f"{drill.path}/cast", {"person": person.id, "parts": ["officer"]})[0] == status
        assert person.refused(f"{drill.path}/end")[0] == status
        assert person.client.delete(f"/api/v1{drill.path}", headers=dict(person.headers)).status_code == status
    for person in (company.director, admin):
        assert person.get(drill.path)["may_direct"] is True
        person.post(f"{drill.path}/cast", {"person": company.second.id, "parts": ["officer"]})


def test_only_its_director_runs_it(company: Company) -> None:
    drill = company.begin(company.first, parts={company.second.id: ["officer"], company.stranger.id: [VICE_MAYOR.id]})
    branch = {"moment": moment(0 * HOUR)}
    for person in (company.director, company.second, company.watcher, company.stranger):
        there = drill.at(person)
        for path, body in (("/drill/clock", {"do": "run"}), ("/drill/injects", {"text": "x"}), ("/drill/branches", branch)):
            assert there.refused(path, body)[0] == 403
        stage = there.get("/drill")
        assert (stage["directs"], stage["next"], stage["injects"]) == (False, None, [])
    drill.at(company.first).post("/drill/clock", {"do": "run"})
    other = company.office.hire("far", "officer", place=COUNTY)
    assert drill.at(other).client.get("/api/v1/drill", headers=dict(other.headers)).json()["message"] == "您不在这次推演里"
    assert company.director.refused("/drill/clock", {"do": "run"})[0] == 404


def test_the_address_of_no_drill(company: Company) -> None:
    for path in ("/drills/20201220-9", "/drills/20201220-9/branches/20201220-9-1/evaluation"):
        assert company.director.client.get(f"/api/v1{path}", headers=dict(company.director.headers)).status_code == 404
    for path in ("end", "resume"):
        assert company.director.refused(f"/drills/20201220-9/{path}")[0] == 404
    assert company.director.client.get("/api/v1/drills/x", headers=dict(company.director.headers)).status_code == 422


# Playing


def test_two_officers_and_a_director(company: Company) -> None:
    drill = company.cast()
    director, first, second, vice = (drill.at(one) for one in (company.director, company.first, company.second, company.vice))
    incident = first.get("/incidents")["incidents"][0]["id"]
    first.post(f"/incidents/{incident}/notes", {"text": "已通知到场"}, key="n1")
    first.post(f"/incidents/{incident}/notes", {"text": "已通知到场"}, key="n1")
    assert shown(to(director, 10 * MINUTE)) == BEGINS + 10 * MINUTE
    second.post(f"/incidents/{incident}/facts", {"facts": {"deaths": 3}, "source": "卫健委"})
    (proposal,) = [one for one in vice.get("/proposals") if one["scale"] == "grade"]
    sign = {"plan": PLAN, "scale": "grade", "level": proposal["level"], "post": VICE_MAYOR.posts[0], "proposal": proposal["id"]}
    assert first.refused(f"/incidents/{incident}/decisions", sign)[0] == 403
    made = vice.post(f"/incidents/{incident}/decisions", sign)
    assert made["entries"][0]["at"] == moment(10 * MINUTE)
    by = {json.loads(line)["by"] for line in drill.journal(company.director)}
    assert {company.first.id, company.second.id, company.vice.id} < by
    notes = [one for one in map(json.loads, drill.journal(company.director)) if one["kind"] == "noted"]
    assert [(one["body"]["text"], one["key"], one["exercise"]) for one in notes] == [("已通知到场", f"{HAND}n1", True)]


def test_the_clock_of_the_director(company: Company) -> None:
    drill = company.begin()
    director = drill.at(company.director)
    director.post("/drill/clock", {"do": "run", "speed": 60})
    company.office.clock.forward(minutes=1)
    stage = director.get("/drill")
    assert shown(stage) == BEGINS + HOUR
    assert [one["state"] for one in stage["injects"]] == ["given", "waiting"]
    director.post("/drill/clock", {"do": "stand"})
    company.office.clock.forward(minutes=1)
    stepped = director.post("/drill/clock", {"do": "step"})
    assert stepped["stepped_to"] == stepped["pulse"]["shown"]
    assert shown(stepped) > BEGINS + HOUR
    status, code, words = director.refused("/drill/clock", {"do": "to", "to": moment(HOUR)})
    assert (status, code, "不能往回拨" in words) == (409, "refused", True)
    assert director.refused("/drill/clock", {"do": "to", "to": moment(9 * HOUR)})[0] == 409
    over = to(director, 8 * HOUR)
    assert over["pulse"]["over"] is True
    assert director.refused("/drill/clock", {"do": "run"})[0] == 409


NOT_TAKEN: list[tuple[str, dict[str, Any], int]] = [
    ("clock", {}, 422),
    ("clock", {"do": "back"}, 422),
    ("clock", {"do": "to"}, 422),
    ("clock", {"do": "run", "to": moment(HOUR)}, 422),
    ("clock", {"do": "run", "speed": 0}, 422),
    ("clock", {"do": "run", "speed": 1e9}, 422),
    ("clock", {"do": "stand", "speed": 1}, 422),
    ("injects", {}, 422),
    ("injects", {"inject": "9"}, 409),
    ("injects", {"inject": "1", "text": "x"}, 422),
    ("injects", {"facts": {"death": 1}}, 422),
    ("injects", {"facts": {"deaths": "many"}}, 422),
    ("injects", {"text": "x", "observed_at": moment(HOUR)}, 422),
    ("injects", {"moments": {"x": moment(HOUR)}}, 422),
    ("branches", {}, 422),
    ("branches", {"moment": moment(HOUR)}, 422),
    ("branches", {"moment": moment(-HOUR)}, 422),
    ("branches", {"moment": moment(0 * HOUR), "readings": {PLAN: {"x": "a"}}}, 422),
    ("branches", {"readings": {PLAN: {"x": "a"}}}, 422),
    ("branches", {"versions": {PLAN: "nothing"}}, 422),
    ("branches", {"moment": moment(0 * HOUR), "scenario_changes": {"injects": {"9": {"drop": True}}}}, 422),
    ("branches", {"moment": moment(0 * HOUR), "scenario_changes": {"injects": {"1": {"at": "soon"}}}}, 422),
    ("branches", {"moment": moment(0 * HOUR), "scenario_changes": {"injects": {"1": {"facts": {"deaths": -1}}}}}, 422),
    ("branches", {"moment": moment(0 * HOUR), "scenario_changes": {"people": {"vice-mayor": "never"}}}, 422),
]


def test_what_the_stage_does_not_take(company: Company) -> None:
    begun = company.begin()
    director = begun.at(company.director)
    for path, body, status in NOT_TAKEN:
        found, _, message = director.refused(f"/drill/{path}", body)
        assert found == status, (path, body, message)
    assert len(begun.journal(company.director)) == 2
    assert len(company.director.get(begun.path)["branches"]) == 1


@pytest.fixture
def begun(company: Company) -> Begun:
    return company.begin()


def test_the_director_feeds_in(begun: Begun, company: Company) -> None:
    director = begun.at(company.director)
    to(director, MINUTE)
    body = {"text": "现场又发现两人死亡", "from": "现场", "facts": {"deaths": 2}, "observed_at": moment(0 * HOUR)}
    once, again = (director.post("/drill/injects", body, key="i1") for _ in range(2))
    assert once == again
    assert director.post("/drill/injects", {"inject": "2"})["at"] == moment(MINUTE)
    assert director.refused("/drill/injects", {"inject": "2"})[0] == 409
    to(director, 2 * HOUR)
    stage = director.get("/drill")
    assert [(one["id"], one["state"]) for one in stage["injects"]] == [("1", "given"), ("2", "given")]
    board = [(one["key"], one["deadline"]["due_at"]) for one in director.get("/deadlines")["rows"]]
    assert [(one["key"], one["deadline"]["due_at"]) for one in stage["deadlines"]] == board[:20]
    facts = [one for one in map(json.loads, begun.journal(company.director)) if one["kind"] == "fact_observed"]
    assert [(one["body"]["value"], one["body"]["observed_at"]) for one in facts[:1]] == [(2, moment(0 * HOUR))]
    director.post("/drill/injects", {"facts": {"deaths": None}})


# Branches


def test_a_branch_is_the_rest_of_the_drill_or_otherwise(begun: Begun, company: Company) -> None:
    director = begun.at(company.director)
    first = begun.at(company.first)
    company.director.post(f"{begun.path}/cast", {"person": company.first.id, "parts": ["officer"]})
    to(director, 20 * MINUTE)
    first.post("/incidents/20261022-001/notes", {"text": "手工一笔"}, key="n1")
    to(director, 8 * HOUR)
    same = director.post("/drill/branches", {"moment": moment(HOUR)})
    to(begun.at(company.director, same["branch"]), 8 * HOUR)
    assert begun.journal(company.director, same["branch"]) == begun.journal(company.director)

    changes = {"injects": {"2": {"facts": {"deaths": 12}, "at": "2:00"}}, "people": {VICE_MAYOR.id: 60}}
    other = director.post("/drill/branches", {"moment": moment(10 * MINUTE), "scenario_changes": changes})
    assert other["changes"] == "注入 2 改到 T+2:00；注入 2：死亡人数：12人；副市长（推演） 1分钟后决定"
    to(begun.at(company.director, other["branch"]), 8 * HOUR)
    assert other["label"] == "丙"
    compared = company.director.get(f"{begun.path}/comparison", branches=f"{begun.branch},{same['branch']},{other['branch']}")
    assert [one["name"] for one in compared["against"]] == ["乙", "丙"]
    assert compared["against"][0]["first"] is None
    assert compared["against"][1]["first"] is not None
    late = {"moment": moment(3 * HOUR), "scenario_changes": {"injects": {"1": {"drop": True}}}}
    assert director.refused("/drill/branches", late)[0] == 422


def test_other_readings_begin_anew(company: Company) -> None:
    drill = company.begin(generate={"plan": POLLUTION, "to": "orange", "scale": "warning"}, begins="2020-12-20T09:00:00+08:00")
    director = drill.at(company.director)
    director.post("/drill/clock", {"do": "step"})
    plan = company.office.office.desk.versions[
        company.office.app.state.drills.find(drill.id).branches[0].exercise.begun_with[0].digest
    ]
    reading, letters = next(iter(plan.switches().items()))
    made = director.post("/drill/branches", {"readings": {POLLUTION: {reading: letters[0]}}})
    stage = drill.at(company.director, made["branch"]).get("/drill")
    assert (stage["pulse"]["elapsed_s"], stage["branch"]["readings"]) == (0, {POLLUTION: {reading: letters[0]}})
    assert stage["branch"]["changes"] == f"读法 {reading} 取（{letters[0]}）"
    assert len(stage["branches"]) == 2


def test_an_incident_goes_on_as_a_drill(company: Company) -> None:
    city = City.of(company.office)
    incident = city.orange()
    before = stored(company.office)
    drill = company.begin(incident=incident)
    director = drill.at(company.director)
    (row,) = director.get("/incidents")["incidents"]
    assert row["title"].startswith("[推演] ")
    live = city.officer.get(f"/incidents/{incident}/journal")["entries"]
    played = director.get(f"/incidents/{row['id']}/journal")["entries"]
    kinds = [one["kind"] for one in live]
    assert [one["kind"] for one in played][: len(kinds)] == kinds
    director.post("/drill/injects", {"text": "好转", "facts": {"aqi_above_200_duration": 10}})
    anew = director.post("/drill/branches", {"readings": {POLLUTION: _reading(company)}})
    stage = drill.at(company.director, anew["branch"]).get("/drill")
    assert len(stage["injects"]) >= 1
    assert stored(company.office) == before
    assert company.office.hire("near", "officer", place=COUNTY).refused("/drills", {"incident": incident})[0] == 404


def _reading(company: Company) -> dict[str, str]:
    plan = company.office.office.desk.versions[company.office.app.state.library.current().plan(POLLUTION).digest]
    reading, letters = next(iter(plan.switches().items()))
    return {reading: letters[0]}


# Ended, and what stays


def test_an_ended_drill_can_be_looked_at(company: Company) -> None:
    drill = company.cast()
    to(drill.at(company.director), 2 * HOUR)
    ended = company.director.post(f"{drill.path}/end")
    assert (ended["state"], ended["branches"][0]["total"]["missed"] > 0) == ("ended", True)
    first = drill.at(company.first)
    assert first.refused("/incidents/20261022-001/notes", {"text": "迟到的"})[0] == 409
    for path, body in (("clock", {"do": "run"}), ("injects", {"text": "x"}), ("branches", {"moment": moment(HOUR)})):
        assert drill.at(company.director).refused(f"/drill/{path}", body)[0] == 409
    assert company.director.refused(f"{drill.path}/cast", {"person": company.first.id, "parts": []})[0] == 409
    assert company.director.refused(f"{drill.path}/resume")[0] == 409
    assert first.get("/drill")["ended_at"] is not None
    path = f"/api/v1{drill.path}"
    assert company.director.client.delete(path, headers=dict(company.director.headers)).status_code == 204
    assert company.director.client.get(path, headers=dict(company.director.headers)).status_code == 404


def test_files_say_that_it_is_a_drill(company: Company) -> None:
    drill = company.cast()
    to(drill.at(company.director), 3 * HOUR)
    beginnings = {
        "report.html": b"<!", "report.docx": b"PK", "scenario.yaml": "# [推演]".encode(), "cexf.json": b"{",
        "feature": b"# language: zh-CN", "journal.jsonl": b"{",
    }  # fmt: skip
    for name, beginning in beginnings.items():
        answer = drill.file(company.first, name)
        assert answer.status_code == 200, answer.text
        assert "filename*=UTF-8''%5B%E6%8E%A8%E6%BC%94%5D" in answer.headers["content-disposition"], name
        assert answer.content.startswith(beginning), (name, answer.content[:40])
    text = drill.file(company.first, "scenario.yaml").text
    again = company.begin(yaml=text)
    assert company.director.get(again.path)["scenario"]["injects"] == len(SCENARIO.injects)
    cexf = drill.file(company.first, "cexf.json").json()
    draft = company.first.post("/scenarios/cexf", {"cexf": cexf, "plans": [PLAN]})
    assert draft["missing"]
    assert draft["yaml"].startswith("# [推演]")
    assert company.first.refused("/scenarios/cexf", {"cexf": {}, "plans": [PLAN]})[:2] == (422, "bad-exchange")
    assert drill.file(company.stranger, "report.html").status_code == 404
    assert drill.file(company.first, "report.html", f"{drill.id}-8").status_code == 404


def test_a_drill_is_compared_with_the_last_one_of_its_scenario(company: Company) -> None:
    then, other = company.cast(), company.begin(generate={"plan": PLAN, "to": "IV"})
    to(then.at(company.director), 3 * HOUR)
    assert then.file(company.first, "progress.html").status_code == 404
    now = company.cast()
    to(now.at(company.director), 3 * HOUR)
    page = now.file(company.first, "progress.html")
    assert "filename*=UTF-8''%5B%E6%8E%A8%E6%BC%94%5D" in page.headers["content-disposition"]
    assert all(words in page.text for words in ("与上次推演相比", "好转的", "没有变化的"))
    assert other.file(company.director, "progress.html").status_code == 404
    assert "以前没有推演过" in other.file(company.director, "progress.html").json()["message"]


def test_problems_have_owners_and_dates(company: Company) -> None:
    drill = company.cast()
    to(drill.at(company.director), 4 * HOUR)
    made = company.first.post(
        f"{drill.path}/issues", {"what": "没有人接电话", "owner": company.second.id, "due": "2026-12-01"}, key="p1"
    )
    assert (made["id"], made["owner"], made["owner_id"], made["status_name"]) == ("R1", "second先生", company.second.id, "待整改")
    found = company.director.get(f"{drill.path}/branches/{drill.branch}/evaluation")["issues"]
    assert found[-1]["what"] == "没有人接电话"
    changed = company.second.client.patch(
        f"/api/v1{drill.path}/issues/{found[0]['id']}",
        json={"status": "doing", "owner": company.vice.id, "note": "已布置"},
        headers=dict(company.second.headers),
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["what"], changed.json()["owner"]) == (found[0]["what"], "player先生")
    again = company.director.get(f"{drill.path}/branches/{drill.branch}/evaluation")["issues"]
    assert (len(again), again[0]["status"], again[0]["note"]) == (len(found), "doing", "已布置")
    assert "player先生" in drill.file(company.director, "report.html").text
    for body, status in (
        ({"what": " "}, 422), ({"what": "x", "owner": "nobody"}, 404), ({"what": "x", "owner": company.stranger.id}, 422),
        ({"what": "x", "due": "soon"}, 422), ({"what": "x", "branch": "20201220-1-8"}, 404),
    ):  # fmt: skip
        assert company.first.refused(f"{drill.path}/issues", body)[0] == status
    assert company.watcher.refused(f"{drill.path}/issues", {"what": "x"})[0] == 403


def test_after_a_restart_it_is_a_record_and_goes_on(tmp_path: Path, shelf_of_plans: Library) -> None:
    office = DutyOffice(tmp_path, shelf_of_plans, drills=True)
    company = Company(office)
    drill, done = company.cast(), company.begin()
    director = drill.at(company.director)
    to(director, 30 * MINUTE)
    drill.at(company.first).post("/incidents/20261022-001/notes", {"text": "手工一笔"}, key="n1")
    director.post("/drill/injects", {"text": "自由注入", "facts": {"deaths": 3}})
    branch = director.post("/drill/branches", {"moment": moment(10 * MINUTE)})["branch"]
    to(director, HOUR)
    to(done.at(company.director), HOUR)
    company.director.post(f"{done.path}/end")
    lines = drill.journal(company.director)
    evaluated = done.file(company.director, "evaluation").json()
    office.close()

    again = office.again(shelf_of_plans)
    try:
        person = again.log_in(company.director.id)
        listed = {one["id"]: one for one in person.get("/drills")["drills"]}
        assert (listed[drill.id]["state"], listed[drill.id]["state_name"]) == ("stopped", "服务重启，停在 T+1:00")
        assert (listed[done.id]["state"], listed[done.id]["branches"][0]["address"]) == ("ended", None)
        kept = Begun(again, drill.id, drill.branch, {})
        assert kept.journal(person) == lines
        assert Begun(again, done.id, done.branch, {}).file(person, "evaluation").json() == evaluated
        assert kept.at(person).client.get("/api/v1/drill", headers=dict(person.headers)).status_code == 404
        assert person.refused(f"{kept.path}/cast", {"person": person.id, "parts": []})[0] == 409
        resumed = person.post(f"{kept.path}/resume")
        assert resumed["branch"] == drill.branch
        assert kept.journal(person) == lines
        stage = kept.at(person).get("/drill")
        assert (shown(stage), stage["pulse"]["running"]) == (BEGINS + HOUR, False)
        assert [one["key"] for one in stage["branches"]] == [drill.branch, branch]
        to(kept.at(person), 2 * HOUR)
        assert kept.journal(person)[: len(lines)] == lines
        compared = person.get(f"{kept.path}/comparison", branches=f"{kept.branch},{done.branch}")
        assert compared["against"][0]["name"] == f"{done.id} 甲"
        assert person.refused(f"{kept.path}/resume")[0] == 409
    finally:
        again.close()


@pytest.mark.long
def test_the_last_few_ended_ones_are_served(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drills_of_server, "SERVED", 1)
    first, second = company.begin(), company.begin()
    for one in (first, second):
        company.director.post(f"{one.path}/end")
    served = [(one["id"], one["state"], one["served"]) for one in company.director.get("/drills")["drills"]]
    assert served == [(second.id, "ended", True), (first.id, "ended", False)]
    assert len(first.journal(company.director)) == 2
    assert first.at(company.director).client.get("/api/v1/drill", headers=dict(company.director.headers)).status_code == 404


# The live office


def test_nothing_of_the_live_office_changes(company: Company) -> None:
    city = City.of(company.office)
    incident = city.orange()
    heard: list[Any] = []
    company.office.office.live.subscribe(lambda entry, _: heard.append(entry))
    told = []
    company.office.staff.people.changes.follow(lambda: told.append(1))
    before = stored(company.office)
    drill = company.cast()
    director = drill.at(company.director)
    to(director, HOUR)
    drill.at(company.first).post("/incidents/20261022-001/notes", {"text": "推演里"})
    director.post("/drill/injects", {"text": "x", "facts": {"deaths": 2}})
    director.post("/drill/branches", {"moment": moment(HOUR)})
    company.first.post(f"{drill.path}/issues", {"what": "x"})
    company.director.post(f"{drill.path}/end")
    assert stored(company.office) == before
    assert heard == []
    assert len(told) > 3
    assert [one["id"] for one in city.officer.get("/incidents")["incidents"]] == [incident]

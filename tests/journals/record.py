"""`python -m tests.journals.record FOLDER`: writes a journal with every kind of event, for releases to come to replay.

Run it once a release, into a new folder; what lies in the folders of earlier releases is never written again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.library import library
from engine.incident import command as cmd
from engine.incident.chain import Entry
from engine.incident.command import Actor
from engine.incident.state import Incident
from tests.engine.incident.desk import MAYOR, OFFICER, VICE, Desk

POLLUTION = library().plan("shuozhou-heavy-pollution")
EQUIPMENT = library().plan("shuozhou-special-equipment")
NEWER = replace(EQUIPMENT, digest="f" * 64, memo={})
FOOD = library().plan("shuozhou-food-safety")
LEADER = Actor("u4", "带班丁", {"带班领导": None, "市政府分管生态环境工作的副市长": "市政府授权，至次日"})
HEAD = Actor("u5", "副市长己", {"分管特种设备安全工作的副市长": None})


def story() -> Desk:
    """One incident in which everything happens that can."""
    desk = Desk({one.digest: one for one in (POLLUTION, EQUIPMENT, NEWER, FOOD)})
    plan = POLLUTION.id
    desk.do(cmd.Open("市区空气质量转差", "朔州市", "市区能见度下降", "市生态环境局电话", desk.at, (POLLUTION,), "市区", True))
    desk.do(cmd.AddPlan(EQUIPMENT, "厂区锅炉停运"))
    desk.do(cmd.Observe({"aqi_above_200_duration": 60, "so2_hourly_max": {"between": [100, 300]}}, "监测预报组", desk.at))
    desk.do(cmd.Correct(4, 80, "听错了", "监测预报组"))
    desk.do(cmd.RecordMoment(plan, "opinion_formed", desk.at))
    desk.do(cmd.Sign(plan, "warning", "yellow", "主管副市长", "P2", reason="先发黄色", until=desk.at.replace(hour=23)), VICE)
    desk.do(cmd.Sign(plan, "warning", "orange", "主管副市长", reason="会商后同意橙色", area="市区"), VICE)
    desk.do(cmd.Observe({"boiler_explosion": True, "deaths": {"at_least": 1}}, "企业", desk.at))
    desk.do(cmd.Observe({"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}, "监测预报组", desk.at))
    desk.do(cmd.Sign(plan, "warning", "red", "市长", desk.state.courses[plan].pending["warning"].id), MAYOR)
    keys = list(desk.state.courses[plan].duties)
    for key, step in zip(keys, ("notified", "acknowledged", "started", "done", "not_applicable", "impossible"), strict=False):
        desk.later(minutes=3)
        desk.do(cmd.MarkDuty(key, step, desk.at, "说明" if step != "started" else None))  # type: ignore[arg-type]
    desk.do(cmd.Tell("out", "市指挥部办公室", "省指挥部办公室", "传真", "初报", desk.at))
    desk.do(cmd.Note("记者来电", desk.at, 3))
    desk.do(cmd.Link("20201220-002", "同一厂区"))
    desk.do(cmd.TakeIn("20201220-003", "0" * 64, "重复报告", (("so2_hourly_max", 120, "环境监测站", desk.at, None),)))
    desk.do(cmd.SplitOff("20201220-004", None, "锅炉另行处理"))
    desk.do(cmd.HandOver(OFFICER.id, OFFICER.name, "u9", "接班戊", "h1", {"incidents": []}))
    desk.do(cmd.SetOwner("u9", "接班戊"))
    desk.later(hours=40)
    desk.do(
        cmd.Observe(
            {
                "aqi_above_200_duration": 0, "aqi_above_300_duration": 0, "aqi_24h_mean_max": 120, "so2_hourly_max": 100,
                "no_improvement_24h": False, "aqi_24h_mean": 120, "regional_notice": "none", "consultation_warning": "none",
                "below_standard_duration": 40, "aqi_at_most_150_duration": 40,
            },
            "监测预报组", desk.at,
        )
    )  # fmt: skip
    desk.do(cmd.Sign(plan, "warning", None, "市长", desk.state.courses[plan].pending["warning"].id), MAYOR)
    desk.do(cmd.AddPlan(FOOD))
    desk.do(cmd.MovePhase(FOOD.id, "warn", "带班领导", "提示性信息"), LEADER)
    desk.do(cmd.MoveVersion(NEWER, "分管特种设备安全工作的副市长", "修订后的版本"), HEAD)
    desk.do(cmd.End("带班领导", "过程结束"), LEADER)
    desk.do(cmd.Archive("资料齐备"))
    return desk


def line(entry: Entry) -> dict[str, Any]:
    """An entry as it is kept."""
    return {
        "incident": entry.incident, "seq": entry.seq, "at": entry.at.isoformat(), "by": entry.by, "kind": entry.kind,
        "body": dict(entry.body), "key": entry.key, "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def summary(state: Incident) -> dict[str, Any]:
    """What the state must say for ever after."""
    return {
        "status": state.status,
        "title": state.title,
        "seq": state.seq,
        "hash": state.hash,
        "owner": state.owner_name,
        "links": [list(one) for one in state.links],
        "facts": {key: [[one.entry, one.value, one.source] for one in listed] for key, listed in sorted(state.facts.items())},
        "courses": {
            course.plan: {
                "phase": course.phase,
                "levels": dict(course.levels),
                "moments": {key: at.isoformat() for key, at in sorted(course.moments.items())},
                "decisions": {scale: [one.decision.level, one.decision.post] for scale, one in sorted(course.standing.items())},
                "duties": len(course.duties),
                "steps": {key: [step for step, *_ in duty.steps] for key, duty in sorted(course.duties.items()) if duty.steps},
            }
            for course in state.courses.values()
        },
    }


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    desk = story()
    (folder / "journal.jsonl").write_text(
        "".join(json.dumps(line(one), ensure_ascii=False) + "\n" for one in desk.entries), "utf-8"
    )
    (folder / "state.json").write_text(json.dumps(summary(desk.state), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

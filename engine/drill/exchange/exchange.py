"""Scenarios out to the Common Exercise Format (CEXF) and in from it, as far as the two say the same.

CEXF is JSON of MISP (github.com/MISP/cexf, `format-description.md`, as of 2024: the format has no version number of its
own). One object with `exercise` (name, description, expanded, meta, namespace, tags, total_duration in seconds as text,
uuid, version), `inject_flow` (a step: description, inject_uuid, requirements {inject_uuid, resolution_requirement},
sequence {trigger, completion_trigger, followed_by}, timing {triggered_at in seconds}, reporting_callback),
`inject_payloads` (name, type, parameters, uuid) and `injects` (name, action, action_payload_resource_uuid,
inject_evaluation [{parameters, result, score_range}], target_tool, uuid).

What maps, both ways: the title, what is known beforehand, objectives (`meta.objectives`, our key: the format leaves meta
open), how long it lasts; the first report (the step triggered by `startex`); of an inject its time, sender, recipient,
medium and text (a payload of type `file`, Base64; the three are our keys beside `content`), the expected action
(`inject_evaluation.result`), and the condition that another inject was given (`requirements`). Everything else (facts,
moments, other conditions, contingencies, people, delays, readings) has no place in it: `left_out` says so in words. The way in is `engine.drill.exchange.exchange_draft`.

The vocabulary of actions, tools and payload types is made for cyber exercises. Ours are all `email_to_participants`, as
the only action by which something is told to participants, with `target_tool` 'Yuan', which is not in the vocabulary.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from engine.drill.cue import Cue, Given
from engine.drill.scenario import MARK, PREFIX, Happening, Scenario

Json = dict[str, Any]
REPORT = "report"
TOOL = "Yuan"
ACTION = "email_to_participants"
START = "startex"
GIVEN = "given"


def to_cexf(scenario: Scenario) -> Json:
    """The scenario as CEXF. The same scenario gives the same UUIDs. What is left out: `left_out`."""
    ids = {one.id: _uuid(scenario, one.id) for one in scenario.injects}
    first = _uuid(scenario, REPORT)
    order = [first, *ids.values()]
    report = Happening(scenario.report.words, scenario.report.source)
    return {
        "exercise": {
            "name": PREFIX + scenario.title,
            "description": scenario.report.title,
            "expanded": scenario.background,
            "meta": {
                "objectives": [one.words for one in scenario.objectives],
                "jurisdiction": scenario.jurisdiction,
                "place": scenario.report.place or "",
                "plans": list(scenario.plans),
                "language": "zh-CN",
            },
            "namespace": "emergency-plan",
            "tags": [f'exercise:type="{MARK}"'],
            "total_duration": str(int(scenario.lasts.total_seconds())),
            "uuid": _uuid(scenario, "exercise"),
            "version": f"{scenario.begins:%Y%m%d}",
        },
        "inject_flow": [
            _step(first, scenario.report.title, 0, None, order[1:2], start=True),
            *(
                _step(ids[one.id], one.id, int(one.at.middle), _requirement(one.when, ids), order[n + 2 : n + 3])
                for n, one in enumerate(scenario.injects)
            ),
        ],
        "inject_payloads": [
            _payload(_uuid(scenario, f"{REPORT}-payload"), REPORT, report),
            *(_payload(_uuid(scenario, f"{one.id}-payload"), f"inject-{one.id}", one.does) for one in scenario.injects),
        ],
        "injects": [
            _inject(first, scenario.report.title, _uuid(scenario, f"{REPORT}-payload"), ""),
            *(_inject(ids[one.id], one.id, _uuid(scenario, f"{one.id}-payload"), one.expected) for one in scenario.injects),
        ],
    }


def left_out(scenario: Scenario) -> tuple[str, ...]:
    """What CEXF has no place for, in words."""
    found: list[str] = []
    facts = [one.id for one in scenario.injects if one.does.facts or one.does.moments]
    if facts:
        found.append(f"注入 {'、'.join(facts)} 的事实变化和时刻（只导出消息文字）")
    conditional = [one.id for one in scenario.injects if one.when is not None and not isinstance(one.when, Given)]
    if conditional:
        found.append(f"注入 {'、'.join(conditional)} 的条件（CEXF 只有“另一注入已给出”）")
    for words, ids in (
        ("条件不成立时的另一项", [one.id for one in scenario.injects if one.otherwise is not None]),
        ("备用注入", [one.id for one in scenario.injects if one.contingency is not None]),
        ("抽取的时间（导出中位值）", [one.id for one in scenario.injects if not one.at.sure]),
        ("条件的等待时间", [one.id for one in scenario.injects if one.within]),
    ):
        if ids:
            found.append(f"注入 {'、'.join(ids)} 的{words}")
    for words, has in (
        ("签发人和用时", scenario.people),
        ("任务的完成时间", scenario.duties),
        ("条款读法", scenario.readings),
        ("预案版本", scenario.versions),
        ("推演开始的时刻", True),
        (
            "目标所涉的条款、单位和签发时限",
            [one for one in scenario.objectives if one.clauses or one.units or one.scales or one.decided_within],
        ),
    ):
        if has:
            found.append(words)
    return tuple(found)


def _uuid(scenario: Scenario, name: str) -> str:
    """A UUID of version 4's form that scenario and name alone decide: it must stay the same for the same thing."""
    return str(uuid.UUID(bytes=hashlib.blake2b(f"{scenario.id}\x1f{name}".encode(), digest_size=16).digest(), version=4))


def _requirement(when: Cue | None, ids: Mapping[str, str]) -> Json:
    if isinstance(when, Given) and when.inject in ids:
        return {"inject_uuid": ids[when.inject], "resolution_requirement": GIVEN}
    return {}


def _step(inject: str, words: str, at: int, requirement: Json | None, following: list[str], *, start: bool = False) -> Json:
    return {
        "description": words,
        "inject_uuid": inject,
        "reporting_callback": [],
        "requirements": requirement or {},
        "sequence": {"trigger": [START] if start else [], "completion_trigger": ["time_expiration"], "followed_by": following},
        "timing": {"triggered_at": at},
    }


def _payload(name: str, words: str, does: Happening) -> Json:
    content = base64.b64encode(does.text.encode()).decode()
    parameters = {
        "content": content,
        "content-type": "base64",
        "filename": f"{words}.txt",
        "from": does.sender,
        "to": does.to,
        "medium": does.medium,
    }
    return {"name": words, "type": "file", "parameters": parameters, "uuid": name}


def _inject(name: str, words: str, payload: str, expected: str) -> Json:
    evaluation = [{"parameters": [], "result": expected, "score_range": [0, 100]}] if expected else []
    return {
        "name": words,
        "action": ACTION,
        "action_payload_resource_uuid": payload,
        "inject_evaluation": evaluation,
        "target_tool": TOOL,
        "uuid": name,
    }

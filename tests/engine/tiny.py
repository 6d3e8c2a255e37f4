"""Small plans written for the tests, loaded as any other: what no official plan says, the language still allows."""

from __future__ import annotations

import functools
import textwrap

from engine.plan.finding import Finding
from engine.plan.load import Loaded, load
from engine.plan.model import Plan

UNITS = "jurisdiction: 某市\nunits:\n  - {name: 市应急管理局, aliases: [市应急局], level: 市}\n"
HEAD = """\
plan: tiny
title: 试验预案
jurisdiction: 某市
document: {number: 试〔2020〕1号, issued: 2020-01-01, in_force: 2020-01-01}
clauses: ["1", "2", "3"]
"""
BODY = """\
organization: {}
procedure: [{scale: null, step: decide, who: 市长, clause: "2"}]
lifecycle:
  start: routine
  phases: {routine: 常态, response: 应急响应}
  transitions:
    - {do: respond, label: 启动, from: routine, to: response, clause: "3"}
    - {do: stand_down, label: 终止, from: response, to: routine, clause: "3"}
  levels:
"""
DUTIES = """\
duties:
  - {at: {FIRST: any}, unit: 市应急局, do: 组织会商，提出建议, clause: "3"}
"""


def tiny_plan(
    indicators: str, scales: str, *, moved: tuple[str, ...], levels: str = "", readings: str = "{}", more: str = ""
) -> Plan:
    """A plan with these indicators and scales. moved: the scales that follow no other. levels: their lifecycle rules, if not just `raise`."""
    loaded = tiny_loaded(indicators, scales, moved=moved, levels=levels, readings=readings, more=more)
    assert not loaded.findings, "\n".join(map(str, loaded.findings))
    return loaded.plans["tiny"]


def tiny_findings(indicators: str, scales: str, *, moved: tuple[str, ...], readings: str = "{}") -> tuple[Finding, ...]:
    """What is wrong with a plan that has these indicators and scales."""
    return tiny_loaded(indicators, scales, moved=moved, readings=readings).findings


def tiny_loaded(
    indicators: str, scales: str, *, moved: tuple[str, ...], levels: str = "", readings: str = "{}", more: str = ""
) -> Loaded:
    """The plan and its findings."""
    rules = textwrap.dedent(levels) or "".join(f'{scale}: {{raise: {{clause: "2"}}}}\n' for scale in moved)
    text = "".join(
        (
            HEAD,
            "indicators:\n" + textwrap.indent(textwrap.dedent(indicators), "  "),
            more,
            "scales:\n" + textwrap.indent(textwrap.dedent(scales), "  "),
            BODY + textwrap.indent(rules, "    "),
            DUTIES.replace("FIRST", moved[0]),
            'not_binding: {"1": 总则}\n' if '"1"' not in indicators + scales else "",
            f"readings: {readings}\n",
        )
    )
    return load({"plans/tiny.yaml": text}, {"plans/units/tiny.yaml": UNITS}, {})


QUIRKY_INDICATORS = """
a: {type: integer, unit: person, label: 甲, clause: "2"}
b: {type: integer, unit: person, label: 乙, clause: "2"}
d: {type: integer, unit: person, label: 丁, clause: "2"}
q: {type: number, unit: mm, label: 雨量, clause: "2"}
t: {type: number, unit: degC, label: 气温, clause: "2"}
e: {type: enum, values: [none, low, mid, high], label: 程度, clause: "2"}
f: {type: boolean, label: 失火, clause: "2"}
zones:
  type: areas
  label: 各区
  clause: "2"
  values: [东区, 西区, 南区]
  indicators:
    h: {type: number, unit: mm, label: 区雨量, clause: "2"}
    w: {type: integer, unit: bft, label: 区风力, clause: "2"}
    k: {type: enum, values: [none, low, high], label: 区程度, clause: "2"}
    c: {type: number, unit: degC, label: 区气温, clause: "2"}
"""
QUIRKY_SCALES = """
sums:                                # two totals that share a count, and counts with thresholds of their own
  label: 合计
  clause: "2"
  levels: [IV, III, II, I]
  triggers:
    IV: [{sum: [a, b], over: 3人, at_most: 9人, clause: "2"}, {a: {at_least: 2人, at_most: 4人}, clause: "2"}]
    III: [{sum: [b, d], at_least: 5人, clause: "2"}]
    II: [{all: [{sum: [a, b], at_least: 8人}, {sum: [b, d], below: 4人}], clause: "2"}]
    I: [{all: [{sum: [d, a], over: 6人}, {not: {sum: [a, b], over: 6人}}], clause: "2"}]
mixed:                               # counts of areas with totals and city-wide facts
  label: 混合
  clause: "2"
  levels: [III, II, I]
  triggers:
    III: [{zones: {over: 1, where: {h: {over: 3.5毫米, at_most: 7毫米}}}, clause: "2"}, {zones: {at_least: 2, among: [东区, 南区], where: {k: low}}, clause: "2"}, {zones: {below: 1, where: {w: {below: 4级}}}, f: true, clause: "2"}]
    II: [{all: [{zones: {at_least: 1, at_most: 2, where: {any: [{h: {at_least: 3.5毫米}, w: {over: 5级}}, {k: high, q: {at_most: 2.5毫米}}]}}}, {sum: [a, b], at_least: 3人}], clause: "2"}]
    I: [{all: [{not: {zones: {at_least: 2, where: {c: {at_most: -3℃}}}}}, {zones: {at_least: 1, where: {c: {below: -3℃}, t: {over: -10℃}}}}], clause: "2"}]
cold:                                # both kinds of cuts at one number, below zero
  label: 低温
  clause: "2"
  levels: [IV, III, II, I]
  triggers:
    IV: [{t: {below: 0℃}, clause: "2"}, {q: {over: 2.5毫米}, clause: "2"}]
    III: [{t: {at_most: -3℃, over: -20℃}, clause: "2"}, {q: {at_least: 7毫米, at_most: 7毫米}, clause: "2"}]
    II: [{t: {below: -3℃}, e: {at_least: low}, clause: "2"}, {e: {over: mid}, clause: "2"}]
    I: [{t: {at_least: -3℃, at_most: -3℃}, f: true, clause: "2"}, {not: {any: [{e: {at_most: mid}}, {t: {over: -10℃}}]}, clause: "2"}]
exact:                               # references that mean exactly a level, none included
  label: 引用
  clause: "2"
  levels: [IV, III, II, I]
  triggers:
    IV: [{cold: III, clause: "2"}, {all: [{cold: none}, {f: true}], clause: "2"}]
    III: [{cold: [IV, II], e: {at_most: low}, clause: "2"}, {sums: {over: III}, clause: "2"}]
    II: [{not: {cold: {at_most: II}}, clause: "2"}, {all: [{sums: II}, {cold: none}], clause: "2"}]
    I: [{all: [{sums: [none, I]}, {cold: I}], clause: "2"}]
above:
  label: 再引用
  clause: "2"
  levels: [II, I]
  triggers:
    II: [{mixed: III, e: high, clause: "2"}]
    I: [{any: [{mixed: [III, I], e: mid}, {not: {mixed: {at_most: II}}}], clause: "2"}]
twin:
  label: 跟随
  clause: "2"
  levels: [yellow, red]
  follows: {scale: exact, map: {IV: yellow, II: red, I: red}, clauses: {yellow: "3", red: "3"}}
top:
  label: 最高
  clause: "2"
  levels: [IV, III, II, I]
  highest_of: {scales: [cold, mixed], clause: "3"}
"""


@functools.cache
def quirky() -> Plan:
    """A plan that uses every corner of the condition language."""
    return tiny_plan(QUIRKY_INDICATORS, QUIRKY_SCALES, moved=("sums", "mixed", "cold", "exact", "above"))

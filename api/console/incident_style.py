"""The style of an incident, its what-if and its charts, in the variables of the theme. Levels alone own their colours."""

from __future__ import annotations

import re

LAYOUT = """
.work:has(> .of-incident) { position: relative; } .incident-columns > * { position: relative; }
.incident { display: flex; flex-direction: column; gap: 8px; min-height: 100%; }
.incident-head { display: flex; flex-direction: column; gap: 4px; padding: 8px 12px; } .incident-head > div { display: flex; flex-direction: column; gap: 4px; } .incident-head > .actions { flex-direction: row; align-items: center; gap: 6px; }
.incident-head h1 { font-size: 18px; line-height: 26px; font-weight: 700; } .plan-line { padding-top: 4px; border-top: 1px solid var(--line); } .plan-name { font-size: 15px; } .incident-head code { font: inherit; color: var(--ink); }
.following { color: var(--ink) !important; text-decoration: none; display: flex; gap: 6px; align-items: baseline; min-width: 0; max-width: 52%; } .following small { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .following > span { white-space: nowrap; } .incident-head > div > .line:first-child { flex-wrap: nowrap; } .incident-head > div > .line:first-child > * { white-space: nowrap; flex: none; } .incident-head > div > .line:first-child > .following { flex: 0 1 auto; } .yuan .incident-head .plan-line .badge { font-size: 16px; line-height: 24px; padding: 0 10px; }
.yuan .button.primary kbd { background: none; color: inherit; border-color: currentColor; }
.actions .button { font-size: 13px; padding: 2px 10px; text-decoration: none; color: var(--ink); } .actions details { position: relative; } .yuan .actions summary { display: inline-block; } .menu { position: absolute; z-index: 5; top: 30px; left: 0; display: flex; flex-direction: column; gap: 4px; padding: 8px; border: 1px solid var(--strong); border-radius: 6px; background: var(--panel); }
.incident-columns { display: grid; grid-template-columns: 300px minmax(0, 1fr) 330px; gap: 8px; align-items: start; }
@media (min-width: 1500px) { .incident-columns { grid-template-columns: 372px minmax(0, 1fr) 460px; } }
@media (min-width: 1280px) { .work:has(> .incident) { display: flex; flex-direction: column; overflow: hidden; padding: 8px; } .incident { flex: 1; min-height: 0; }
  .incident-columns { flex: 1; min-height: 0; align-items: stretch; } .incident-columns > * { overflow-y: auto; min-height: 0; scrollbar-width: thin; scrollbar-color: var(--strong) transparent; } }
@media (max-width: 1279px) { .incident-columns { grid-template-columns: 300px minmax(0, 1fr); } .duties-panel { grid-column: 1 / -1; } }
@media (max-width: 899px) { .incident-columns { grid-template-columns: minmax(0, 1fr); } }
.then { padding: 6px 12px; background: var(--inverse); color: var(--on-inverse); border-radius: 6px; } .is-past .age, .is-past .left { display: none !important; } .is-past .panel { border-style: dashed; border-color: var(--strong); }
.button.small { font-size: 12.5px; line-height: 18px; padding: 2px 8px; } .hatched { background: repeating-linear-gradient(135deg, var(--panel) 0 5px, var(--hatch) 5px 7px); }
.yuan fieldset { border: 0; margin: 0; padding: 0; min-width: 0; } .yuan legend { padding: 0; font-size: 13px; line-height: 18px; color: var(--ink2); }
"""
ENTRY = """
.yuan form.entry { display: grid; grid-template-columns: 240px minmax(0, 1fr) 190px 172px auto; gap: 8px; align-items: end; padding: 6px 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; position: relative; }
.entry .which { position: relative; } .entry .at-time small { display: none; } .entry .said { grid-column: 1 / -1; } .entry .value-place { min-height: 32px; align-self: end; } .entry .value-place > .aside { padding: 5px 0; }
.pick-list { position: absolute; z-index: 6; top: 100%; left: 0; width: 520px; max-height: 340px; overflow-y: auto; background: var(--panel); border: 2px solid var(--ink); border-radius: 6px; }
.pick-list li { display: flex; gap: 8px; align-items: baseline; padding: 4px 10px; cursor: pointer; color: var(--ink); font-size: 14px; border-top: 1px solid var(--line); } .pick-list li[aria-selected=true], .pick-list li:hover { background: var(--soft); outline: 2px solid var(--action); outline-offset: -2px; }
.entry fieldset { display: grid; grid-template-columns: minmax(0, 1fr); } .amount { display: flex; gap: 6px; align-items: center; } .yuan .amount select { width: 74px; flex: none; padding: 5px 4px; } .yuan .amount input { flex: 1; min-width: 0; font-weight: 700; } .hint { font-size: 12.5px; line-height: 17px; }
.choices { display: flex; gap: 4px; flex-wrap: wrap; } .choices label { position: relative; cursor: pointer; } .choices label > span { display: block; padding: 4px 12px; border: 1px solid var(--strong); border-radius: 4px; font-size: 13.5px; color: var(--ink); } .choices label > input[type=radio] { position: absolute; opacity: 0; inset: 0; margin: 0; width: 100%; height: 100%; cursor: pointer; }
.choices label:has(:checked) > span:not(.hatched) { background: var(--inverse); color: var(--on-inverse); font-weight: 700; border-color: var(--inverse); } .choices label:has(:checked) > .hatched { border: 2px dashed var(--ink); } .choices label:has(:focus-visible) > span { outline: 2px solid var(--action); outline-offset: 1px; } .choices .choice { padding: 4px 12px; border: 1px solid var(--strong); border-radius: 4px; color: var(--ink); } .choices .choice > input { position: static; opacity: 1; width: auto; height: auto; accent-color: var(--action); }
.yuan form.entry:has(:is(.of-series, .of-areas):not([hidden])) { grid-template-columns: 240px minmax(0, 1fr) 172px auto; } .file-line .button { margin-left: 4px; color: var(--ink); } .yuan .file-line { padding-top: 6px; position: relative; } .file-line:has(:focus-visible) .button { outline: 2px solid var(--action); outline-offset: 1px; } .pasting { display: grid; grid-template-columns: minmax(160px, 1fr) minmax(0, 2fr); gap: 10px; } .yuan .pasting textarea { min-height: 120px; font-size: 13px; line-height: 18px; }
.yuan form.entry:has(.of-areas:not([hidden])) .value-place, .yuan form.entry:has(.of-series:not([hidden])) .value-place { grid-column: 1 / -1; grid-row: 2; }
.grid { overflow: auto; max-height: 46vh; border: 1px solid var(--line); } .grid th, .yuan .grid td { padding: 1px 4px; } .grid thead th { position: sticky; top: 0; background: var(--panel); color: var(--ink); z-index: 1; } .grid .group th { background: var(--band); font-weight: 700; color: var(--ink); } .yuan .grid input, .yuan .grid select { min-height: 28px; padding: 2px 4px; min-width: 64px; text-align: center; border-style: solid; } .yuan .grid input:placeholder-shown, .yuan .grid select:has(option[value=""]:checked) { border-style: dashed; }
.one-line > b { min-width: 210px; } .one-line > .aside { min-width: 84px; } .yuan .one-line { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px 0; border-top: 1px solid var(--line); } .yuan .one-line input, .yuan .one-line select { width: auto; } .one-line .said { width: 100%; } .about { font-size: 16px; } .triage li { padding: 8px 0; border-top: 1px solid var(--line); }
@media (max-width: 1279px) { .yuan form.entry { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1fr) auto; } .entry .value-place { grid-column: 2 / -1; } .entry .from { grid-column: 1 / 3; } }
"""
FACTS = """
.facts-panel .fact { padding: 5px 0; border-top: 1px solid var(--line); } .fact .label { min-width: 0; } .facts .matters { background: var(--band); margin: 0 -6px; padding: 5px 6px; border-left: 3px solid var(--ink); }
.fact .line { gap: 2px 8px; } .fact .of-mark { flex: 1 1 100%; font-size: 12.5px; line-height: 17px; } .stands { padding: 2px 0; } .fact > .line:first-child > .label { flex: 1 1 120px; } .fact .unknown { white-space: nowrap; } .fact .value { text-align: right; } .fact .aside { font-size: 12.5px; line-height: 17px; } .fact > details { margin-top: 2px; } .reports li { padding: 3px 0 3px 10px; border-left: 2px solid var(--line); margin: 3px 0; } .yuan s { color: var(--ink2); text-decoration-thickness: 2px; }
.chart { margin: 4px 0 0; } .chart svg { display: block; width: 100%; height: auto; background: var(--page); border: 1px solid var(--line); border-radius: 4px; } .chart figcaption { font-size: 12.5px; line-height: 17px; color: var(--ink2); }
.chart path { fill: none; } .axis { stroke: var(--strong); } .threshold { stroke: var(--ink); stroke-dasharray: 6 3; } .course.main { stroke: var(--ink); stroke-width: 2.5; } .course.raw { stroke: var(--strong); stroke-width: 1.2; } .course.ahead { stroke-dasharray: 4 3; } .now { stroke: var(--action); stroke-width: 2; } .stripe { stroke: var(--hatch); stroke-width: 2; } .dot { fill: var(--ink); }
.chart text { fill: var(--ink2); font-size: 12px; } .chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; } .chart .strong { fill: var(--ink); font-weight: 700; } .chart .word { fill: var(--ink); font-size: 11.5px; paint-order: stroke; stroke: var(--page); stroke-width: 3; } .incident-columns .chart text { font-size: 14.5px; } .chart + .chart { margin-top: 8px; }
"""
ASSESSED = """
.proposals:not(:has(.advice)) { border: 1px solid var(--line); } .advice + .advice { border-top: 1px solid var(--line); margin-top: 10px; padding-top: 10px; } .advice { display: flex; flex-direction: column; gap: 6px; } .advice .verb { font-size: 20px; } .advice .head { align-items: center; } .bearing li { border-top: 1px solid var(--line); padding: 3px 0; } .bearing b { font-size: 15px; }
.assessed, .scale-box { display: flex; flex-direction: column; gap: 8px; } .assessed + .assessed { border-top: 2px solid var(--strong); margin-top: 12px; padding-top: 8px; } .scale-box { border-top: 1px solid var(--line); padding-top: 8px; }
.scale-box .scale { font-size: 16px; } .still { color: var(--ink2); font-size: 13.5px; } .basis { color: var(--ink3); font-size: 12.5px; margin-left: auto; }
.rungs { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; gap: 8px; align-items: center; } .mark { display: inline-block; width: 14px; flex: none; font-weight: 700; text-align: center; }
.why .row { display: grid; grid-template-columns: 14px minmax(0, 1fr) 96px 124px; gap: 0 8px; align-items: baseline; font-size: 13.5px; line-height: 19px; padding: 3px 0; border-top: 1px solid var(--line); } .why .row > .text { grid-area: 1 / 2 / 2 / -1; padding-right: 100px; } .why .row > :last-child { grid-area: 1 / 4; justify-self: end; } .why .row > .fact-value { grid-area: 2 / 2; text-align: left; } .why .row > .fact-value:empty { display: none; } .why .row > :nth-child(4) { grid-area: 2 / 3; } .why .row > :nth-child(5) { grid-area: 2 / 4; } .why .why, .why ul { margin-left: 14px; } .why .is-failed .text { color: var(--ink2); } .why .margin { font-size: 12.5px; color: var(--ink2); text-align: right; white-space: nowrap; } .why .margin b { color: var(--ink); } .fact-value { text-align: right; white-space: nowrap; } .why details { margin-left: 20px; }
.scale-box > details > summary { padding: 2px 0; } .gauge { position: relative; align-self: center; height: 8px; background: var(--fill); border-radius: 2px; overflow: hidden; } .gauge .fill { position: absolute; inset: 0 auto 0 0; background: var(--ink3); } .gauge .tick { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--ink2); } .gauge .own { width: 3px; background: var(--ink); } .gauge.hatched { border: 1px dashed var(--strong); background: repeating-linear-gradient(135deg, var(--panel) 0 4px, var(--hatch) 4px 6px); }
.areas { display: flex; flex-wrap: wrap; gap: 0 12px; margin-left: 20px; font-size: 13px; }
.ask { border: 2px dashed var(--strong); border-radius: 6px; padding: 8px 12px; } .ask .what { flex: 1; min-width: 0; font-size: 15px; } .answers th { color: var(--ink); font-size: 13.5px; } .answers .still { margin-left: 6px; white-space: nowrap; } .ask .more { display: flex; flex-wrap: wrap; gap: 4px 12px; font-size: 13px; margin-top: 4px; } .link { font: inherit; border: 0; padding: 0; background: none; color: var(--action); cursor: pointer; text-decoration: underline dotted; text-align: left; } .ask .label, .rests .label { color: var(--ink3); margin-right: 6px; }
.way { display: flex; gap: 8px; padding: 2px 0; align-items: baseline; } .way .badge { flex: none; } .way ul { flex: 1; } .way li { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; } .rules p { margin-top: 2px; } .rests details { border-top: 1px solid var(--line); } .rests .unfold { float: right; } .rests p { padding: 1px 0 1px 18px; font-size: 13px; } .id { color: var(--ink3); font-size: 12.5px; margin-right: 4px; } .rests .held > summary { font-weight: 700; }
.step { display: flex; gap: 8px; padding: 1px 0; } .step > .label { flex: 0 0 32px; color: var(--ink3); } .who .clause, .within { margin-left: 4px; } .within { padding: 0 4px; border: 1px solid var(--ink); border-radius: 3px; font-size: 12.5px; }
"""
DUTIES = """
.filters { flex: 1 1 100%; width: 100%; min-width: 0; flex-wrap: nowrap; } .duty-more > summary { font-size: 12.5px; color: var(--ink2); } .yuan .filters select { min-height: 28px; padding: 2px 4px; font-size: 13px; flex: 1 1 0; min-width: 0; width: 0; margin-bottom: 6px; } .duties-panel h3 { background: var(--band); padding: 3px 8px; margin: 6px -4px 0; } .duties-panel .duty { display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 0 6px; padding: 4px 0; border-top: 1px solid var(--line); } .duty .under { grid-column: 2 / -1; font-size: 12.5px; line-height: 18px; } .duty .limit { text-align: right; font-size: 12.5px; } .duty .limit .time { font-size: 16px; } .duty .done { color: var(--ink2); text-decoration: line-through; } .duty .limit .left { display: block; } .duty:target { outline: 2px solid var(--action); }
.duty .under { gap: 1px 8px; } .under .push { display: flex; gap: 4px; } .entries li { display: grid; grid-template-columns: 88px 84px minmax(0, 1fr) auto; gap: 8px; padding: 3px 0; border-top: 1px solid var(--line); font-size: 13.5px; } .entries li:target { outline: 2px solid var(--action); } .entries time { color: var(--ink2); } .entries .by { white-space: nowrap; font-size: 12.5px; } .entries .words { overflow-wrap: anywhere; } .entries .words a { margin-left: 6px; }
.kind.facts { border-left-color: var(--strong); } .kind.decisions { border-left-color: var(--ink); border-left-width: 6px; } .kind.duties { border-left-color: var(--action); border-left-style: double; border-left-width: 6px; } .kind.notes { border-left-style: dotted; border-left-color: var(--ink2); } .kind.other { border-left-color: var(--line); } .journal .choices label > span { padding: 1px 8px; font-size: 12.5px; }
"""
ASSUMED = """
.assumption { border: 8px solid #6A2C9B; border-image: repeating-linear-gradient(135deg, #6A2C9B 0 8px, #B98AE3 8px 16px) 8; padding: 12px; display: flex; flex-direction: column; gap: 12px; min-height: 100%; } .assumed { background: #6A2C9B; color: #FFFFFF; padding: 2px 12px; border-radius: 4px; font-size: 18px; line-height: 26px; }
.what-if { grid-template-columns: 400px minmax(0, 1fr); } .assumptions { display: flex; flex-direction: column; } .assume { padding: 5px 0; border-top: 1px solid var(--line); } .yuan .assume { color: var(--ink); } .yuan label.assume { display: grid; grid-template-columns: minmax(0, 1fr) 196px; gap: 8px; align-items: center; } .yuan .assume input, .yuan .assume select { min-height: 28px; padding: 2px 6px; } .differences table { table-layout: fixed; } .differences .differs { background: var(--soft); border-left: 3px solid var(--action); padding-left: 8px; } .differences .changed { font-size: 12.5px; } .differences td:first-child, .differences tbody th { color: var(--ink2); font-size: 13px; } .differences li { border-top: 1px solid var(--line); padding: 3px 0; } .differences .badge { margin-right: 2px; }
@media (max-width: 999px) { .what-if { grid-template-columns: minmax(0, 1fr); } }
@media (min-width: 1500px) { .why .row { grid-template-columns: 14px minmax(0, 1fr) 130px 90px 126px 96px; } .why .row > :is(*, .text, .fact-value, :last-child, :nth-child(4), :nth-child(5)) { grid-area: auto; } .why .row > .fact-value { text-align: right; } .why .row > .fact-value:empty { display: block; } .why .row > .text { padding-right: 0; } .what-if { grid-template-columns: 520px minmax(0, 1fr); } }
@media print { .incident-columns { display: block; } .incident-columns > * { overflow: visible; } .pick-list { display: none; } }
"""
ROOTS = (".incident", ".work", ".assum", ".what-if", ".is-past", ".then")
"""Rules that begin so say where they are for themselves."""


def scoped(css: str) -> str:
    """Every rule within these screens only, so that no other screen's words are touched."""

    def within(rule: re.Match[str]) -> str:
        head = rule.group(1)
        return rule.group(0) if "@" in head else ", ".join(map(_within, head.split(","))) + " {"

    return re.sub(r"([^{}]+)\{", within, css)


def _within(selector: str) -> str:
    bare = selector.strip()
    if bare.startswith(ROOTS):
        return bare
    return f".yuan .of-incident {bare.removeprefix('.yuan ')}"


LARGE = """
@media (min-width: 1280px) and (max-width: 1599px) { body.large-type .work:has(> .incident) { display: block; overflow: auto; } body.large-type .incident-columns { grid-template-columns: 300px minmax(0, 1fr); } body.large-type .incident-columns > * { overflow: visible; } body.large-type .duties-panel { grid-column: 1 / -1; } body.large-type .yuan .of-incident .incident-head > div > .line:first-child { flex-wrap: wrap; } body.large-type .yuan .of-incident .incident-head > div > .line:first-child > .following { flex: 1 1 100%; max-width: none; margin: 0; flex-direction: row-reverse; justify-content: flex-end; } }
"""
INCIDENT = scoped(LAYOUT + ENTRY + FACTS + ASSESSED + DUTIES + ASSUMED) + LARGE

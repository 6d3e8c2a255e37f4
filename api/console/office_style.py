"""The style sheet of the office's screens, in the variables of the theme. Levels own red, orange, yellow and blue."""

from __future__ import annotations

from api.console.drill_screen_style import DRILL_SCREENS, TIMELINE
from api.console.incident_style import INCIDENT
from api.console.plan_style import PLAN_STYLE
from api.console.records_style import RECORDS
from api.console.signing_style import SIGNING_STYLE
from api.console.style import LEVELS
from api.console.sweep_style import SWEEP_STYLE
from api.console.theme import DARK, LIGHT, variables

FRAME = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); }
.nicegui-content { padding: 0; gap: 0; } .whole { width: 100%; }
.yuan { font: 400 14px/21px "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; font-variant-numeric: tabular-nums;
  display: flex; flex-direction: column; height: 100vh; min-width: 0; }
body.large-type .yuan { zoom: 1.2; height: 83.333vh; }
.yuan h1, .yuan h2, .yuan h3, .yuan p, .yuan ul, .yuan ol, .yuan dl, .yuan dd { margin: 0; padding: 0; list-style: none; font: inherit; }
.yuan b, .yuan strong { font-weight: 700; } .yuan small { font-size: 12.5px; line-height: 17px; color: var(--ink3); }
.yuan a { color: var(--action); text-underline-offset: 3px; }
.yuan :focus-visible { outline: 2px solid var(--action); outline-offset: 1px; }
.yuan [hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; z-index: 9; padding: 4px 12px; background: var(--action); color: var(--panel) !important; }
.top { display: flex; align-items: center; gap: 16px; height: 64px; flex: none; padding: 0 12px; background: var(--top); color: #E4E9EE; }
.top .brand { display: flex; flex-direction: column; line-height: 20px; white-space: nowrap; } .top .brand b { font-size: 18px; } .top .brand span, .yuan .top small { color: #B3BFCA; font-size: 12.5px; }
.clock { font-size: 42px; line-height: 46px; font-weight: 700; white-space: nowrap; } .yuan .top .clock small { font-size: 24px; font-weight: 400; color: #B3BFCA; }
.today { width: 74px; font-size: 13.5px; line-height: 19px; color: #B3BFCA; } .top .where { font-size: 18px; line-height: 23px; font-weight: 700; flex: 1; min-width: 0; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; }
.yuan .top .chip.demo { color: #E4E9EE; border-color: #E4E9EE; font-size: 15px; line-height: 22px; } .top .person, .on-duty { display: flex; flex-direction: column; line-height: 19px; white-space: nowrap; } .on-duty { font-size: 13.5px; } .on-duty .nobody { color: #B3BFCA; }
.yuan .top .button { background: transparent; color: #E4E9EE; border-color: #8A9AA9; text-decoration: none; } .yuan .top .button[aria-pressed=true] { background: #E4E9EE; color: #0B1016; }
.line-down, .notice { flex: none; padding: 8px 12px; background: var(--inverse); color: var(--on-inverse); font-size: 16px; font-weight: 700; }
.middle { display: flex; flex: 1; min-height: 0; }
.rail { display: flex; flex-direction: column; width: 76px; flex: none; padding: 8px 0; background: var(--band); border-right: 1px solid var(--line); overflow-y: auto; }
.yuan .rail a { padding: 9px 2px; text-align: center; color: var(--ink2); text-decoration: none; border-left: 4px solid transparent; font-size: 14px; line-height: 18px; }
.yuan .rail a:hover { background: var(--fill); } .yuan .rail a[aria-current] { color: var(--ink); font-weight: 700; border-left-color: var(--action); background: var(--panel); }
.rail .count { display: inline-block; min-width: 18px; margin-left: 4px; padding: 0 4px; border-radius: 9px; background: var(--inverse); color: var(--on-inverse); font-size: 12.5px; } .work { flex: 1; min-width: 0; min-height: 0; overflow: auto; padding: 12px; scrollbar-width: thin; scrollbar-color: var(--strong) transparent; }
.foot { display: flex; justify-content: space-between; gap: 16px; flex: none; padding: 3px 12px; background: var(--band); border-top: 1px solid var(--line); color: var(--ink2); font-size: 12.5px; line-height: 20px; }
.foot > span { white-space: nowrap; } .foot > span:empty { display: none; } .foot .keys { display: flex; gap: 14px; } .foot .keys kbd { font-size: 12px; line-height: 15px; padding: 0 4px; } .foot .motto { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.bare { height: auto; min-height: 100vh; padding: 12px; } .refused { padding: 48px; gap: 12px; } .refused h1 { font-size: 22px; font-weight: 700; }
"""
PARTS = """
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; min-width: 0; }
.panel.asks { border: 2px solid var(--ink); }
.yuan .title { font-size: 16px; line-height: 24px; font-weight: 700; margin-bottom: 6px; }
.yuan h3 { font-weight: 700; }
.columns { display: grid; gap: 12px; align-items: start; } .columns > * { min-width: 0; } .stack { display: flex; flex-direction: column; gap: 12px; min-width: 0; }
.line { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; } .push { margin-left: auto; } .aside { color: var(--ink2); font-size: 13px; } .nothing { color: var(--ink2); padding: 8px 0; }
.button { font: inherit; font-size: 14px; line-height: 20px; padding: 4px 12px; border: 1px solid var(--strong); border-radius: 4px; background: var(--panel); color: var(--ink); cursor: pointer; white-space: nowrap; display: inline-block; }
.button:hover { background: var(--fill); } .yuan .button.primary { background: var(--action); border-color: var(--action); color: var(--panel); font-weight: 700; }
@layer base { .yuan .button[disabled] { opacity: 1 !important; } } .button:disabled { color: var(--ink3) !important; background: var(--band) !important; border-style: dashed; cursor: not-allowed; }
button.clause, .clause { padding: 0; border: 0; border-bottom: 1px dotted var(--action); background: none; font: inherit; font-size: 12.5px; line-height: 17px; color: var(--action); cursor: pointer; white-space: nowrap; }
.yuan form { display: grid; gap: 8px; } .yuan form .row { display: flex; gap: 8px; flex-wrap: wrap; align-items: end; } .yuan form .row > label { flex: 1; min-width: 120px; }
.yuan label { display: block; font-size: 13px; line-height: 18px; color: var(--ink2); }
.yuan input:not([type=checkbox], [type=radio], [type=file]), .yuan select, .yuan textarea { display: block; width: 100%; font: inherit; font-size: 14px; line-height: 20px; min-height: 32px; padding: 5px 8px; border: 1px solid var(--strong); border-radius: 4px; background: var(--field); color: var(--ink); }
.yuan input:is([type=checkbox], [type=radio]) { width: 18px; height: 18px; margin: 0; flex: none; accent-color: var(--action); }
.yuan select:not([multiple]) { height: 32px; } .yuan textarea { min-height: 64px; resize: vertical; } .yuan ::placeholder { color: var(--ink3); opacity: 1; }
.yuan [aria-invalid=true]:not(#none) { border: 2px solid var(--ink); } .said:empty { display: none; } .said { font-size: 13.5px; padding: 4px 8px; border-radius: 4px; border: 1px solid var(--line); } .said.error { background: var(--inverse); color: var(--on-inverse); font-weight: 700; } .said.done::before { content: "✓ "; } .said.waiting { border: 2px dashed var(--ink); }
.yuan table { width: 100%; border-collapse: collapse; } .yuan th { text-align: left; font-weight: 400; color: var(--ink3); font-size: 12.5px; vertical-align: top; } .yuan td, .yuan th { padding: 4px 10px 4px 0; vertical-align: top; } .yuan thead th { white-space: nowrap; } .yuan :is(td, th).number + :is(td, th):not(.number) { padding-left: 14px; } .yuan tbody tr { border-top: 1px solid var(--line); } .yuan .number { text-align: right; }
.chip { display: inline-block; padding: 0 6px; border: 1px solid var(--strong); border-radius: 3px; font-size: 12.5px; line-height: 18px; color: var(--ink2); white-space: nowrap; }
.chip.demo { border-style: dashed; color: var(--ink); font-weight: 700; } .inverse, .soon { white-space: nowrap; } .inverse { background: var(--inverse); color: var(--on-inverse); font-weight: 700; padding: 0 6px; border-radius: 3px; } .soon { border: 2px solid var(--ink); border-radius: 3px; padding: 0 4px; font-weight: 700; }
.left, .ago { white-space: nowrap; } .time { font-size: 18px; line-height: 23px; font-weight: 700; white-space: nowrap; } .value { font-size: 18px; line-height: 23px; font-weight: 700; }
.effect { font-size: 20px; line-height: 32px; } .panel p + .button, .panel > p + form { margin-top: 8px; }
.kind { flex: none; min-width: 66px; padding-left: 8px; border-left: 4px solid var(--strong); font-size: 12.5px; color: var(--ink2); }
.yuan dialog { width: min(720px, 92vw); max-height: 88vh; overflow: auto; padding: 16px; border: 2px solid var(--ink); border-radius: 6px; background: var(--panel); color: var(--ink); } .yuan dialog > .close { position: absolute; top: 12px; right: 16px; } .yuan dialog > .title:has(~ .close) { padding-right: 80px; } .yuan dialog > :is(form, p, table, .printed, .source) + .button:not(.close) { margin-top: 10px; } .yuan dialog::backdrop { background: rgba(0, 0, 0, .55); }
.yuan .printed { font-family: "Noto Serif CJK SC", "Source Han Serif SC", serif; font-size: 16px; line-height: 26px; white-space: pre-line; margin: 8px 0; } kbd { padding: 0 6px; border: 1px solid var(--strong); border-radius: 3px; background: var(--band); font: inherit; }
.yuan summary { cursor: pointer; } .yuan details > summary { list-style: none; } .yuan details > summary::before { content: "＋"; display: inline-block; width: 18px; color: var(--action); font-weight: 700; } .yuan details[open] > summary::before { content: "－"; }
@keyframes pulse { 50% { outline: 2px solid var(--ink); outline-offset: 2px; } } .unacknowledged { animation: pulse 1s step-end infinite; } @media (prefers-reduced-motion: reduce) { .unacknowledged { animation: none; outline: 2px solid var(--ink); } }
.login-page { align-items: center; justify-content: center; } .login { width: 360px; padding: 24px; } .login h1 { font-size: 22px; font-weight: 700; }
@media print {
  body, .yuan { background: #FFFFFF !important; color: #000000 !important; height: auto; display: block; } .top, .rail, .foot, .button, form, .line-down { display: none !important; }
  .work, .panel { overflow: visible; border-color: #000000; background: #FFFFFF; } tr, .log-row, .told, .due-row { break-inside: avoid; } .panel:has(> form.asking) { display: none; } .columns > * + * { margin-top: 12px; }
  .yuan .badge, .yuan .inverse, .yuan .rung { background: #FFFFFF !important; color: #000000 !important; border: 1px solid #000000; } .yuan .badge:not(.none), .yuan .inverse { border-width: 2px; } @page { size: A4; margin: 14mm; }
}
"""
OVERVIEW = """
.overview { grid-template-columns: minmax(0, 1fr) 432px; } .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 8px; }
.card { display: flex; flex-direction: column; gap: 4px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--band); } .card .name { font-size: 16px; font-weight: 700; }
.signatures li { padding: 4px 0; flex-wrap: nowrap; } .signatures li > * { flex: none; } .signatures li > .aside { flex: 0 1 auto; min-width: 0; } body.large-type .signatures li { flex-wrap: wrap; } .signatures li + li { border-top: 1px solid var(--line); } .next { display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; border-top: 1px solid var(--line); padding-top: 4px; }
.due-row { display: grid; grid-template-columns: 118px minmax(0, 1fr); gap: 10px; padding: 5px 0; border-top: 1px solid var(--line); } .due-row .when { display: flex; flex-direction: column; align-self: start; padding: 0 4px; } .due-row .left { font-size: 12.5px; } .due-row small { display: block; } .due-row a { color: var(--ink); text-decoration: none; } .due-row a:hover { text-decoration: underline; }
.watches li { padding: 6px 0; display: grid; gap: 2px; } .watches li:first-child { padding-top: 0; } .watches li + li { border-top: 1px solid var(--line); } .watch-row { display: flex; gap: 8px; align-items: baseline; } .watch-row > * { flex: none; } .watch-row > .aside { flex: 1; min-width: 0; } .areas-all { display: inline; } .areas-all summary { display: inline; margin-left: 6px; text-decoration: underline dotted; cursor: pointer; }
.board h3 { margin-top: 8px; padding: 2px 6px; background: var(--band); }
@media (max-width: 1279px) { .overview { grid-template-columns: minmax(0, 1fr); } .board { order: -1; } }
"""
LARGE_TYPE = """
body.large-type .top { gap: 12px; } body.large-type .top .person small { max-width: 84px; overflow: hidden; text-overflow: ellipsis; } body.large-type .top .where { font-size: 16px; line-height: 20px; } body.large-type .foot .motto { display: none; }
@media (max-width: 1599px) { body.large-type :is(.levels-columns, .people-columns, .people-page) { grid-template-columns: minmax(0, 1fr); } body.large-type .log-row { grid-template-columns: 76px 84px minmax(0, 1fr); } body.large-type .log-row .whose { grid-column: 3; } }
"""


def _themes() -> str:
    dark = f"body.body--dark{{{variables(DARK)}color-scheme:dark}}"
    return f"body{{{variables(LIGHT)}color-scheme:light}}\n{dark}\n@media print{{body.body--dark{{{variables(LIGHT)}color-scheme:light}}}}"


OFFICE_STYLE = f"{_themes()}\n{FRAME}{LEVELS}{PARTS}{OVERVIEW}{RECORDS}{PLAN_STYLE}{SIGNING_STYLE}{INCIDENT}{SWEEP_STYLE}{DRILL_SCREENS}{TIMELINE}{LARGE_TYPE}"

"""The rules of the style sheet, in the variables of `api.console.theme`."""

from __future__ import annotations

FRAME = """
body { background: var(--page); color: var(--ink); margin: 0; overflow: hidden;
  font: 400 14px/20px "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
.nicegui-content { padding: 0; gap: 0; height: 100vh; align-items: stretch; }
.console, .console * { box-sizing: border-box; }
.console { display: flex; flex-direction: column; height: 100vh; width: 100%; min-width: 0; }
.console h1, .console h2, .console h3, .console p, .console ul { margin: 0; padding: 0; list-style: none; font: inherit; }
.console b { font-weight: 700; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; z-index: 9; padding: 4px 12px; background: var(--action); color: var(--panel); }
.console :focus-visible { outline: 2px solid var(--action); outline-offset: 1px; }

.top { display: flex; align-items: center; gap: 16px; height: 48px; flex: none; padding: 0 12px; background: var(--top); color: #E4E9EE; }
.console .top .brand { font-size: 18px; font-weight: 700; white-space: nowrap; }
.top .plans { font: inherit; font-size: 16px; font-weight: 700; height: 34px; padding: 0 8px; max-width: 360px; border: 1px solid #8A9AA9;
  border-radius: 4px; background: #1B2733; color: #FFFFFF; }
.top .document, .top .motto { color: #B3BFCA; font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.top .motto { margin-left: auto; }
.top .button, .top .button:hover { background: transparent; color: #E4E9EE; border-color: #8A9AA9; }
.banner:not(:empty), .tried:not(:empty) { flex: none; padding: 8px 12px; background: var(--inverse); color: var(--on-inverse); font-weight: 700; }
.main { display: grid; grid-template-columns: 372px minmax(0, 1fr) 348px; gap: 8px; padding: 8px; flex: 1; min-height: 0; }
.form, .work { display: flex; flex-direction: column; min-height: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
.verdict, .half { display: flex; flex-direction: column; gap: 8px; min-height: 0; } .verdict { overflow-y: auto; } .half { flex: none; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; flex: none; }
.bar { display: flex; align-items: center; gap: 8px; padding: 6px 12px; border-bottom: 1px solid var(--line); min-height: 41px; flex: none; }
.bar > * { white-space: nowrap; } .bar .count { font-size: 13.5px; }
.console .title { font-size: 16px; font-weight: 700; }
.count, .aside, .label { color: var(--ink3); }
.aside { font-size: 13px; }
button.clause { padding: 0; border-width: 0 0 1px; background: none; font-family: inherit; cursor: pointer; }
.original { max-width: 720px; max-height: 80vh; overflow: auto; padding: 16px; border: 2px solid var(--ink); border-radius: 6px; background: var(--panel); color: var(--ink); }
.original .name { margin: 0 0 8px; font-size: 18px; line-height: 26px; } .original p { margin: 0 0 12px; white-space: pre-line; }
.original .printed { font-family: "Noto Serif CJK SC", "Source Han Serif SC", serif; font-size: 16px; line-height: 26px; } .original .note, .original .source { color: var(--ink2); }
.clause { color: var(--action); font-size: 12.5px; line-height: 17px; white-space: nowrap; border-bottom: 1px dotted var(--action); }
.button { font: inherit; font-size: 13.5px; line-height: 18px; padding: 3px 10px; border: 1px solid var(--strong); border-radius: 4px; background: var(--panel);
  color: var(--ink); cursor: pointer; white-space: nowrap; }
.button:hover { background: var(--fill); }
.push { margin-left: auto; }
.link { font: inherit; border: 0; padding: 0; background: none; color: var(--action); cursor: pointer; text-decoration: underline dotted; text-align: left; }
body.large-type .console { zoom: 1.2; height: 83.333vh; }
@media (max-width: 1599px) { body.large-type .main { grid-template-columns: 320px minmax(0, 1fr) 290px; } body.large-type .top .motto { display: none; } body.large-type .top .button:last-child { margin-left: auto; } }
body.large-type .fact .name { -webkit-line-clamp: 4; }
@media (min-width: 1600px) { body.large-type .main { grid-template-columns: 400px minmax(0, 1fr) 400px; } body.large-type .verdict { display: flex; align-items: stretch; } }
@media (max-width: 1099px) {
  body { overflow: auto; }
  .console, .nicegui-content { height: auto; }
  .main { grid-template-columns: minmax(0, 1fr); }
  .facts, .verdict, .list { overflow: visible; }
}
@media (min-width: 1600px) {
  .main { grid-template-columns: 424px minmax(0, 1fr) 470px; }
  .verdict { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; }
}
"""

LEVELS = """
.badge { display: inline-block; padding: 1px 8px; border: 1px solid var(--outline); border-radius: 4px; font-weight: 700; font-size: 14px; line-height: 20px; white-space: nowrap; }
.badge.large { font-size: 20px; line-height: 32px; padding: 2px 14px; }
.badge.small { font-size: 12.5px; line-height: 17px; padding: 0 6px; }
.blue { background: #2D43B2; color: #FFFFFF; }
.yellow { background: #FFF700; color: #000000; }
.orange { background: #F27E24; color: #000000; }
.red { background: #9E0000; color: #FFFFFF; }
.badge.none { background: transparent; color: var(--ink2); border-color: var(--strong); }
.badge.plain { background: var(--inverse); color: var(--on-inverse); border-color: var(--inverse); }
.ladder { display: flex; gap: 3px; min-width: 0; }
.rung { flex: 1; min-width: 0; padding: 0 1px; font-size: 12px; line-height: 20px; text-align: center; white-space: nowrap; overflow: hidden; border-radius: 3px;
  border: 1px solid var(--outline); }
.rung.plain { flex: 1 0 auto; padding: 0 4px; }
.rung.established { font-weight: 700; }
.rung.established.plain { background: var(--inverse); color: var(--on-inverse); }
.rung.possible { border: 1px dashed var(--strong); color: var(--ink); background: repeating-linear-gradient(135deg, transparent 0 5px, var(--hatch) 5px 7px); }
.rung.possible > span { padding: 0 1px; border-radius: 2px; background: var(--panel); }
.rung .maybe { margin-left: 2px; }
.rung.ruled_out, .rung.below { border-color: var(--line); color: var(--ink3); background: var(--band); }
.rung.ruled_out > span:first-child::after { content: " ✕"; font-size: 10px; }
.unknown { display: inline-block; padding: 1px 3px; border: 1px dashed var(--strong); border-radius: 4px; font-size: 12.5px; line-height: 17px;
  background: repeating-linear-gradient(135deg, var(--panel) 0 5px, var(--hatch) 5px 7px); }
.plate { padding: 0 4px; border-radius: 2px; background: var(--panel); font-weight: 700; color: var(--ink); }
"""

FORM = """
.time { display: grid; grid-template-columns: auto 1fr auto auto; align-items: center; gap: 6px; padding: 5px 12px; border-bottom: 1px solid var(--line); flex: none; }
.time .message { grid-column: 1 / -1; }
.facts, .verdict, .list { scrollbar-width: thin; scrollbar-color: var(--strong) transparent; }
.facts { overflow-y: auto; flex: 1; min-height: 0; padding-bottom: 8px; }
.console .hint { flex: none; padding: 6px 12px; border-top: 1px solid var(--line); background: var(--band); color: var(--ink2); font-size: 12.5px; line-height: 17px;
  height: 56px; overflow-y: auto; border-radius: 0 0 6px 6px; }
.console .heading { display: flex; justify-content: space-between; padding: 4px 12px; background: var(--band); border-bottom: 1px solid var(--line); font-weight: 700; font-size: 13.5px; }
.trouble:not(:empty) { padding: 0 6px; border-radius: 3px; background: var(--inverse); color: var(--on-inverse); font-size: 13px; font-weight: 700; }
.fact { display: grid; grid-template-columns: minmax(0, 1fr) 158px; align-items: center; gap: 0 8px; padding: 3px 12px; border-bottom: 1px solid var(--line); }
.fact .name { line-height: 17px; font-size: 13.5px; }
.fact .name { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; } .fact .name .label, .fact .label.name { color: var(--ink); }
.fact .unit, .grid .unit { color: var(--ink3); font-size: 12.5px; margin-left: 4px; white-space: nowrap; }
.controls { display: flex; gap: 4px; min-width: 0; }
.console input[type=text], .console .form select, .console .work select, .console textarea { font: inherit; font-size: 14px; min-width: 0; height: 27px; padding: 0 6px; border: 1px solid var(--strong);
  border-radius: 4px; background-color: var(--field); color: var(--ink); }
.console .form select, .console .work select { width: 100%; }
.console .form .fact .how { width: 58px; flex: none; padding: 0 2px; font-size: 13px; }
.fact .controls .value { flex: 1; width: 100%; }
.fact input.value { text-align: right; font-weight: 700; font-variant-numeric: tabular-nums; }
.console ::placeholder { color: var(--ink2); opacity: 1; font-weight: 700; }
.fact input:placeholder-shown, .time input:placeholder-shown, .grid input:placeholder-shown, .fact select:has(option[value=""]:checked), .grid select:has(option[value=""]:checked) {
  border-style: dashed; background-image: repeating-linear-gradient(135deg, transparent 0 5px, var(--hatch) 5px 6px); color: var(--ink2); }
.fact input:placeholder-shown, .time input:placeholder-shown { text-align: center; }
.fact select.how:has(option[value=""]:checked) { background-image: none; }
.console [aria-invalid=true] { border: 2px solid var(--ink) !important; text-decoration: underline wavy; }
.message { font-size: 13px; line-height: 18px; white-space: pre-line; }
.fact .message { grid-column: 1 / -1; }
.message:not(:empty) { padding: 2px 0; }
.wrong .message, .series .message, .grid .message, .time .message { font-weight: 700; }
.wrong .message::before, .series .message:not(:empty)::before, .grid .message:not(:empty)::before, .time .message:not(:empty)::before { content: "! "; }
.derived .message { color: var(--ink2); }
.derived .controls { opacity: .75; }
.toggle { display: flex; width: 100%; border: 1px solid var(--strong); border-radius: 4px; overflow: hidden; }
.toggle label { flex: 1; position: relative; text-align: center; cursor: pointer; height: 25px; line-height: 25px; border-left: 1px solid var(--line); font-size: 13.5px; }
.toggle label:first-child { border-left: 0; }
.toggle input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.toggle label:has(:checked) { background: var(--inverse); color: var(--on-inverse); font-weight: 700; }
.toggle:has(input[value=""]:checked) { border-style: dashed; }
.toggle label:has(input[value=""]:checked) { color: var(--ink2); background: repeating-linear-gradient(135deg, var(--field) 0 5px, var(--hatch) 5px 6px); }
.toggle label:has(:focus-visible) { outline: 2px solid var(--action); outline-offset: -2px; }
.grid { padding: 0 4px 4px 0; }
.grid .aside { padding: 3px 12px; }
.grid .message:not(:empty) { padding: 1px 0 3px 12px; } .grid .problem td { padding: 0; }
.grid table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.grid th, .grid td { padding: 1px; font-weight: 400; font-size: 12.5px; line-height: 15px; }
.grid thead td { width: 122px; }
.grid thead td, .grid thead th { position: sticky; top: 0; z-index: 1; background: var(--panel); }
.grid thead th { font-weight: 700; padding: 3px 0; font-size: 12px; }
.grid .group th { text-align: left; padding: 3px 12px; background: var(--band); font-weight: 700; }
.grid .name { text-align: left; padding: 1px 4px 1px 12px; }
.console .grid .cell { width: 100%; height: 30px; padding: 0 1px; text-align: center; font-size: 12.5px; appearance: none; }
.series { border-bottom: 1px solid var(--line); padding: 4px 12px; }
.series summary, .readings summary { cursor: pointer; }
.series .state { float: right; font-size: 12.5px; }
.console .series textarea { width: 100%; height: 120px; padding: 4px 6px; margin-top: 4px; font: 13px/18px "Noto Sans Mono CJK SC", monospace; resize: vertical; }
.readings { padding: 4px 12px; } .reading { padding: 4px 0; font-size: 13px; } .reading .label { color: var(--ink2); }
"""

VERDICT = """
.console .panel h3 { font-weight: 700; font-size: 14px; }
.scales { padding: 4px; }
.scales .row { display: grid; grid-template-columns: minmax(70px, 112px) 104px minmax(0, 1fr); align-items: center; gap: 8px; width: 100%; padding: 3px 8px; border: 1px solid transparent;
  border-radius: 4px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
.scales .row .badge { text-align: left; overflow: hidden; }
.scales .row:hover { background: var(--band); }
.scales .row[aria-pressed=true] { border-color: var(--strong); background: var(--band); }
.scales .scale { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.scales .row[aria-pressed=true] .scale { font-weight: 700; }
.scales.narrow { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 4px; }
.scales.narrow .row { grid-template-columns: minmax(0, 1fr) 74px 86px; gap: 4px; padding: 2px 4px; font-size: 13px; }
.narrow .rung { padding: 0; line-height: 17px; }
.conclusion { border: 2px solid var(--ink); }
.conclusion .head { display: flex; align-items: center; gap: 10px; flex-wrap: wrap; }
.conclusion .head .scale { font-size: 16px; font-weight: 700; }
.conclusion .still { color: var(--ink2); font-size: 13.5px; }
.line { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; }
.conclusion .line { margin-top: 6px; }
.basis { color: var(--ink3); font-size: 12.5px; }
.because li { display: flex; align-items: baseline; gap: 6px; padding: 1px 0; }
.because .said { flex: 1; } .because b { margin-left: 6px; } .because .clause { flex: none; }
.because + .because { border-top: 1px solid var(--line); margin-top: 3px; padding-top: 3px; }
.mark { display: inline-block; width: 14px; flex: none; font-weight: 700; text-align: center; }
.ask { border: 2px dashed var(--strong); }
.ask .button { margin-left: auto; border-color: var(--action); color: var(--action); }
.ask .line b { font-size: 15px; }
.ask .what { flex: 1; min-width: 0; }
.answers { width: 100%; border-collapse: collapse; margin-top: 2px; }
.answers th { text-align: left; font-weight: 400; } .answers thead th { color: var(--ink3); font-size: 12.5px; line-height: 17px; }
.answers th, .answers td { padding: 1px 8px 1px 0; vertical-align: baseline; } .answers tbody tr { border-top: 1px solid var(--line); }
.answers .still { color: var(--ink2); font-size: 12.5px; margin-left: 6px; white-space: nowrap; }
.ask .more { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 13px; margin-top: 4px; } .more .label { flex: none; }
.step { display: flex; gap: 8px; padding: 1px 0; } .step > .label { flex: 0 0 32px; }
.who { white-space: normal; } .who .clause { margin-left: 4px; } .within { display: inline-block; line-height: 17px; white-space: nowrap; margin-left: 4px; padding: 0 4px; border: 1px solid var(--ink); border-radius: 3px; font-size: 12.5px; }
.step.sign b { font-size: 15px; }
.way { display: flex; gap: 8px; padding: 2px 0; align-items: baseline; } .way .badge { flex: none; } .way ul { flex: 1; }
.way li { align-items: baseline; display: flex; justify-content: space-between; gap: 8px; }
.ways h3:not(:first-child) { margin-top: 4px; }
.console summary { cursor: pointer; padding: 2px 0; list-style: none; }
.console summary::before { content: "＋"; display: inline-block; width: 18px; color: var(--action); font-weight: 700; }
.console details[open] > summary::before { content: "－"; }
.why .state { margin-left: 8px; color: var(--ink2); }
.tree { padding: 2px 0; border-top: 1px solid var(--line); }
.console .tree ul, .nested { margin-left: 18px; } .nested .tree { margin-left: 18px; }
.tree .row { display: flex; gap: 6px; align-items: baseline; font-size: 13.5px; line-height: 19px; padding: 1px 0; }
.tree .text { flex: 1; } .tree .kind { color: var(--ink3); } .tree .value { text-align: right; } .margin { margin-left: 6px; color: var(--ink2); font-size: 12.5px; }
.tree .source { margin-left: 6px; color: var(--ink3); font-size: 12.5px; }
.tree .is-failed .text { color: var(--ink2); }
.areas { display: flex; flex-wrap: wrap; gap: 0 12px; margin-left: 20px; font-size: 13px; }
.rests details { border-top: 1px solid var(--line); } .rests p { padding: 1px 0 1px 18px; font-size: 13px; } .rests .label { margin-right: 6px; } .id { color: var(--ink3); font-size: 12.5px; margin-right: 4px; }
.rests details.held > summary { font-weight: 700; }
"""

DUTIES = """
.standing { display: flex; margin-left: auto; overflow: hidden; } .levels { display: flex; gap: 4px; }
.filter .place { flex: 1; min-width: 0; } .check { display: flex; align-items: center; gap: 4px; font-size: 13.5px; white-space: nowrap; cursor: pointer; }
.check input { width: 16px; height: 16px; accent-color: var(--action); }
.list { overflow-y: auto; flex: 1; min-height: 0; padding-bottom: 8px; }
.listing section > h3 { position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; padding: 3px 12px; background: var(--band); border-bottom: 1px solid var(--line);
  font-weight: 700; font-size: 13.5px; }
.console .listing .urgent > h3 { background: var(--inverse); color: var(--on-inverse); } .urgent .count { color: inherit; }
.listing .aside { padding: 6px 12px; }
.duties li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; padding: 4px 12px; border-bottom: 1px solid var(--line); font-size: 13.5px; line-height: 19px; }
.do b { margin-right: 6px; } .due { max-width: 132px; font-weight: 700; text-align: right; } .urgent .due { align-self: start; padding: 0 6px; border: 2px solid var(--ink); border-radius: 3px; }
.do .clause { white-space: normal; } .foot { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; color: var(--ink3); font-size: 12.5px; line-height: 17px; }
.coming { display: block; width: calc(100% - 24px); margin: 8px 12px; }
"""

RULES = FRAME + LEVELS + FORM + VERDICT + DUTIES

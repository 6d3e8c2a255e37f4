"""How the screens of drills look: timeline, injects, differences, review; in both themes."""

from __future__ import annotations

DRILL_SCREENS = """
.drill-columns { grid-template-columns: minmax(0, 5fr) minmax(0, 5fr) minmax(0, 4fr); } .drill-review, .drills-columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.transport form { display: flex; align-items: center; gap: 8px; } .transport .line { align-items: center; flex-wrap: wrap; } .transport > .content > div { display: grid; gap: 6px; }
.yuan .transport kbd { margin-left: 4px; padding: 0 4px; font-size: 12px; line-height: 15px; background: none; border-color: currentColor; color: inherit; } .transport .said:empty { display: none; } .yuan .button:disabled { opacity: .55; cursor: default; }
.yuan .button.small { padding: 1px 8px; font-size: 13px; } .yuan .button[aria-pressed="true"]:not(.switch) { border-color: var(--action); color: var(--action); font-weight: 700; box-shadow: inset 0 -3px var(--action); }
.drill-columns > .stack h2 + .content { margin-bottom: 4px; } .yuan .difference h3 { margin: 8px 0 2px; font-weight: 700; font-size: 14px; } .yuan td.inverse-cell { font-weight: 700; text-decoration: underline; }
.yuan .side-by-side th[scope=row] { color: var(--ink); } .inject-table td { font-size: 13.5px; } .inject-table tr.coming td { color: var(--ink2); }
.yuan td.when { white-space: nowrap; font-variant-numeric: tabular-nums; } .yuan td.shift { white-space: nowrap; font-weight: 700; } .inject-table td:last-child { white-space: nowrap; }
.branches li { padding: 4px 0; } .branches li, .drills-list .line { flex-wrap: wrap; } .parts-to-choose { display: grid; gap: 4px; margin: 0; padding: 4px 0; border: 0; } .yuan .parts-to-choose label { display: block; } .yuan fieldset.parts-to-choose input { width: auto; height: auto; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px; } .facts-to-pick { max-height: 36vh; overflow: auto; } .inject-changes { padding-left: 12px; } .inject-changes .pair { align-items: end; } .yuan .inject-changes input[type=checkbox] { width: auto; height: auto; }
.big-number { font-size: 34px; line-height: 44px; } .yuan td.number, .yuan .tallies thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; } .yuan .tallies tbody th { color: var(--ink); font-size: 13.5px; }
.issues li, .drills-list li { padding: 8px 0; display: grid; gap: 4px; } .issues li + li, .drills-list li + li { border-top: 1px solid var(--line); } .issues .chip { margin-right: 6px; }
.scenario-list { display: grid; gap: 2px; max-height: 44vh; overflow: auto; } .yuan .scenario { display: flex; gap: 8px; align-items: baseline; padding: 5px 6px; border-radius: 4px; } .scenario:has(:checked) { background: var(--soft); } .yuan .scenario input { width: auto; height: auto; flex: none; }
.scenario .told { display: grid; border: 0; padding: 0; }
@media (max-width: 1599px) { .drill-columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .drill-columns > .stack { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: start; } }
body.large-type :is(.drill-columns, .drill-review, .drills-columns), body.large-type .drill-columns > .stack { grid-template-columns: minmax(0, 1fr); }
@media screen { .printed-only { display: none; } }
@media print { .drill-review { display: block; } .yuan .panel:has(> details > form.asking), .issues details { display: none; } }
"""

TIMELINE = """
.drill-line { position: relative; --head: 128px; min-width: 860px; } .panel:has(.drill-line) { overflow-x: auto; }
.drill-line .row { position: relative; z-index: 1; display: grid; grid-template-columns: var(--head) minmax(0, 1fr); align-items: center; }
.drill-line .head { display: flex; flex-direction: column; min-width: 0; padding-right: 8px; line-height: 17px; overflow: hidden; white-space: nowrap; } .drill-line .head b { font-size: 13.5px; overflow: hidden; text-overflow: ellipsis; } .drill-line small { font-size: 12px; color: var(--ink2); }
.drill-line .track { position: relative; container-type: inline-size; height: 22px; } .drill-line .lane .track { height: 30px; } .drill-line .lane { padding: 3px 0; } .drill-line .ticks .track { height: 36px; } 
.drill-line .track > * , .drill-line .grid-lines > *, .drill-line .bars .track > span > * { position: absolute; }
.drill-line .grid-lines { position: absolute; inset: 34px 0 0 var(--head); } .drill-line .tick { top: 0; bottom: 20px; width: 1px; background: var(--line); } .drill-line .ahead { top: 0; bottom: 20px; max-width: 100%; clip-path: inset(0); background: var(--soft); opacity: .5; }
.drill-line .ticks span { display: flex; flex-direction: column; align-items: center; line-height: 17px; transform: translateX(-50%); white-space: nowrap; font-variant-numeric: tabular-nums; } .drill-line .ticks .first { transform: none; align-items: flex-start; } .drill-line .ticks .last { transform: translateX(-100%); align-items: flex-end; }
.drill-line .ticks b { font-weight: 400; font-size: 13px; }
.drill-line .injects .track > span { display: flex; gap: 5px; align-items: center; height: 22px; margin-left: -1px; white-space: nowrap; }
.drill-line .injects .track b { min-width: 22px; padding: 0 4px; text-align: center; line-height: 19px; font-size: 13px; border: 1.5px solid var(--action); background: var(--panel); color: var(--action); } .drill-line .injects .track .given b { background: var(--action); color: var(--panel); }
.drill-line .injects .track .skipped b { border-style: dashed; text-decoration: line-through; } .drill-line .says { overflow: hidden; text-overflow: ellipsis; font-size: 12.5px; color: var(--ink); } .drill-line .coming .says { color: var(--ink2); }
.drill-line .level { display: flex; align-items: center; gap: 5px; top: 0; height: 30px; overflow: hidden; padding: 0 5px; border: 1px solid var(--outline); box-sizing: border-box; white-space: nowrap; font-weight: 700; font-size: 13.5px; }
.drill-line .level.none { border-color: var(--line); background: var(--band); color: var(--ink2); font-weight: 400; } .drill-line .level.plain { background: var(--fill); color: var(--ink); border-color: var(--strong); }
.drill-line .level.expected { background: var(--panel); color: var(--ink); border: 2px dashed var(--strong); font-weight: 400; } .drill-line .level .shape { flex: none; font-size: 12px; } .drill-line .level.expected .shape { padding: 0 3px; line-height: 17px; border: 1px solid var(--outline); border-radius: 2px; }
.drill-line .level:not(.expected) .shape { background: none; } .drill-line .shared { top: 0; height: 30px; box-sizing: border-box; padding-right: 8px; overflow: hidden; text-align: right; white-space: nowrap; line-height: 28px; font-size: 12.5px; color: var(--ink2); background: var(--band); border: 1px solid var(--line); } .drill-line .parting { top: -4px; height: 38px; width: 3px; z-index: 2; background: var(--action); }
.drill-line .bars .track > span { inset: 0; } .drill-line .bars .bar { top: 9px; height: 4px; background: var(--strong); } .drill-line .bars .bar.running { background: repeating-linear-gradient(90deg, var(--strong) 0 4px, transparent 4px 7px); }
.drill-line .bars .due { top: 4px; height: 14px; width: 2px; background: var(--ink); } .drill-line .bars .words { top: 2px; margin-left: 5px; line-height: 18px; font-size: 12.5px; white-space: nowrap; } .drill-line .bars .words.over { margin: 0; padding: 0 4px; background: var(--panel); } .drill-line .bars .words.before { margin: 0 5px 0 0; }
.drill-line .foot-space { height: 22px; } .drill-line .now { top: 0; bottom: 0; width: 0; border-left: 2px solid var(--ink); z-index: 3; } .drill-line .now span { position: absolute; bottom: 0; left: -22px; line-height: 20px; white-space: nowrap; font-size: 12.5px; color: var(--action); }
.drill-line .now.late span { left: auto; right: -22px; direction: rtl; } .drill-line .now b { display: inline-block; padding: 0 6px; margin-right: 4px; border-radius: 3px; background: var(--inverse); color: var(--on-inverse); font-size: 13.5px; }
.yuan .drill-line i { font-style: normal; }
@media print { .drill-line { min-width: 0; } .drill-line .level { print-color-adjust: exact; } }
"""

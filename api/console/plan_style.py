"""The style of the screens about plans, units, people and the system."""

from __future__ import annotations

PLAN_STYLE = """
.tabs { display: flex; gap: 2px; border-bottom: 1px solid var(--strong); flex-wrap: wrap; } .yuan .tabs a { padding: 6px 14px; color: var(--ink2); text-decoration: none; border: 1px solid transparent; border-bottom: 0; border-radius: 4px 4px 0 0; }
.yuan .tabs a:hover { background: var(--fill); } .yuan .tabs a[aria-current] { color: var(--ink); font-weight: 700; background: var(--panel); border-color: var(--strong); box-shadow: 0 1px 0 var(--panel); }
.yuan a.button { text-decoration: none; color: var(--ink); } .yuan .button[aria-current] { background: var(--soft); border-color: var(--action); font-weight: 700; }
.heading { display: flex; gap: 16px; align-items: flex-start; } .yuan .heading h1 { font-size: 18px; line-height: 26px; font-weight: 700; } .heading > .push { flex: none; }
.yuan h3.place { font-size: 15px; padding: 4px 8px; margin-top: 8px; background: var(--band); } .plans td .name { font-weight: 700; }
.levels-columns { grid-template-columns: minmax(0, 1fr) 340px; } .people-columns { grid-template-columns: minmax(0, 1fr) 380px; }
.gaps li, .groups li { padding: 6px 0; border-top: 1px solid var(--line); } .gaps li > * { margin-right: 6px; } .gaps .unknown { white-space: nowrap; }
.yuan .thresholds { table-layout: fixed; } .yuan .thresholds thead th { color: var(--ink); } .yuan .thresholds tbody th { color: var(--ink); font-size: 13.5px; line-height: 19px; overflow-wrap: anywhere; } .yuan .thresholds td { font-size: 13.5px; line-height: 19px; overflow-wrap: anywhere; }
.threshold + .threshold { margin-top: 4px; padding-top: 4px; border-top: 1px dotted var(--line); } .none { color: var(--ink3); }
.clauses { display: inline-flex; flex-wrap: wrap; gap: 2px 6px; align-items: baseline; } .threshold .clauses { display: flex; } .yuan a.reading { font-size: 12.5px; line-height: 17px; color: var(--ink2); text-decoration: underline dotted; white-space: nowrap; }
.matrix-row { display: grid; grid-template-columns: minmax(0, 1fr) repeat(var(--levels), 116px); gap: 8px; align-items: baseline; padding: 4px 8px 4px 0; } .matrix-row.heads { position: sticky; top: -12px; background: var(--panel); border-bottom: 1px solid var(--strong); z-index: 1; padding: 6px 8px 6px 0; } .matrix-row.sums { border-top: 1px solid var(--strong); }
.matrix details { border-top: 1px solid var(--line); } .yuan .matrix summary { list-style: none; } .matrix summary:hover { background: var(--band); } .yuan .matrix summary::before { content: none; } .matrix summary > span:first-child::before { content: "＋"; display: inline-block; width: 18px; color: var(--action); font-weight: 700; } .matrix details[open] > summary > span:first-child::before { content: "－"; } .matrix details[open] > summary { background: var(--soft); } .matrix-row.heads > :first-child, .matrix-row.sums > :first-child { padding-left: 18px; }
.duty { display: grid; grid-template-columns: 92px minmax(0, 1fr) 200px minmax(120px, 220px); gap: 12px; padding: 4px 8px 4px 18px; border-top: 1px dotted var(--line); font-size: 13.5px; line-height: 19px; } .duty .at { color: var(--ink2); }
.yuan .procedure td, .yuan .procedure th { font-size: 13.5px; line-height: 19px; } .act + .act { margin-top: 4px; padding-top: 4px; border-top: 1px dotted var(--line); }
.pairs { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 3px 8px; margin-top: 4px; } .pairs dt { color: var(--ink3); font-size: 12.5px; } .yuan .pairs dd { overflow-wrap: anywhere; }
.chip.chosen { background: var(--action); border-color: var(--action); color: var(--panel); font-weight: 700; } .reading-card .line { padding: 2px 0; } .reading-card:target { border: 2px solid var(--action); }
.drawing { overflow-x: auto; padding: 4px 0 8px; } .drawing svg { display: block; max-width: none; margin: 0 auto; } .drawing rect { fill: var(--band); stroke: var(--strong); } .drawing .state.start rect { stroke-width: 2; } .drawing .state.now rect { fill: var(--inverse); stroke: var(--ink); stroke-width: 2; }
.drawing text { font-size: 14px; text-anchor: middle; fill: var(--ink); } .drawing .state text { font-weight: 700; font-size: 14.5px; } .drawing .state.now text { fill: var(--on-inverse); } .drawing .arc-words { font-size: 13px; fill: var(--ink2); }
.yuan .drawing .state.blue { background: none; } .drawing .blue rect { fill: #2D43B2 !important; } .drawing .yellow rect { fill: #FFF700 !important; } .drawing .orange rect { fill: #F27E24 !important; } .drawing .red rect { fill: #9E0000 !important; }
.drawing .blue text, .drawing .red text { fill: #FFFFFF !important; } .drawing .yellow text, .drawing .orange text { fill: #000000 !important; }
.arc { fill: none; stroke: var(--ink2); stroke-width: 1.5; } .arc.lower { stroke-dasharray: 7 4; } .arc.lift { stroke-dasharray: 2 3; } .head path { fill: var(--ink2); }
.legend { display: flex; gap: 20px; justify-content: center; } .sample { display: inline-block; width: 34px; margin-right: 6px; border-top: 2px solid var(--ink2); vertical-align: middle; } .sample.lower { border-top-style: dashed; } .sample.lift { border-top-style: dotted; }
.changes li { padding: 2px 0; } .ledger { max-width: 1100px; }
.units th.unit { width: 30%; } .yuan .units tbody th { color: var(--ink); font-size: 14px; } .units .alias { color: var(--ink2); font-size: 13px; } .number-line { display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; } .number-line .phone { font-size: 16px; font-weight: 700; }
.yuan input.sift { max-width: 420px; } .yuan pre { margin: 8px 0; padding: 8px 12px; background: var(--band); border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; font-size: 13px; line-height: 19px; }
.people-page { grid-template-columns: minmax(0, 1fr) 420px; } .disabled td { color: var(--ink3); text-decoration: line-through; } .disabled td.keep { text-decoration: none; }
.checks { display: flex; flex-wrap: wrap; gap: 4px 16px; } .yuan .checks label { display: inline-flex; gap: 6px; align-items: center; font-size: 14px; color: var(--ink); } .yuan fieldset { border: 0; margin: 0; padding: 0; } .yuan legend { padding: 0; color: var(--ink2); font-size: 13px; }
.secret { display: block; margin: 8px 0; padding: 8px 12px; border: 2px solid var(--ink); font-size: 22px; line-height: 30px; font-weight: 700; user-select: all; } .secret:empty { display: none; } .secret + .aside { display: none; } .secret:not(:empty) + .aside { display: block; }
.status-page { grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); } .status-page .wide { grid-column: 1 / -1; } .bar-track { height: 10px; background: var(--fill); border: 1px solid var(--strong); border-radius: 3px; } .bar-track > div { height: 100%; background: var(--ink3); }
@media (max-width: 1279px) { .levels-columns, .people-columns, .people-page { grid-template-columns: minmax(0, 1fr); } }
@media print { .tabs { display: none !important; } .matrix details > ol { display: block; } .drawing { overflow: visible; } .drawing svg { width: 100%; height: auto; } }
"""

"""How the screens of drills look: timeline, injects, differences, review; in both themes."""

from __future__ import annotations

DRILL_SCREENS = """
.drill-columns { grid-template-columns: minmax(0, 5fr) minmax(0, 5fr) minmax(0, 4fr); } .drill-review, .drills-columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.transport form { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; } .transport .line { align-items: center; } .transport > .content > div { display: grid; gap: 8px; }
.button.small { padding: 1px 8px; font-size: 13px; } .yuan .button[aria-pressed="true"] { background: var(--action); border-color: var(--action); color: var(--panel); font-weight: 700; }
.drill-line { overflow-x: auto; } .drill-line svg { display: block; width: 100%; min-width: 860px; height: auto; }
.drill-line text { font-size: 11.5px; fill: var(--ink); } .drill-line .head { font-weight: 700; } .drill-line .grid { stroke: var(--line); stroke-width: .7; }
.drill-line .bar { stroke: var(--ink2); stroke-width: .9; } .drill-line .met { fill: var(--ink2); } .drill-line .missed, .drill-line .running, .drill-line .waiting, .drill-line .not_applicable { fill: var(--panel); }
.drill-line .late { fill: url(#late); } .drill-line .running, .drill-line .waiting { stroke-dasharray: 3 2; } .drill-line .due { stroke: var(--ink); stroke-width: 2.2; }
.drill-line .sign { paint-order: stroke; stroke: var(--panel); stroke-width: 3px; }
.drill-line rect.inject { stroke: var(--action); stroke-width: 1.4; fill: var(--panel); } .drill-line rect.inject.given { fill: var(--action); } .drill-line rect.inject.skipped { stroke-dasharray: 2 2; }
.drill-line text.given { fill: var(--panel); font-weight: 700; } .drill-line text.skipped { text-decoration: line-through; }
.drill-line .expected { stroke-width: 3; } .drill-line .expected-edge { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 5 3; }
.drill-line line.now { stroke: var(--ink); stroke-width: 2; } .drill-line text.now { font-weight: 700; paint-order: stroke; stroke: var(--panel); stroke-width: 4px; } .drill-line .parting { stroke: var(--action); stroke-width: 3; }
.inject-table td { font-size: 13.5px; } .inject-table tr.coming td { color: var(--ink2); } .yuan td.when { white-space: nowrap; font-variant-numeric: tabular-nums; } .yuan td.shift { white-space: nowrap; font-weight: 700; }
.branches li, .parts-to-choose label { padding: 3px 0; } .parts-to-choose { display: grid; gap: 2px; } .parts-to-choose label, .scenario { display: flex; gap: 8px; align-items: baseline; }
.facts-to-pick { max-height: 40vh; overflow: auto; } .big-number { font-size: 34px; line-height: 44px; } .yuan td.number, .yuan .tallies thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.yuan .tallies tbody th { color: var(--ink); font-size: 13.5px; } .issues li { padding: 8px 0; display: grid; gap: 4px; } .issues li + li { border-top: 1px solid var(--line); }
.scenario-list { display: grid; gap: 2px; max-height: 40vh; overflow: auto; } .scenario { padding: 6px; border-radius: 4px; } .scenario:has(:checked) { background: var(--soft); } .scenario .told { display: grid; border: 0; padding: 0; }
@media (max-width: 1599px) { .drill-columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .drill-columns > .stack { grid-column: 1 / -1; display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; } }
body.large-type :is(.drill-columns, .drill-review, .drills-columns), body.large-type .drill-columns > .stack { grid-template-columns: minmax(0, 1fr); }
"""

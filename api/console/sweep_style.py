"""The style of the sweep screen: the dress of a drill around the work area, and the level maps."""

from __future__ import annotations

from api.console.drill_style import DARK_MARK, LIGHT_MARK
from api.documents.level_map_style import MAP_STYLE

SWEEP_STYLE = f"""{MAP_STYLE}
.sweeping {{ --action: #6A2C9B; --soft: #F0E6F7; position: relative; }} body.body--dark .sweeping {{ --action: #B98AE3; --soft: #2C1B3D; }}
.sweeping::after {{ content: ""; position: absolute; inset: 0; z-index: 4; pointer-events: none; background-image: {LIGHT_MARK}; }} body.body--dark .sweeping::after {{ background-image: {DARK_MARK}; }}
.sweep-columns {{ display: grid; grid-template-columns: 264px minmax(0, 1fr) 340px; gap: 12px; align-items: start; }} .sweep-columns > * {{ min-width: 0; }}
.sweep-side {{ display: flex; flex-direction: column; gap: 12px; }}
.sweep-form .axis {{ display: grid; gap: 6px; padding: 8px 0; border-top: 1px solid var(--line); }} .sweep-form .axis .two {{ display: grid; grid-template-columns: minmax(0, 1fr) 84px; gap: 6px; }}
.yuan .sweep-form .held-facts label {{ display: grid; grid-template-columns: minmax(0, 1fr) 104px; gap: 6px; align-items: center; padding: 3px 0; border-top: 1px solid var(--line); color: var(--ink); }} .yuan .sweep-form .held-facts input, .yuan .sweep-form .held-facts select {{ min-height: 28px; padding: 2px 6px; }}
.sweep-counts td:nth-child(2), .sweep-counts td:nth-child(3), .contingency td {{ text-align: right; }} .contingency td.same {{ color: var(--ink3); }} .sweep-counts tr.here {{ background: var(--soft); }}
.sweep-turns td {{ font-size: 13.5px; }} .sweep-turns .where {{ white-space: nowrap; font-weight: 700; }} .examples li {{ padding: 4px 0; border-top: 1px solid var(--line); font-size: 13.5px; }} .changes-here {{ font-weight: 700; }}
.sweeping figure.map + .title {{ margin-top: 16px; }}
@media (max-width: 1199px) {{ .sweep-columns {{ grid-template-columns: 264px minmax(0, 1fr); }} .sweep-side {{ grid-column: 1 / -1; }} }}
@media (max-width: 899px) {{ .sweep-columns {{ grid-template-columns: minmax(0, 1fr); }} }}
@media print {{ .sweep-columns {{ display: block; }} .sweeping {{ border: 0; }} }}
"""

"""The style of a level map. Colours that a page's theme gives are taken from it; a page without a theme is white paper."""

from __future__ import annotations

MAP_STYLE = """
.level-map { display: block; width: 100%; height: auto; font-size: 12.5px; font-variant-numeric: tabular-nums; }
.level-map text { fill: var(--ink, #111111); paint-order: stroke; } .level-map .middle { text-anchor: middle; } .level-map .end { text-anchor: end; }
.level-map .region { fill: var(--panel, #FFFFFF); background: none; } .level-map .region.blue { fill: #AEB8E6; } .level-map .region.yellow { fill: #FFFB99; } .level-map .region.orange { fill: #F8C49A; } .level-map .region.red { fill: #D58F8F; }
.level-map .region.plain { fill: #C9CFD6; } .level-map .region.none { fill: var(--panel, #FFFFFF); }
.level-map .ink { fill: #000000; fill-opacity: .38; } .level-map .rule { stroke: #000000; stroke-opacity: .2; fill: none; }
.level-map .stripe { stroke: #FFFFFF; stroke-width: 5; stroke-opacity: .75; fill: none; } .level-map .open { stroke: var(--hatch, #B4BDC6); stroke-width: 2; fill: none; }
.level-map .border { fill: none; stroke: var(--ink, #111111); stroke-width: 1.6; } .level-map .signer { stroke-width: 6; } .level-map .core { stroke: var(--panel, #FFFFFF); stroke-width: 2; }
.level-map .frame { fill: none; stroke: var(--ink, #111111); stroke-width: 1.2; }
.level-map .tick { font-size: 12.5px; } .level-map .strong { font-weight: 700; } .level-map .number { font-size: 14px; } .level-map .axis-title { font-size: 13px; }
.level-map .plate { fill: #FFFFFF; stroke: #333333; stroke-width: 1; } .level-map .level { font-size: 13.5px; font-weight: 700; fill: #111111; } .level-map .maybe { font-weight: 400; font-size: 12.5px; }
.level-map .point { fill: #FFFFFF; stroke: #111111; stroke-width: 2.5; } .level-map .point-core { fill: #111111; } .level-map .way { stroke: #111111; stroke-width: 1.6; stroke-dasharray: 5 3; fill: none; }
.level-map .distance { font-size: 12px; font-weight: 700; fill: #111111; stroke: #FFFFFF; stroke-width: 3px; } .level-map .now-plate { fill: #141D26; } .level-map text.now-words { fill: #FFFFFF; font-size: 12.5px; font-weight: 700; }
figure.map { margin: 0; } .map .thresholds { margin: 6px 0 0; padding: 0; list-style: none; font-size: 13px; line-height: 20px; } .map .signing { font-weight: 700; }
"""

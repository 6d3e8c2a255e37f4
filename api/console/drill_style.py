"""The dress of a drill: striped on all four sides, purple, and marked over every panel. Laid over the office's style sheet."""

from __future__ import annotations

WATERMARK = (
    "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='340' height='230'%3E%3Ctext x='170' y='130' "
    "text-anchor='middle' transform='rotate(-24 170 115)' font-family='Noto Sans CJK SC,Noto Sans SC,Microsoft YaHei,sans-serif' "
    "font-size='64' font-weight='700' letter-spacing='16' fill='{colour}' fill-opacity='{opacity}'%3E推演%3C/text%3E%3C/svg%3E\")"
)
LIGHT_MARK = WATERMARK.format(colour="%236A2C9B", opacity=".07")
DARK_MARK = WATERMARK.format(colour="%23B98AE3", opacity=".12")

DRILL_STYLE = f"""
.yuan.drill {{ --action: #6A2C9B; --soft: #F0E6F7; --top: #3B1759; position: relative; border: 8px solid #6A2C9B;
  border-image: repeating-linear-gradient(135deg, #6A2C9B 0 8px, #C9A6E6 8px 16px) 8; }}
body.body--dark .yuan.drill:not(:has(.paper)) {{ --action: #B98AE3; --soft: #2C1B3D; }}
.drill .watermark {{ position: fixed; inset: 0; z-index: 5; pointer-events: none; background-image: {LIGHT_MARK}; }} .drill:not(.bare) .watermark {{ inset: 92px 8px 36px; }}
body.body--dark .drill:not(:has(.paper)) .watermark {{ background-image: {DARK_MARK}; }}
.yuan.drill dialog {{ border-color: var(--action); background-image: {LIGHT_MARK}; }} body.body--dark .yuan.drill dialog {{ background-image: {DARK_MARK}; }}
.drill .top {{ height: 84px; gap: 0; padding: 0 16px; background: #3B1759; color: #FFFFFF; }}
.drill .top > div {{ display: flex; flex-direction: column; justify-content: center; min-width: 0; padding: 0 16px; white-space: nowrap; line-height: 21px; }}
.drill .top > div + div {{ border-left: 1px solid #7C5A9C; }} .drill .top > div:first-child {{ padding-left: 0; }}
.drill .top b {{ font-size: 16px; }} .yuan.drill .top span, .yuan.drill .top small {{ font-size: 12.5px; color: #E3D3F0; }} .yuan.drill .top b span {{ font-size: 16px; color: #FFFFFF; }}
.drill .top .brand b {{ font-size: 24px; line-height: 30px; letter-spacing: 2px; }}
.drill .top .clock {{ flex-direction: row; align-items: baseline; font-size: 56px; line-height: 60px; }} .yuan.drill .top .clock small {{ font-size: 28px; color: #E3D3F0; }}
.drill .top .elapsed b {{ font-size: 19px; line-height: 26px; }} .drill .top .today {{ width: auto; }}
.drill .top .exercise {{ flex: 1; }} .drill .top .exercise > * {{ overflow: hidden; text-overflow: ellipsis; }}
.yuan.drill .top a {{ color: #FFFFFF; }} .yuan.drill .top a.count {{ padding: 0 6px; border-radius: 3px; background: #FFFFFF; color: #3B1759; }}
.yuan.drill .rail a[aria-current] {{ background: var(--soft); }} .yuan.drill .rail a.back {{ margin-top: 8px; padding-top: 14px; border-top: 1px solid var(--line); }}
.drill .foot b {{ color: var(--action); }} .drill .switch {{ margin-left: 10px; padding: 0; border: 0; background: none; font: inherit; color: var(--action); cursor: pointer; text-decoration: underline; text-underline-offset: 3px; }}
.yuan .drill-mark {{ margin-bottom: 8px; padding: 6px 12px; background: #3B1759; color: #FFFFFF; font-size: 16px; }}
@media (max-width: 1279px) {{ .drill .top .exercise, .drill .top .live > span {{ display: none; }} .drill .top .clock {{ font-size: 46px; }} }}
@media print {{
  .yuan.drill {{ border: 0; }} .drill .watermark {{ position: fixed; background-image: {WATERMARK.format(colour="%23000000", opacity=".10")}; print-color-adjust: exact; }}
  .yuan.drill, body.body--dark .yuan.drill:not(:has(.paper)) {{ --action: #6A2C9B; --soft: #F0E6F7; }} .drill .watermark, body.body--dark .drill:not(:has(.paper)) .watermark {{ background-image: {WATERMARK.format(colour="%23000000", opacity=".10")}; }}
  .yuan .drill-mark {{ border: 2px solid #000000; background: #FFFFFF; color: #000000; }}
}}
"""

SHEET_STYLE = f"""
.yuan .drill-sheet {{ position: relative; padding: 8px; border: 6px solid #6A2C9B; border-image: repeating-linear-gradient(135deg, #6A2C9B 0 8px, #C9A6E6 8px 16px) 6; }}
.drill-sheet::after {{ content: ""; position: absolute; inset: 0; z-index: 4; pointer-events: none; background-image: {LIGHT_MARK}; }}
body.body--dark .drill-sheet::after {{ background-image: {DARK_MARK}; }}
.yuan .drill-sheet .drill-mark {{ margin: 0; padding: 6px 12px; background: #3B1759; color: #FFFFFF; font-size: 16px; }}
.drill-sheet details {{ margin-top: 10px; }} .drill-sheet summary {{ cursor: pointer; }} .drill-sheet figure {{ margin: 6px 0; }} .drill-sheet figcaption {{ font-size: 12.5px; color: var(--ink2); }}
.drill-sheet dl.facts {{ display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 8px 0; }} .drill-sheet dl.facts dt {{ color: var(--ink3); }} .drill-sheet td.narrow, .drill-sheet th.narrow {{ white-space: nowrap; }}
"""
"""For a sheet of a drill's kind that stands in the live office: a sweep, a backtest."""

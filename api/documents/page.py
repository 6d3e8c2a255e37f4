"""A page that stands alone: one HTML file without anything from elsewhere, for the screen and for A4 in black and white.

Everything that a drill, a sweep or a backtest hands out bears 推演: in its title, in a band at its top, and across every
printed page.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.markup import Child, Markup, tag
from engine.drill.scenario import MARK, PREFIX

NOTICE = "推演材料，不是真实事件；不得作为处置依据"
STYLE = """
@page{size:A4;margin:18mm 15mm 16mm}
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;max-width:210mm;padding:0 12mm 12mm;background:#fff;color:#111;
 font:14px/1.6 "Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif}
.drill-band{position:sticky;top:0;z-index:2;margin:0 -12mm 6mm;padding:4px 12mm;border-bottom:3px double #111;background:#fff;font-weight:700}
.drill-mark{position:fixed;inset:0;z-index:1;pointer-events:none;overflow:hidden;display:grid;grid-template-rows:repeat(3,1fr);place-items:center}
.drill-mark span{font-size:84px;font-weight:700;letter-spacing:.3em;color:rgba(0,0,0,.055);transform:rotate(-28deg);white-space:nowrap}
h1{font-size:22px;line-height:1.35;margin:0 0 4mm}
h2{font-size:17px;margin:8mm 0 3mm;padding-bottom:1mm;border-bottom:1px solid #111;break-after:avoid}
h3{font-size:14.5px;margin:5mm 0 2mm;break-after:avoid}
p{margin:2mm 0}
table{border-collapse:collapse;width:100%;margin:2mm 0 4mm;font-size:12.5px}
th,td{border:1px solid #666;padding:3px 6px;text-align:left;vertical-align:top;overflow-wrap:break-word}
th{background:#eee;font-weight:700}
thead{display:table-header-group}
tr{break-inside:avoid}
td.number,th.number{text-align:right;white-space:nowrap}
td.narrow,th.narrow{white-space:nowrap}
svg{max-width:100%;height:auto;display:block}
figure{margin:3mm 0;break-inside:avoid}
figcaption{font-size:12px;color:#333}
.wide{overflow-x:auto}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:1mm 4mm;margin:2mm 0}
dl.facts dt{color:#333}
dl.facts dd{margin:0}
.small{font-size:12px;color:#333}
footer{overflow-wrap:anywhere;margin-top:8mm;padding-top:2mm;border-top:1px solid #111;font-size:12px}
@media screen{html{background:#e6e8ea}body{box-shadow:0 0 6px rgba(0,0,0,.3);min-height:100vh}}
@media print{body{max-width:none;padding:0;print-color-adjust:exact;-webkit-print-color-adjust:exact}
 .drill-band{position:static;margin:0 0 4mm;padding:0 0 1mm}.wide{overflow:visible}}
"""


def page(title: str, *body: Child, style: str = "") -> str:
    """A whole document. title: without the mark, which it is given. style: further rules, as CSS that the code wrote."""
    named = title if title.startswith(PREFIX) else PREFIX + title
    head = tag(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", named),
        tag("style", Markup(STYLE + style)),
    )
    mark = tag("div", *(tag("span", MARK) for _ in range(3)), class_="drill-mark", aria_hidden="true")
    band = tag("div", f"[{MARK}] {NOTICE}", class_="drill-band", role="note")
    whole = tag("html", head, tag("body", mark, band, tag("main", tag("h1", named), *body)), lang="zh-CN")
    return f"<!doctype html>\n{whole}\n"


def table(
    heads: Iterable[str], rows: Iterable[Iterable[Child]], *, numbers: Iterable[int] = (), narrow: Iterable[int] = ()
) -> Markup:
    """A table with a head that every printed page repeats. numbers: columns set to the right; narrow: columns that do not wrap."""
    kinds = {**dict.fromkeys(narrow, "narrow"), **dict.fromkeys(numbers, "number")}
    head = tag("tr", *(tag("th", one, class_=kinds.get(n), scope="col") for n, one in enumerate(heads)))
    lines = [tag("tr", *(tag("td", one, class_=kinds.get(n)) for n, one in enumerate(row))) for row in rows]
    return tag("table", tag("thead", head), tag("tbody", *lines))


def facts(pairs: Iterable[tuple[str, Child]]) -> Markup:
    """Names and what they are, line by line; a line without anything is left out."""
    return tag("dl", *(part for name, value in pairs if value for part in (tag("dt", name), tag("dd", value))), class_="facts")

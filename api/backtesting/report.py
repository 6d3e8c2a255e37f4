"""A backtest as one HTML file, to be read and printed."""

from __future__ import annotations

from collections.abc import Iterator

from api.backtesting import parts
from api.backtesting.job import Result
from api.backtesting.strip import STRIP_STYLE, strip
from api.documents.markup import Child, tag
from api.documents.page import page
from engine.plan.model import Scale

STYLE = f"{STRIP_STYLE}.strip figure{{margin:2mm 0}}.strip figcaption{{font-size:11px}}"


def report(result: Result) -> str:
    """The whole page."""
    run = result.run
    body: list[Child] = [parts.made_how(result)]
    for scale in result.scales:
        body += _scale(result, scale)
    body += [tag("h2", "定义"), parts.definitions_list(run)]
    return page(f"历史回测：{run.plan.title}", *body, style=STYLE)


def _scale(result: Result, scale: Scale) -> Iterator[Child]:
    named = f"{scale.short}：" if len(result.scales) > 1 else ""
    sides = parts.sides(result, scale)
    yield tag("h2", f"{named}概要")
    yield parts.summary(scale, sides)
    yield tag("h2", f"{named}级别带")
    yield strip(result, scale)
    if result.agreement is not None and result.job.scale == scale:
        yield tag("h2", f"{named}与真实决定对照")
        yield parts.agreement_part(result)
    for word, side in zip(("", "") if result.other is None else ("左：", "右："), sides, strict=False):
        yield tag("h2", f"{named}{word}预警与实况")
        yield from (parts.scores_table(side), parts.leads_table(side), parts.verdicts_table(side))
        yield tag("h2", f"{named}{word}各级的小时和日数")
        yield from parts.periods_tables(result.run, scale, side)
    if result.other is not None:
        yield tag("h2", f"{named}两边对照")
        yield parts.comparison_part(result, scale)
    for word, side in zip(("", "") if result.other is None else ("左：", "右："), sides, strict=False):
        yield tag("h2", f"{named}{word}在行过程")
        yield parts.episodes_table(scale, side)

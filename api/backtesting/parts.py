"""The parts of a backtest's report, for the page that stands alone and for the console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from api.backtesting.job import Result
from api.documents.level_mark import marked_words
from api.documents.markup import Markup, join, tag
from api.documents.page import facts, table
from engine.contract.backtest import (
    VERDICT_WORDS,
    agreement_data,
    assumed_data,
    backtest_data,
    comparison_data,
    definitions,
    forecast_words,
    scale_data,
    side_words,
)
from engine.drill.backtests.backtest import Run
from engine.plan.model import Scale

Json = dict[str, Any]
MOST_STRETCHES = 200
DEFINED = {
    "known": "所知",
    "decided": "批准",
    "missing": "缺测",
    "flapping": "频繁波动",
    "happened": "实况",
    "warned": "预警与实况",
    "day": "按日",
}


def result_data(result: Result) -> Json:
    """Everything as JSON."""
    found = backtest_data(result.run, result.job.heating)
    if result.other is not None:
        found["against"] = backtest_data(result.other, result.job.heating)
        found["comparison"] = {
            key: comparison_data(result.run, result.other, result.run.plan.scales[key], one)
            for key, one in result.comparisons.items()
        }
    if result.agreement is not None and result.job.scale is not None:
        found["decisions"] = {result.job.scale.id: agreement_data(result.job.scale, result.agreement)}
    return found


def made_how(result: Result) -> Markup:
    """By which plan, over what, assuming what."""
    run = result.run
    record = run.record
    return facts(
        (
            ("预案", side_words(run)),
            ("对照", None if result.other is None else side_words(result.other)),
            (
                "序列",
                f"{_at(record.first)} 至 {_at(record.time(record.count - 1))}，每{'小时' if record.step == 1 else '日'}一行，{record.count}行",
            ),
            ("列", "；".join(f"{run.plan.indicators[key].short} ← {column}" for key, column in record.labels.items())),
            ("假定", "；".join(f"{one['label']}：{one['words']}" for one in assumed_data(run.plan, record.assumed)) or "（无）"),
            ("预报", f"时效{run.setting.forecast.lead}小时；{forecast_words(run)}"),
            ("批准", definitions(run)["decided"]),
            ("缺测", _missing(run)),
        )
    )


def _missing(run: Run) -> str:
    parts = [
        f"{run.record.labels.get(key, key)} {sum(value is None for value in values)}行"
        for key, values in run.record.hourly.items()
        if None in values
    ]
    return "、".join(parts) or "没有"


def sides(result: Result, scale: Scale) -> list[Json]:
    """What there is to say of a scale, a side each."""
    runs = (result.run,) if result.other is None else (result.run, result.other)
    return [scale_data(run, scale, result.job.heating) for run in runs]


def summary(scale: Scale, sides: list[Json]) -> Markup:
    """The numbers in one table, a column a side."""
    heads = ["", *(("左", "右") if len(sides) > 1 else ("数",))]
    rows = [
        ["在行过程", *(f"{len(one['episodes'])} 次" for one in sides)],
        *([name, *(_hours(one["hours"][n + 1]) for one in sides)] for n, name in enumerate(_names(scale))),
        [
            "升级、降级、解除",
            *(f"{one['counts']['raise']}、{one['counts']['lower']}、{one['counts']['lift']} 次" for one in sides),
        ],
        ["频繁波动（24小时内又变回）", *(f"{one['counts']['flapping']} 次" for one in sides)],
        ["最长一次", *(_hours(max((episode["hours"] for episode in one["episodes"]), default=0)) for one in sides)],
        ["因缺测而没有降级、解除", *(_hours(one["held_hours"]) for one in sides)],
    ]
    return table(heads, rows, numbers=range(1, len(heads)))


def episodes_table(scale: Scale, side: Json) -> Markup:
    """Every episode with its changes and their clauses."""
    rows = []
    for n, one in enumerate(side["episodes"], 1):
        rows.append(
            [
                str(n), marked_words(scale, one["level"]), _short(one["start"]), _short(one["end"]) if one["ended"] else "到末尾仍在行",
                str(one["hours"]), *(str(one["hours_in"][level]) for level in scale.levels), _changes(one["changes"]),
                str(one["held_hours"]) if one["held_hours"] else "",
            ]
        )  # fmt: skip
    if not rows:
        return tag("p", "没有一次在行。", class_="nothing")
    heads = ["", "最高", "起", "止", "小时", *scale.names, "变动（依据）", "因缺测"]
    return table(heads, rows, numbers=(0, 4, *range(5, 5 + len(scale.levels)), 6 + len(scale.levels)), narrow=(1, 2, 3))


def _changes(changes: Iterable[Json]) -> str:
    return "；".join(
        f"{one['at'][5:10]} {one['at'][11:13]}时{one['kind_name']}{'' if one['after'] is None else one['after_name']}"
        + (f"（{'、'.join(one['clauses'])}）" if one["clauses"] else "（酌情）" if one["discretion"] else "")
        for one in changes
    )


def periods_table(scale: Scale, side: Json, kind: str, label: str) -> Markup:
    """Hours and days in each level by period."""
    heads = [label, *(f"{name}（时）" for name in scale.names), *(f"{name}（日）" for name in scale.names), "在行（时）"]
    rows = [
        [
            one["period"],
            *(str(count) for count in one["hours"][1:]),
            *(str(count) for count in one["days"][1:]),
            str(sum(one["hours"][1:])),
        ]
        for one in side[kind]
    ]
    return table(heads, rows, numbers=range(1, len(heads)), narrow=(0,))


def periods_tables(run: Run, scale: Scale, side: Json) -> Iterator[Markup]:
    """By heating season where the rows are hours, by season, by year."""
    if run.record.step == 1:
        yield periods_table(scale, side, "by_heating", "采暖期")
    yield periods_table(scale, side, "by_season", "季节")
    yield periods_table(scale, side, "by_year", "年")


def scores_table(side: Json) -> Markup:
    """Warned and happened, a row a level and above."""
    rows = []
    for one in side["scores"]:
        leads = one["leads"]
        spread = f"{leads[0]} / {one['lead_median']} / {leads[-1]}" if leads else "—"
        rows.append(
            [
                f"{one['level_name']}及以上",
                str(one["events"]),
                *(str(one[kind]) for kind in VERDICT_WORDS),
                str(one["warnings"]),
                spread,
            ]
        )
    heads = ["级别", "实况（次）", *VERDICT_WORDS.values(), "预警（次）", "提前量 最短/中位/最长（时）"]
    return table(heads, rows, numbers=range(1, len(heads)), narrow=(0,))


def leads_table(side: Json) -> Markup:
    """The distribution of lead times."""
    edges = ((None, 0, "晚"), (0, 12, "0—11"), (12, 24, "12—23"), (24, 48, "24—47"), (48, 72, "48—71"), (72, None, "72以上"))
    rows = []
    for one in side["scores"]:
        count = [
            sum((low is None or lead >= low) and (high is None or lead < high) for lead in one["leads"]) for low, high, _ in edges
        ]
        rows.append([f"{one['level_name']}及以上", *(str(number) for number in count)])
    return table(["提前量（时）", *(name for _, _, name in edges)], rows, numbers=range(1, len(edges) + 1), narrow=(0,))


def verdicts_table(side: Json) -> Markup:
    """What was late, missed or for nothing."""
    rows = [
        [f"{one['level_name']}及以上", verdict["kind_name"], _span(verdict["event"]), _span(verdict["warning"]),
         "" if verdict["lead"] is None else str(verdict["lead"])]
        for one in side["scores"]
        for verdict in one["verdicts"]
        if verdict["kind"] in ("late", "missed", "false")
    ]  # fmt: skip
    if not rows:
        return tag("p", "没有晚的、漏的、空的。", class_="nothing")
    return table(["级别", "", "实况达到", "在行", "提前（时）"], rows, numbers=(4,), narrow=(0, 1, 2, 3))


def comparison_part(result: Result, scale: Scale) -> Markup:
    """Where the two sides differ, and by which clause."""
    assert result.other is not None
    found = comparison_data(result.run, result.other, scale, result.comparisons[scale.id])
    stretches = found["stretches"]
    if not stretches:
        return tag("p", "两边处处相同。")
    first = stretches[0]
    words = f"相差 {found['differing_hours']} 小时，{len(stretches)} 段。最先不同：{_short(first['start'])}，左{first['names'][0]}、右{first['names'][1]}：{first['words']}。"
    rows = [
        [_short(one["start"]), _short(one["end"]), str(one["hours"]), *one["names"], one["words"]]
        for one in stretches[:MOST_STRETCHES]
    ]
    more = len(stretches) - MOST_STRETCHES
    return join(
        (
            tag("p", tag("b", words)),
            _matrix(scale, found["hours"], "左＼右"),
            table(["起", "止", "小时", "左", "右", "起于"], rows, numbers=(2,), narrow=(0, 1, 3, 4)),
            tag("p", f"另有 {more} 段未列，见 JSON。") if more > 0 else None,
        )
    )


def agreement_part(result: Result) -> Markup:
    """The run beside what was really decided."""
    assert result.agreement is not None and result.job.scale is not None
    scale = result.job.scale
    found = agreement_data(scale, result.agreement)
    rows = [[one["level_name"], _short(one["start"]), _short(one["end"]), *_beside(one)] for one in found["decisions"]]
    alone = "；".join(f"{_short(one['start'])} 至 {_short(one['end'])}" for one in found["alone"])
    return join(
        (
            tag("p", tag("b", f"{found['share']:.1%} 的小时级别相同。")),
            _matrix(scale, found["hours"], "回测＼真实"),
            table(["真实", "起", "止", "回测的起", "早（时）", "回测的止", "早（时）"], rows, numbers=(4, 6), narrow=range(6)),
            tag("p", f"回测有而真实没有的：{alone}。") if alone else None,
        )
    )


def _beside(one: Json) -> list[str]:
    if one["run"] is None:
        return ["没有在行", "", "", ""]
    return [_short(one["run"]["start"]), f"{one['start_earlier']:+d}", _short(one["run"]["end"]), f"{one['end_earlier']:+d}"]


def definitions_list(run: Run) -> Markup:
    """What the words mean."""
    found = definitions(run)
    return facts((DEFINED[key], words) for key, words in found.items())


def _matrix(scale: Scale, hours: list[Json], corner: str) -> Markup:
    levels = (None, *scale.levels)
    count = {(one["levels"][0], one["levels"][1]): one["hours"] for one in hours}
    rows = [[scale.name(one), *(str(count.get((one, other), 0)) for other in levels)] for one in levels]
    return table(
        [f"{corner}（时）", *(scale.name(level) for level in levels)], rows, numbers=range(1, len(levels) + 1), narrow=(0,)
    )


def _names(scale: Scale) -> list[str]:
    return [f"{marked_words(scale, level)}在行" for level in scale.levels]


def _hours(count: int) -> str:
    return f"{count} 小时" + (f"（{count / 24:.1f} 天）" if count >= 48 else "")


def _span(times: list[str] | None) -> str:
    return "—" if times is None else f"{_short(times[0])} 至 {_short(times[1])}"


def _short(stamp: str) -> str:
    return f"{stamp[:10]} {stamp[11:13]}时"


def _at(at: Any) -> str:
    return f"{at:%Y-%m-%d %H时}"

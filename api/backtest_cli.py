"""The command `yuan backtest`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.progress import bar
from api.reading import BadInput, parse_choice

if TYPE_CHECKING:
    from engine.plan.model import Plan, Scale


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(backtest)


def backtest(
    plan_id: Annotated[str, typer.Argument(metavar="预案", help="预案的 id 或标题；或一份预案文件（.yaml），试一试它")],
    series: Annotated[Path, typer.Argument(metavar="序列", help="CSV 或 Parquet：时间列 time，以及各指标或各污染物的列")],
    column: Annotated[
        list[str] | None, typer.Option("--map", help="指标=列名；可重复。数连续行数：指标=列名<0.1:back 或 :ahead")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="存下的列对应文件")] = None,
    save_mapping: Annotated[Path | None, typer.Option("--save-mapping", help="把所用的列对应存到这个文件")] = None,
    start: Annotated[str | None, typer.Option("--from", help="从何时起，如 2016-11-01")] = None,
    end: Annotated[str | None, typer.Option("--to", help="到何时止（含）")] = None,
    lead: Annotated[str, typer.Option(help="预报时效，如 72h、10d")] = "72h",
    hindsight: Annotated[bool, typer.Option("--hindsight", help="预报即后来的实测（不写误差时就是这样）")] = False,
    forecast_error: Annotated[
        float, typer.Option("--forecast-error", help="预报的相对误差（标准差），0.2 即 20%", min=0, max=5)
    ] = 0.0,
    forecast_bias: Annotated[float, typer.Option("--forecast-bias", help="预报的相对偏差，-0.1 即偏低 10%", min=-1, max=5)] = 0.0,
    error_grows: Annotated[bool, typer.Option("--error-grows", help="误差随时效由零增长到全部")] = False,
    issued: Annotated[str, typer.Option(help="多久发一次预报")] = "24h",
    seed: Annotated[int, typer.Option(help="误差的随机种子：同一种子，同一结果")] = 1,
    delay: Annotated[str, typer.Option(help="建议提出到生效的时间；或升级、降级、解除分别写：1h,2h,4h")] = "0h",
    discretion: Annotated[str | None, typer.Option(help="预案没有写何时降级、解除的，事实排除该级多久以后由人酌情解除")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种读法，如 R-01=a；可重复")] = None,
    against: Annotated[
        list[str] | None, typer.Option(help="两边对照：另一种读法 R-01=a（可重复），或另一份预案文件.yaml")
    ] = None,
    decisions: Annotated[Path | None, typer.Option(help="真实决定的 CSV：level,start,end")] = None,
    scale_id: Annotated[str | None, typer.Option("--scale", help="真实决定是哪个等级体系的；预案只有一个时可省")] = None,
    assume: Annotated[
        list[str] | None, typer.Option(help="列里没有的指标假定为何值：指标=值，或 指标=unknown；不写为平常值")
    ] = None,
    fill: Annotated[str, typer.Option(help="不超过这么长的缺测按前后直线补上；不写则不补")] = "0h",
    back: Annotated[str, typer.Option(help="每一时刻的序列从此前多久起；all 为全部")] = "10d",
    step: Annotated[str, typer.Option(help="多久研判一次：1h 或 1d")] = "1h",
    event_lead: Annotated[
        str | None, typer.Option("--event-lead", help="判定实况时所用的后续真实值的长度；不写为只凭实测")
    ] = None,
    heating: Annotated[str, typer.Option(help="采暖期的首日和末日")] = "11-01,03-31",
    out: Annotated[list[Path] | None, typer.Option(help="写到文件：.html、.csv、.json；可重复")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用")] = False,
) -> None:
    """历史回测：让一份预案逐时走过一段真实的序列，看各级在行多久、预警早晚漏空、两种读法差在哪里。（推演）"""
    from api.backtesting import files
    from api.backtesting.decisions import read_decisions
    from api.backtesting.job import Job, parse_delays, parse_end, parse_heating, parse_length, parse_moment, perform
    from api.backtesting.mapping import ColumnMapping, mapping_text, match, parse_mapping, read_mapping
    from api.backtesting.record import make_record
    from api.backtesting.table import read_table
    from engine.assess import check_readings
    from engine.drill.backtests.backtest import Delays, Setting
    from engine.drill.backtests.forecast import Forecast
    from engine.drill.scenario import PREFIX

    for path in out or ():
        files.check_name(path)
    if hindsight and (forecast_error or forecast_bias):
        raise BadInput("--hindsight 与预报误差同时给出", where="--hindsight", remedy="去掉一个")
    plan = _plan(plan_id)
    scale = _scale(plan, scale_id) if decisions is not None else None
    hours = parse_length(step, "--step")
    saved = ColumnMapping() if mapping is None else read_mapping(mapping)
    given = parse_mapping(column or ())
    given = ColumnMapping({**saved.columns, **given.columns}, given.time or saved.time)
    table = read_table(series, given.time)
    matched = match(plan, table.columns, given)
    record = make_record(plan, table, matched, _pairs(assume, "--assume"))
    filled = parse_length(fill, "--fill")
    if filled:
        record = record.filled(filled)
    record = record.cut(parse_moment(start, "--from"), parse_end(end, "--to"))
    if hours % record.step and hours != 1:
        raise BadInput(f"每 {record.step} 小时一行，不能每 {hours} 小时研判", where="--step", remedy="1h、1d，或行距的整数倍")
    setting = Setting(
        Forecast(
            parse_length(lead, "--lead"),
            forecast_bias,
            forecast_error,
            error_grows,
            max(1, parse_length(issued, "--issued")),
            seed,
        ),
        Delays(*parse_delays(delay)),
        check_readings(plan, _pairs(reading, "--reading")),
        None if back == "all" else max(24, parse_length(back, "--back")),
        max(1, hours // record.step),
        None if event_lead is None else parse_length(event_lead, "--event-lead"),
        None if discretion is None else parse_length(discretion, "--discretion"),
    )
    decided = () if decisions is None or scale is None else read_decisions(decisions, plan, scale)
    job = Job(plan, record, setting, _other(plan, against, setting.choices), scale, decided, parse_heating(heating))
    with bar(f"{PREFIX}回测") as progress:
        result = perform(job, progress)
    if save_mapping is not None:
        _save(save_mapping, mapping_text(matched, plan))
    for path in out or ():
        files.write(result, path)
    if as_json:
        typer.echo(files.content(result, ".json"), nl=False)
        return
    from api.backtesting import terminal

    terminal.show(result)
    for path in out or ():
        typer.echo(f"已写到 {path}")
    if not out:
        typer.echo(f"全部结果可写到文件：--out '{files.suggested(result, '.html')}'（或 .csv、.json）")


def _plan(name: str) -> Plan:
    """A plan of the library, or one in a file."""
    from api.backtesting.job import what_if_plan
    from api.cli import find_plan

    return what_if_plan(Path(name)) if name.endswith((".yaml", ".yml")) else find_plan(name)


def _scale(plan: Plan, scale_id: str | None) -> Scale:
    from engine.drill.backtests.backtest import leading

    if scale_id is not None:
        return plan.scale(scale_id)
    found = leading(plan)
    if len(found) > 1:
        raise BadInput("没有写真实决定的等级体系", where="--scale", remedy=f"可用：{'、'.join(one.id for one in found)}")
    return found[0]


def _pairs(texts: list[str] | None, where: str) -> dict[str, str]:
    return dict(parse_choice(one, where) for one in texts or ())


def _other(plan: Plan, against: list[str] | None, choices: Mapping[str, str]) -> tuple[Plan, Mapping[str, str]] | None:
    """The second side: the same plan under other readings, or another file under the same readings."""
    from api.backtesting.job import what_if_plan
    from engine.assess import check_readings

    if not against:
        return None
    files = [one for one in against if one.endswith((".yaml", ".yml"))]
    if len(files) > 1:
        raise BadInput("写了两份预案文件", where="--against", remedy="只对照一份")
    other = what_if_plan(Path(files[0])) if files else plan
    readings = _pairs([one for one in against if one not in files], "--against")
    return other, check_readings(other, {**choices, **readings})


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(f"写不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None

"""`yuan drill`: list the scenarios, play one without a screen, check one, or have one written from a plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.library import load_plans
from api.reading import BadInput, parse_choice
from engine.plan.finding import UnknownName

if TYPE_CHECKING:
    from api.drill_files import Wanted
    from engine.drill.run import Run
    from engine.drill.scenario import Scenario
    from engine.plan.load import Loaded
    from engine.plan.model import Plan

MARK = "推演"
MORNING = 9
"""The hour at which a generated drill begins."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(drill)


def drill(
    scenario: Annotated[str | None, typer.Argument(metavar="[情景]", help="情景的 id，或情景文件；不写则列出全部")] = None,
    plan: Annotated[str | None, typer.Option(help="不用情景文件：由这份预案生成情景")] = None,
    to: Annotated[str | None, typer.Option(help="生成：事实升到这一级，如 II 或 橙色")] = None,
    scale: Annotated[str | None, typer.Option(help="生成：按这个等级体系；不写则用任务最多的一个")] = None,
    begins: Annotated[str | None, typer.Option(help="演练开始的时刻，如 2026-10-22T09:00")] = None,
    write: Annotated[Path | None, typer.Option(help="生成：写成情景文件，不演")] = None,
    seed: Annotated[int | None, typer.Option(help="抽取用的种子；不写则照情景，情景也没有则取中位数", min=0)] = None,
    until: Annotated[str | None, typer.Option(help="只演到这一刻，如 T+3:00")] = None,
    runs: Annotated[
        int | None,
        typer.Option(help="演这么多次，每次另抽用时和事实：到各级的时间、错过的时限、哪项假设最要紧", min=1, max=1_000_000),
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="与 --runs 合用：几个进程；不写则用全部核心", min=1)] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种读法，如 SE-23=a，或 预案:R-01=a；可重复")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", metavar="文件", help="把日志写成 JSON；- 为标准输出")] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查情景文件，列出全部意见")] = False,
    every: Annotated[bool, typer.Option("--every", help="时间线连每项任务的进展也列出")] = False,
    report: Annotated[Path | None, typer.Option(metavar="文件", help="写评估报告：.html 或 .docx")] = None,
    evaluation: Annotated[Path | None, typer.Option(metavar="文件", help="把评估结果写成 JSON")] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="另演一次，有所改动，如 '注入2.deaths=10；市长.decides=1小时'；可重复")
    ] = None,
    against: Annotated[str | None, typer.Option(metavar="情景", help="与另一情景相比")] = None,
    compare: Annotated[Path | None, typer.Option(metavar="文件", help="把对比写成 .html 或 .json")] = None,
    feature: Annotated[Path | None, typer.Option(metavar="文件", help="把推演写成可执行的测试 .feature")] = None,
    cexf: Annotated[Path | None, typer.Option(metavar="文件", help="把情景导出为 CEXF（.json）")] = None,
    from_incident: Annotated[
        Path | None, typer.Option(metavar="文件", help="情景取自事件日志：yuan journal export 写出的文件")
    ] = None,
    incident: Annotated[str | None, typer.Option(help="文件里的哪件事件")] = None,
    from_cexf: Annotated[Path | None, typer.Option(metavar="文件", help="情景取自 CEXF 文件；配合 --plan、--write")] = None,
) -> None:
    """推演：按情景把演练演一遍，列出时间线、级别、签发人和时限；或由预案直接生成情景。与正式的库和通知无关。"""
    if check:
        _check(scenario)
        return
    files = {
        "--report": report, "--evaluation": evaluation, "--variant": variant, "--against": against, "--compare": compare,
        "--feature": feature, "--cexf": cexf,
    }  # fmt: skip
    if scenario is None and plan is None and from_incident is None and from_cexf is None:
        _list(
            {"--write": write, "--to": to}, {**files, "--runs": runs, "--json": as_json, "--until": until, "--incident": incident}
        )
        return
    if incident is not None and from_incident is None:
        raise BadInput("写了哪件事件，没有写取自哪个文件", where="--incident", remedy="加 --from-incident 文件")
    from api.drill_files import Wanted
    from engine.drill.play import plans_of

    loaded = load_plans()
    wanted = Wanted(report, evaluation, compare, feature, cexf, tuple(variant or ()), against)
    if from_incident is not None or from_cexf is not None:
        if scenario is not None:
            raise BadInput(f"既写了情景“{scenario}”，又写了要取自的文件", where="情景", remedy="二者取一")
        _without("取自文件的情景", {"--to": to, "--scale": scale, "--reading": reading})
        if from_incident is not None:
            _without("--from-incident", {"--plan": plan, "--begins": begins, "--from-cexf": from_cexf})
        found, plans = _taken(loaded, from_incident, incident, from_cexf, plan, begins)
        found = replace(found, seed=seed)
    else:
        found = _written(loaded, plan, to, scale, begins, seed, reading, write) if scenario is None else _found(
            loaded, scenario, begins, seed, reading, {"--plan": plan, "--to": to, "--scale": scale, "--write": write}
        )  # fmt: skip
        plans = plans_of(found, loaded.versions)
    if runs is not None:
        _without("--runs", {"--write": write, "--until": until, **files})
        _many(found, plans, runs, jobs, as_json)
        return
    _go_on(found, plans, loaded.versions, write, until, wanted, as_json, every=every)


def _without(what: str, others: Mapping[str, Any]) -> None:
    """Raises BadInput for an option that would have no effect beside another."""
    for option, value in others.items():
        if value is not None:
            raise BadInput(f"{what} 不与 {option} 合用", where=option, remedy=f"去掉 {option}")


def _many(found: Scenario, plans: tuple[Plan, ...], runs: int, jobs: int | None, as_json: Path | None) -> None:
    """Play it many times and show, or write, what that came to."""
    from api.drill_runs import cores, many, shown
    from api.progress import bar
    from engine.contract.drill_chances import chances_data

    seed = 1 if found.seed is None else found.seed
    with bar(f"[{MARK}] 已演") as told:
        result, weights = many(found, plans, runs, seed, jobs=jobs or cores(), progress=told)
    if as_json is not None:
        _put(as_json, chances_data(found, seed, result, weights), f"{runs} 次的结果")
        return
    from rich.console import Console

    Console().print(shown(found, plans, result, weights))


def _go_on(
    found: Scenario,
    plans: tuple[Plan, ...],
    versions: Mapping[str, tuple[Plan, ...]],
    write: Path | None,
    until: str | None,
    wanted: Wanted,
    as_json: Path | None,
    *,
    every: bool,
) -> None:
    """Write the scenario; or play it and write or show what came of it."""
    if write is not None:
        _write(write, replace(found, id=write.stem), plans)
        return
    run = _played(found, plans, until)
    if wanted.any:
        from api.drill_files import write_files

        write_files(run, wanted, versions)
    if as_json is not None:
        _dump(as_json, run)
    elif not wanted.any:
        from api import drill_screen

        drill_screen.timeline(run, every=every)


def _taken(
    loaded: Loaded, journal: Path | None, incident: str | None, cexf: Path | None, plan: str | None, begins: str | None
) -> tuple[Scenario, tuple[Plan, ...]]:
    """A scenario out of a journal or a CEXF file, and the versions to play."""
    from api.drill_files import scenario_of_cexf, scenario_of_incident

    if journal is not None:
        return scenario_of_incident(journal, incident, loaded.versions)
    assert cexf is not None
    start = _morning() if begins is None else _time(begins)
    return scenario_of_cexf(cexf, start, None if plan is None else loaded.plan(plan), loaded.versions)


def _list(generating: Mapping[str, Any], playing: Mapping[str, Any]) -> None:
    """List the scenarios. Raises BadInput where something was to be done with one that is not named."""
    if any(value is not None for value in generating.values()):
        raise BadInput("没有写预案", where="--plan", remedy="yuan drill --plan 预案 --to II --write 文件.yaml")
    if any(value is not None for value in playing.values()):
        raise BadInput("没有写情景", where="情景", remedy="写上情景的 id 或文件；yuan drill 列出全部")
    from api import drill_screen
    from api.scenarios import read_scenarios

    drill_screen.scenarios(read_scenarios(load_plans().versions))


def _check(name: str | None) -> None:
    """Print the findings of one file or of all. Exit code 1 where there is an error."""
    from api.scenarios import find_path, read_path, read_scenarios

    versions = load_plans().versions
    reads = read_scenarios(versions) if name is None else {name: read_path(find_path(name), versions)}
    findings = [one for read in reads.values() for one in read.findings]
    for one in findings:
        typer.echo(str(one))
    sound = sum(read.scenario is not None for read in reads.values())
    typer.echo(f"[{MARK}] {sound} 个情景可用，{len(findings)} 条意见")
    raise typer.Exit(0 if sound == len(reads) else 1)


def _found(
    loaded: Loaded, name: str, begins: str | None, seed: int | None, reading: list[str] | None, others: dict[str, Any]
) -> Scenario:
    for option, value in others.items():
        if value is not None:
            raise BadInput(f"既写了情景“{name}”，又写了 {option}", where=option, remedy="演情景文件，或由 --plan 生成，二者取一")
    from api.scenarios import find_scenario
    from engine.drill.play import plans_of

    found = find_scenario(name, loaded.versions)
    if begins is not None:
        found = replace(found, begins=_time(begins))
    if seed is not None:
        found = replace(found, seed=seed)
    return replace(found, readings=_readings(plans_of(found, loaded.versions), found, reading)) if reading else found


def _written(
    loaded: Loaded,
    plan_id: str | None,
    to: str | None,
    scale: str | None,
    begins: str | None,
    seed: int | None,
    reading: list[str] | None,
    write: Path | None,
) -> Scenario:
    from engine.drill.generation.generate import generate

    assert plan_id is not None
    plan = loaded.plan(plan_id)
    if to is None:
        levels = "；".join(f"--scale {one.id}：{'、'.join(one.levels)}" for one in plan.scales.values())
        raise BadInput("没有写要升到的级别", where="--to", remedy=f"可用：{levels}")
    if write is not None and write.suffix != ".yaml":
        raise BadInput(f"文件名“{write.name}”", where="--write", remedy="写成 名称.yaml")
    choices = dict(parse_choice(one.removeprefix(f"{plan.id}:"), "--reading") for one in reading or ())
    return generate(plan, to, scale, begins=_morning() if begins is None else _time(begins), seed=seed, readings=choices)


def _readings(plans: tuple[Plan, ...], scenario: Scenario, given: list[str]) -> dict[str, dict[str, str]]:
    """The scenario's readings with those given put over them: each for the plan named, else for the first that can switch it."""
    from engine.assess import check_readings

    found = {plan.id: dict(scenario.readings.get(plan.id, {})) for plan in plans}
    for one in given:
        name, letter = parse_choice(one, "--reading")
        plan_id, _, reading = name.rpartition(":")
        able = [plan for plan in plans if plan_id in ("", plan.id) and reading in plan.switches()]
        if not able:
            listed = "、".join(f"{plan.id}:{key}" for plan in plans for key in plan.switches())
            raise UnknownName(f"没有可切换的读法“{name}”", where="--reading", remedy=f"可用：{listed or '（无）'}")
        found[able[0].id][reading] = letter
    return {plan.id: check_readings(plan, found[plan.id]) for plan in plans if found[plan.id]}


def _played(scenario: Scenario, plans: tuple[Plan, ...], until: str | None) -> Run:
    from engine.drill.authoring.amounts import BadAmount, read_clock
    from engine.drill.play import begin, play

    run = begin(scenario, plans)
    if until is None:
        return play(run)
    try:
        return play(run, scenario.begins + timedelta(seconds=read_clock(until)))
    except BadAmount as error:
        raise BadInput(f"“{until}”不是演练的时刻", where="--until", remedy=error.expected) from None


def _write(path: Path, scenario: Scenario, plans: tuple[Plan, ...]) -> None:
    from api.drill_files import put
    from engine.drill.authoring.scenario_text import scenario_text

    put(path, scenario_text(scenario, plans).encode(), "情景")
    typer.echo(f"[{MARK}] 演一遍：yuan drill {path}")


def _dump(path: Path, run: Run) -> None:
    """The journal as JSON, entry by entry, with what it came out of."""
    from engine.contract.entry import Wording, entry_data

    wording = Wording(run.incident, run.plans, run.names)
    data = {
        "mark": MARK,
        "drill": run.scenario.id,
        "title": run.incident.title,
        "seed": run.scenario.seed,
        "begins": run.scenario.begins.isoformat(),
        "at": run.at.isoformat(),
        "plans": {plan.id: digest for digest, plan in run.plans.items()},
        "hash": run.incident.hash,
        "entries": [entry_data(entry, wording) for entry in run.entries],
    }
    _put(path, data, f"{len(run.entries)} 条记录")


def _put(path: Path, data: Mapping[str, Any], what: str) -> None:
    """Data as JSON into a file; - is standard output."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if str(path) == "-":
        typer.echo(text)
        return
    from api.drill_files import put

    put(path, (text + "\n").encode(), what)


def _time(text: str) -> datetime:
    from engine.trigger.facts import parse_time

    return parse_time(text, "--begins")


def _morning() -> datetime:
    """This morning."""
    from engine.trigger.facts import CHINA

    return datetime.now(CHINA).replace(hour=MORNING, minute=0, second=0, microsecond=0)

"""`yuan sweep`: a plan over many cases, counted here, in processes or on a cluster; shown, or written as HTML, CSV or JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.library import load_plans
from api.progress import bar
from api.reading import BadInput, parse_choice, parse_yaml, read_file
from engine.plan.finding import PlanInvalid, UnknownName

if TYPE_CHECKING:
    from engine.contract.sweep import Swept
    from engine.plan.load import Loaded
    from engine.plan.model import Plan

KINDS = (".html", ".csv", ".json")
LEAST_DIGEST = 6
Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(sweep)


def sweep(
    plan_id: Annotated[str | None, typer.Argument(metavar="[预案]", help="预案的 id 或标题；也可写在 --spec 的文件里")] = None,
    vary: Annotated[
        Many,
        typer.Option(metavar="指标=取值", help="0:40 或 0:40:2 为范围，0,10,50 为列举，* 为全部，normal(600,100) 为分布；可重复"),
    ] = None,
    fix: Annotated[Many, typer.Option(metavar="指标=值", help="固定的事实；可重复")] = None,
    rest: Annotated[str | None, typer.Option(metavar="unknown|normal", help="其余事实：未知，或取常值")] = None,
    unknown: Annotated[
        Many, typer.Option(metavar="比例", help="变动的指标有多大比例的例未知，如 0.1，或 deaths=0.1；可重复")
    ] = None,
    cases: Annotated[int | None, typer.Option(help="随机抽多少例；不写则为全部组合")] = None,
    seed: Annotated[int | None, typer.Option(help="随机数的种子；同一种子结果相同")] = None,
    scale: Annotated[Many, typer.Option(help="只看这个等级体系；可重复")] = None,
    at: Annotated[str | None, typer.Option(help="研判时刻，如 2020-12-20T08:00")] = None,
    drawn_over: Annotated[
        str | None, typer.Option("--map", metavar="指标,指标", help="级别图的横轴和纵轴；不写则为前两个变动的指标")
    ] = None,
    point: Annotated[Many, typer.Option(metavar="指标=值", help="当前点；可重复")] = None,
    against: Annotated[str | None, typer.Option(metavar="预案或摘要", help="与另一份预案、或另一个版本（摘要开头）比较")] = None,
    reading: Annotated[Many, typer.Option(metavar="编号=取法", help="与换一种读法比较，如 SE-23=a；可重复")] = None,
    base_reading: Annotated[Many, typer.Option(metavar="编号=取法", help="扫描本身用的读法；可重复")] = None,
    spec: Annotated[
        Path | None, typer.Option(metavar="文件", help="YAML 或 JSON：plan、vary、fix、unknown、cases、seed 等；选项优先")
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="用几个进程；不写则用全部处理器", min=1, max=256)] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://…", help="在 Dask 集群上算（pip install 'yuan[cluster]'）")
    ] = None,
    accelerate: Annotated[bool, typer.Option("--accelerate", help="用 numba 加速（pip install 'yuan[fast]'）")] = False,
    out: Annotated[
        list[Path] | None, typer.Option(metavar="文件", help="写成 .html、.csv 或 .json；文件名带 [推演]；可重复")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用")] = False,
) -> None:
    """情景扫描：变动几个指标，数出各级多少例，画级别图，列出级别、签发人、任务在哪里变；比较两份预案、两个版本、两种读法。"""
    from dataclasses import replace

    from api.sweeping.run import run
    from engine.contract.sweep import conclude, sweep_data
    from engine.contract.sweep_order import read_sweep

    for path in out or ():
        _check_name(path)
    written = _spec(spec)
    plan_id = plan_id or written.pop("plan", None)
    if plan_id is None:
        raise BadInput("没有写预案", where="预案", remedy="yuan sweep 预案 --vary 指标=范围；预案列表见 yuan plans")
    written.pop("plan", None)
    varied = _pairs(vary, "--vary", plain=True)
    given = {
        "vary": varied, "fix": _pairs(fix, "--fix"), "rest": rest, "unknown": _shares(unknown, varied or ()),
        "cases": cases, "seed": seed, "scales": scale, "at": at, "map": drawn_over, "point": _pairs(point, "--point"),
        "readings": dict(parse_choice(one, "--base-reading") for one in base_reading or ()) or None,
        "against": _against(against, reading),
    }  # fmt: skip
    order = read_sweep(_find(plan_id), {**written, **{key: one for key, one in given.items() if one is not None}}, _find)
    if accelerate:
        _check_accelerator()
        other = None if order.against is None else replace(order.against, accelerate=True)
        order = replace(order, sweep=replace(order.sweep, accelerate=True), against=other)
    with bar("[推演] 扫描") as progress:
        counted = run(order.work, jobs=jobs or os.cpu_count() or 1, scheduler=scheduler, progress=progress)
    swept = conclude(order, counted)
    for path in out or ():
        typer.echo(f"已写入 {_write(swept, path)}", err=as_json)
    if as_json:
        typer.echo(json.dumps(sweep_data(swept), ensure_ascii=False, indent=2))
    elif not out:
        from api import sweep_screen

        sweep_screen.show(swept)


def _find(name: str) -> Plan:
    """A plan by id, title, or the beginning of a version's digest. Raises UnknownName or PlanInvalid."""
    loaded = load_plans(name)
    if name in loaded.plans:
        return loaded.plans[name]
    if loaded.findings:
        raise PlanInvalid(loaded.findings)
    loaded = load_plans()
    try:
        return loaded.plan(name)
    except UnknownName:
        return _version(loaded, name)


def _version(loaded: Loaded, digest: str) -> Plan:
    if len(digest) >= LEAST_DIGEST:
        found = [plan for versions in loaded.versions.values() for plan in versions if plan.digest.startswith(digest)]
        if len(found) == 1:
            return found[0]
    return loaded.plan(digest)


def _spec(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    found = read_file(path)
    if not isinstance(found, dict):
        raise BadInput("不是一个对象", where=str(path), remedy="写成 plan: …、vary: {指标: 范围} 等")
    return found


def _pairs(given: Many, where: str, *, plain: bool = False) -> dict[str, Any] | None:
    """`指标=值` as a mapping; plain: the value stays the text that it is."""
    if not given:
        return None
    found: dict[str, Any] = {}
    for one in given:
        name, mark, value = one.partition("=")
        name = name.strip()
        if not mark or not name or not value.strip():
            raise BadInput(f"“{one}”不是 指标=值", where=where, remedy="如 deaths=0:40" if plain else "如 deaths=3")
        if name in found:
            raise BadInput(f"“{name}”写了两次", where=where, remedy="同一个指标只写一次")
        found[name] = value.strip() if plain else parse_yaml(value, where)
    return found


def _shares(given: Many, varied: Iterable[str]) -> Any:
    """A share for all that is varied, and those of single indicators, which go first."""
    if not given:
        return None
    named = {name: _share(value) for name, mark, value in (one.partition("=") for one in given) if mark}
    for_all = [_share(one) for one in given if "=" not in one]
    if len(for_all) > 1:
        raise BadInput("写了两个比例", where="--unknown", remedy="只写一个，或写成 指标=比例")
    if not named:
        return for_all[0]
    return {**dict.fromkeys(varied, for_all[0] if for_all else 0.0), **named}


def _share(text: str) -> float:
    try:
        return float(text[:-1]) / 100 if text.endswith(("%", "％")) else float(text)
    except ValueError:
        raise BadInput(f"“{text}”不是比例", where="--unknown", remedy="填 0 到 1 之间的数，如 0.1") from None


def _against(plan: str | None, reading: Many) -> dict[str, Any] | None:
    if plan is None and not reading:
        return None
    found: dict[str, Any] = {}
    if plan is not None:
        found["plan"] = plan
    if reading:
        found["readings"] = dict(parse_choice(one, "--reading") for one in reading)
    return found


def _check_accelerator() -> None:
    try:
        import numba  # noqa: F401
    except ImportError:
        raise BadInput("没有安装 numba", where="--accelerate", remedy="pip install 'yuan[fast]'，或不写 --accelerate") from None


def _check_name(path: Path) -> None:
    if path.suffix.lower() not in KINDS:
        raise BadInput(f"不会写“{path.suffix or path.name}”", where="--out", remedy=f"文件名以 {'、'.join(KINDS)} 结尾")
    if not path.parent.is_dir():
        raise BadInput(f"没有文件夹 {path.parent}", where="--out", remedy="先建立它")


def _write(swept: Swept, path: Path) -> Path:
    """Write the file; its name is given the mark of drills if it does not bear it."""
    from api.documents.sweep_page import sweep_page
    from api.documents.sweep_table import sweep_csv
    from engine.contract.sweep import sweep_data
    from engine.drill.scenario import MARK, PREFIX

    path = path if MARK in path.name else path.with_name(f"{PREFIX}{path.name}")
    match path.suffix.lower():
        case ".html":
            text = sweep_page(swept)
        case ".csv":
            text = sweep_csv(swept)
        case _:
            text = json.dumps(sweep_data(swept), ensure_ascii=False, indent=1) + "\n"
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(f"写不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return path

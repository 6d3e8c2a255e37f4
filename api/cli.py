"""The command line `yuan`. It never imports the console, unless it is asked to serve it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.backtest_cli import register as register_backtest
from api.cases import assess_case, assess_lines
from api.demo.cli import register as register_demo
from api.drill_cli import register as register_drill
from api.library import common_texts, folders, load_plans
from api.people_cli import register as register_people
from api.reading import BadInput, parse_choice, read_file
from api.settings import read_settings
from api.store_cli import register as register_store
from api.stream import answer_file
from api.sweep_cli import register as register_sweep
from engine.plan.finding import PlanInvalid, YuanError

if TYPE_CHECKING:
    from engine.assess import Assessment
    from engine.plan.load import Loaded
    from engine.plan.model import Plan
    from engine.trigger.facts import Facts

app = typer.Typer(
    help="Yuan 预案：按预案原文的条件研判级别，列出依据、任务、签发人和时限。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

PlanId = Annotated[str, typer.Argument(metavar="预案", help="预案的 id 或标题")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用")]


def emit(data: Any) -> None:
    """JSON to standard output."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def find_plan(plan_id: str) -> Plan:
    """The plan, loading only its own file where its name is known. Raises UnknownName or PlanInvalid."""
    loaded = load_plans(plan_id)
    if plan_id not in loaded.plans:
        if loaded.findings:
            raise PlanInvalid(loaded.findings)
        loaded = load_plans()
    return loaded.plan(plan_id)


@app.callback()
def main() -> None:
    """Yuan 预案。"""


@app.command()
def plans(as_json: AsJson = False) -> None:
    """列出全部预案。"""
    from engine.contract import plan_summary

    loaded = load_plans()
    for finding in loaded.findings:
        typer.echo(str(finding), err=True)
    if as_json:
        emit([plan_summary(plan) for plan in loaded.plans.values()])
        return
    from api import screen

    screen.plans(loaded.plans.values(), read_settings().jurisdiction)


@app.command()
def show(
    plan_id: PlanId,
    clause: Annotated[str | None, typer.Option(help="只看一条：状态和公报原文，如 6.1.2")] = None,
    as_json: AsJson = False,
) -> None:
    """显示一份预案：等级、指标、组织、程序、条款台账；或一条条款的原文。"""
    from engine.contract import plan_data

    plan = find_plan(plan_id)
    if clause is not None:
        _show_clause(plan, clause, as_json)
        return
    if as_json:
        emit(plan_data(plan))
        return
    from api import screen

    screen.plan(plan)


def _show_clause(plan: Plan, clause: str, as_json: bool) -> None:
    from api.gazettes import Gazettes, clause_data

    folder = read_settings().gazettes
    found = clause_data(plan, clause, None if folder is None else Gazettes(folder))
    if as_json:
        emit(found)
        return
    state = {"encoded": "已编入", None: "标题"}.get(found["state"], found["state"])
    source = found["source"]
    typer.echo(f"《{plan.title}》{clause}（{state}）" + (f"　{source['number']}，{source['file']}" if source else ""))
    for part in (found["text"], found["note"] and f"（{found['note']}）"):
        if part:
            typer.echo(part)


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[文件]…", help="预案文件、情景文件；不写则检查全部")] = None,
    gazettes: Annotated[Path | None, typer.Option(help="公报文本所在的文件夹：逐条与原文对照；也可设 YUAN_GAZETTES")] = None,
    record: Annotated[bool, typer.Option("--record", help="把各预案原文现在的摘要记入 plans/sources.yaml")] = False,
) -> None:
    """检查预案和推演情景的文件：一次列出所有文件的全部意见，每条有位置、代码、应为和处理办法。"""
    from api.scenarios import is_scenario, read_scenarios
    from engine.checkup import check_up

    written = None if not files else [path for path in files if is_scenario(path)]
    loaded = _check(None if not files else [path for path in files if not is_scenario(path)])
    drills = read_scenarios((load_plans() if written else loaded).versions, written)
    findings = (*check_up(loaded), *(one for read in drills.values() for one in read.findings))
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(
        f"{len(loaded.plans)} 份预案可用，{sum(read.scenario is not None for read in drills.values())} 个情景可用，{len(findings)} 条意见"
    )
    folder = gazettes or read_settings().gazettes
    agrees = folder is None or _check_gazettes(loaded, folder, record)
    raise typer.Exit(0 if agrees and not any(one.severity == "error" for one in findings) else 1)


def _check_gazettes(loaded: Loaded, folder: Path, record: bool) -> bool:
    from api import gazette_table
    from api import gazettes as printed

    if record:
        count = printed.record(printed.Gazettes(folder), loaded.plans, folders()[-1] / printed.SOURCES)
        typer.echo(f"已记下 {count} 份预案原文的摘要")
    return gazette_table.show(printed.compare_all(loaded, printed.Gazettes(folder)))


@app.command()
def draft(
    gazette: Annotated[Path, typer.Argument(metavar="公报", help="公报文本文件")],
    title: Annotated[str, typer.Option(help="预案的标题，如 某县某某应急预案")],
    against: Annotated[str | None, typer.Option(help="与已有的这份预案相比：草稿找到多少（写到标准错误）")] = None,
) -> None:
    """从公报原文起草一份预案文件的骨架：条款台账、单位、待定的条件和任务，凡写 TODO 处由人补齐。"""
    from api.gazettes import read_gazette
    from engine.gazette.draft import draft_plan

    found = read_gazette(gazette).find(title)
    if found is None:
        raise BadInput(f"这份公报中没有“{title}”", where=str(gazette), remedy="标题照公报目录所印写全")
    drafted = draft_plan(found)
    typer.echo(drafted.yaml, nl=False)
    if against is not None:
        from engine.gazette.recall import recall

        typer.echo(f"草稿找到：{recall(drafted, find_plan(against))}", err=True)


def _check(files: list[Path] | None) -> Loaded:
    from engine.plan.load import load

    if files is None:
        return load_plans()
    texts = {}
    for path in files:
        try:
            texts[str(path)] = path.read_text("utf-8", "replace")
        except OSError as error:
            raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return load(texts, *common_texts(folders()))


@app.command()
def assess(
    plan_id: Annotated[str | None, typer.Argument(metavar="预案", help="预案的 id 或标题")] = None,
    facts: Annotated[Path | None, typer.Argument(metavar="事实文件", help="YAML 或 JSON：指标到值")] = None,
    at: Annotated[str | None, typer.Option(help="研判时刻，如 2020-12-20T08:00；now 为现在")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种读法，如 SE-23=a；可重复")] = None,
    readings: Annotated[bool, typer.Option("--readings", help="只列出级别取决于哪些读法，以及换一种读法时的级别")] = False,
    batch: Annotated[Path | None, typer.Option(help="逐行 JSON 的文件，- 为标准输入；逐行输出")] = None,
    as_json: AsJson = False,
) -> None:
    """研判：已知事实确立什么级别，还可能是什么级别，依据、距离、下一个该问的，和任务。"""
    if batch is not None:
        if plan_id is not None or facts is not None or at is not None or reading or readings:
            raise BadInput("--batch 与其他参数同时给出", where="--batch", remedy="各例的预案、时刻和读法写在各行里")
        answer_file(batch, assess_lines)
        return
    if plan_id is None or facts is None:
        raise BadInput(
            "缺少预案或事实文件", where="assess", remedy="yuan assess 预案 事实.yaml，或 yuan assess --batch 文件.jsonl"
        )
    plan = find_plan(plan_id)
    raw = read_file(facts)
    if isinstance(raw, dict) and "facts" in raw and raw.get("plan") not in (None, plan.id, plan.title):
        raise BadInput(f"文件是“{raw['plan']}”的事实，不是“{plan.id}”的", where="plan", remedy="换一份文件，或换一个预案")
    case = _case(raw)
    if at is not None:
        case["at"] = _now() if at == "now" else at
    if reading:
        given = case.get("readings")
        if given is not None and not isinstance(given, dict):
            raise BadInput("readings 不是一个对象", where="readings", remedy="写成 {编号: 取法}")
        case["readings"] = {**(given or {}), **dict(_reading(one) for one in reading)}
    assessment = assess_case(plan, case)
    if readings:
        _show_readings(assessment, as_json)
    elif as_json:
        from engine.contract import explained_data

        emit(explained_data(assessment))
    else:
        from api import screen

        screen.assessment(assessment)


def _show_readings(assessment: Assessment, as_json: bool) -> None:
    if as_json:
        from engine.contract import effects_data, fixed_data

        emit([*effects_data(assessment), *fixed_data(assessment.plan)])
        return
    from api import screen

    screen.reading_effects(assessment)


def _case(raw: Any) -> dict[str, Any]:
    """A file of facts, or of a whole case with `facts`, `at` and `readings`."""
    if raw is None:
        return {"facts": {}}
    if isinstance(raw, dict) and "facts" in raw:
        return {key: value for key, value in raw.items() if key not in ("id", "plan")}
    return {"facts": raw}


def _reading(text: str) -> tuple[str, str]:
    return parse_choice(text, "--reading")


def _now() -> str:
    import datetime

    from engine.trigger.facts import CHINA

    return datetime.datetime.now(CHINA).isoformat(timespec="seconds")


@app.command()
def episode(batch: Annotated[Path, typer.Option(help="逐行 JSON 的文件，- 为标准输入；逐行输出")]) -> None:
    """一次过程中各时刻在行的级别：每条建议都即时批准，升级即时，降级和解除只按预案自己的规定。"""
    from api.cases import episode_lines

    answer_file(batch, episode_lines)


@app.command()
def duties(
    plan_id: PlanId,
    level: Annotated[str, typer.Option(help="级别，如 II 或 橙色")],
    scale: Annotated[str | None, typer.Option(help="等级体系；预案只有一个时可省")] = None,
    facts: Annotated[Path | None, typer.Option(help="事实文件：只列适用或可能适用的")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种读法，如 SE-24=a；可重复")] = None,
    readings: Annotated[bool, typer.Option("--readings", help="只列出哪些读法牵动这一级的任务，换一种读法增减什么")] = False,
    as_json: AsJson = False,
) -> None:
    """列出某一级别在行的全部任务：单位、任务、时限、条款。"""
    from engine.assess import check_readings
    from engine.contract import duty_data
    from engine.duty.duties import duties_at
    from engine.trigger.facts import validate

    plan = find_plan(plan_id)
    if scale is None:
        if len(plan.scales) > 1:
            raise BadInput("没有写等级体系", where="--scale", remedy=f"可用：{'、'.join(plan.scales)}")
        scale = next(iter(plan.scales))
    known = None if facts is None else validate(plan, _case(read_file(facts))["facts"])
    choices = check_readings(plan, dict(_reading(one) for one in reading or ()))
    if readings:
        _show_duty_effects(plan, scale, level, known, choices, as_json)
        return
    found = duties_at(plan, scale, level, known, choices=choices)
    if as_json:
        emit([duty_data(plan, one) for one in found])
        return
    from api import screen

    screen.duties(plan, scale, plan.level(scale, level), found)


def _show_duty_effects(plan: Plan, scale: str, level: str, facts: Facts | None, choices: dict[str, str], as_json: bool) -> None:
    from engine.duty.effects import duty_effects

    effects = duty_effects(plan, scale, level, facts, choices=choices)
    if as_json:
        from engine.contract import duty_effects_data

        emit(duty_effects_data(plan, effects))
        return
    from api import screen

    screen.duty_effects(plan, scale, plan.level(scale, level), effects)


@app.command()
def unit(
    name: Annotated[str | None, typer.Argument(metavar="[单位]", help="单位的全称或公报所印的名称")] = None,
    plan: Annotated[list[str] | None, typer.Option(help="在行的预案和级别：预案=II 或 预案=grade:III；可重复")] = None,
    as_json: AsJson = False,
) -> None:
    """一个单位的全部任务；或几份预案同时在行时，各单位的任务和冲突。"""
    from engine.duty import by_unit

    loaded = load_plans()
    if not plan and name is None:
        raise BadInput(
            "缺少单位或 --plan", where="unit", remedy="yuan unit 单位，或 yuan unit --plan 预案=II --plan 预案=grade:III"
        )
    if not plan:
        found = by_unit.duties_of(loaded, str(name))
        if as_json:
            from engine.contract import unit_duty_data

            emit([unit_duty_data(one) for one in found])
            return
        from api import screen

        for card in {one.name: one for units in loaded.units.values() if (one := units.find(str(name)))}.values():
            screen.unit_card(card)
        screen.unit_duties(found)
        return
    in_force = tuple(by_unit.parse_in_force(loaded, one) for one in plan)
    merged, clashes = by_unit.merge(in_force), by_unit.clashes(loaded, in_force)
    if name is not None:
        ids = by_unit.find_unit(loaded, name)
        merged = {key: value for key, value in merged.items() if key in ids}
        clashes = tuple(clash for clash in clashes if clash.unit in ids)
    if as_json:
        from engine.contract import merged_data

        emit(merged_data(merged, clashes))
        return
    from api import screen

    screen.merged(merged, clashes)


@app.command("diagram")
def draw(plan_id: PlanId) -> None:
    """画出预案的状态和转移（mermaid）。"""
    from engine.lifecycle.machine import diagram

    typer.echo(diagram(find_plan(plan_id)), nl=False)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="端口", min=1, max=65535)] = None,
    workers: Annotated[int, typer.Option(help="工作进程数；多于一个时不带网页", min=1, max=64)] = 1,
    no_console: Annotated[bool, typer.Option("--no-console", help="只提供 HTTP 接口")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="看演示：另有一个库，正式的库不受影响；演示满一天重新生成")] = False,
) -> None:
    """启动网页和 HTTP 接口。"""
    from api import server

    settings = read_settings()
    if demo and workers > 1:
        raise BadInput("演示只用一个工作进程", where="--workers", remedy="去掉 --workers，或去掉 --demo")
    console = workers == 1 and not no_console
    server.serve(host or settings.host, port or settings.port, workers, console=console, as_demo=demo)


register_demo(app)
register_store(app)
register_people(app)
register_backtest(app)
register_sweep(app)
register_drill(app)


def run() -> None:
    """The entry point: an error is one message with where and remedy, and exit code 2."""
    try:
        app()
    except YuanError as error:
        typer.echo(f"{error.code}: {error.message}" + (f"（{error.where}）" if error.where else ""), err=True)
        for finding in getattr(error, "findings", ()):
            typer.echo(str(finding), err=True)
        if error.remedy:
            typer.echo(f"处理：{error.remedy}", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None


if __name__ == "__main__":
    run()

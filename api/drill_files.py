"""The files that `yuan drill` writes about a drill, and where a scenario comes from that is no scenario file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer

from api import drill_reports
from api.drill_reports import Played
from api.reading import BadInput
from api.scenarios import find_scenario
from engine.contract.drill import evaluation_data
from engine.drill.play import plans_of
from engine.drill.review.evaluation import evaluate
from engine.drill.run import Run
from engine.drill.scenario import MARK, Scenario
from engine.plan.model import Plan

Versions = Mapping[str, tuple[Plan, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written: the report (.html, .docx), the evaluation as JSON, the comparison (.html, .json), the feature, CEXF.

    variants: changes, each a play; against: another scenario.
    """

    report: Path | None = None
    evaluation: Path | None = None
    compare: Path | None = None
    feature: Path | None = None
    cexf: Path | None = None
    variants: tuple[str, ...] = ()
    against: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything is."""
        return any((self.report, self.evaluation, self.compare, self.feature, self.cexf, self.variants, self.against))


def write_files(run: Run, wanted: Wanted, versions: Versions) -> None:
    """Write all that is wanted, and say so. Raises BadInput where a file is there already, or is none that can be written."""
    total = evaluate(run).total
    score = "—" if total.score is None else f"{total.score:g}"
    counted = f"按时 {total.counts.get('met', 0)}，逾期 {total.counts.get('late', 0)}，未完成 {total.counts.get('missed', 0)}"
    typer.echo(f"[{MARK}] {run.scenario.title}：得分 {score}；{counted}")
    plays = _plays(run, wanted, versions)
    if wanted.report is not None:
        put(wanted.report, drill_reports.report(run, wanted.report.suffix), "评估报告")
    if wanted.evaluation is not None:
        text = json.dumps(evaluation_data(evaluate(run), run.plans), ensure_ascii=False, indent=2) + "\n"
        put(wanted.evaluation, text.encode(), "评估结果")
    if len(plays) > 1:
        for other, words in zip(plays[1:], drill_reports.comparison_words(plays), strict=True):
            typer.echo(f"[{MARK}] {other.name}（{other.words}）：{words}")
    if wanted.compare is not None:
        put(wanted.compare, drill_reports.comparison(plays, wanted.compare.suffix), "对比")
    if wanted.feature is not None:
        put(wanted.feature, drill_reports.feature(run), "测试")
    if wanted.cexf is not None:
        data, missing = drill_reports.cexf(run.scenario)
        put(wanted.cexf, data, "CEXF")
        for one in missing:
            typer.echo(f"  没有导出：{one}")


def _plays(run: Run, wanted: Wanted, versions: Versions) -> list[Played]:
    """The play and those to compare it with: each goes as far as it does."""
    until = None if run.over else run.at - run.scenario.begins
    found = [Played("原情景", run.scenario.title, run), *drill_reports.variants(run.scenario, wanted.variants, versions, until)]
    if wanted.against is not None:
        other = find_scenario(wanted.against, versions)
        found.append(Played("另一情景", other.title, drill_reports.played(other, versions, until)))
    if wanted.compare is not None and len(found) < 2:
        raise BadInput("没有写与什么相比", where="--compare", remedy="加 --variant '注入2.deaths=10' 或 --against 另一情景")
    return found


def put(path: Path, data: bytes, what: str) -> None:
    """Write a file and say so. Raises BadInput where it is there already, or cannot be written."""
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise BadInput("已有这个文件", where=str(path), remedy="换一个文件名") from None
    except OSError as error:
        raise BadInput(f"写不了文件：{error.strerror}", where=str(path), remedy="检查文件夹和权限") from None
    typer.echo(f"[{MARK}] {what}已写成 {path}")


def scenario_of_incident(path: Path, incident: str | None, versions: Versions) -> tuple[Scenario, tuple[Plan, ...]]:
    """The scenario of an exported journal and the plan versions to play; says what it does not repeat."""
    known = [plan for listed in versions.values() for plan in listed]
    scenario, plans, missing = drill_reports.from_journal(path, incident, known)
    for one in missing:
        typer.echo(f"[{MARK}] 没有列入：{one}", err=True)
    return scenario, tuple(plans.values())


def scenario_of_cexf(path: Path, begins: datetime, plan: Plan | None, versions: Versions) -> tuple[Scenario, tuple[Plan, ...]]:
    """The draft of a CEXF file, to be filled in; says what it lacks."""
    plans = () if plan is None else (plan.id,)
    draft = drill_reports.from_cexf_file(path, begins, plans, "" if plan is None else plan.jurisdiction)
    for one in draft.missing:
        typer.echo(f"[{MARK}] 待补：{one}", err=True)
    scenario = replace(draft.scenario, plans=tuple(one for one in draft.scenario.plans if one in versions))
    if not scenario.plans:
        raise BadInput("没有写用哪份预案", where="--plan", remedy=f"可用：{'、'.join(versions)}")
    if not scenario.jurisdiction:
        scenario = replace(scenario, jurisdiction=versions[scenario.plans[0]][-1].jurisdiction)
    return scenario, plans_of(scenario, versions)

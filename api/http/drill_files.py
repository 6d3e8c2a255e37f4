"""`/api/v1/drills/{drill_id}/…`: how an exercise went: evaluation, report, comparison, problems; scenario, feature and journal as files."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import Field

from api import drill_reports
from api.drills.data import drill_issues
from api.drills.record import KeptBranch
from api.http.fields import Body, Id
from api.http.journal import sealed
from api.http.of_drills import DRILL_READS, BranchKey, DrillId, OfDrills, TheDrills, file_answers, sent
from api.http.strict import WRITES, Line, StrictRoute, Text
from api.people.refusal import Invalid, Missing
from engine.contract.drill import evaluation_data
from engine.contract.drill_comparison import comparison_data
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.review.comparison import compare
from engine.drill.review.evaluation import evaluate
from engine.drill.review.issue import Issue, remark
from engine.drill.run import Run
from engine.drill.scenario import MARK
from engine.incident.chain import canonical

router = APIRouter(prefix="/api/v1/drills/{drill_id}", tags=["drills"], route_class=StrictRoute)
HTML, JSON, YAML, LINES, TEXT = "text/html", "application/json", "application/yaml", "application/x-ndjson", "text/plain"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_COMPARED = 8
IssueId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$", description="问题的编号，如 R1")]
Branches = Annotated[
    str, Query(min_length=3, max_length=300, description="要比的分支，第一个为准，用逗号隔开；可以是另一次推演的")
]
OwnBranch = Annotated[str | None, Field(pattern=r"^[0-9]{8}-[0-9]{1,4}-[1-8]$", description="哪个分支；不写则为第一个")]


class IssueBody(Body):
    """A problem that the exercise brought to light."""

    what: Annotated[Text, Field(max_length=2000, description="哪里不对")]
    clause: Annotated[Line | None, Field(description="条款")] = None
    unit: Annotated[Line | None, Field(description="单位")] = None
    entries: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=50, default_factory=list)]
    suggestion: Annotated[str, Field(max_length=2000, description="怎么改")] = ""
    owner: Annotated[Id | None, Field(description="谁来改：人员的编号")] = None
    due: Annotated[date | None, Field(description="何时改好")] = None
    branch: OwnBranch = None


class IssuePatch(Body):
    """What is otherwise in a problem: who mends it, by when, how far it is."""

    owner: Annotated[Id | None, Field(description="谁来改：人员的编号")] = None
    due: Annotated[date | None, Field(description="何时改好")] = None
    status: Annotated[Literal["open", "doing", "done", "dropped"] | None, Field(description="待整改、整改中、已整改、不整改")] = (
        None
    )
    suggestion: Annotated[str | None, Field(max_length=2000, description="怎么改")] = None
    note: Annotated[str | None, Field(max_length=2000, description="备注")] = None
    branch: OwnBranch = None


@router.get("/comparison", responses=DRILL_READS, summary="分支对比")
def compare_branches(drill_id: DrillId, of: TheDrills, branches: Branches) -> dict[str, Any]:
    """Branches side by side: levels over time, what differed first and why, duties, signers, deadlines."""
    keys, plays = _compared(of, drill_id, branches)
    return {"mark": MARK, "drill": drill_id, "branches": keys, **comparison_data(compare([(one.name, one.run) for one in plays]))}


@router.get("/comparison.html", response_class=Response, responses=file_answers(HTML), summary="分支对比（网页）")
def comparison_as_page(drill_id: DrillId, of: TheDrills, branches: Branches) -> Response:
    """The same as a page to keep or print."""
    plays = _compared(of, drill_id, branches)[1]
    return sent(drill_reports.comparison(plays), HTML, drill_reports.report_name(plays[0].run, ".html", "分支对比"))


@router.get(
    "/branches/{key}/progress.html", response_class=Response, responses=file_answers(HTML), summary="与上次推演相比（网页）"
)
def progress_as_page(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """What got better and what got worse since the same scenario was played last (its first branch)."""
    run = _run(of, drill_id, key)
    before = of.drills.earlier(drill_id)
    if before is None or not of.may_see(before):
        raise Missing("这个情景以前没有推演过", where="drill", remedy="再演一次以后就能比较")
    then = evaluate(of.drills.run(before.id, before.branches[0].key))
    return sent(drill_reports.since_last(then, run), HTML, drill_reports.report_name(run, ".html", "与上次相比"))


def _compared(of: OfDrills, drill_id: str, branches: str) -> tuple[list[str], list[drill_reports.Played]]:
    """The branches of the query with their runs. Raises Missing, Invalid."""
    of.seen(drill_id)
    keys = list(dict.fromkeys(one.strip() for one in branches.split(",") if one.strip()))
    if not 2 <= len(keys) <= MOST_COMPARED:
        raise Invalid(f"写两个到 {MOST_COMPARED} 个分支", where="branches", remedy="如 20261122-1-1,20261122-1-2")
    plays = []
    for key in keys:
        drill = key.rpartition("-")[0]
        branch = of.branch_of(drill, key)
        name = branch.label if drill == drill_id else f"{drill} {branch.label}"
        plays.append(drill_reports.Played(name, branch.changes, of.drills.run(drill, key)))
    return keys, plays


@router.get("/branches/{key}/evaluation", responses=DRILL_READS, summary="评估")
def show_evaluation(drill_id: DrillId, key: BranchKey, of: TheDrills) -> dict[str, Any]:
    """Each expected action met, late, missed; by unit, clause and objective; problems with who mends them."""
    run = _run(of, drill_id, key)
    found = evaluate(run)
    issues = of.drills.issues(drill_id, key, found.issues)
    owners = of.drills.record(drill_id).owners
    return {**evaluation_data(found, run.plans), "issues": drill_issues(issues, key, owners)}


@router.get("/branches/{key}/report.html", response_class=Response, responses=file_answers(HTML), summary="评估报告")
def report_as_page(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """The after-action report as a page."""
    return _report(of, drill_id, key, ".html", HTML)


@router.get("/branches/{key}/report.docx", response_class=Response, responses=file_answers(WORD), summary="评估报告（Word）")
def report_as_document(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """The after-action report as a Word document."""
    return _report(of, drill_id, key, ".docx", WORD)


def _report(of: OfDrills, drill_id: str, key: str, suffix: str, media: str) -> Response:
    run = _run(of, drill_id, key)
    issues = of.drills.issues(drill_id, key, evaluate(run).issues)
    return sent(drill_reports.report(run, suffix, issues), media, drill_reports.report_name(run, suffix))


@router.get("/branches/{key}/scenario.yaml", response_class=Response, responses=file_answers(YAML), summary="情景文件")
def scenario_as_file(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """The branch's scenario, to be played again or written on."""
    scenario = of.branch_of(drill_id, key).scenario
    text = scenario_text(scenario, tuple(of.drills.run(drill_id, key).plans.values()))
    return sent(text, YAML, f"{scenario.id}.yaml")


@router.get("/branches/{key}/cexf.json", response_class=Response, responses=file_answers(JSON), summary="CEXF 文件")
def scenario_as_cexf(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """The branch's scenario in the Common Exercise Format, as far as that can say it."""
    scenario = of.branch_of(drill_id, key).scenario
    return sent(drill_reports.cexf(scenario)[0], JSON, f"{scenario.id}.cexf.json")


@router.get("/branches/{key}/feature", response_class=Response, responses=file_answers(TEXT), summary="验收用例")
def branch_as_feature(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """The branch as a feature: at each report, what was known and what followed."""
    run = _run(of, drill_id, key)
    return sent(drill_reports.feature(run), f"{TEXT}; charset=utf-8", f"{run.scenario.id}.feature")


@router.get("/branches/{key}/journal.jsonl", response_class=Response, responses=file_answers(LINES), summary="日志")
def journal_as_file(drill_id: DrillId, key: BranchKey, of: TheDrills) -> Response:
    """Every entry as it was sealed, one JSON line each, which says that it is of an exercise."""
    run = _run(of, drill_id, key)
    lines = "".join(canonical({**sealed(one), "exercise": True}) + "\n" for one in run.entries)
    return sent(lines, LINES, f"{key}.jsonl")


@router.post("/issues", status_code=201, responses=WRITES, summary="记一个问题")
def add_issue(drill_id: DrillId, body: IssueBody, of: TheDrills) -> dict[str, Any]:
    """Put a problem on record, with who mends it and by when."""
    asked = ("issue", drill_id, body.model_dump_json())
    found: dict[str, Any] = of.once(of.person, of.at_desk.key, asked, lambda: _added(of, drill_id, body))
    return found


def _added(of: OfDrills, drill_id: str, body: IssueBody) -> dict[str, Any]:
    branch = _own(of, drill_id, body.branch)
    owner = _owner(of, branch, body.owner)
    listed = of.drills.record(drill_id).issues.get(branch.key, ())
    made = remark(
        listed, body.what, clause=body.clause, unit=body.unit, entries=tuple(body.entries), suggestion=body.suggestion,
        owner=owner, due=body.due,
    )  # fmt: skip
    of.drills.note(drill_id, branch.key, made, body.owner)
    return _one(of, drill_id, branch, made)


@router.patch("/issues/{issue}", responses=WRITES, summary="问题由谁改、何时改、改到哪一步")
def change_issue(drill_id: DrillId, issue: IssueId, body: IssuePatch, of: TheDrills) -> dict[str, Any]:
    """Say who mends a problem, by when, and how far it is."""
    branch = _own(of, drill_id, body.branch)
    record = of.drills.record(drill_id)
    listed = {one.id: one for one in of.drills.issues(drill_id, branch.key, evaluate(of.drills.run(drill_id, branch.key)).issues)}
    if issue not in listed:
        raise Missing(f"没有问题“{issue}”", where="issue", remedy=f"可用：{'、'.join(listed) or '（没有）'}")
    before = listed[issue]
    given = body.model_fields_set
    owner_id = body.owner if "owner" in given else record.owners.get(f"{branch.key}/{issue}")
    changed = Issue(
        before.id, before.kind, before.what, before.clause, before.unit, before.entries,
        body.suggestion if body.suggestion is not None else before.suggestion,
        _owner(of, branch, body.owner) if "owner" in given else before.owner,
        body.due if "due" in given else before.due,
        body.status or before.status,
        body.note if body.note is not None else before.note,
    )  # fmt: skip
    of.drills.note(drill_id, branch.key, changed, owner_id)
    return _one(of, drill_id, branch, changed)


def _own(of: OfDrills, drill_id: str, key: str | None) -> KeptBranch:
    record = of.seen(drill_id)
    return of.branch_of(drill_id, key or record.branches[0].key)


def _owner(of: OfDrills, branch: KeptBranch, person_id: str | None) -> str:
    return "" if person_id is None else of.at_desk.person(person_id, branch.scenario.jurisdiction, "owner").name


def _one(of: OfDrills, drill_id: str, branch: KeptBranch, issue: Issue) -> dict[str, Any]:
    return drill_issues((issue,), branch.key, of.drills.record(drill_id).owners)[0]


def _run(of: OfDrills, drill_id: str, key: str) -> Run:
    of.branch_of(drill_id, key)
    return of.drills.run(drill_id, key)

"""What a drill leaves behind, as files: after-action report, comparison, feature, CEXF; and scenarios out of a journal or CEXF.

Functions for the command line and the console: values in, text or bytes out. Every suggested name begins with [推演].
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.documents.drill_comparison import comparison_page, progress_page
from api.documents.drill_report import report_page
from api.journal_file import read_journal
from api.reading import BadInput, read_file
from engine.contract.drill import report_data
from engine.contract.drill_comparison import change_words, comparison_data, progress_data
from engine.drill.exchange.exchange import left_out as not_in_cexf
from engine.drill.exchange.exchange import to_cexf
from engine.drill.exchange.exchange_draft import Imported, from_cexf
from engine.drill.exchange.feature import feature_of
from engine.drill.exchange.from_incident import left_out, scenario_from_incident
from engine.drill.play import begin, plans_of, play
from engine.drill.review.comparison import compare
from engine.drill.review.evaluation import Evaluation, evaluate
from engine.drill.review.issue import Issue
from engine.drill.review.progress import progress
from engine.drill.run import Run
from engine.drill.scenario import MARK, Scenario
from engine.drill.variant import FORMS, read_change, variant
from engine.plan.model import Plan

Versions = Mapping[str, tuple[Plan, ...]]
REPORTS = (".html", ".docx")


def report_name(run: Run, suffix: str, what: str = "评估报告") -> str:
    """A file's name: “[推演]评估报告-某情景-20261022.html”."""
    title = re.sub(r"[^\w（）]+", "_", run.scenario.title).strip("_")[:40]
    return f"[{MARK}]{what}-{title}-{run.scenario.begins:%Y%m%d}{suffix}"


def report(run: Run, suffix: str, issues: Iterable[Issue] | None = None) -> bytes:
    """The after-action report, as the suffix says (.html, .docx). issues: those on record. Raises BadInput for another suffix."""
    check_suffix(suffix, "--report")
    data = report_data(run, evaluate(run), issues)
    if suffix == ".html":
        return report_page(data).encode()
    from api.documents.drill_word import report_word

    return report_word(data)


def check_suffix(suffix: str, where: str, known: Sequence[str] = REPORTS) -> None:
    """Raises BadInput for a kind of file that there is not."""
    if suffix not in known:
        raise BadInput(f"不会写“{suffix}”文件", where=where, remedy=f"文件名以 {'、'.join(known)} 结尾")


@dataclass(frozen=True, slots=True)
class Played:
    """A play to compare: a short name, and what is different about it."""

    name: str
    words: str
    run: Run


def comparison(plays: Sequence[Played], suffix: str = ".html") -> bytes:
    """Plays side by side, as a page or as JSON; the first is compared with. Raises BadInput for another suffix."""
    check_suffix(suffix, "--compare", (".html", ".json"))
    data = {**_compared(plays), "variants": [{"name": one.name, "words": one.words} for one in plays]}
    if suffix == ".json":
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    return comparison_page(data, plays[0].run.scenario.title, {one.name: one.words for one in plays}).encode()


def comparison_words(plays: Sequence[Played]) -> list[str]:
    """For each play but the first: what differed first and why."""
    return [str(one["words"]) for one in _compared(plays)["against"]]


def _compared(plays: Sequence[Played]) -> dict[str, Any]:
    return comparison_data(compare([(one.name, one.run) for one in plays]))


def since_last(then: Evaluation, now: Run) -> bytes:
    """A drill against its last play, as a page."""
    return progress_page(progress_data(progress(then, evaluate(now)), now.plans), now.scenario.title).encode()


def variants(scenario: Scenario, texts: Sequence[str], versions: Versions, until: timedelta | None = None) -> list[Played]:
    """The scenario played once for each variant: its changes separated by ；. until: after T+0. Raises FactInvalid, UnknownName."""
    found = []
    for number, text in enumerate(texts, start=1):
        changed, words = scenario, []
        for part in filter(None, (one.strip() for one in re.split("[;；]", text))):
            change = read_change(part, changed)
            words.append(change_words(change, changed, plans_of(changed, versions)))
            changed = variant(changed, [change], versions)
        if not words:
            raise BadInput(f"“{text}”没有写改什么", where="--variant", remedy=f"如 {FORMS}")
        found.append(Played(f"变体{number}", "；".join(words), played(changed, versions, until)))
    return found


def played(scenario: Scenario, versions: Versions, until: timedelta | None = None) -> Run:
    """The scenario played so long, or to its end."""
    return play(begin(scenario, plans_of(scenario, versions)), None if until is None else scenario.begins + until)


def from_journal(path: Path, incident: str | None, known: Iterable[Plan]) -> tuple[Scenario, dict[str, Plan], tuple[str, ...]]:
    """The scenario of an exported journal, the versions that it ran under, and what it does not repeat. Raises BadInput."""
    entries, plans = read_journal(path, incident, known)
    return scenario_from_incident(entries, plans), plans, left_out(entries)


def cexf(scenario: Scenario) -> tuple[bytes, tuple[str, ...]]:
    """The scenario as CEXF, and what that leaves out."""
    return (json.dumps(to_cexf(scenario), ensure_ascii=False, indent=2) + "\n").encode(), not_in_cexf(scenario)


def from_cexf_file(path: Path, begins: datetime, plans: tuple[str, ...], jurisdiction: str) -> Imported:
    """A draft scenario out of a CEXF file. Raises BadInput or BadExchange."""
    return from_cexf(read_file(path), begins, plans, jurisdiction)


def feature(run: Run) -> bytes:
    """The drill as a feature for `features/`."""
    return feature_of(run).encode()

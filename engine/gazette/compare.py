"""A plan held against its printed text: `yuan check --gazettes`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from engine.gazette.clauses import ClauseTexts, split
from engine.gazette.figures import Figure, duty_figures, trigger_figures
from engine.gazette.places import clause_place, place_of
from engine.gazette.quantities import quantities
from engine.gazette.reading import Document
from engine.gazette.sources import Witness, witnesses
from engine.gazette.subjects import cut, names
from engine.plan.finding import Finding, Place
from engine.plan.ledger import ENCODED, ledger, within
from engine.plan.model import Plan
from engine.plan.source import Source

_DEADLINE = re.compile(
    r"以内|之内|[日时天钟周月年]内|不得?超过|以上|以下(?!简称|同)|不少于|至少|前(?:上报|报送|完成|发布)|每[日天年月周]"
)
_DUTY = re.compile(
    r"应当|应[立及按在于做予]|必须|不得|严禁|禁止|负责|立即|及时|(?:由|要)[^。；]{0,20}(?:报告|上报|组织|启动|落实|做好)"
)


@dataclass(frozen=True)
class Comparison:
    """One plan against its text. The counts make the row of the table."""

    plan: str
    title: str
    found: bool
    clauses: int = 0
    encoded: int = 0
    noted: int = 0
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    figures: int = 0
    units: int = 0
    to_look: int = 0
    changed: bool = False
    findings: tuple[Finding, ...] = ()

    def count(self, code: str, *severities: str) -> int:
        return sum(one.code == code and (not severities or one.severity in severities) for one in self.findings)


@dataclass
class _Check:
    plan: Plan
    source: Source
    texts: ClauseTexts
    others: Mapping[str, ClauseTexts]
    findings: list[Finding] = field(default_factory=list)

    def report(self, place: Place, code: str, found: str, expected: str, remedy: str, severity: str = "error") -> None:
        finding = Finding(place, code, found, expected, remedy, severity)
        if finding not in self.findings:
            self.findings.append(finding)

    def cited(self, clause: str) -> str | None:
        """The text that a citation means: the clause's own, or for a heading everything below it."""
        if clause in self.texts.texts:
            return self.texts.own(clause)
        parts = [self.texts.text(one) or "" for one in self.plan.clauses if within(one, clause)]
        return "\n".join(parts) or None

    def around(self, clause: str) -> str:
        """The clause with its neighbours under the same heading: what a reading of several items together refers to."""
        above = self.texts.above.get(clause, ())
        return self.texts.text(above[0]) or "" if above else ""


def compare(
    plan: Plan, source: Source, document: Document | None, others: Mapping[str, ClauseTexts], digest: str | None = None
) -> Comparison:
    """Hold a plan against its text. `others` are the texts of other plans, which a reading may name as the source of a number;
    `digest` is the one kept of the text that the plan was made from, or None where none is kept."""
    place = source.place(("title",))
    if document is None:
        missing = Finding(
            place, "gazette-missing", f"所给公报中没有“{plan.title}”", "公报中有这份预案的正文", "补上公报文件", "warning"
        )
        return Comparison(plan.id, plan.title, False, findings=(missing,))
    texts = split(document, plan.clauses)
    check = _Check(plan, source, texts, {key: value for key, value in others.items() if key != plan.id})
    changed = digest is not None and digest != document.digest
    if changed:
        check.report(
            place,
            "source-changed",
            f"公报原文的摘要为 {document.digest[:12]}…，编制时为 {(digest or '')[:12]}…",
            "与编制时的原文相同",
            "逐条核对后用 yuan check --gazettes 目录 --record 记下新摘要",
            "warning",
        )
    _check_clauses(check)
    figures = _check_figures(check)
    units = _check_units(check)
    to_look = _check_not_binding(check)
    kept = ledger(plan)
    encoded = sum(state == ENCODED for state in kept.values())
    return Comparison(
        plan.id, plan.title, True, len(plan.clauses), encoded, len(kept) - encoded, texts.missing, texts.extra,
        figures, units, to_look, changed, tuple(sorted(check.findings)),
    )  # fmt: skip


def _check_clauses(check: _Check) -> None:
    for clause in check.texts.missing:
        place = clause_place(check.source, clause)
        check.report(
            place, "clause-not-printed", f"原文中找不到条款“{clause}”", "台账的每一条都在原文中", "改正条款号，或查原文排印"
        )
    for clause in check.texts.extra:
        place = check.source.place(("clauses",))
        check.report(place, "clause-not-listed", f"原文有条款“{clause}”，台账中没有", "原文的每一条都在台账中", "补入 clauses")
    number = check.texts.document.number
    if number is not None and number != check.plan.document.number:
        place = check.source.place(("document", "number"))
        check.report(place, "document-number", f"文号“{check.plan.document.number}”", f"原文为“{number}”", "改正文号")
    issued = check.texts.document.issued
    if issued is not None and issued != check.plan.document.issued:
        place = check.source.place(("document", "issued"))
        check.report(place, "document-date", f"印发日期 {check.plan.document.issued}", f"原文为 {issued}", "改正日期", "warning")


def _check_figures(check: _Check) -> int:
    figures = (*trigger_figures(check.plan), *duty_figures(check.plan))
    for figure in figures:
        cell = check.texts.cell(figure.clause, figure.heads)
        text = cell or check.cited(figure.clause)
        if text is None or figure.stands(text) or (cell is None and figure.stands(check.texts.context(figure.clause))):
            continue
        if figure.alternative and figure.stands(check.around(figure.clause)):
            continue
        witness = _witness(check, figure.readings, figure.clause, figure.stands)
        place = _figure_place(check, figure)
        if witness is not None:
            if witness.text_only and not figure.implied:
                check.report(
                    place,
                    "figure-by-reading",
                    f"“{figure.words}”不在条款“{figure.clause}”原文中",
                    f"读法 {witness.reading} 自己写了这个数",
                    "以读法为据，留意",
                    "note",
                )
            continue
        elsewhere = _printed_elsewhere(check, figure, figures)
        if elsewhere is not None:
            check.report(
                place,
                "figure-not-in-clause",
                f"“{figure.words}”",
                f"条款“{figure.clause}”原文中有这个数（“{elsewhere}”中有）",
                "引到印有这个数的条款，或用读法写明出处",
                "note" if figure.implied else "warning",
            )
            continue
        severity = "note" if figure.implied else "warning" if figure.loose else "error"
        below = check.texts.text(figure.clause) or ""
        hint = "在它下面的条款里，引到最低一级" if figure.stands(below) else "改正数字或条款号；依据别处的，用读法写明出处"
        check.report(place, "figure-not-printed", f"“{figure.words}”", f"条款“{figure.clause}”原文中有这个数", hint, severity)
    return len(figures)


def _printed_elsewhere(check: _Check, figure: Figure, figures: Iterable[Figure]) -> str | None:
    """Another clause that is cited for the same number, and prints it."""
    for other in figures:
        if other.words == figure.words and other.clause != figure.clause and figure.stands(check.cited(other.clause) or ""):
            return other.clause
    return None


def _figure_place(check: _Check, figure: Figure) -> Place:
    if figure.path:
        return check.source.place(figure.path)
    return place_of(check.source, figure.section, figure.clause, lambda text: figure.words in text or text == figure.words)


def _witness(check: _Check, readings: Iterable[str], clause: str, stands: Callable[[str], bool]) -> Witness | None:
    for reading in readings:
        if reading in check.plan.readings:
            for witness in witnesses(check.plan.readings[reading], clause, check.texts, check.others):
                if stands(witness.words):
                    return witness
    return None


def _subjects(plan: Plan) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Section, unit, clause and readings of everything that a unit or post is named for."""
    for duty in plan.duties:
        if duty.unit:
            yield "duties", duty.unit, duty.clause, duty.readings
    for act in plan.procedure:
        if act.who:
            yield "procedure", act.who, act.clause, act.readings
    organization = plan.organization
    for body in (organization.command, organization.on_site_command):
        if body is not None:
            for name in (*body.head, *body.deputies, *body.members, *filter(None, (body.office, body.office_head))):
                yield "organization", name, body.clause, ()
    for group in organization.groups:
        for name in (*group.lead, *group.members):
            yield "organization", name, group.clause, ()


def _check_units(check: _Check) -> int:
    seen: set[tuple[str, str]] = set()
    for section, unit, clause, readings in _subjects(check.plan):
        if (unit, clause) in seen:
            continue
        seen.add((unit, clause))
        text = check.cited(clause)
        if text is None or names(unit, text) or names(unit, check.texts.context(clause)):
            continue
        if _witness(check, readings, clause, partial(names, unit)) is not None:
            continue
        place = place_of(check.source, section, clause, unit.__eq__)
        elsewhere = next((one for one in check.plan.clauses if names(unit, check.texts.own(one) or "")), None)
        if elsewhere is None and section == "organization" and cut(unit, check.texts.document.text):
            continue
        if elsewhere is None:
            check.report(
                place,
                "unit-not-printed",
                f"“{unit}”（条款“{clause}”）",
                "原文中有这个名称",
                "照原文改正名称",
                "error" if section == "duties" else "warning",
            )
        else:
            # an office's own clause may differ from its body's, and a clause may refer to the procedure of another
            slight = section == "organization" or (section == "procedure" and "程序" in text)
            check.report(
                place,
                "unit-not-in-clause",
                f"“{unit}”",
                f"条款“{clause}”原文中有这个名称（“{elsewhere}”中有）",
                "照原文改名称、条款号，或用读法写明主语来自哪里",
                "note" if slight else "warning",
            )
    return len(seen)


def _check_not_binding(check: _Check) -> int:
    """Clauses that bind nobody by the ledger, though their text has a number, a deadline word or a duty verb."""
    count = 0
    kept = ledger(check.plan)
    for clause, reason in check.plan.not_binding.items():
        text = check.texts.own(clause)
        if text is None or kept.get(clause) == ENCODED:
            continue
        signs = [
            one.printed
            for one in quantities(text)
            if one.unit not in ("", "grade", "year", "1") and one.printed[-2:-1].isdecimal()
        ][:3]
        signs += [match.group() for match in _DEADLINE.finditer(text)][:2] + [match.group() for match in _DUTY.finditer(text)][:2]
        if signs:
            count += 1
            place = check.source.place(("not_binding", clause))
            words = "、".join(dict.fromkeys(signs))
            check.report(
                place,
                "look-not-binding",
                f"条款“{clause}”注为“{reason}”，原文有“{words}”",
                "确实不约束任何人",
                "看一眼原文",
                "note",
            )
    return count

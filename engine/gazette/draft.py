"""A first skeleton of a plan file from its printed text: what a machine can find, and TODO wherever a person must read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine.gazette.clauses import ClauseTexts, split
from engine.gazette.cleaning import fold
from engine.gazette.discovery import discover
from engine.gazette.naming import subjects
from engine.gazette.phrases import Deadline, Threshold, deadlines, thresholds
from engine.gazette.quantities import Quantity, quantities
from engine.gazette.reading import Document
from engine.plan.measure import UNITS, plain, words

TODO = "TODO"
_FAMILIES: Mapping[str, tuple[str, Sequence[tuple[str, str, str]]]] = {
    "warning": (
        "预警级别",
        [("蓝色", "blue", "蓝色"), ("黄色", "yellow", "黄色"), ("橙色", "orange", "橙色"), ("红色", "red", "红色")],
    ),
    "response": (
        "响应级别",
        [
            ("(?<!I)IV级|四级", "IV", "四级"),
            ("III级|三级", "III", "三级"),
            ("(?<!I)II级|二级", "II", "二级"),
            ("(?<![IV])I级|一级", "I", "一级"),
        ],
    ),
    "grade": (
        "分级",
        [("一般", "IV", "一般"), ("较大", "III", "较大"), ("(?<!特别)重大", "II", "重大"), ("特别重大", "I", "特别重大")],
    ),
}
_IDLE = re.compile(r"目的|依据|原则|适用范围|体系$|名词|术语|定义|解释|实施时间|施行|生效|流程|附则|附件$|示意图|管理与更新")
_PERIOD_WORDS = {"within": "within", "every": "every"}


@dataclass(frozen=True)
class Draft:
    """The skeleton as YAML text, and what it found: by clause, for measuring it against a plan written by hand."""

    yaml: str
    clauses: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    thresholds: tuple[tuple[str, str], ...]
    deadlines: tuple[tuple[str, str], ...]
    document: Document


@dataclass
class _Parts:
    triggers: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    duties: dict[str, list[str]] = field(default_factory=dict)
    idle: dict[str, str] = field(default_factory=dict)
    units: list[tuple[str, str]] = field(default_factory=list)
    thresholds: list[tuple[str, str]] = field(default_factory=list)
    deadlines: list[tuple[str, str]] = field(default_factory=list)


def draft_plan(document: Document) -> Draft:
    """Draft a plan from its text. Every rule is a candidate: none is to be trusted before a person has read the clause."""
    clauses = discover(document)
    texts = split(document, clauses)
    parts = _Parts()
    for clause in clauses:
        _read_clause(clause, texts, parts)
    lines = [*_head(document), *_ledger(clauses, parts), *_scales(parts), *_rest(parts)]
    return Draft("\n".join(lines) + "\n", clauses, tuple(parts.units), tuple(parts.thresholds), tuple(parts.deadlines), document)


def _read_clause(clause: str, texts: ClauseTexts, parts: _Parts) -> None:
    text = texts.own(clause) or ""
    heading = re.sub(r"^[\d.\s]+", "", text.split("\n")[0])[:40]
    named = subjects(text)
    parts.units += [(clause, name) for name in named]
    bounds = list(thresholds(text))
    parts.thresholds += [(clause, one.phrase) for one in bounds]
    limits = list(deadlines(text))
    parts.deadlines += [(clause, one.phrase) for one in limits]
    if _IDLE.search(heading.split("。")[0][:16]) and not limits:
        parts.idle[clause] = heading.split("。")[0][:16]
        return
    scale, level = _level(clause, texts)
    conditions = [(line, one) for one in bounds if (line := _condition(one))]
    for condition, one in conditions:
        parts.first.setdefault(scale, clause)
        line = f"- {{TODO: {{{condition}}}, clause: {_quoted(clause)}}}  # {one.around}"
        parts.triggers.setdefault((scale, level), []).append(line)
    tasks = [_task(one, named) for one in limits]
    timed = {task.split(",")[0] for task in tasks}
    tasks += [
        task
        for name in named[:12]
        if (task := f"- {{unit: {_quoted(name)}, do: {TODO}}}") and task.split(",", maxsplit=1)[0] not in timed
    ]
    if tasks:
        parts.duties[clause] = tasks
    elif not conditions:
        parts.idle[clause] = TODO


def _level(clause: str, texts: ClauseTexts) -> tuple[str, str]:
    """The scale and level that a clause speaks of: by its id, its own beginning, and the headings above it."""
    headings = [texts.leads.get(one, "").split("\n")[0] for one in texts.above.get(clause, ())]
    own = (texts.own(clause) or "")[:60].split("\n")[0]
    for said in (clause, own, *headings):
        line = re.sub(r"[()（）\s]", "", fold(said))[:50]
        for family, (_, levels) in _FAMILIES.items():
            found = [name for pattern, name, _ in levels if re.search(pattern, line)]
            if len(found) == 1:
                return family, found[0]
    return "other", TODO


def _condition(one: Threshold) -> str | None:
    """`at_least: 10人, below: 30人`, with the second number's unit where the first has none."""
    low, high = _amount(one.low, one.high), _amount(one.high, None)
    said = [f"{one.low_word}: {low}"] if low and one.low_word else []
    said += [f"below: {high}"] if high else []
    return ", ".join(said) or None


def _amount(text: str | None, unit_from: str | None) -> str | None:
    if text is None:
        return None
    one = next(iter(quantities(text)), None)
    if one is None:
        return None
    word = _word(one) or (_word(next(iter(quantities(unit_from)))) if unit_from and quantities(unit_from) else "")
    if one.unit in UNITS:
        return words(plain(one.value), one.unit)
    return _spelled(one.value) + word


def _word(one: Quantity) -> str:
    return {"grade": "级"}.get(one.unit, UNITS[one.unit][0] if one.unit in UNITS else "")


def _spelled(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _task(one: Deadline, named: Sequence[str]) -> str:
    """A duty with its deadline; the unit named last before it in the sentence."""
    before = [(one.around.rfind(fold(name)), name) for name in named if fold(name) in one.around]
    unit = _quoted(max(before)[1]) if before else TODO
    return f"- {{unit: {unit}, do: {TODO}, due: {{{one.kind}: {_value(one)}}}}}  # {one.around[-40:]}"


def _value(one: Deadline) -> str:
    if one.kind in ("times_per_day", "within_workdays"):
        number = next(iter(quantities(one.value + "次")), None)
        return str(number.value) if number else "1"
    if one.kind == "daily_at":
        hour, minute = re.split("[:：]", one.value)
        return f'"{int(hour):02d}:{minute}"'
    if one.value == "每年":
        return "1年"
    number, unit = re.findall(r"^(.*?)(小时|分钟|天|日|周|月)$", one.value)[0]
    count = next(iter(quantities(f"{number}次")), None)
    return f"{_spelled(count.value if count else Fraction(1))}{'个月' if unit == '月' else unit}"


def _head(document: Document) -> Iterator[str]:
    issued = document.issued.isoformat() if document.issued else TODO
    number = document.number or TODO
    yield "# 由公报原文起草：凡 TODO 处由人对照原文填写；条件和任务都是候选，逐条核对后删去多余的。"
    yield "plan: draft  # TODO 改为与文件名相同的 id"
    yield f"title: {document.title}"
    yield f"jurisdiction: {TODO}"
    yield f"document: {{number: {_quoted(number)}, issued: {issued}, in_force: {issued}, supersedes: []}}"


def _ledger(clauses: Sequence[str], parts: _Parts) -> Iterator[str]:
    yield ""
    yield "clauses:"
    yield from (f"  - {_quoted(clause)}" for clause in clauses)
    yield ""
    yield "not_binding:" if parts.idle else "not_binding: {}"
    yield from (f"  {_quoted(clause)}: {_quoted(reason)}" for clause, reason in parts.idle.items())


def _scales(parts: _Parts) -> Iterator[str]:
    yield ""
    yield "scales:" if parts.triggers else "scales: {}"
    for scale in dict.fromkeys(scale for scale, _ in parts.triggers):
        label, known = _FAMILIES.get(scale, (TODO, []))
        levels = [(name, word) for _, name, word in known if (scale, name) in parts.triggers]
        levels += [(TODO, TODO)] if (scale, TODO) in parts.triggers else []
        yield f"  {scale}:"
        yield f"    label: {label}"
        yield f"    clause: {_quoted(parts.first[scale])}"
        yield f"    levels: [{', '.join(name for name, _ in levels)}]"
        yield f"    names: [{', '.join(word for _, word in levels)}]"
        yield "    triggers:"
        for name, _ in levels:
            yield f"      {name}:"
            yield from (f"        {line}" for line in parts.triggers[scale, name])
    yield ""
    yield "indicators: {}  # TODO 每个条件的指标：类型、单位、名称、条款"


def _rest(parts: _Parts) -> Iterator[str]:
    yield ""
    yield "organization: {}  # TODO 指挥部、现场指挥部、工作组"
    yield "procedure: []  # TODO 谁建议、决定、签发、公布、调整、终止"
    yield ""
    yield "lifecycle:"
    yield "  start: routine"
    yield "  phases: {routine: 常态, warning: 预警, response: 应急响应, recovery: 后期处置}"
    yield "  transitions: []"
    yield "  levels:" if parts.triggers else "  levels: {}"
    for scale in dict.fromkeys(scale for scale, _ in parts.triggers):
        yield f"    {scale}: {{raise: {{clause: {TODO}}}}}"
    yield ""
    yield "duties:" if parts.duties else "duties: []"
    scales = list(dict.fromkeys(scale for scale, _ in parts.triggers)) or [TODO]
    for clause, tasks in parts.duties.items():
        yield f"  - at: {{{scales[0]}: any}}"
        yield f"    clause: {_quoted(clause)}"
        yield "    tasks:"
        yield from (f"      {task}" for task in tasks)
    yield ""
    yield "readings: {}"


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[一-龥A-Z][一-龥A-Z0-9]*", text) else json.dumps(text, ensure_ascii=False)

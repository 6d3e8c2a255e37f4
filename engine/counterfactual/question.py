"""What to ask next: the unknown facts that matter, ranked by how much they settle, with the outcome of each answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.assess import Assessment
from engine.counterfactual.change import with_fact
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.plan.words import bounds_word, find_indicator, value_word
from engine.trigger.cells import Domain
from engine.trigger.facts import Partial
from engine.trigger.judge import Judge, Outcome, judge


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer to a question would establish; `possible` per scale."""

    words: str
    levels: Mapping[str, Level]
    possible: Mapping[str, tuple[Level, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown fact that matters. `open`: how many levels would stay undecided on average, over all scales."""

    indicator: str
    area: str | None
    label: str
    open: float
    answers: tuple[Answer, ...]


def questions(assessment: Assessment, most: int = 5) -> tuple[Question, ...]:
    """The unknown facts that matter, the one that settles most first, with the outcome of each answer.

    What is under way comes first: scales with a level established count before those with none.
    """
    plan = assessment.plan
    if all(len(possible) == 1 for possible in assessment.possible.values()):
        return ()
    compiled = judge(plan, assessment.choices)
    under_way = [scale for scale, level in assessment.levels.items() if level is not None]
    found = []
    for order, (key, area, domain) in enumerate(_unknowns(assessment, compiled)):
        answers = _answers(assessment, compiled, key, area, domain)
        if all(outcome.possible == assessment.possible for _, outcome, _ in answers):
            continue
        first, total = (
            sum(_open(outcome, scales) * share for _, outcome, share in answers) for scales in (under_way, list(plan.scales))
        )
        found.append(
            (
                first,
                total,
                order,
                Question(
                    key, area, _label(plan, key, area), total, tuple(Answer(text, o.levels, o.possible) for text, o, _ in answers)
                ),
            )
        )
    found.sort(key=lambda one: one[:3])
    return tuple(question for *_, question in found[:most])


def _open(outcome: Outcome, scales: Iterable[str]) -> float:
    return float(sum(len(outcome.possible[scale]) - 1 for scale in scales))


def _label(plan: Plan, key: str, area: str | None) -> str:
    return (area or "") + find_indicator(plan, key).plain


def _unknowns(assessment: Assessment, compiled: Judge) -> Iterator[tuple[str, str | None, Domain]]:
    facts = assessment.facts
    for key in _in_order(assessment.plan):
        domain = compiled.domains.get(key)
        if domain is None:
            continue
        if domain.areas is None:
            if key not in facts.known:
                yield key, None, compiled.domain(key, facts)
            continue
        for area in assessment.plan.indicators[domain.areas].areas:
            value = facts.of(key, area)
            if value is None or isinstance(value, Partial):
                yield key, area, domain


def _in_order(plan: Plan) -> Iterator[str]:
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            yield from (f"{key}.{name}" for name in indicator.parts)
        else:
            yield key


def _answers(
    assessment: Assessment, compiled: Judge, key: str, area: str | None, domain: Domain
) -> list[tuple[str, Outcome, float]]:
    """Cells with the same outcome as one answer, with its share of the cells that are still possible."""
    facts = assessment.facts
    mask = domain.mask(facts.of(key, area))
    cells = [cell for cell in range(domain.size) if mask >> cell & 1]
    groups: list[tuple[list[int], Outcome]] = []
    for cell in cells:
        outcome = compiled.outcome(with_fact(facts, key, domain.sample(cell), area))
        same = next((group for group in groups if group[1].possible == outcome.possible), None)
        if same is None:
            groups.append(([cell], outcome))
        else:
            same[0].append(cell)
    return [(_cells_word(domain, group), outcome, len(group) / len(cells)) for group, outcome in groups]


def _cells_word(domain: Domain, cells: list[int]) -> str:
    """Cells in words: “10人以上、不足30人”, “是”, “黄色或橙色”."""
    if domain.values:
        return "或".join(value_word(domain.indicator, domain.values[cell]) for cell in cells)
    runs: list[list[int]] = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    texts = []
    for low, high in runs:
        first, last = domain.interval(low), domain.interval(high)
        bounds = replace(first, high=last.high, high_open=last.high_open)
        if low == 0 and not domain.indicator.signed:
            bounds = replace(bounds, low=None) if bounds.high is not None and (bounds.high > 0) else bounds
        texts.append(bounds_word(bounds, domain.indicator.unit or "1") or "任何值")
    return "，或".join(texts)

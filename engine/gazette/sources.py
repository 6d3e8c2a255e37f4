"""The sources that a reading names: other clauses of the plan, and clauses of other plans (甲预案1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.gazette.clauses import ClauseTexts
from engine.gazette.cleaning import plain
from engine.plan.ledger import within
from engine.plan.model import Reading

_CLAUSE = r"\d+(?:\.\d+)+(?:\(\d+\))?[①-⑳]?|附[件表]\d+"
_OTHER = re.compile(rf"([一-龥]{{2,10}})预案[^\d一-龥]{{0,2}}({_CLAUSE})")


@dataclass(frozen=True, slots=True)
class Witness:
    """A text that a reading rests on. `text_only`: the reading's own words, with no print behind them."""

    reading: str
    words: str
    text_only: bool = False


def witnesses(reading: Reading, clause: str, texts: ClauseTexts, others: Mapping[str, ClauseTexts]) -> Iterator[Witness]:
    """The texts that a reading names for what a clause lacks, the printed ones first."""
    said = " ".join((reading.question, reading.chosen, *reading.alternatives, reading.because or ""))
    for match in _OTHER.finditer(said):
        for other in others.values():
            if any(word in plain(other.document.title) for word in _endings(plain(match.group(1)))):
                yield Witness(reading.id, other.text(match.group(2)) or "")
    for named in (reading.clause, *re.findall(_CLAUSE, said)):
        if not within(clause, named):
            yield Witness(reading.id, texts.own(named) or texts.text(named) or "")
    yield Witness(reading.id, said, text_only=True)


def _endings(word: str) -> tuple[str, ...]:
    """The endings of a word of two characters and more: what a plan is called for short."""
    return tuple(word[n:] for n in range(len(word) - 1))

"""What is expected of an exercise's participants, and what became of it; counted and scored.

The score, 0 to 100: each proposal and each duty counts the same. In time 1, late ½, not at all 0; of a recurring duty the
mean over its occurrences. 100 × the sum ÷ their number. What did not apply, is not yet due or never began to run is left
out. Grade words (优、良、中、差) are not given: the standards leave their thresholds to whoever holds the exercise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from engine.drill.scenario import Happening, Inject
from engine.plan.condition import Level

Outcome = Literal["met", "late", "missed", "not_applicable", "running", "waiting"]
OUTCOME_WORDS: Mapping[Outcome, str] = {
    "met": "按时",
    "late": "逾期",
    "missed": "未完成",
    "not_applicable": "不适用",
    "running": "未到期",
    "waiting": "未起算",
}
WORTH: Mapping[str, Fraction] = {"met": Fraction(1), "late": Fraction(1, 2), "missed": Fraction(0)}
"""What an outcome counts; the others are left out."""
FORMULA = "得分＝100×各项得分之和÷项数：按时计1，逾期计0.5，未完成计0；周期任务取各次的平均；不适用、未到期、未起算的不计。"
NO_GRADE = "不评优、良、中、差：各等次的分数线由组织单位确定，本系统不代定。"
NOBODY = "（条款未写明单位）"


@dataclass(frozen=True, slots=True)
class Expected:
    """One expected action: a proposal to decide, or one occurrence of a duty.

    of: what it belongs to (the proposal's id, the duty's key); number: which occurrence. begins: from when on it could be
    done; due_at: None where no limit was set. done_by: the post that signed, or who recorded it. level: proposed, or the
    duty's; decided: what was signed. entries: of the journal. objectives: ids.
    """

    kind: Literal["decision", "duty"]
    of: str
    number: int
    what: str
    plan: str
    scale: str
    level: Level
    clauses: tuple[str, ...]
    unit: str | None
    unit_id: str | None
    begins: datetime
    due_at: datetime | None
    done_at: datetime | None
    outcome: Outcome
    entries: tuple[int, ...] = ()
    done_by: str = ""
    note: str = ""
    as_proposed: bool | None = None
    decided: Level = None
    duty: str = ""
    moment: str | None = None
    objectives: tuple[str, ...] = ()

    @property
    def took(self) -> timedelta | None:
        """From when it could be done until it was."""
        return None if self.done_at is None else self.done_at - self.begins

    @property
    def late_by(self) -> timedelta | None:
        """How long after the limit it was done."""
        if self.outcome != "late" or self.done_at is None or self.due_at is None:
            return None
        return self.done_at - self.due_at


@dataclass(frozen=True, slots=True)
class Undated:
    """A duty in force without a deadline in an incident: done or not, it counts for no score."""

    key: str
    plan: str
    unit: str | None
    unit_id: str | None
    action: str
    clause: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fed:
    """An inject and what became of it. how: given, instead (its alternative), skipped, or waiting. contingency: given, spared, waiting."""

    inject: Inject
    planned_at: datetime
    how: Literal["given", "instead", "skipped", "waiting"]
    given_at: datetime | None
    contingency: Literal["given", "spared", "waiting"] | None

    @property
    def does(self) -> Happening:
        """What was fed in, or would have been."""
        return self.inject.otherwise if self.how == "instead" and self.inject.otherwise is not None else self.inject.does


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each outcome. items: the score of each proposal and duty that counts."""

    counts: Mapping[Outcome, int]
    items: tuple[Fraction, ...]

    @property
    def counted(self) -> int:
        return sum(number for outcome, number in self.counts.items() if outcome in WORTH)

    @property
    def share(self) -> float | None:
        """Met in time, of all that count."""
        return self.counts.get("met", 0) / self.counted if self.counted else None

    @property
    def score(self) -> float | None:
        """0 to 100, to one decimal; None where nothing counts."""
        return round(float(100 * sum(self.items, Fraction(0)) / len(self.items)), 1) if self.items else None


def tally(expected: Iterable[Expected]) -> Tally:
    """The outcomes counted, each proposal and duty scored."""
    counts: dict[Outcome, int] = {}
    worth: dict[str, list[Fraction]] = {}
    for one in expected:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
        if one.outcome in WORTH:
            worth.setdefault(one.of, []).append(WORTH[one.outcome])
    return Tally(counts, tuple(sum(listed, Fraction(0)) / len(listed) for listed in worth.values()))

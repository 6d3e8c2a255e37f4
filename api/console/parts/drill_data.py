"""What the screens of a drill show of its branches, worked out once for all tabs while nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.console.parts.kept import Kept
from api.console.visit import Place
from api.drills.data import drill_issues
from api.drills.drills import Branch, Drill, Drills
from api.people.refusal import Missing
from engine.contract.drill import after_word, evaluation_data, lanes_data
from engine.contract.drill_comparison import comparison_data
from engine.drill.play import play
from engine.drill.review.comparison import compare
from engine.drill.review.evaluation import Evaluation, evaluate
from engine.drill.review.lanes import lanes
from engine.drill.run import Run
from engine.incident.chain import Entry
from engine.incident.state import fold
from engine.plan.finding import YuanError

Json = dict[str, Any]
MOST = 64
MINUTE = timedelta(minutes=1)
JOURNALS: Kept[tuple[Entry, ...]] = Kept(MOST)
AHEAD: Kept[list[Json]] = Kept(MOST)
EVALUATIONS: Kept[tuple[Evaluation, Json]] = Kept(MOST)
COMPARISONS: Kept[Json] = Kept(MOST)


@dataclass(frozen=True, slots=True)
class Looked:
    """A branch as it stands: what has happened, and its journal."""

    drill: Drill
    branch: Branch
    run: Run

    @property
    def key(self) -> tuple[str, str, int]:
        """The same while nothing more is recorded, whatever the clock shows."""
        return (self.branch.key, self.run.incident.hash, len(self.run.played))


def drills_of(place: Place) -> Drills:
    """The drills of this server. Raises Missing where this process plays none."""
    if place.drills is None:
        raise Missing("这个进程不开推演", where="drill", remedy="在开着值班台的那个进程里推演")
    return place.drills


def looked_at(place: Place) -> Looked:
    """The branch that the wing is. Raises Missing."""
    assert place.wing is not None
    drill, branch = drills_of(place).drill_of(place.wing.key)
    return of_branch(drill, branch)


def found_at(place: Place) -> Looked | None:
    """The same for a page's frame; None where there is none, and the panels say why."""
    try:
        return looked_at(place)
    except Missing:
        return None


def of_branch(drill: Drill, branch: Branch) -> Looked:
    """A branch as it stands, read from its journal where something was recorded since it was looked at last."""
    run = branch.exercise.run
    count = run.incident.seq
    entries = JOURNALS.get((branch.key, run.incident.hash), lambda: branch.exercise.entries()[:count])
    return Looked(drill, branch, replace(run, entries=entries))


def lanes_of(one: Looked) -> list[Json]:
    """What is in force when, up to now."""
    return lanes_data(lanes(one.run.entries, one.run.plans, one.run.at), one.run.plans)


def ahead_of(one: Looked) -> list[Json]:
    """What would be in force when, if the script went on alone to the end; nothing where it is over."""
    if one.drill.ended_at is not None or one.run.over:
        return []

    def made() -> list[Json]:
        try:
            whole = play(replace(one.run, played=frozenset()))
        except YuanError:
            return []
        return lanes_data(lanes(whole.entries, whole.plans, whole.scenario.ends), whole.plans)

    return AHEAD.get(one.key, made)


def evaluation_of(one: Looked) -> Json:
    """How it went so far. Deadlines pass by time: worked out anew each minute of the exercise."""
    return _evaluated(one)[1]


def issues_of(place: Place, one: Looked) -> list[Json]:
    """What was found, with who mends it: as people have settled it, else as the evaluation has it."""
    issues = drills_of(place).issues(one.drill.id, one.branch.key, _evaluated(one)[0].issues)
    return drill_issues(issues, one.branch.key, one.drill.owners)


def _evaluated(one: Looked) -> tuple[Evaluation, Json]:
    minute = one.run.at.replace(second=0, microsecond=0)

    def made() -> tuple[Evaluation, Json]:
        found = evaluate(one.run)
        return found, evaluation_data(found, one.run.plans)

    return EVALUATIONS.get((*one.key, minute, one.drill.ended_at is None), made)


def comparison_of(ones: Sequence[Looked]) -> Json:
    """Branches side by side, as far as all of them have come; the first is what the others are compared with. `after`: that moment."""
    common = min(one.run.at - one.run.scenario.begins for one in ones)
    key = (tuple(one.key for one in ones), common // MINUTE)

    def made() -> Json:
        found = compare([(one.branch.label, _until(one.run, one.run.scenario.begins + common)) for one in ones])
        return {**comparison_data(found), "after": after_word(common // MINUTE * MINUTE)}

    return COMPARISONS.get(key, made)


def _until(run: Run, moment: datetime) -> Run:
    """A run as it was, so far as two can be compared by it."""
    if run.at <= moment:
        return run
    entries = tuple(one for one in run.entries if one.at <= moment)
    acts = tuple(one for one in run.acts if one.at <= moment)
    given = {name: at for name, at in run.given.items() if at <= moment}
    return replace(run, at=moment, entries=entries, incident=fold(run.incident.id, entries), acts=acts, given=given)


def directs(one: Looked, person_id: str) -> bool:
    """Whether this is the director, who has the clock and alone knows what is to come."""
    return person_id == one.drill.director


def numbered(one: Looked) -> dict[str, int]:
    """What injects are called on the screens: by their order in the script."""
    return {each.id: number for number, each in enumerate(one.run.scenario.injects, start=1)}

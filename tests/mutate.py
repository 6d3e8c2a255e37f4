"""`python -m tests.mutate [PLAN…]`: every small mistake in a plan's thresholds must fail one of the plan's features.

A survivor is excused only if it is proven equivalent: z3 finds no complete facts, under any readings, on which the levels
of any scale differ (then `possible` cannot differ either). Exit code 1 if another survives.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import z3
from rich.console import Console
from rich.progress import track

from api.library import library
from engine.plan import condition as c
from engine.plan.model import Plan, Trigger
from engine.plan.words import condition_word, find_indicator, level_word, value_word
from tests.engine.proof import Terms, fits
from tests.engine.walker import Variable, indicator_of
from tests.mutants import Mutant, mutants
from tests.scenarios import Scenario, read_scenarios

console = Console(highlight=False, width=180, soft_wrap=True)


@dataclass
class Result:
    """What became of a plan's mutants. `survivors` with facts that tell them apart, `equivalent` with what covers them."""

    plan: Plan
    killed: int = 0
    survivors: list[tuple[Mutant, str]] = field(default_factory=list)
    equivalent: list[tuple[Mutant, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Scenarios that fail on the plan as it is: no judges of mutants."""


def mutate(plan: Plan) -> Result:
    """Judge every mutant of a plan against its features."""
    result = Result(plan)
    every = frozenset(plan.scales)
    scenarios = []
    for scenario in read_scenarios(plan):
        if scenario.fails(plan, every, thorough=True):
            result.broken.append(scenario.name)
        else:
            scenarios.append(scenario)
    ordered: dict[str, list[Scenario]] = {}
    for mutant in track(list(mutants(plan)), plan.title, console=console, transient=True):
        near = ordered.setdefault(mutant.scale, _relevant(scenarios, frozenset({mutant.scale})))
        if _killed(mutant, plan, near, scenarios):
            result.killed += 1
            continue
        difference = _difference(plan, mutant)
        if difference is None:
            result.equivalent.append((mutant, _covered_by(plan, mutant)))
        else:
            result.survivors.append((mutant, difference))
    return result


def _relevant(scenarios: Sequence[Scenario], scales: frozenset[str]) -> list[Scenario]:
    return [one for one in scenarios if any(expected.scale in scales for expected in one.expected)]


def _killed(mutant: Mutant, plan: Plan, near: list[Scenario], scenarios: Sequence[Scenario]) -> bool:
    """Whether a scenario fails: first those that speak of the scale, against that scale alone; then all, against the whole plan."""
    alone = frozenset({mutant.scale, *_below(plan, mutant.scale)})
    small = mutant.applied(plan, alone)
    for n, scenario in enumerate(near):
        if scenario.fails(small, frozenset({mutant.scale})):
            near.insert(0, near.pop(n))
            return True
    whole, every = mutant.applied(plan), frozenset(plan.scales)
    return any(scenario.fails(whole, every, thorough=True) for scenario in scenarios)


def _below(plan: Plan, scale: str) -> set[str]:
    """The scales that a scale refers to."""
    names = {
        node.scale
        for triggers in plan.scales[scale].triggers.values()
        for trigger in triggers
        for node in c.walk(trigger.condition)
        if isinstance(node, c.ScaleIs)
    }
    return names.union(*(_below(plan, name) for name in names))


# --- proofs ---------------------------------------------------------------------------------------------------------


def _difference(plan: Plan, mutant: Mutant) -> str | None:
    """Facts and readings on which the mutant's levels differ, as a scenario; None if there are none at all (proven)."""
    right, wrong = Terms(plan), Terms(mutant.applied(plan))
    # A scale that rests on the mutated one differs only where that one does.
    ranks = right.rank(mutant.scale), wrong.rank(mutant.scale)
    solver = z3.Solver()
    solver.add(*right.domains, *wrong.domains, ranks[0] != ranks[1])
    if solver.check() == z3.unsat:
        return None
    # The plainest such facts: only the readings that the mutant needs, and as many facts as possible as they normally are.
    own = dict(mutant.readings)
    wishes = [right.reading(reading) == (ord(own[reading]) - 96 if reading in own else 0) for reading in plan.switches()]
    variables = list(right._variables)
    wishes += [
        fits(indicator, right.variable(variable), indicator.normal)
        for variable in variables
        for indicator in [indicator_of(plan, variable[0])]
    ]
    for wish in wishes:
        solver.push()
        solver.add(wish)
        if solver.check() != z3.sat:
            solver.pop()
    assert solver.check() == z3.sat
    model = solver.model()
    levels = [
        level_word(plan.scales[mutant.scale], plan.scales[mutant.scale].level_at(model.eval(rank, True).as_long()))
        for rank in ranks
    ]
    scale = plan.scales[mutant.scale]
    said = [f'假如条款解释"{reading}"取"{letter}"' for reading, letter in right.choices_in(model).items()]
    said += [
        _said(plan, variable, value)
        for variable, value in right.values(model).items()
        if value != indicator_of(plan, variable[0]).normal
    ]
    return f'其余事实均无；{"；".join(said) or "（无）"}；那么"{scale.label}"为"{levels[0]}"（变异后为{levels[1]}）'


def _said(plan: Plan, variable: Variable, value: object) -> str:
    key, area = variable
    indicator = find_indicator(plan, key)
    word = ("是" if value else "否") if isinstance(value, bool) else value_word(indicator, value)  # type: ignore[arg-type]
    return f'"{area}"的"{indicator.short}"为"{word}"' if area else f'"{indicator.short}"为"{word}"'


def _covered_by(plan: Plan, mutant: Mutant) -> str:
    """Which triggers of the same or a higher level hold wherever the mutated condition differs from the right one."""
    terms = Terms(plan)
    scale = plan.scales[mutant.scale]
    trigger = scale.triggers[mutant.level][mutant.at]
    solver = z3.Solver()
    differs = terms.term(trigger.condition) != terms.term(mutant.condition)
    others: list[Trigger] = [
        one
        for level in scale.levels[scale.rank(mutant.level) - 1 :]
        for n, one in enumerate(scale.triggers[level])
        if (level, n) != (mutant.level, mutant.at)
    ]
    found = [terms.term(one.condition) for one in others]
    solver.add(*terms.domains, differs)
    if solver.check() == z3.unsat:
        return "条件本身没有变（取值范围内等价）"
    for one, term in zip(others, found, strict=True):
        if solver.check(z3.Not(term)) == z3.unsat:
            return f"由 {one.level} [{one.clause}] 承接：{condition_word(plan, one.condition)}"
    needed = list(range(len(others)))
    for n in list(needed):
        rest = [m for m in needed if m != n]
        if solver.check(*(z3.Not(found[m]) for m in rest)) == z3.unsat:
            needed = rest
    return "由 " + "、".join(f"{others[n].level} [{others[n].clause}]" for n in needed) + " 合起来承接"


# --- report ------------------------------------------------------------------------------------------------------------


def report(result: Result, seconds: float) -> None:
    total = result.killed + len(result.survivors) + len(result.equivalent)
    console.print(
        f"[bold]{result.plan.id}[/bold]：{total} 个变异，{result.killed} 个被场景发现，{len(result.equivalent)} 个证明等价，"
        f"{'[red]' if result.survivors else '[green]'}{len(result.survivors)} 个存活[/]（{seconds:.0f} 秒）"
    )
    for name in result.broken:
        console.print(f"  场景本身不通过，不计：{name}", style="yellow", markup=False)
    for mutant, why in result.equivalent:
        console.print(f"  等价 {mutant.place}", f"\n       {why}", style="dim", markup=False)
    for mutant, difference in result.survivors:
        console.print(f"  存活 {mutant.place}", f"\n       缺：{difference}", style="red", markup=False)


def main(names: Sequence[str]) -> int:
    plans = [library().plan(name) for name in names] or list(library().plans.values())
    survivors = 0
    for plan in plans:
        start = time.monotonic()
        result = mutate(plan)
        report(result, time.monotonic() - start)
        survivors += len(result.survivors)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

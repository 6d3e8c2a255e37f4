"""The course of a drill in short lines, to be compared whole with what is kept in `golden/`.

`python -m tests.engine.drill.courses` writes the kept files anew; read the difference before you keep it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from api.library import library
from api.scenarios import read_scenarios
from engine.drill.play import begin, plans_of, play
from engine.drill.review.evaluation import evaluate
from engine.drill.run import Run
from engine.drill.scenario import Scenario
from engine.plan.model import Plan

GOLDEN = Path(__file__).parent / "golden"


@functools.cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario that comes with Yuan, by id."""
    return {key: read.scenario for key, read in read_scenarios(library().versions).items() if read.scenario is not None}


def plans(scenario: Scenario) -> tuple[Plan, ...]:
    return plans_of(scenario, library().versions)


@functools.cache
def played(scenario_id: str) -> Run:
    """A scenario, played to its end."""
    scenario = scenarios()[scenario_id]
    return play(begin(scenario, plans(scenario)))


def course(run: Run) -> str:
    """When what was proposed, decided and in force, by whom; which injects were not given as planned; how the actions were kept."""
    return "\n".join((*_lines(run), *_end(run))) + "\n"


def _lines(run: Run) -> Iterator[str]:
    several = len(run.plans) > 1
    for entry in run.entries:
        minutes = int((entry.at - run.scenario.begins).total_seconds()) // 60
        clock, body = f"{minutes // 60}:{minutes % 60:02d}", entry.body
        where = f"{body['plan']} " if several and "plan" in body else ""
        match entry.kind:
            case "proposed":
                yield f"{clock} 建议 {where}{body['scale']} {body['level']} 由 {'|'.join(body['signers'])} 依据 {'、'.join(body['clauses'])}"
            case "decided":
                how = "" if body["approved"] else f" 未按建议：{body['reason']}"
                yield f"{clock} 决定 {where}{body['scale']} {body['level']} {body['post']}{how}"
            case "level_set":
                levels = " ".join(f"{scale}={level}" for scale, level in body["levels"].items() if level is not None)
                yield f"{clock} 在行 {where}{levels or '无'}"
            case "superseded":
                yield f"{clock} 失效 {body['proposal']}"
            case "noted":
                yield f"{clock} 记录 {body['text']}"


def _end(run: Run) -> Iterator[str]:
    for origin in sorted(run.settled):
        kind, _, name = origin.partition(":")
        if kind == "inject" and name not in run.given:
            yield f"未注入 {name}"
        if kind == "contingency":
            told = any(act.origin == origin for act in run.acts)
            yield f"追加 {name} {'已用' if told else '不需要'}"
    counts = evaluate(run).total.counts
    yield "应办 " + " ".join(f"{outcome}={number}" for outcome, number in sorted(counts.items()) if number)
    done = sum(1 for course in run.incident.courses.values() for duty in course.duties.values() if duty.done)
    yield f"任务 {sum(len(course.duties) for course in run.incident.courses.values())} 项，完成 {done} 项"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for one in scenarios():
        (GOLDEN / f"{one}.txt").write_text(course(played(one)), "utf-8")

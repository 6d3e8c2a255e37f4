"""The features' scenarios as data: facts, time, readings and what is expected of levels. Read once, judged against any plan."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from pytest_bdd.steps import StepFunctionContext

from engine.assess import Assessment, assess, check_readings
from engine.plan.condition import Level
from engine.plan.finding import UnknownName
from engine.plan.model import Plan
from engine.trigger.facts import Facts, validate

FEATURES = Path(__file__).resolve().parent.parent / "features"
KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}


@dataclass(frozen=True)
class Expectation:
    """What a scenario says of one scale. `kind`: level, possible, basis; basis and `other` (distances, questions) by their own step."""

    kind: str
    scale: str | None
    value: Any
    check: Callable[[Any], None] | None = None


@dataclass
class Scenario:
    """One scenario that assesses: its facts validated, its expectations parsed."""

    name: str
    facts: Facts
    at: datetime.datetime | None
    readings: dict[str, str]
    in_force: dict[str, Level]
    case: Any
    expected: list[Expectation] = field(default_factory=list)

    def assess(self, plan: Plan) -> Assessment:
        return assess(plan, self.facts, self.at, readings=self.readings, in_force=self.in_force)

    def fails(self, plan: Plan, scales: frozenset[str], *, thorough: bool = False) -> bool:
        """Whether an expectation on one of the scales does not come out. thorough: distances and questions too."""
        expected = [one for one in self.expected if one.scale in scales or (thorough and one.check is not None)]
        if not expected:
            return False
        found = self.assess(plan)
        return any(_differs(one, found, self.case, plan) for one in expected)


def _differs(expected: Expectation, found: Assessment, case: Any, plan: Plan) -> bool:
    match expected.kind:
        case "level":
            return bool(found.levels[expected.scale or ""] != expected.value)
        case "possible":
            return bool(found.possible[expected.scale or ""] != expected.value)
    assert expected.check is not None
    case.plan, case.result = plan, found
    try:
        expected.check(case)
    except AssertionError:
        return True
    return False


def vocabulary() -> Any:
    """features/conftest.py as a module."""
    name = "features_vocabulary"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FEATURES / "conftest.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def step_contexts(module: Any) -> list[StepFunctionContext]:
    """The step definitions that pytest-bdd left in the module."""
    found = [value._get_wrapped_function()() for name, value in vars(module).items() if name.startswith("pytestbdd_stepdef")]
    return [one for one in found if isinstance(one, StepFunctionContext)]


def read_scenarios(plan: Plan) -> list[Scenario]:
    """Every scenario of the plan's features that assesses facts."""
    module = vocabulary()
    contexts = step_contexts(module)
    found = []
    for path in sorted((FEATURES / plan.id).glob("*.feature")):
        for name, steps in _pickles(path):
            one = _read(plan, f"{path.name}：{name}", steps, contexts, module)
            if one is not None and one.expected:
                found.append(one)
    return found


def _pickles(path: Path) -> Iterator[tuple[str, list[tuple[str, str, list[list[str]] | None]]]]:
    document = Parser().parse(path.read_text("utf-8"))
    for pickle in Compiler().compile({**document, "uri": str(path)}):
        steps = []
        kind = "given"
        for step in pickle["steps"]:
            kind = KINDS.get(step["type"], kind)
            table = step.get("argument", {}).get("dataTable")
            rows = [[cell["value"] for cell in row["cells"]] for row in table["rows"]] if table else None
            steps.append((kind, step["text"], rows))
        yield pickle["name"], steps


def _read(
    plan: Plan, name: str, steps: list[tuple[str, str, list[list[str]] | None]], contexts: list[StepFunctionContext], module: Any
) -> Scenario | None:
    """The scenario with its given steps taken; None if it does not assess."""
    case = module.Case()
    expected: list[Expectation] = []
    assessed = False
    for kind, text, rows in steps:
        context = next((one for one in contexts if one.type == kind and one.parser.is_matching(text)), None)
        if context is None:
            raise ValueError(f"{name}：没有步骤“{text}”")
        arguments = context.parser.parse_arguments(text) or {}
        if kind == "given":
            context.step_func(case, **arguments, **({} if rows is None else {"datatable": rows}))
            assert case.plan is None or case.plan.id == plan.id
        elif kind == "when":
            assessed = True
        elif assessed and rows is None:
            expected += _expectation(case, context.step_func, arguments, module)
    if not assessed:
        return None
    try:
        readings = check_readings(plan, case.readings)
    except UnknownName:
        return None  # the feature itself fails; it is no judge of mutants
    return Scenario(name, validate(plan, case.raw()), case.at, readings, dict(case.in_force), case, expected)


def _expectation(case: Any, function: Callable[..., Any], arguments: dict[str, str], module: Any) -> list[Expectation]:
    match function.__name__:
        case "_level":
            scale = case.scale(arguments["a"])
            return [Expectation("level", scale.id, module.level_of(scale, arguments["b"]))]
        case "_possible":
            scale = case.scale(arguments["a"])
            levels = {module.level_of(scale, part) for part in module.split(arguments["b"])}
            return [Expectation("possible", scale.id, tuple(sorted(levels, key=scale.rank)))]
        case "_basis":
            return [Expectation("basis", case.scale(arguments["a"]).id, None, lambda one: function(one, **arguments))]
        case "_question" | "_distance":
            return [Expectation("other", None, None, lambda one: function(one, **arguments))]
    return []

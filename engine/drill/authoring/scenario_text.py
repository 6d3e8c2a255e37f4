"""A scenario to the text of its file, in the house style: short things on one line, names of indicators beside their ids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.drill.authoring.amounts import clock_words, draw_tree, duration_words
from engine.drill.authoring.cue_file import cue_tree
from engine.drill.authoring.fact_values import fact_tree, find_indicator
from engine.drill.scenario import DECIDES, MARK, ZERO, Completion, Happening, Inject, Objective, Player, Scenario
from engine.plan.measure import digits
from engine.plan.model import Plan

WIDTH = 118
NORMAL = Happening()
BLOCKS = ("report", "injects", "people", "duties", "objectives", "contingency", "else")
_PLAIN = re.compile(r"-?[\w（《“‘][\w（）《》“”‘’，。；：、？！·…—/%+. ℃³μ×-]*")
_EMPTY = {"null", "~", ""}


def scenario_text(scenario: Scenario, plans: Sequence[Plan]) -> str:
    """The file. plans: those that the scenario plays."""
    lines = [f"# [{MARK}] 情况均为虚构"]
    for key, value in scenario_tree(scenario, plans).items():
        if key in ("people", "injects", "duties", "objectives", "report", "background"):
            lines.append("")
        lines += _entry(key, value, 0, plans)
    return "\n".join(lines) + "\n"


def scenario_tree(scenario: Scenario, plans: Sequence[Plan]) -> dict[str, Any]:
    """The file as nested values, every scalar a text; what is as usual is left out."""
    report = scenario.report
    tree = {
        "drill": scenario.id,
        "title": scenario.title,
        "jurisdiction": scenario.jurisdiction,
        "plans": list(scenario.plans),
        "versions": dict(scenario.versions),
        "readings": {plan: dict(chosen) for plan, chosen in scenario.readings.items()},
        "begins": scenario.begins.replace(tzinfo=None).isoformat(timespec="minutes" if not scenario.begins.second else "seconds"),
        "lasts": duration_words(scenario.lasts.total_seconds()),
        "seed": None if scenario.seed is None else str(scenario.seed),
        "background": scenario.background,
        "report": _kept({"title": report.title, "words": report.words, "source": report.source, "place": report.place}),
        "people": [_person(one) for one in scenario.people],
        "injects": [_inject(one, plans) for one in scenario.injects],
        "duties": [_completion(one) for one in scenario.duties],
        "objectives": [_objective(one) for one in scenario.objectives],
    }
    return _kept(tree)


def _kept(tree: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if value not in (None, "", [], {})}


def _person(one: Player) -> dict[str, Any]:
    otherwise = [
        {"scale": way.scale, "proposed": way.proposed or "无", "level": way.level or "无", "reason": way.reason}
        for way in one.otherwise
    ]
    decides = None if one.decides == DECIDES else draw_tree(one.decides, duration_words)
    return _kept({"id": one.id, "name": one.name, "posts": list(one.posts), "decides": decides, "otherwise": otherwise})


def _inject(one: Inject, plans: Sequence[Plan]) -> dict[str, Any]:
    late = one.contingency
    return _kept(
        {
            "id": one.id,
            "at": draw_tree(one.at, clock_words),
            "when": None if one.when is None else cue_tree(one.when),
            "within": duration_words(one.within.total_seconds()) if one.within else None,
            **_happening(one.does, plans),
            "else": None if one.otherwise is None else _happening(one.otherwise, plans),
            "contingency": None
            if late is None
            else {
                "unless": cue_tree(late.unless),
                "after": draw_tree(late.after, duration_words),
                **_happening(late.does, plans),
            },
            "expected": one.expected,
        }
    )


def _happening(one: Happening, plans: Sequence[Plan]) -> dict[str, Any]:
    among = [plan for plan in plans if one.plan in (None, plan.id)]
    return _kept(
        {
            "from": None if one.sender == NORMAL.sender else one.sender,
            "to": None if one.to == NORMAL.to else one.to,
            "medium": None if one.medium == NORMAL.medium else one.medium,
            "plan": one.plan,
            "text": one.text,
            "facts": {key: fact_tree(find_indicator(among, key), value) for key, value in one.facts.items()},
            "observed": duration_words(one.observed.total_seconds()) if one.observed else None,
            "moments": _moments(one),
        }
    )


def _moments(one: Happening) -> Any:
    if all(ago == ZERO for ago in one.moments.values()):
        return list(one.moments)
    return {key: duration_words(ago.total_seconds()) for key, ago in one.moments.items()}


def _completion(one: Completion) -> dict[str, Any]:
    return _kept(
        {
            "clause": one.clause,
            "unit": one.unit,
            "has": one.has,
            "takes": None if one.takes is None else draw_tree(one.takes, duration_words),
            "share": None if one.share is None else draw_tree(one.share, digits),
            "never": "true" if one.takes is None and one.share is None else None,
            "step": None if one.step == "done" else one.step,
        }
    )


def _objective(one: Objective) -> dict[str, Any]:
    within = None if one.decided_within is None else duration_words(one.decided_within.total_seconds())
    return _kept(
        {
            "id": one.id,
            "words": one.words,
            "clauses": list(one.clauses),
            "units": list(one.units),
            "scales": list(one.scales),
            "decided_within": within,
        }
    )


def _entry(key: str, value: Any, depth: int, plans: Sequence[Plan]) -> list[str]:
    """A key with its value: on one line where it fits, facts one a line with the indicator's name beside."""
    pad = "  " * depth
    head = f"{pad}{_scalar(key)}:"
    if key == "facts":
        return [head, *(line for name, one in value.items() for line in _fact(name, one, depth + 1, plans))]
    if not isinstance(value, Mapping | list):
        return [f"{head} {_scalar(value)}"]
    flow = _flow(value)
    if len(head) + len(flow) < WIDTH and key not in BLOCKS and _shallow(value):
        return [f"{head} {flow}"]
    return [head, *_block(value, depth + 1, plans)]


def _fact(name: str, value: Any, depth: int, plans: Sequence[Plan]) -> list[str]:
    label = find_indicator(plans, name).short
    lines = _entry(name, value, depth, plans)
    lines[0] = f"{lines[0]}  # {label}"
    return lines


def _block(value: Any, depth: int, plans: Sequence[Plan]) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key, one in value.items() for line in _entry(key, one, depth, plans)]
    pad = "  " * depth
    found: list[str] = []
    for one in value:
        if isinstance(one, Mapping) and not (_shallow(one) and len(_flow(one)) < WIDTH and "text" not in one):
            inner = _block(one, depth + 1, plans)
            found += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        else:
            found.append(f"{pad}- {_flow(one) if isinstance(one, Mapping | list) else _scalar(one)}")
    return found


def _shallow(value: Any, deepest: int = 3) -> bool:
    """Whether a value is small enough to be read on one line."""
    if isinstance(value, Mapping):
        return deepest > 0 and "facts" not in value and all(_shallow(one, deepest - 1) for one in value.values())
    return not isinstance(value, list) or all(_shallow(one, deepest - 1) for one in value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key, flow=True)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _scalar(value, flow=True)


def _scalar(value: Any, *, flow: bool = False) -> str:
    if value is None:
        return "null"
    text = str(value)
    if _PLAIN.fullmatch(text) and text not in _EMPTY and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)

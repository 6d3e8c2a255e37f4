"""Many runs of a drill as JSON: quantiles of times (minutes from T+0) and of deadlines, and the weight of each assumption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.drill.chances import Chances, Spread, Weight
from engine.drill.scenario import MARK, Scenario

Json = dict[str, Any]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def chances_data(scenario: Scenario, seed: int, found: Chances, weights: Iterable[Weight]) -> Json:
    """What many runs came to; `share` is of all runs. The same scenario, seed and number of runs give the same data."""
    return {
        "mark": MARK,
        "drill": scenario.id,
        "title": scenario.title,
        "seed": seed,
        "runs": found.runs,
        "reached": [{**_target(key), **_spread(one)} for key, one in found.reached.items()],
        "proposed": [{**_target(key), **_spread(one)} for key, one in found.proposed.items()],
        "waited": [{"plan": plan, "scale": scale, **_spread(one)} for (plan, scale), one in found.waited.items()],
        "undecided": found.undecided,
        "missed": _spread(found.missed),
        "late": _spread(found.late),
        "assumptions": [
            {
                "id": one.assumption.id,
                "words": one.assumption.words,
                "reached": [{**_target(key), "share": one.share[key], "span": list(span)} for key, span in one.reached.items()],
                "missed": list(one.missed),
                "late": list(one.late),
            }
            for one in weights
        ],
    }


def _target(target: tuple[str, str, str]) -> Json:
    plan, scale, level = target
    return {"plan": plan, "scale": scale, "level": level}


def _spread(spread: Spread) -> Json:
    return {"share": spread.share, "quantiles": {f"{share:g}": spread.at(share) for share in QUANTILES}}

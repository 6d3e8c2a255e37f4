"""Level maps and thresholds as the contract's JSON, and their words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.drill.sweeps.level_map import Border, LevelMap
from engine.drill.sweeps.stretch import Stretch
from engine.drill.sweeps.sweep_change import signer_of
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Bounds
from engine.plan.model import Scale
from engine.plan.words import bounds_word, level_word

Json = dict[str, Any]
Ranks = tuple[int, ...]


def level_data(scale: Scale, rank: int) -> Json:
    """A level by its rank."""
    level = scale.level_at(rank)
    return {"level": level, "level_name": level_word(scale, level)}


def ranks_word(scale: Scale, ranks: Ranks) -> str:
    """“Ⅱ级（重大）”, or “未达级别，可能到Ⅰ级（特别重大）”: what is established, and the highest that is still possible."""
    low = level_word(scale, scale.level_at(ranks[0]))
    if len(ranks) == 1:
        return low
    names = [level_word(scale, scale.level_at(rank)) for rank in ranks[1:]]
    return f"{low}，可能{'、'.join(names)}"


def threshold_word(variable: Variable, after: Stretch) -> str:
    """Where a stretch begins: “3人以上”, “超过650微克/立方米”, or the word itself."""
    if after.value is not None:
        return variable.word(after.value)
    return bounds_word(Bounds(after.bounds.low, after.bounds.low_open), variable.indicator.unit or "1")


def threshold_data(variable: Variable, after: Stretch) -> Json:
    if after.value is not None:
        return {"at": after.value, "inclusive": True, "words": variable.word(after.value)}
    return {"at": after.bounds.low, "inclusive": not after.bounds.low_open, "words": threshold_word(variable, after)}


def map_data(drawn: LevelMap) -> Json:
    """A level map: cells by the place of what they say in `legend`; lines with their thresholds, clauses and where the signer changes."""
    scale = drawn.plan.scales[drawn.scale]
    legend: dict[Ranks, int] = {}
    cells = [[legend.setdefault(found[0], len(legend)) for found in row] for row in drawn.cells]
    return {
        "scale": drawn.scale,
        "label": scale.short,
        "x": _side_data(drawn.first, drawn.columns),
        "y": _side_data(drawn.second, drawn.rows),
        "held": dict(drawn.held),
        "legend": [
            {
                "words": ranks_word(scale, ranks),
                "possible": [level_data(scale, rank) for rank in ranks],
                "signers": list(signer_of(drawn.plan, drawn.scale, ranks[0])),
            }
            for ranks in legend
        ],
        "cells": cells,
        "lines_x": [_border_data(drawn.first, drawn.columns, one) for one in drawn.across_first],
        "lines_y": [_border_data(drawn.second, drawn.rows, one) for one in drawn.across_second],
        "point": None if drawn.point is None else list(drawn.point),
    }


def _side_data(variable: Variable, pieces: Iterable[Stretch]) -> Json:
    return {
        "indicator": variable.name,
        "label": variable.label,
        "parts": [
            {"value": one.value, "words": one.words(variable)}
            if one.value is not None
            else {
                "low": one.bounds.low,
                "low_open": one.bounds.low_open,
                "high": one.bounds.high,
                "high_open": one.bounds.high_open,
                "words": one.words(variable),
            }
            for one in pieces
        ],
    }


def _border_data(variable: Variable, pieces: tuple[Stretch, ...], one: Border) -> Json:
    return {
        **threshold_data(variable, pieces[one.place]),
        "clauses": list(one.clauses),
        "runs": [list(run) for run in one.runs],
        "signer_changes": [list(run) for run in one.signing],
    }

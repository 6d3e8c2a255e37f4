"""What a drill consists of as JSON and back, exactly: scenarios, acts, records. Only what is listed here is ever made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.drill import cue, scenario
from engine.drill.draw import Draw
from engine.drill.review.issue import Issue
from engine.drill.run import Act, Refusal
from engine.incident import command
from engine.plan.finding import YuanError
from engine.plan.model import Plan

KIND = "$"
"""Under which key the kind of a value stands, where JSON has no such kind."""
Plans = Mapping[str, Plan]


class BadRecord(YuanError):
    """A drill's record that cannot be read."""

    code = "bad-journal"


def _classes(module: Any) -> dict[str, type[Any]]:
    return {
        name: one
        for name, one in vars(module).items()
        if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
    }


KNOWN: dict[str, type[Any]] = {
    **_classes(scenario),
    **_classes(cue),
    **_classes(command),
    **{one.__name__: one for one in (Draw, Act, Refusal, Issue)},
}
"""The classes whose values are kept, by name."""


def known(one: type[Any]) -> type[Any]:
    """A class decorator: its values are kept too."""
    KNOWN[one.__name__] = one
    return one


def kept(value: Any) -> Any:
    """A value as JSON data. A plan is its digest. Raises TypeError for a kind that is not known."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Plan():
            return {KIND: "Plan", "digest": value.digest}
        case datetime():
            return {KIND: "datetime", "at": value.isoformat()}
        case date():
            return {KIND: "date", "on": value.isoformat()}
        case timedelta():
            return {KIND: "timedelta", "days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        case list():
            return [kept(one) for one in value]
        case tuple():
            return {KIND: "tuple", "of": [kept(one) for one in value]}
        case frozenset():
            return {KIND: "frozenset", "of": [kept(one) for one in sorted(value)]}
        case Mapping():
            if KIND in value or not all(isinstance(key, str) for key in value):
                return {KIND: "mapping", "of": [[kept(key), kept(one)] for key, one in value.items()]}
            return {key: kept(one) for key, one in value.items()}
        case _ if KNOWN.get(type(value).__name__) is type(value):
            return {KIND: type(value).__name__, **{one.name: kept(getattr(value, one.name)) for one in fields(value)}}
    raise TypeError(f"{type(value).__name__} is not kept")


def restored(data: Any, plans: Plans) -> Any:
    """The value of such data. plans: by digest. Raises BadRecord; UnknownName for a version that nobody has."""
    try:
        return _restored(data, plans)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRecord(f"推演记录读不懂：{error}", where="drill.json", remedy="换一份完好的记录，或删去这次推演") from None


def _restored(data: Any, plans: Plans) -> Any:
    if isinstance(data, list):
        return [_restored(one, plans) for one in data]
    if not isinstance(data, dict):
        return data
    match data.get(KIND):
        case None:
            return {key: _restored(one, plans) for key, one in data.items()}
        case "Plan":
            return plans[data["digest"]]
        case "datetime":
            return datetime.fromisoformat(data["at"])
        case "date":
            return date.fromisoformat(data["on"])
        case "timedelta":
            return timedelta(data["days"], data["seconds"], data["microseconds"])
        case "tuple":
            return tuple(_restored(one, plans) for one in data["of"])
        case "frozenset":
            return frozenset(_restored(one, plans) for one in data["of"])
        case "mapping":
            return {_restored(key, plans): _restored(one, plans) for key, one in data["of"]}
        case kind:
            return KNOWN[kind](**{key: _restored(one, plans) for key, one in data.items() if key != KIND})

"""A jurisdiction's units: names, aliases and levels, and which unit a printed name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.plan.forms import shaped
from engine.plan.schema import UnitsForm
from engine.plan.source import Source


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. Its full name is its id."""

    name: str
    level: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one jurisdiction, by every name that they go by."""

    jurisdiction: str
    by_name: Mapping[str, Unit] = field(default_factory=dict)

    def find(self, name: str) -> Unit | None:
        return self.by_name.get(name)


def load_units(sources: Iterable[Source]) -> dict[str, Units]:
    """The units of each jurisdiction, from all its files. Findings go to the sources."""
    found: dict[str, dict[str, Unit]] = {}
    for source in sources:
        form = shaped(UnitsForm, source)
        if form is None:
            continue
        names = found.setdefault(form.jurisdiction, {})
        for n, entry in enumerate(form.units):
            unit = Unit(entry.name, entry.level, tuple(entry.aliases))
            for name in (entry.name, *entry.aliases):
                if name in names and names[name].name != unit.name:
                    source.report(
                        ("units", n),
                        "duplicate-id",
                        f"“{name}”已是“{names[name].name}”的名称",
                        "一个名称只指一个单位",
                        "合并两个单位，或改名",
                    )
                names.setdefault(name, unit)
    return {place: Units(place, names) for place, names in found.items()}

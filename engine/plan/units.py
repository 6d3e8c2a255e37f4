"""A jurisdiction's units: names, aliases, levels and contact posts, and which unit a printed name means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.plan.forms import shaped
from engine.plan.schema import UnitsForm
from engine.plan.source import Source
from engine.plan.spelling import nearest


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for a post, by which number, and when that was last verified. Kept by the deployment, never in a plan."""

    post: str
    phone: str
    person: str | None
    verified_at: datetime.date


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. Its full name is its id. `posts`: whom to reach; `contacts`: what the deployment filled in for them."""

    name: str
    level: str
    aliases: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one jurisdiction, by every name that they go by."""

    jurisdiction: str
    by_name: Mapping[str, Unit] = field(default_factory=dict)

    def find(self, name: str) -> Unit | None:
        return self.by_name.get(name)


def load_units(sources: Iterable[Source]) -> dict[str, Units]:
    """The units of each jurisdiction, from all its files: names first, then the contacts of any file. Findings go to the sources."""
    shelves: dict[str, _Shelf] = {}
    forms = [(source, form) for source in sources if (form := shaped(UnitsForm, source)) is not None]
    for source, form in forms:
        shelves.setdefault(form.jurisdiction, _Shelf()).add_units(source, form)
    for source, form in forms:
        shelves[form.jurisdiction].add_contacts(source, form)
    return {place: Units(place, shelf.by_name()) for place, shelf in shelves.items()}


class _Shelf:
    """The units of one jurisdiction while its files are read."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.names: dict[str, str] = {}

    def add_units(self, source: Source, form: UnitsForm) -> None:
        for n, entry in enumerate(form.units):
            before = self.units.get(entry.name, Unit(entry.name, entry.level))
            aliases = tuple(dict.fromkeys((*before.aliases, *entry.aliases)))
            self.units[entry.name] = Unit(entry.name, entry.level, aliases, tuple(dict.fromkeys((*before.posts, *entry.posts))))
            for name in (entry.name, *entry.aliases):
                if self.names.setdefault(name, entry.name) != entry.name:
                    source.report(
                        ("units", n),
                        "duplicate-id",
                        f"“{name}”已是“{self.names[name]}”的名称",
                        "一个名称只指一个单位",
                        "合并两个单位，或改名",
                    )

    def add_contacts(self, source: Source, form: UnitsForm) -> None:
        for n, entry in enumerate(form.contacts):
            path = ("contacts", n)
            name = self.names.get(entry.unit)
            if name is None:
                near = nearest(entry.unit, list(self.names))
                source.report(
                    (*path, "unit"),
                    "unknown-unit",
                    f"单位“{entry.unit}”",
                    f"如“{near}”" if near else "units 中的名称",
                    "改正名称，或登记单位",
                )
                continue
            unit = self.units[name]
            if entry.post not in unit.posts:
                source.report(
                    (*path, "post"),
                    "unknown-post",
                    f"“{unit.name}”的岗位“{entry.post}”",
                    "、".join(unit.posts),
                    "改正岗位，或在 posts 中登记",
                )
                continue
            contact = Contact(entry.post, entry.phone, entry.person, entry.verified_at)
            # A later file replaces what an earlier one says of the same post.
            kept = tuple(one for one in unit.contacts if one.post != entry.post)
            self.units[name] = replace(unit, contacts=(*kept, contact))

    def by_name(self) -> dict[str, Unit]:
        return {name: self.units[unit] for name, unit in self.names.items()}

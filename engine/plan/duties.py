"""The duties of a plan file: blocks spread out, one duty a unit, subjects resolved to units."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.plan.conditions import ConditionReader
from engine.plan.measure import BadQuantity, parse_duration, plain
from engine.plan.model import Due, Duty, Organization, Otherwise
from engine.plan.schema import DueForm, DutyForm, OtherwiseForm, PlanForm
from engine.plan.source import Path, Source
from engine.plan.spelling import nearest
from engine.plan.units import Units

OtherwiseForms = Mapping[str, Mapping[str, OtherwiseForm]]
INHERITED = ("at", "clause", "unit", "due", "when", "standing", "immediate", "group", "reading", "note", "quantity")


def read_duties(
    form: PlanForm,
    source: Source,
    reader: ConditionReader,
    levels: Mapping[str, tuple[str, ...]],
    organization: Organization,
    units: Units,
) -> tuple[Duty, ...]:
    """Every duty, in the file's order. Ids are the clause and a running number within it."""
    duty_reader = _DutyReader(form, source, reader, levels, _local_names(form, organization), units)
    for n, entry in enumerate(form.duties):
        duty_reader.read(entry, ("duties", n))
    return tuple(duty_reader.found)


def _local_names(form: PlanForm, organization: Organization) -> dict[str, str]:
    """Names that mean a body of this plan: printed name -> id."""
    names: dict[str, str] = {}
    for body in (organization.command, organization.on_site_command):
        if body is None:
            continue
        for name in (body.name, *body.aliases):
            names.setdefault(name, f"{form.plan}/{body.name}")
        if body.office_name:
            for name in (body.office_name, *body.office_aliases):
                names.setdefault(name, f"{form.plan}/{body.office_name}")
    for group in organization.groups:
        names.setdefault(group.name, f"{form.plan}/{group.name}")
    for role in form.roles:
        names.setdefault(role, f"{form.plan}/{role}")
    return names


class _DutyReader:
    def __init__(
        self,
        form: PlanForm,
        source: Source,
        reader: ConditionReader,
        levels: Mapping[str, tuple[str, ...]],
        local: Mapping[str, str],
        units: Units,
    ) -> None:
        self.form = form
        self.source = source
        self.reader = reader
        self.levels = levels
        self.local = local
        self.units = units
        self.found: list[Duty] = []
        self.numbers: dict[str, int] = {}

    def read(self, entry: DutyForm, path: Path) -> None:
        if entry.tasks is None:
            self._one(entry, path)
            return
        if entry.do is not None:
            self.source.report((*path, "do"), "unknown-key", "有 tasks 的段又写了 do", "do 写在各任务里", "删去，或拆成一项任务")
        for n, task in enumerate(entry.tasks):
            given = task.model_fields_set
            filled = {key: getattr(entry, key) for key in INHERITED if key in entry.model_fields_set and key not in given}
            filled["under"] = {**entry.under, **task.under}
            filled["otherwise"] = _joined(entry.otherwise, task.otherwise)
            merged = task.model_copy(update=filled)
            merged.__pydantic_fields_set__.update(filled)
            self._one(merged, (*path, "tasks", n))

    def _one(self, entry: DutyForm, path: Path) -> None:
        missing = [key for key in ("at", "clause", "do") if getattr(entry, key) is None]
        if "unit" not in entry.model_fields_set:
            missing.append("unit")
        if missing or entry.tasks is not None or entry.at is None or entry.clause is None or entry.do is None:
            self.source.report(
                path,
                "missing-key",
                f"任务缺少 {'、'.join(missing)}",
                "at、unit（可为 null）、do、clause",
                "补上，或写在段首作默认",
            )
            return
        self.reader.check_clause(entry.clause, (*path, "clause"))
        for name in entry.reading:
            self.reader.check_reading(name, (*path, "reading"))
        at = self._at(entry.at, path)
        due = self._due(entry.due, path)
        when = None if entry.when is None else self.reader.read(entry.when, (*path, "when"), in_force=True)
        quantity = {key: _number(value) for key, value in entry.quantity.items()}
        under = self.reader.read_under(entry.under, (*path, "under"))
        otherwise = self._otherwise(entry, path)
        units: list[str | None] = [*(entry.unit or [])] or [None]
        # What stands only under other readings is numbered apart: the plan's own duties keep their numbers.
        series = f"{entry.clause}#" if all("chosen" in letters for letters in under.values()) else f"{entry.clause}#alt"
        for unit in units:
            number = self.numbers[series] = self.numbers.get(series, 0) + 1
            self.found.append(
                Duty(
                    id=f"{series}{number}",
                    unit=unit,
                    unit_id=None if unit is None else self._unit(unit, path),
                    action=entry.do,
                    clause=entry.clause,
                    at=at,
                    due=due,
                    quantity=quantity,
                    when=when,
                    standing=entry.standing,
                    immediate=entry.immediate,
                    group=entry.group,
                    readings=tuple(entry.reading),
                    note=entry.note,
                    under=under,
                    otherwise=otherwise,
                )
            )

    def _otherwise(self, entry: DutyForm, path: Path) -> tuple[Otherwise, ...]:
        """What the duty is under other readings, in the file's order."""
        found = []
        for reading, letters in entry.otherwise.items():
            for letter, form in letters.items():
                here = (*path, "otherwise", reading, letter)
                if not self.reader.check_letters(reading, [letter], here, chosen=False):
                    continue
                given = form.model_fields_set
                fields: dict[str, Any] = {}
                if "at" in given:
                    fields["at"] = self._at(form.at, here)
                if "unit" in given:
                    fields |= {"unit": form.unit, "unit_id": None if form.unit is None else self._unit(form.unit, here)}
                if "do" in given:
                    fields["action"] = form.do
                if "due" in given:
                    fields["due"] = self._due(form.due, here)
                if "when" in given:
                    fields["when"] = None if form.when is None else self.reader.read(form.when, (*here, "when"), in_force=True)
                if form.standing is not None:
                    fields["standing"] = form.standing
                if "note" in given:
                    fields["note"] = form.note
                if not fields or ("do" in given and not form.do):
                    self.source.report(
                        here,
                        "missing-key",
                        "没有写明什么不同",
                        "at、unit、do、due、when、standing、note 中的几项",
                        "补上，或删去",
                    )
                    continue
                found.append(Otherwise(reading, letter, fields))
        return tuple(found)

    def _unit(self, name: str, path: Path) -> str:
        if name in self.local:
            return self.local[name]
        unit = self.units.find(name)
        if unit is not None:
            return unit.name
        near = nearest(name, [*self.local, *self.units.by_name])
        self.source.report(
            (*path, "unit"),
            "unknown-unit",
            f"单位“{name}”",
            (f"如“{near}”" if near else "plans/units、roles 或 organization 中的名称"),
            "改正名称，或登记到 plans/units 或 roles",
        )
        return name

    def _at(self, raw: Any, path: Path) -> dict[str, tuple[str, ...]]:
        if not isinstance(raw, dict) or not raw:
            self.source.report((*path, "at"), "wrong-type", f"{raw}", "等级体系和级别，如 {response: [II, I]}", "改正")
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for scale, test in raw.items():
            if scale not in self.levels:
                self.source.report((*path, "at"), "unknown-scale", f"等级体系“{scale}”", "、".join(self.levels), "改正拼写")
                continue
            levels = self.levels[scale]
            if test == "any":
                found[scale] = levels
                continue
            wanted = (
                [test["from"]] if isinstance(test, dict) and set(test) == {"from"} else test if isinstance(test, list) else [test]
            )
            bad = [level for level in wanted if level not in levels]
            if bad:
                self.source.report(
                    (*path, "at"), "unknown-level", f"级别“{bad[0]}”", "any、{from: 级别} 或 " + "、".join(levels), "改正级别"
                )
                continue
            found[scale] = (
                levels[levels.index(wanted[0]) :]
                if isinstance(test, dict)
                else tuple(level for level in levels if level in wanted)
            )
        return found

    def _due(self, form: DueForm | None, path: Path) -> Due | None:
        if form is None:
            return None
        here = (*path, "due")
        given = [
            key for key in ("within", "daily_at", "every", "times_per_day", "within_workdays") if getattr(form, key) is not None
        ]
        if len(given) != 1:
            self.source.report(
                here,
                "wrong-type",
                f"{'、'.join(given) or '没有'}",
                "within、daily_at、every、times_per_day、within_workdays 恰好一种",
                "只留一种",
            )
            return None
        kind = given[0]
        value = getattr(form, kind)
        if kind in ("within", "every"):
            try:
                value = parse_duration(value)
            except BadQuantity as error:
                self.source.report((*here, kind), "wrong-unit", f"“{value}”", error.expected, "写成时长")
                return None
        if form.from_ is not None and form.from_ not in self.form.moments:
            near = nearest(form.from_, list(self.form.moments))
            self.source.report(
                (*here, "from"),
                "unknown-moment",
                f"时刻“{form.from_}”",
                f"如“{near}”" if near else "moments 中的一个",
                "在 moments 中定义",
            )
            return None
        return Due(kind, value, form.from_)  # type: ignore[arg-type]


def _joined(block: OtherwiseForms, task: OtherwiseForms) -> OtherwiseForms:
    """A block's other readings with those of a task, reading by reading and letter by letter; the task's own prevails."""
    return {reading: {**block.get(reading, {}), **task.get(reading, {})} for reading in {**block, **task}}


def _number(text: str) -> Any:
    try:
        return plain(Fraction(text))
    except (ValueError, ZeroDivisionError):
        return text

"""One plan file to a checked `Plan`: every reference is resolved, and what is wrong becomes a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.plan.conditions import RESERVED, ConditionReader
from engine.plan.duties import read_duties
from engine.plan.forms import shaped
from engine.plan.indexes import IndexTable, IndexUse
from engine.plan.indicators import read_indicators
from engine.plan.ledger import check_ledger
from engine.plan.measure import BadQuantity, parse_quantity
from engine.plan.model import (
    Act,
    Body,
    Changes,
    Document,
    Group,
    LevelRule,
    Lifecycle,
    Merge,
    NoticeRule,
    Organization,
    Plan,
    Reading,
    Transition,
)
from engine.plan.moments import read_goes_with, read_moments
from engine.plan.scales import check_order, read_scales
from engine.plan.schema import BodyForm, Form, LowerForm, PlanForm
from engine.plan.source import Path, Source
from engine.plan.units import Units

NO_UNITS = Units("")
STUBS: Mapping[str, Any] = {
    "plan": "unnamed",
    "title": "（未命名）",
    "jurisdiction": "（未写明）",
    "document": {"number": "（未写明）", "issued": "2000-01-01", "in_force": "2000-01-01"},
    "clauses": [],
    "indicators": {},
    "scales": {},
    "organization": {},
    "procedure": [],
    "lifecycle": {"start": "routine", "phases": {"routine": "常态"}, "transitions": [], "levels": {}},
    "duties": [],
}
"""What stands in for a section that does not fit, so that the others can be checked."""


def build(source: Source, text: str, units: Mapping[str, Units], indexes: Mapping[str, IndexTable]) -> Plan | None:
    """The plan of one file, or None where it has errors. Findings go to `source`."""
    form = shaped(PlanForm, source, STUBS)
    if form is None:
        return None
    return _Builder(source, form, units.get(form.jurisdiction, NO_UNITS), indexes).plan(text)


class _Builder:
    def __init__(self, source: Source, form: PlanForm, units: Units, indexes: Mapping[str, IndexTable]) -> None:
        self.source = source
        self.form = form
        self.units = units
        self.indexes = indexes
        self.clauses = frozenset(form.clauses)
        self.indicators = read_indicators(form, source)
        self.levels = {key: tuple(scale.levels) for key, scale in form.scales.items()}
        self.reader = ConditionReader(
            source, self.indicators, self.levels, {k: len(v.alternatives) for k, v in form.readings.items()}, self.clauses
        )

    def plan(self, text: str) -> Plan | None:
        form, source = self.form, self.source
        for n, clause in enumerate(form.clauses):
            if clause in form.clauses[:n]:
                source.report(("clauses", n), "duplicate-id", f"条款“{clause}”重复", "每个条款号一次", "删去重复")
        for key in (*form.indicators, *form.scales):
            if key in RESERVED:
                source.report(
                    ("indicators" if key in form.indicators else "scales", key),
                    "reserved-name",
                    f"“{key}”",
                    "不用条件语言的保留词",
                    "换一个标识",
                )
        for key in form.scales.keys() & form.indicators.keys():
            source.report(("scales", key), "duplicate-id", f"“{key}”既是指标又是等级体系", "各用各的标识", "改名")
        check_order(form, source)
        scales = read_scales(form, source, self.reader)
        organization = self.organization()
        procedure = self.procedure()
        lifecycle = self.lifecycle()
        readings = {
            key: Reading(
                key,
                self.clause(r.clause, ("readings", key, "clause")),
                r.question,
                r.chosen,
                tuple(r.alternatives),
                r.because,
                self.fixed(key, r.fixed),
            )
            for key, r in form.readings.items()
        }
        duties = read_duties(form, source, self.reader, self.levels, organization, self.units)
        plan = Plan(
            id=form.plan,
            title=form.title,
            jurisdiction=form.jurisdiction,
            document=Document(
                form.document.number, form.document.issued, form.document.in_force, tuple(form.document.supersedes)
            ),
            clauses=tuple(form.clauses),
            not_binding=form.not_binding,
            indicators=self.indicators,
            scales=scales,
            organization=organization,
            procedure=procedure,
            lifecycle=lifecycle,
            duties=duties,
            readings=readings,
            moments={key: moment.label for key, moment in form.moments.items()},
            moment_events=read_moments(form, source, self.levels),
            roles=tuple(form.roles),
            index_uses=self.index_uses(),
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
        if not any(finding.severity == "error" for finding in source.findings):
            check_ledger(plan, source)
        return None if any(finding.severity == "error" for finding in source.findings) else plan

    def index_uses(self) -> dict[str, IndexUse]:
        found = {}
        for key, use in self.form.indexes.items():
            path: Path = ("indexes", key)
            table = self.indexes.get(use.edition)
            if table is None:
                self.source.report(
                    (*path, "edition"),
                    "unknown-index",
                    f"“{use.edition}”",
                    "、".join(self.indexes),
                    "改正版本，或在 plans/indexes 中加入",
                )
                continue
            for name in (key, *use.pollutants.values()):
                if name not in self.indicators or self.indicators[name].type != "series":
                    self.source.report(path, "unknown-indicator", f"“{name}”", "本预案的一个 series 指标", "改正")
            for pollutant in use.pollutants:
                if pollutant not in table.day and pollutant not in table.eight_hour:
                    self.source.report(
                        (*path, "pollutants", pollutant),
                        "unknown-index",
                        f"“{pollutant}”",
                        "、".join((*table.day, *table.eight_hour)),
                        "改正",
                    )
            found[key] = IndexUse(table, use.pollutants)
        return found

    def clause(self, clause: str, path: Path) -> str:
        self.reader.check_clause(clause, path)
        return clause

    def readings(self, names: list[str], path: Path) -> tuple[str, ...]:
        for name in names:
            self.reader.check_reading(name, path)
        return tuple(names)

    def fixed(self, reading: str, reasons: Mapping[str, str]) -> dict[str, str]:
        """Why alternatives of a reading can not be switched, by letter."""
        path: Path = ("readings", reading, "fixed")
        return {
            letter: why
            for letter, why in reasons.items()
            if self.reader.check_letters(reading, [letter], (*path, letter), chosen=False)
        }

    def when(self, raw: Any, path: Path) -> Any:
        return None if raw is None else self.reader.read(raw, path, in_force=True)

    def organization(self) -> Organization:
        form = self.form.organization

        def body(of: BodyForm | None, key: str) -> Body | None:
            if of is None:
                return None
            self.clause(of.clause, ("organization", key, "clause"))
            lists = {name: tuple(getattr(of, name)) for name in ("aliases", "head", "deputies", "members", "office_aliases")}
            return Body(of.name, of.clause, office=of.office, office_name=of.office_name, office_head=of.office_head, **lists)

        groups = []
        for n, group in enumerate(form.groups):
            self.clause(group.clause, ("organization", "groups", n, "clause"))
            groups.append(Group(group.name, group.clause, tuple(group.lead), tuple(group.members), group.does))
        return Organization(body(form.command, "command"), body(form.on_site_command, "on_site_command"), tuple(groups))

    def procedure(self) -> tuple[Act, ...]:
        acts = []
        for n, act in enumerate(self.form.procedure):
            path: Path = ("procedure", n)
            self.clause(act.clause, (*path, "clause"))
            levels: tuple[str, ...] = ()
            every = act.level == ["any"]
            if act.scale is not None:
                if act.scale not in self.levels:
                    self.source.report(
                        (*path, "scale"), "unknown-scale", f"等级体系“{act.scale}”", "、".join(self.levels), "改正拼写"
                    )
                    continue
                levels = self.levels[act.scale] if every else tuple(act.level)
                for level in levels:
                    if level not in self.levels[act.scale]:
                        self.source.report(
                            (*path, "level"),
                            "unknown-level",
                            f"级别“{level}”",
                            "any 或 " + "、".join(self.levels[act.scale]),
                            "改正级别",
                        )
            elif not every:
                self.source.report(
                    (*path, "level"), "unknown-level", f"级别“{act.level}”", "any（没有等级体系）", "写明 scale，或用 any"
                )
            acts.append(
                Act(
                    act.scale, levels, every, act.step, act.who, act.clause, act.form, act.does, act.within,
                    self.readings(act.reading, (*path, "reading")), self.when(act.when, (*path, "when")),
                    self.reader.read_under(act.under, (*path, "under")), act.of,
                )
            )  # fmt: skip
        return tuple(acts)

    def lifecycle(self) -> Lifecycle:
        form = self.form.lifecycle
        phases = form.phases
        if form.start not in phases:
            self.source.report(
                ("lifecycle", "start"), "unknown-phase", f"“{form.start}”", "、".join(phases), "改为 phases 中的一个"
            )
        transitions: list[Transition] = []
        for n, move in enumerate(form.transitions):
            path: Path = ("lifecycle", "transitions", n)
            self.clause(move.clause, (*path, "clause"))
            self.readings(move.reading, (*path, "reading"))
            for phase in (*move.from_, move.to):
                if phase not in phases:
                    self.source.report(path, "unknown-phase", f"“{phase}”", "、".join(phases), "改为 phases 中的一个")
            if any(move.do == other.do and set(move.from_) & set(other.from_) for other in form.transitions[:n]):
                self.source.report(path, "duplicate-id", f"转移“{move.do}”从同一阶段写了两次", "每个阶段一次", "合并或改名")
            when = self.when(move.when, (*path, "when"))
            goes_with = read_goes_with(move, path, self.source, self.levels, transitions)
            transitions.append(Transition(move.do, move.label, tuple(move.from_), move.to, move.clause, when, goes_with))
        levels: dict[str, dict[str, LevelRule]] = {}
        for scale, rules in form.levels.items():
            if scale not in self.levels:
                self.source.report(
                    ("lifecycle", "levels", scale), "unknown-scale", f"等级体系“{scale}”", "、".join(self.levels), "改正拼写"
                )
                continue
            levels[scale] = {}
            for kind, rule in (("raise", rules.raise_), ("lower", rules.lower), ("lift", rules.lift)):
                if rule is None:
                    continue
                path = ("lifecycle", "levels", scale, kind)
                self.clause(rule.clause, (*path, "clause"))
                levels[scale][kind] = LevelRule(
                    rule.clause, self.when(rule.when, (*path, "when")), self.readings(rule.reading, (*path, "reading"))
                )
                if isinstance(rule, LowerForm):
                    changes = self.changes(rule.by_reading, (*path, "by_reading"))
                    levels[scale][kind] = replace(levels[scale][kind], steps=rule.steps, by_reading=changes)
        for scale, scale_form in self.form.scales.items():
            if scale_form.follows is None and scale_form.highest_of is None and scale not in levels:
                self.source.report(
                    ("lifecycle", "levels"),
                    "missing-key",
                    f"没有“{scale}”的升降规则",
                    "每个自有触发条件的等级体系至少写 raise",
                    "补上 raise",
                )
        return Lifecycle(form.start, phases, tuple(transitions), levels, self.merges(), self.notices())

    def changes(self, raw: Mapping[str, Mapping[str, Form]], path: Path) -> Changes:
        """What is otherwise in a rule under alternatives of readings."""
        return {
            reading: {letter: change.model_dump(exclude_none=True) for letter, change in options.items()}
            for reading, options in raw.items()
            if self.reader.check_letters(reading, options, (*path, reading), chosen=False)
        }

    def notices(self) -> dict[str, NoticeRule]:
        """For scales on which a notice from above imposes a level: what it does to the own level."""
        found = {}
        for scale, rules in self.form.lifecycle.levels.items():
            rule = rules.notice
            if rule is None or scale not in self.levels:
                continue
            path: Path = ("lifecycle", "levels", scale, "notice")
            self.clause(rule.clause, (*path, "clause"))
            readings = self.readings(rule.reading, (*path, "reading"))
            changes = self.changes(rule.by_reading, (*path, "by_reading"))
            found[scale] = NoticeRule(rule.clause, readings, rule.effect, rule.ends, changes)
        return found

    def merges(self) -> tuple[Merge, ...]:
        found = []
        for n, merge in enumerate(self.form.lifecycle.merges):
            path: Path = ("lifecycle", "merges", n)
            self.clause(merge.clause, (*path, "clause"))
            self.readings(merge.reading, (*path, "reading"))
            indicator = self.indicators.get(merge.indicator)
            spec = indicator.derived_from.spec if indicator and indicator.derived_from else {}
            if spec.get("measure") != "longest_run":
                self.source.report(
                    (*path, "indicator"), "unknown-indicator", f"“{merge.indicator}”", "由序列推出的 longest_run 指标", "改正"
                )
                continue
            try:
                hours = parse_quantity(merge.at_least, "h")
            except BadQuantity as error:
                self.source.report((*path, "at_least"), "wrong-unit", f"“{merge.at_least}”", error.expected, "写成小时数")
                continue
            changes = self.changes(merge.by_reading, (*path, "by_reading"))
            found.append(Merge(merge.indicator, merge.test, int(hours), merge.clause, merge.count, changes))
        return tuple(found)

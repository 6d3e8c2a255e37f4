"""All plan and unit files to checked plans, with every finding of every file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.plan.build import build
from engine.plan.finding import Finding, UnknownName
from engine.plan.indexes import load_indexes
from engine.plan.model import Plan
from engine.plan.source import Source, read
from engine.plan.spelling import nearest
from engine.plan.todo import report_todos
from engine.plan.units import Units, load_units


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: the sound plans by id with their sources, the units by jurisdiction, all findings in order of place.

    plans: of each plan the version that came into force last. versions: all of them, oldest first.
    """

    plans: Mapping[str, Plan]
    versions: Mapping[str, tuple[Plan, ...]]
    sources: Mapping[str, Source]
    units: Mapping[str, Units]
    findings: tuple[Finding, ...]

    def plan(self, plan_id: str) -> Plan:
        """The plan with this id, or with this title. Raises UnknownName."""
        if plan_id in self.plans:
            return self.plans[plan_id]
        for plan in self.plans.values():
            if plan.title == plan_id:
                return plan
        near = nearest(plan_id, list(self.plans))
        raise UnknownName(
            f"没有预案“{plan_id}”", where="plan", remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(self.plans)}"
        )


def load(plan_texts: Mapping[str, str], unit_texts: Mapping[str, str], index_texts: Mapping[str, str]) -> Loaded:
    """Load plans, units and index tables from texts by file name. Nothing is raised for what a file says."""
    unit_sources = [read(text, name) for name, text in unit_texts.items()]
    units = load_units(unit_sources)
    index_sources = [read(text, name) for name, text in index_texts.items()]
    indexes = load_indexes(index_sources)
    versions: dict[str, list[Plan]] = {}
    of_digest: dict[str, Source] = {}
    sources = [*unit_sources, *index_sources]
    for name, text in plan_texts.items():
        source = read(text, name)
        sources.append(source)
        plan = build(source, text, units, indexes)
        report_todos(source)
        if plan is None:
            continue
        stem = name.rsplit("/", 1)[-1].removesuffix(".yaml").split("@")[0]
        if stem != plan.id:
            source.report(
                ("plan",),
                "wrong-name",
                f"id “{plan.id}”，文件名“{stem}”",
                "二者相同（同一预案的另一版本：id@版本.yaml）",
                "改文件名或 id",
            )
        elif any(other.document.in_force == plan.document.in_force for other in versions.get(plan.id, ())):
            source.report(
                ("plan",),
                "duplicate-id",
                f"预案“{plan.id}”{plan.document.in_force} 起施行的版本已有一份",
                "每个版本一份文件",
                "改施行日期，或删去一份",
            )
        else:
            versions.setdefault(plan.id, []).append(plan)
            of_digest[plan.digest] = source
    ordered = {key: tuple(sorted(found, key=lambda one: one.document.in_force)) for key, found in versions.items()}
    plans = {key: found[-1] for key, found in ordered.items()}
    return Loaded(plans, ordered, {key: of_digest[plan.digest] for key, plan in plans.items()}, units, _sorted(sources))


def _sorted(sources: Iterable[Source]) -> tuple[Finding, ...]:
    return tuple(sorted(finding for source in sources for finding in source.findings))

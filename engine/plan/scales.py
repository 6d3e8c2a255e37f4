"""The scales of a plan file: levels, triggers, and the scales that follow others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.plan.condition import Any, Basis, Condition, ScaleIs, Switch
from engine.plan.conditions import ConditionReader
from engine.plan.model import Follows, Scale, Takeover, Trigger
from engine.plan.schema import PlanForm, ScaleForm, TakeoverForm
from engine.plan.source import Path, Source

NATIONAL_ORDERS = (("IV", "III", "II", "I"), ("blue", "yellow", "orange", "red"))
DEFAULT_NAMES = {
    "I": "Ⅰ级", "II": "Ⅱ级", "III": "Ⅲ级", "IV": "Ⅳ级", "blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色",
}  # fmt: skip


def check_order(form: PlanForm, source: Source) -> None:
    """Levels stand lowest first, once each; names and triggers in the same order."""
    for key, scale in form.scales.items():
        path: Path = ("scales", key)
        if len(set(scale.levels)) < len(scale.levels) or not scale.levels or "none" in scale.levels:
            source.report((*path, "levels"), "duplicate-id", f"{scale.levels}", "各不相同、不含 none 的级别", "改正")
        for order in NATIONAL_ORDERS:
            known = [level for level in scale.levels if level in order]
            if known != sorted(known, key=order.index):
                source.report(
                    (*path, "levels"),
                    "levels-out-of-order",
                    "、".join(scale.levels),
                    "由低到高：" + "、".join(level for level in order if level in known),
                    "调整次序",
                )
        if scale.names and len(scale.names) != len(scale.levels):
            source.report(
                (*path, "names"), "wrong-type", f"{len(scale.names)} 个名称", f"与 levels 一样 {len(scale.levels)} 个", "逐一对应"
            )
        given = [level for level in scale.triggers if level in scale.levels]
        if given != [level for level in scale.levels if level in given]:
            source.report((*path, "triggers"), "levels-out-of-order", "、".join(given), "由低到高", "调整次序")
        forms = [
            name
            for name, used in (("triggers", scale.triggers), ("follows", scale.follows), ("highest_of", scale.highest_of))
            if used
        ]
        if len(forms) != 1:
            source.report(
                path, "missing-key", f"有 {'、'.join(forms) or '（无）'}", "triggers、follows、highest_of 恰好一种", "只留一种"
            )


def read_scales(form: PlanForm, source: Source, reader: ConditionReader) -> dict[str, Scale]:
    """The scales by id."""
    scales = {key: _read(key, entry, form, source, reader) for key, entry in form.scales.items()}
    _check_cycles(scales, source)
    return scales


def _read(key: str, entry: ScaleForm, form: PlanForm, source: Source, reader: ConditionReader) -> Scale:
    path: Path = ("scales", key)
    triggers: dict[str, tuple[Trigger, ...]] = {}
    for level, raws in entry.triggers.items():
        here = (*path, "triggers", level)
        if level not in entry.levels:
            source.report(here, "unknown-level", f"级别“{level}”", "、".join(entry.levels), "改正级别")
            continue
        read = (_trigger(key, level, raw, (*here, n), source, reader) for n, raw in enumerate(raws))
        triggers[level] = tuple(trigger for trigger in read if trigger is not None)
    if entry.triggers:
        for level in entry.levels:
            if level not in entry.triggers:
                source.report(
                    (*path, "triggers"),
                    "unreachable",
                    f"级别“{level}”没有触发条件",
                    "每一级至少一个触发条件",
                    "补上，或删去该级别",
                )
    follows = None
    if entry.follows:
        follows, triggers = _follows(key, entry, form, source, reader)
    highest: tuple[str, ...] = ()
    if entry.highest_of:
        highest = tuple(entry.highest_of.scales)
        triggers = _highest(key, entry, form, source, reader)
    takeovers = []
    takeovers = [
        found
        for level, forms in entry.takes_over.items()
        for takeover in forms
        for found in _takeovers(level, takeover, entry, (*path, "takes_over", level), source, reader)
    ]
    names = tuple(entry.names) or tuple(DEFAULT_NAMES.get(level, level) for level in entry.levels)
    reader.source.places.setdefault(path, source.place(path))
    return Scale(key, entry.label, entry.clause, tuple(entry.levels), names, triggers, follows, highest, tuple(takeovers))


def _takeovers(
    level: str, takeover: TakeoverForm, entry: ScaleForm, path: Path, source: Source, reader: ConditionReader
) -> Iterator[Takeover]:
    reader.check_clause(takeover.clause, (*path, "clause"))
    for name in takeover.reading:
        reader.check_reading(name, (*path, "reading"))
    under = reader.read_under(takeover.under, (*path, "under"))
    when = None if takeover.when is None else reader.read(takeover.when, (*path, "when"), in_force=True)
    for lower in takeover.from_:
        if level not in entry.levels or lower not in entry.levels:
            source.report(path, "unknown-level", f"级别“{level}”承接“{lower}”", "、".join(entry.levels), "改正级别")
        elif entry.levels.index(lower) >= entry.levels.index(level):
            source.report(path, "levels-out-of-order", f"“{level}”承接“{lower}”", "承接较低的级别", "对调")
        else:
            yield Takeover(level, lower, takeover.clause, under, when)


def _trigger(scale: str, level: str, raw: object, path: Path, source: Source, reader: ConditionReader) -> Trigger | None:
    condition = reader.read(raw, path)
    if not isinstance(raw, dict):
        return None
    if "clause" not in raw:
        source.report(path, "missing-key", "触发条件没有 clause", "依据的条款号", "补上 clause")
        return None
    if raw.get("imposed") not in (None, "true", "false"):
        source.report((*path, "imposed"), "wrong-type", f"“{raw['imposed']}”", "true 或 false", "改正")
    given = raw.get("reading", [])
    readings = tuple(given) if isinstance(given, list) else (given,)
    if condition is None:
        return None
    return Trigger(scale, level, condition, raw["clause"], readings, raw.get("imposed") == "true", raw.get("note"))


def _follows(
    key: str, entry: ScaleForm, form: PlanForm, source: Source, reader: ConditionReader
) -> tuple[Follows | None, dict[str, tuple[Trigger, ...]]]:
    assert entry.follows is not None
    path: Path = ("scales", key, "follows")
    leader = form.scales.get(entry.follows.scale)
    if leader is None or entry.follows.scale == key:
        source.report((*path, "scale"), "unknown-scale", f"“{entry.follows.scale}”", "另一个等级体系", "改正")
        return None, {}
    if not _check_map(entry.follows.map, leader, entry, (*path, "map"), source):
        return None, {}
    others: list[tuple[str, str, Mapping[str, str]]] = []
    for reading, letters in entry.follows.otherwise.items():
        for letter, other in letters.items():
            here = (*path, "otherwise", reading, letter)
            if reader.check_letters(reading, [letter], here, chosen=False) and _check_map(other, leader, entry, here, source):
                others.append((reading, letter, other))
    triggers: dict[str, tuple[Trigger, ...]] = {}
    for level in entry.levels:
        from_levels = [one for one, to in entry.follows.map.items() if to == level]
        clause = entry.follows.clauses.get(level)
        if not from_levels or clause is None:
            source.report(
                (*path, "clauses" if from_levels else "map"),
                "missing-key",
                f"级别“{level}”",
                "map 和 clauses 都要有每一级",
                "补上",
            )
            continue
        reader.check_clause(clause, (*path, "clauses", level))
        condition: Condition = _follows_level(entry.follows.scale, entry.follows.map, level, clause)
        for reading, letter, changed in others:
            option = _follows_level(entry.follows.scale, changed, level, clause)
            condition = Switch(reading, (("chosen", condition), (letter, option)), Basis(clause=clause))
        triggers[level] = (Trigger(key, level, condition, clause, tuple(entry.follows.reading)),)
    for name in entry.follows.reading:
        reader.check_reading(name, (*path, "reading"))
    return Follows(entry.follows.scale, entry.follows.map, tuple(others)), triggers


def _follows_level(scale: str, levels: Mapping[str, str], level: str, clause: str) -> Condition:
    """That the leading scale is at a level that goes with this one; never, where none does."""
    found = [one for one, to in levels.items() if to == level]
    if found:
        return ScaleIs(scale, frozenset(found), Basis(clause=clause))
    return Any((), Basis(clause=clause))


def _check_map(levels: Mapping[str, str], leader: ScaleForm, entry: ScaleForm, path: Path, source: Source) -> bool:
    """Whether a map names levels of both scales; a finding where not, or where a higher level goes with a lower one."""
    ranks = []
    for source_level, level in levels.items():
        if source_level not in leader.levels or level not in entry.levels:
            source.report(
                (*path, source_level),
                "unknown-level",
                f"{source_level}: {level}",
                f"{'、'.join(leader.levels)} 到 {'、'.join(entry.levels)}",
                "改正级别",
            )
            return False
        ranks.append((leader.levels.index(source_level), entry.levels.index(level)))
    if sorted(ranks) != ranks or [rank for _, rank in ranks] != sorted(rank for _, rank in ranks):
        source.report(path, "levels-out-of-order", str(dict(levels)), "由低到高，高的不跟低的", "调整次序")
    return True


def _highest(
    key: str, entry: ScaleForm, form: PlanForm, source: Source, reader: ConditionReader
) -> dict[str, tuple[Trigger, ...]]:
    assert entry.highest_of is not None
    path: Path = ("scales", key, "highest_of")
    reader.check_clause(entry.highest_of.clause, (*path, "clause"))
    for name in entry.highest_of.reading:
        reader.check_reading(name, (*path, "reading"))
    triggers: dict[str, list[Trigger]] = {level: [] for level in entry.levels}
    for n, name in enumerate(entry.highest_of.scales):
        other = form.scales.get(name)
        if other is None or name == key:
            source.report((*path, "scales", n), "unknown-scale", f"“{name}”", "另一个等级体系", "改正")
            continue
        for level in other.levels:
            if level not in entry.levels:
                source.report(
                    (*path, "scales", n), "unknown-level", f"“{name}”的级别“{level}”", "、".join(entry.levels), "级别名须相同"
                )
                continue
            condition = ScaleIs(name, frozenset({level}), Basis(clause=entry.highest_of.clause))
            triggers[level].append(Trigger(key, level, condition, entry.highest_of.clause, tuple(entry.highest_of.reading)))
    return {level: tuple(found) for level, found in triggers.items()}


def _check_cycles(scales: dict[str, Scale], source: Source) -> None:
    """A scale may not rest on itself, however indirectly."""
    from engine.plan.condition import walk

    uses = {
        key: {
            node.scale
            for found in scale.triggers.values()
            for trigger in found
            for node in walk(trigger.condition)
            if isinstance(node, ScaleIs)
        }
        for key, scale in scales.items()
    }
    for key in scales:
        seen: set[str] = set()
        front = set(uses[key])
        while front:
            if key in front:
                source.report(("scales", key), "cycle", f"“{key}”的条件又引用了它自己", "等级体系之间不成环", "改写其中一个条件")
                break
            seen |= front
            front = set().union(*(uses.get(name, set()) for name in front)) - seen

"""The compiled form of a set of rules: facts in, possible levels and their grounds out.

`Judge.word` ORs what each component says of the facts into one integer; `Judge.outcome` reads levels, possible levels
and grounds off it, once for each integer that occurs. For facts that are fully known or fully unknown, `word` is a
function generated from the cells: it holds numbers and generated names only, never a text of a plan file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.plan.condition import Level
from engine.plan.model import Plan, Trigger
from engine.trigger.areas import AreaComponent
from engine.trigger.cells import Domain
from engine.trigger.component import Clause, Component, Field, groups
from engine.trigger.facts import Facts
from engine.trigger.formula import counts_in, lower, make_domains
from engine.trigger.rules import Flattener, Rule
from engine.trigger.sums import finer

MOST_CHOICES = 32
MOST_OUTCOMES = 100_000
LONGEST_CHAIN = 8
FEW_USES = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What facts establish, per scale: the level, every possible level (lowest first), and the triggers that bear the level out."""

    levels: Mapping[str, Level]
    possible: Mapping[str, tuple[Level, ...]]
    grounds: Mapping[str, tuple[tuple[Trigger, ...], ...]]
    ranks: Mapping[str, tuple[int, ...]]
    clauses: Mapping[str, tuple[str, ...]]


class Judge:
    """Rules of some scales, compiled."""

    def __init__(self, plan: Plan, rules: Mapping[str, tuple[Rule, ...]], sizes: Mapping[str, int]) -> None:
        self.plan = plan
        self.domains = make_domains(plan, (rule.condition for found in rules.values() for rule in found))
        self._outcomes: dict[int, Outcome] = {}
        self._fields: dict[str, tuple[int, int, int]] = {}
        self._grounds: dict[str, list[tuple[int, int, tuple[Trigger, ...]]]] = {scale: [] for scale in rules}
        self.components: list[Component] = []
        at = 0
        by_keys: dict[frozenset[str], list[Field]] = {}
        for scale, found in rules.items():
            size = sizes[scale] + 1
            possible_at, below_at = at, at + size
            at += 2 * size
            self._fields[scale] = (possible_at, below_at, size)
            formulas = {n: lower(rule.condition, self.domains, plan) for n, rule in enumerate(found)}
            for keys, numbers in groups(formulas, self.domains):
                one = Field(scale, size, possible_at, below_at)
                for n in numbers:
                    rule = found[n]
                    bits = [0]
                    for rank in range(1, rule.rank + 1):
                        bits.append(at)
                        self._grounds[scale].append((at, rank, rule.chain))
                        at += 1
                    one.clauses.append((n, Clause(rule, formulas[n], tuple(bits))))
                by_keys.setdefault(keys, []).append(one)
        for keys, fields in by_keys.items():
            areal = any(counts_in(clause.formula) for one in fields for _, clause in one.clauses)
            self.components.append(
                AreaComponent(keys, self.domains, fields, plan) if areal else Component(keys, self.domains, fields)
            )
        self._sums = [group for component in self.components for group in component.sums]
        self._hard = [component for component in self.components if not component.plain]
        self._plain = [component for component in self.components if component.plain]
        self._uses = 0
        self._fast: Callable[[Callable[[str], Any]], int] = self._first_words

    def domain(self, key: str, facts: Facts) -> Domain:
        """An indicator's cells on which every outcome is constant, given the other facts."""
        domain = self.domains[key]
        return finer(key, domain, self._sums, facts) if self._sums else domain

    def word(self, facts: Facts) -> int:
        """What all components together say of the facts."""
        if facts.partial:
            found = 0
            for component in self.components:
                found |= component.word(facts)
            return found
        found = self._fast(facts.known.get)
        for component in self._hard:
            found |= component.word(facts)
        return found

    def _first_words(self, get: Callable[[str], Any]) -> int:
        """The plain components' words until it pays to generate the function for them."""
        self._uses += 1
        if self._uses > FEW_USES:
            self._fast = _generate(self._plain, self.domains)
            return self._fast(get)
        found = 0
        for component in self._plain:
            found |= component.word_of(get)
        return found

    def outcome(self, facts: Facts) -> Outcome:
        """Levels, possible levels and grounds, exactly."""
        word = self.word(facts) if facts.partial or self._hard else self._fast(facts.known.get)
        found = self._outcomes.get(word)
        if found is None:
            if len(self._outcomes) > MOST_OUTCOMES:
                self._outcomes.clear()
            found = self._outcomes[word] = self.read(word)
        return found

    def read(self, word: int) -> Outcome:
        """What a word says: levels, possible levels and grounds."""
        levels: dict[str, Level] = {}
        possible: dict[str, tuple[Level, ...]] = {}
        grounds: dict[str, tuple[tuple[Trigger, ...], ...]] = {}
        all_ranks: dict[str, tuple[int, ...]] = {}
        for scale_id, (possible_at, below_at, size) in self._fields.items():
            ones = (1 << size) - 1
            mask = (word >> possible_at & ones | (0 if self._grounds[scale_id] else 1)) & ~(word >> below_at & ones)
            ranks = tuple(rank for rank in range(size) if mask >> rank & 1)
            all_ranks[scale_id] = ranks
            scale = self.plan.scales.get(scale_id)
            names = (None, *scale.levels) if scale else (None, *("held",) * (size - 1))
            possible[scale_id] = tuple(names[rank] for rank in ranks)
            levels[scale_id] = names[ranks[0]]
            grounds[scale_id] = tuple(
                dict.fromkeys(chain for bit, rank, chain in self._grounds[scale_id] if rank == ranks[0] and word >> bit & 1)
            )
        clauses = {
            scale: tuple(dict.fromkeys(one.clause for chain in chains for one in chain)) for scale, chains in grounds.items()
        }
        return Outcome(levels, possible, grounds, all_ranks, clauses)


class Table(dict[int, int]):
    """A component's words by mixed-radix index (one more digit value for unknown), worked out when first asked for."""

    def __init__(self, component: Component, domains: list[Domain]) -> None:
        super().__init__()
        self._component = component
        self._domains = domains

    def __missing__(self, index: int) -> int:
        masks: list[int] = []
        rest = index
        for domain in reversed(self._domains):
            rest, digit = divmod(rest, domain.size + 1)
            masks.append(domain.every if digit == domain.size else 1 << digit)
        found = self[index] = self._component.of_masks(tuple(reversed(masks)))
        return found


def _generate(components: list[Component], domains: Mapping[str, Domain]) -> Callable[[Callable[[str], Any]], int]:
    """A function from `facts.known.get` to the components' words, ORed."""
    names: dict[str, Any] = {"bisect": bisect_right}
    lines = ["def word(get):"]
    reads: dict[str, str] = {}
    terms = []

    def name(value: Any, prefix: str) -> str:
        key = f"{prefix}{len(names)}"
        names[key] = value
        return key

    for component in components:
        digits = []
        for key in component.keys:
            if key not in reads:
                reads[key] = f"i{len(reads)}"
                lines += _read_cell(reads[key], key, domains[key], name)
            digits.append((reads[key], domains[key].size + 1))
        index = digits[0][0] if digits else "0"
        for cell, size in digits[1:]:
            index = f"({index})*{size}+{cell}"
        table = Table(component, [domains[key] for key in component.keys])
        total = 1
        for _, size in digits:
            total *= size
        # A small table is a list: quicker to index, and filled here.
        small = [table[n] for n in range(total)] if total <= 32 else None
        terms.append(f"{name(small if small is not None else table, 't')}[{index}]")
    lines.append(f"    return {' | '.join(terms) or '0'}")
    exec(compile("\n".join(lines), "<judge>", "exec"), names)  # noqa: S102 - numbers and generated names only
    return names["word"]  # type: ignore[no-any-return]


def _read_cell(target: str, key: str, domain: Domain, name: Callable[[Any, str], str]) -> list[str]:
    """Lines that set `target` to the cell of a known value, or to the domain's size if it is unknown."""
    read = f"get({name(key, 'k')})"
    if domain.values:
        cells: dict[Any, int] = {value: n for n, value in enumerate(domain.values)}
        cells[None] = domain.size
        return [f"    {target} = {name(cells, 'm')}[{read}]"]
    if len(domain.cuts) > LONGEST_CHAIN:
        return [f"    v = {read}", f"    {target} = {domain.size} if v is None else bisect({name(domain.cuts, 'c')}, (v, False))"]
    chain = "".join(f"{n} if v {'<=' if after else '<'} {at!r} else " for n, (at, after) in enumerate(domain.cuts))
    return [f"    v = {read}", f"    {target} = {domain.size} if v is None else {chain}{len(domain.cuts)}"]


def keep_few(plan: Plan, choices: tuple[tuple[str, str], ...]) -> None:
    """Keep the compiled forms of the choices of readings that were used last: there are thousands of combinations."""
    recent: dict[Any, None] = plan.memo.setdefault("recent choices", {})
    recent.pop(choices, None)
    recent[choices] = None
    if len(recent) > MOST_CHOICES:
        oldest = next(iter(recent))
        del recent[oldest]
        for key in [key for key in plan.memo if isinstance(key, tuple) and key[-1] == oldest]:
            del plan.memo[key]


def judge(plan: Plan, choices: Mapping[str, str] | None = None, scale: str | None = None) -> Judge:
    """The plan's scales, or one of them, compiled once for each choice of readings."""
    key: object = ("judge", scale, tuple(sorted(choices.items()))) if choices else "judge" if scale is None else ("judge", scale)
    found = plan.memo.get(key)
    if choices:
        keep_few(plan, key[-1])  # type: ignore[index]
    if found is None:
        flattener = Flattener(plan, choices or {})
        rules = {one: flattener.rules(one) for one in (plan.scales if scale is None else (scale,))}
        found = plan.memo[key] = Judge(plan, rules, {one: len(plan.scales[one].levels) for one in rules})
    return found

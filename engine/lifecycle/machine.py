"""The only place where a state changes, and the only module that imports `transitions`.

An incident's state is a phase and, for each scale, the level in force. Each of these is one small flat machine made from
the plan's data: states are the phases, or none and the scale's levels; transitions are those that the plan prints.
Raising is always a transition; lowering and lifting only where the plan has a rule for it. A move that no transition
allows raises IllegalMove and changes nothing: states are values, a move returns the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from transitions import Machine, MachineError
from transitions.extensions import GraphMachine

from engine.plan.condition import Level
from engine.plan.finding import IllegalMove
from engine.plan.model import NO_CHOICES, LevelRule, Plan, Transition
from engine.plan.words import condition_word, level_word
from engine.trigger.facts import Facts
from engine.trigger.truth import Truth, truth

NO_LEVEL = "none"
RAISE, LOWER, LIFT = "raise", "lower", "lift"
KIND_WORDS = {RAISE: "升级", LOWER: "降级", LIFT: "解除"}


@dataclass(frozen=True, slots=True)
class State:
    """Where an incident stands under one plan."""

    phase: str
    levels: Mapping[str, Level]


class _Token:
    """What a machine moves: `transitions` keeps the state on it."""

    state: str


def begin(plan: Plan) -> State:
    """The routine state: the plan's first phase, no level in force."""
    return State(plan.lifecycle.start, {scale: None for scale in plan.scales})


def moves(plan: Plan, state: State) -> tuple[Transition, ...]:
    """The phase transitions that leave this state."""
    machine = _phases(plan)
    return tuple(
        move for move in plan.lifecycle.transitions if machine.get_transitions(move.do, source=state.phase, dest=move.target)
    )


def move(plan: Plan, state: State, do: str, facts: Facts | None = None, *, choices: Mapping[str, str] = NO_CHOICES) -> State:
    """The state after a phase transition. With facts, its condition must be established. Raises IllegalMove."""
    machine = _phases(plan)
    after = _fire(
        machine, do, state.phase, f"现在是“{plan.lifecycle.phases[state.phase]}”", [one.do for one in moves(plan, state)]
    )
    taken = next(one for one in plan.lifecycle.transitions if one.do == do and state.phase in one.sources)
    if facts is None or taken.when is None:
        return replace(state, phase=after)
    if truth(plan, taken.when, facts, choices=choices, in_force=state.levels) is not Truth.HELD:
        needed = f"须：{condition_word(plan, taken.when)}（{taken.clause}）"
        raise IllegalMove(f"“{taken.label}”的条件没有成立", where=do, remedy=needed)
    return replace(state, phase=after)


def move_kind(plan: Plan, scale: str, now: Level, to: Level) -> str | None:
    """raise, lower or lift; None where nothing changes."""
    found = plan.scale(scale)
    before, after = found.rank(now), found.rank(to)
    if before == after:
        return None
    return RAISE if after > before else LIFT if after == 0 else LOWER


def set_level(plan: Plan, state: State, scale: str, to: Level, *, choices: Mapping[str, str] = NO_CHOICES) -> State:
    """The state with a scale at another level, and with every scale that follows it moved along. Raises IllegalMove.

    choices: reading id -> letter of an alternative (absent: the plan's own reading).
    """
    found = plan.scale(scale)
    if found.follows is not None:
        raise IllegalMove(f"“{found.label}”随“{plan.scales[found.follows.scale].label}”", where=scale, remedy="改前者的级别")
    if to is not None:
        to = plan.level(scale, to)
    now = state.levels[scale]
    kind = move_kind(plan, scale, now, to)
    if kind is None:
        return state
    words = f"“{found.label}”现为{level_word(found, now)}"
    machine = _levels(plan, scale, choices)
    legal = [event for event in machine.events if machine.get_transitions(event, source=now or NO_LEVEL)]
    after = _fire(machine, f"{kind}_{to or NO_LEVEL}", now or NO_LEVEL, words, legal)
    levels = dict(state.levels)
    levels[scale] = None if after == NO_LEVEL else after
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale:
            levels[other.id] = None if after == NO_LEVEL else other.follows.map_under(choices).get(after)
    return replace(state, levels=levels)


def _fire(machine: Machine, event: str, source: str, present: str, legal: list[str]) -> str:
    """The state that an event leads to. `transitions` decides; the token is thrown away."""
    token = _Token()
    machine.add_model(token, initial=source)
    try:
        if event not in machine.events:
            raise MachineError(event)
        machine.events[event].trigger(token)
        return token.state
    except MachineError:
        raise IllegalMove(f"{present}，不能“{event}”", where=event, remedy=f"可用：{'、'.join(legal) or '（无）'}") from None
    finally:
        machine.remove_model(token)


def _phases(plan: Plan) -> Machine:
    if "phases" not in plan.memo:
        plan.memo["phases"] = Machine(
            model=None,
            states=list(plan.lifecycle.phases),
            transitions=[[one.do, source, one.target] for one in plan.lifecycle.transitions for source in one.sources],
            initial=plan.lifecycle.start,
            auto_transitions=False,
        )
    found: Machine = plan.memo["phases"]
    return found


def rules_of(plan: Plan, scale: str, choices: Mapping[str, str] = NO_CHOICES) -> dict[str, LevelRule]:
    """The plan's rules for moving a scale, by kind, under these choices of readings."""
    return {kind: rule.read(choices) for kind, rule in plan.lifecycle.levels.get(scale, {}).items()}


def _levels(plan: Plan, scale: str, choices: Mapping[str, str]) -> Machine:
    rules = rules_of(plan, scale, choices)
    key = ("levels", scale, LOWER in rules and rules[LOWER].steps)
    if key not in plan.memo:
        plan.memo[key] = Machine(
            model=None,
            states=[NO_LEVEL, *plan.scales[scale].levels],
            transitions=[[f"{kind}_{to}", source, to] for kind, source, to in _level_transitions(plan, scale, rules)],
            initial=NO_LEVEL,
            auto_transitions=False,
        )
    found: Machine = plan.memo[key]
    return found


def _level_transitions(plan: Plan, scale: str, rules: Mapping[str, LevelRule]) -> list[tuple[str, str, str]]:
    """(kind, from, to) for every pair of levels that the plan's rules allow; a highest-of scale may fall as its parts do."""
    states = [NO_LEVEL, *plan.scales[scale].levels]
    free = bool(plan.scales[scale].highest_of) and not rules
    found = []
    for low, below in enumerate(states):
        for above in states[low + 1 :]:
            found.append((RAISE, below, above))
            if low and (free or (LOWER in rules and (rules[LOWER].steps == "all" or states[low + 1] == above))):
                found.append((LOWER, above, below))
        if low and (free or LIFT in rules):
            found.append((LIFT, below, NO_LEVEL))
    return found


def diagram(plan: Plan, state: State | None = None) -> str:
    """The plan's machines as Markdown: a fenced mermaid diagram for each."""
    return "\n".join(f"```mermaid\n{one}```\n" for one in diagrams(plan, state))


@dataclass(frozen=True, slots=True)
class Step:
    """An arrow of a picture: its kind (raise, lower, lift, or phase), its words and its clause, from one state to another."""

    kind: str
    label: str
    clause: str | None
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One machine to be drawn: its states by name in their order, its arrows, and the state now. `scale`: None for the phases."""

    scale: str | None
    title: str
    states: Mapping[str, str]
    steps: tuple[Step, ...]
    now: str


def pictures(plan: Plan, state: State | None = None) -> tuple[Picture, ...]:
    """The plan's machines: the phases, then each scale that moves by itself."""
    lifecycle = plan.lifecycle
    now = state or begin(plan)
    steps = [Step("phase", one.label, one.clause, source, one.target) for one in lifecycle.transitions for source in one.sources]
    found = [Picture(None, "事件阶段", dict(lifecycle.phases), tuple(steps), now.phase)]
    for scale in plan.scales.values():
        if scale.follows is not None:
            continue
        rules = lifecycle.levels.get(scale.id, {})
        words = {NO_LEVEL: "无", **{level: level_word(scale, level) for level in scale.levels}}
        steps = [
            Step(kind, KIND_WORDS[kind], rules[kind].clause if kind in rules else None, source, to)
            for kind, source, to in _level_transitions(plan, scale.id, rules)
        ]
        found.append(Picture(scale.id, scale.label, words, tuple(steps), now.levels[scale.id] or NO_LEVEL))
    return tuple(found)


def diagrams(plan: Plan, state: State | None = None) -> tuple[str, ...]:
    """The same pictures as mermaid state diagrams."""
    return tuple(_draw(plan, one) for one in pictures(plan, state))


def _draw(plan: Plan, picture: Picture) -> str:
    words = picture.states
    steps = [
        (one.label if one.clause is None else f"{one.label}（{one.clause}）", words[one.source], words[one.target])
        for one in picture.steps
    ]
    machine = GraphMachine(
        model=_Token(), states=list(words.values()), transitions=[list(step) for step in steps], initial=words[picture.now],
        auto_transitions=False, graph_engine="mermaid", title=f"title: {plan.title}：{picture.title}",
    )  # fmt: skip
    return str(machine.get_combined_graph().draw(None)).rstrip() + "\n"

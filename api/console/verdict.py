"""The assessment of one scale: its level, why, who signs, how far the next level is, what to ask, and on which readings it rests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.console import texts
from api.console.badge import badge, ladder, level_name, short_name
from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.names import short_label
from api.console.tree import Folds, clause, level_tree, mark, unknown_plate
from engine.assess import Assessment
from engine.counterfactual import Answer, Distance, Question, changes_words, distances, ways_out
from engine.duty.duties import acts_at
from engine.explain import facts_behind, level_states, readings_used, reason_of, reasons
from engine.plan.model import Act, Scale, Trigger
from engine.plan.words import STEPS
from engine.trigger.truth import Truth

MAIN_STEPS = ("propose", "decide", "sign", "publish")
LATER_STEPS = ("adjust", "terminate")
MOST_CHAINS = 3
MOST_FACTS = 4
MOST_WAYS_NEXT = 4
MOST_WAYS_LATER = 2
MOST_OUTCOMES = 2
MOST_MORE = 2


def scale_row(assessment: Assessment, scale: Scale, name: str, *, narrow: bool) -> Markup:
    """One scale in short: name, level, ladder; without words in the ladder where `narrow`."""
    level = assessment.levels[scale.id]
    named = tag("span", name, class_="scale", title=scale.label)
    size = "small" if narrow else ""
    return join((named, badge(scale, level, size), ladder(scale, level_states(assessment, scale.id), words=not narrow)))


def conclusion(assessment: Assessment, scale: Scale) -> Markup:
    """The level, the clauses that establish it, and the facts behind it."""
    level = assessment.levels[scale.id]
    basis = join((clause(one) for one in assessment.basis(scale.id)), "　")
    head = tag(
        "div",
        tag("span", short_label(scale.label), class_="scale"),
        badge(scale, level, "large"),
        _still(assessment, scale),
        class_="head",
    )
    found = _chains(assessment, scale) if level is not None else _not_reached(assessment, scale)
    label = tag(
        "div", tag("h3", texts.WHY), tag("span", texts.BASIS, " ", basis, class_="basis") if level else None, class_="line"
    )
    return join((head, label, found))


def _still(assessment: Assessment, scale: Scale) -> Child:
    others = [one for one in assessment.possible[scale.id] if one != assessment.levels[scale.id]]
    if not others:
        return tag("span", texts.SETTLED, class_="still")
    return tag("span", texts.STILL, "、".join(level_name(scale, one) for one in others), class_="still")


def _not_reached(assessment: Assessment, scale: Scale) -> Markup:
    open_ = [level_name(scale, one) for one in assessment.possible[scale.id] if one is not None]
    text = texts.BECAUSE_NONE_OPEN.format(levels="、".join(open_)) if open_ else texts.BECAUSE_NONE
    return tag("p", text, class_="because")


def _chains(assessment: Assessment, scale: Scale) -> Markup:
    """Each group of triggers that bears the level out: the facts first, then what follows from them."""
    chains = assessment.grounds[scale.id]
    shown = join(tag("ul", *_chain(assessment, chain), class_="because") for chain in chains[:MOST_CHAINS])
    more = (
        tag("p", texts.MORE_GROUNDS.format(count=len(chains) - MOST_CHAINS), class_="aside")
        if len(chains) > MOST_CHAINS
        else None
    )
    return join((shown, more))


def _chain(assessment: Assessment, chain: Sequence[Trigger]) -> Iterable[Markup]:
    """What holds, then each level that follows from the one before it (which may yet come out higher)."""
    for n, trigger in enumerate(reversed(chain)):
        reason = reason_of(assessment, trigger)
        if n:
            least = texts.AT_LEAST if reason.truth is not Truth.HELD else None
            follows = tag("span", texts.FOLLOWS, class_="mark", role="img", aria_label=texts.FOLLOWS_WORD)
            yield tag("li", follows, tag("span", least, reason.text, class_="said"), clause(trigger.clause))
            continue
        behind = [one for one in facts_behind(reason) if one.fact is not None][:MOST_FACTS]
        facts = join((tag("span", one.text, tag("b", one.fact)) for one in behind), "；") or reason.text
        yield tag("li", mark(reason.truth), tag("span", facts, class_="said"), clause(trigger.clause))


# --- who signs ---------------------------------------------------------------------------------------------------------


def signers(assessment: Assessment, scale: Scale, folds: Folds) -> Markup:
    """Who takes which step for the level, a row a step."""
    level = assessment.levels[scale.id]
    title = tag("h3", texts.SIGNERS)
    if level is None:
        return join((title, tag("p", texts.SIGNERS_NONE, class_="aside")))
    acts = acts_at(assessment.plan, scale.id, level, assessment.choices)
    rows = [
        _step(step, [act for act in acts if act.step == step]) for step in MAIN_STEPS if any(act.step == step for act in acts)
    ]
    if not any(act.step in ("decide", "sign") for act in acts):
        rows.append(tag("div", unknown_plate(texts.SIGNERS_UNWRITTEN)))
    later = [
        _step(step, [act for act in acts if act.step == step]) for step in LATER_STEPS if any(act.step == step for act in acts)
    ]
    more = (
        tag("details", tag("summary", texts.SIGNERS_LATER), *later, data_key="later", open=folds.is_open("later", False))
        if later
        else None
    )
    return join((title, *rows, more))


def _step(step: str, acts: Sequence[Act]) -> Markup:
    who: dict[str | None, list[Act]] = {}
    for act in acts:
        who.setdefault(act.who, []).append(act)
    return tag(
        "div",
        tag("span", STEPS[step], class_="label"),
        tag("span", join((_who(name, done) for name, done in who.items()), "　")),
        class_=f"step {step}",
    )


def _who(name: str | None, acts: Sequence[Act]) -> Markup:
    does = "；".join(dict.fromkeys(text for act in acts for text in (act.form, act.does) if text))
    within = next((texts.WITHIN.format(within=act.within) for act in acts if act.within), None)
    clauses = join((clause(one) for one in dict.fromkeys(act.clause for act in acts)), " ")
    named = tag("b", name) if name else unknown_plate(texts.WHO_UNWRITTEN)
    return tag("span", named, tag("span", within, class_="within") if within else None, clauses, class_="who", title=does or None)


# --- how far -----------------------------------------------------------------------------------------------------------


def ways(assessment: Assessment, scale: Scale) -> Markup:
    """The smallest changes that reach each higher level, and those that leave this one."""
    rank = scale.rank(assessment.levels[scale.id])
    up = []
    for n, level in enumerate(scale.levels[rank:]):
        found = distances(assessment, scale.id, level)[: MOST_WAYS_LATER if n else MOST_WAYS_NEXT]
        if found:
            up.append(tag("div", badge(scale, level, "small"), _ways(assessment, found), class_="way"))
    parts: list[Child] = (
        [tag("h3", texts.UP), *up]
        if up
        else [tag("h3", texts.UP), tag("p", texts.UP_TOP if rank == len(scale.levels) else texts.UP_NONE, class_="aside")]
    )
    down = ways_out(assessment, scale.id, most=3)
    if down:
        parts.append(tag("h3", texts.DOWN))
        for to in dict.fromkeys(one.level for one in down):
            parts.append(
                tag("div", badge(scale, to, "small"), _ways(assessment, [one for one in down if one.level == to]), class_="way")
            )
    return join(parts)


def _ways(assessment: Assessment, found: Sequence[Distance]) -> Markup:
    rows = []
    for one in found:
        rows.append(tag("li", tag("span", changes_words(assessment.plan, one.changes)), clause(one.clause)))
    return tag("ul", *rows)


# --- what to ask -------------------------------------------------------------------------------------------------------


def ask(assessment: Assessment, found: Sequence[Question], first_scale: str) -> Markup:
    """The question that settles most, with the outcome of each answer; the next ones by name."""
    if not found:
        return tag("p", tag("b", texts.ASK_NOTHING), class_="line")
    question = found[0]
    fill = _go(question, texts.ASK_FILL, "button")
    head = tag("div", tag("h3", texts.ASK), tag("b", _short(question), title=question.label, class_="what"), fill, class_="line")
    scales = [key for key in assessment.plan.scales if len({one.possible[key] for one in question.answers}) > 1]
    scales.sort(key=lambda key: key != first_scale)
    shown = [assessment.plan.scales[key] for key in scales[:MOST_OUTCOMES]]
    names = tag("tr", tag("th", texts.IF, scope="col"), *(tag("th", short_label(one.label), scope="col") for one in shown))
    rows = [
        tag("tr", tag("th", answer.words, scope="row"), *(_outcome(scale, answer) for scale in shown))
        for answer in question.answers
    ]
    more = None
    if len(found) > 1:
        rest = [_go(one, _short(one), "link") for one in found[1 : 1 + MOST_MORE]]
        more = tag("p", tag("span", texts.ASK_MORE, class_="label"), *rest, class_="more")
    return join((head, tag("table", tag("thead", names), tag("tbody", *rows), class_="answers"), more))


def _short(question: Question) -> str:
    return short_label(question.label)


def _go(question: Question, text: str, kind: str) -> Markup:
    """A button that puts the cursor where the answer belongs."""
    return tag(
        "button", text, type="button", class_=kind, title=question.label, data_go=question.indicator, data_area=question.area
    )


def _outcome(scale: Scale, answer: Answer) -> Markup:
    rest = [level for level in answer.possible[scale.id] if level is not None and level != answer.levels[scale.id]]
    still = (
        tag("span", texts.POSSIBLE, " ", " ".join(short_name(scale, level) for level in rest), class_="still") if rest else None
    )
    return tag("td", badge(scale, answer.levels[scale.id], "small"), still)


# --- why not higher, readings ------------------------------------------------------------------------------------------


def why_not(assessment: Assessment, scale: Scale, folds: Folds) -> Markup:
    """Each level with its conditions, the next one up first; open or closed as the officer left them."""
    rank = scale.rank(assessment.levels[scale.id])
    found = sorted(
        reasons(assessment, scale.id), key=lambda one: (scale.rank(one.level) <= rank, abs(scale.rank(one.level) - rank))
    )
    rows = []
    for n, one in enumerate(found):
        key = f"level-{one.level}"
        unfolded = folds.is_open(key, n == 0 and scale.rank(one.level) > rank)
        summary = tag("summary", badge(scale, one.level, "small"), tag("span", texts.STATES[one.state], class_="state"))
        triggers = scale.triggers.get(one.level, ())
        rows.append(tag("details", summary, level_tree(assessment, triggers, folds), data_key=key, open=unfolded))
    return join((tag("h3", texts.WHY_NOT), *rows))


def readings(assessment: Assessment, scale: Scale, folds: Folds) -> Markup:
    """The readings that the scale rests on: those of the triggers that hold first."""
    plan = assessment.plan
    used = readings_used(assessment, scale.id)
    holding = {name for chain in assessment.grounds[scale.id] for trigger in chain for name in trigger.readings}
    ordered = sorted(used, key=lambda name: name not in holding)
    rows = []
    for name in ordered:
        reading = plan.readings[name]
        letter = assessment.choices.get(name)
        lines: list[Child] = [
            tag("p", tag("span", texts.READING_CHOSEN, class_="label"), reading.chosen, " ", clause(reading.clause))
        ]
        for n, other in enumerate(reading.alternatives):
            word = texts.READING_SWITCHED if letter == chr(ord("a") + n) else texts.READING_OTHER
            lines.append(tag("p", tag("span", f"{word} {chr(ord('a') + n)}", class_="label"), other))
        lines.append(tag("p", reading.because, class_="aside") if reading.because else None)
        summary = tag("summary", tag("span", name, class_="id"), reading.question)
        key = f"reading-{name}"
        rows.append(
            tag(
                "details",
                summary,
                *lines,
                class_="held" if name in holding else None,
                data_key=key,
                open=folds.is_open(key, False),
            )
        )
    title = tag("h3", f"{texts.READINGS} {len(rows)}")
    return join((title, *rows)) if rows else join((title, tag("p", texts.NO_READINGS, class_="aside"), EMPTY))

"""读法: how ambiguous clauses are read here, how else they could be, which alternatives can be switched, and why not."""

from __future__ import annotations

from api.console.markup import Markup, tag
from api.console.parts.words import clause
from api.console.screen import nothing
from api.http.at_desk import AtDesk
from engine.plan.model import Plan, Reading

MOVES = {"level": "级别", "duty": "任务和程序", "lifecycle": "升降和解除"}


def readings_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part: those that can be switched first."""
    if not plan.readings:
        return tag("section", nothing("这件预案没有要解释的条款"), class_="panel")
    switched = plan.switches()
    able = [one for one in plan.readings.values() if one.id in switched]
    others = [one for one in plan.readings.values() if one.id not in switched]
    words = f"{len(plan.readings)} 条读法，{len(able)} 条可以切换；切换只在研判和推演中试，不改预案"
    return tag(
        "div",
        tag("p", words, class_="aside"),
        *(_reading(plan, one) for one in (*able, *others)),
        class_="stack",
    )


def _reading(plan: Plan, reading: Reading) -> Markup:
    moves = [word for kind, word in MOVES.items() if reading.id in plan.switches(kind)]
    letters = plan.switches().get(reading.id, ())
    return tag(
        "section",
        tag(
            "h2",
            f"{reading.id} {reading.question} ",
            clause(plan.id, reading.clause),
            *(tag("span", f"影响{one}", class_="chip") for one in moves),
            class_="title",
        ),
        tag("div", tag("span", "在用", class_="chip chosen"), tag("b", reading.chosen), class_="line"),
        *(_alternative(reading, letter, letter in letters) for letter in reading.letters),
        tag("p", f"因为：{reading.because}", class_="aside") if reading.because else None,
        class_="panel reading-card",
        id=f"reading-{reading.id}",
    )


def _alternative(reading: Reading, letter: str, able: bool) -> Markup:
    why = reading.fixed.get(letter)
    state = (
        tag("span", "可以切换", class_="aside") if able else tag("span", f"不能切换{f'：{why}' if why else ''}", class_="aside")
    )
    return tag("div", tag("span", f"其他 {letter}", class_="chip"), tag("span", reading.words(letter)), state, class_="line")

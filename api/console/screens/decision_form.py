"""The form of a decision: a level, the post to sign in, the reason, times and area; the level's word is typed, the button says the effect."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from api.console.badge import badge
from api.console.markup import Child, Markup, join, tag
from api.console.screen import nothing
from engine.contract.signing import VERBS
from engine.incident.state import Incident
from engine.plan.model import Plan, Scale
from engine.plan.words import NUMERAL_WORDS

Choices = Sequence[Mapping[str, Any]]
LIFT_WORD, KEEP_WORD = "解除", "维持"
NOTHING_CHOSEN = "先选一项决定"


def words_to_type(scale: Scale, one: Mapping[str, Any]) -> tuple[str, ...]:
    """What confirms a choice: the level's own word, or 解除, 维持; a numeral in every way that it is typed."""
    if one["level"] is None:
        return (LIFT_WORD,) if one["kind"] == "lift" else (KEEP_WORD,)
    own = scale.name(one["level"])
    plain = unicodedata.normalize("NFKC", own)
    if plain == f"{one['level']}级":
        return tuple(dict.fromkeys((NUMERAL_WORDS.get(one["level"], plain), plain)))
    return (plain,)


def may_sign(choices: Choices) -> bool:
    """Whether the visitor can sign any of them."""
    return any(one["mine"] and one["refused"] is None for one in choices)


def form(incident: Incident, plan: Plan, scale: Scale, proposal: str | None) -> Markup:
    """The form itself: drawn once. The choices and posts in it are panels, and keep what was chosen."""
    head = [tag("input", type="hidden", name="plan", value=plan.id), tag("input", type="hidden", name="scale", value=scale.id)]
    if proposal is not None:
        head.append(tag("input", type="hidden", name="proposal", value=proposal))
    return tag(
        "form",
        *head,
        tag("fieldset", tag("legend", "决定"), tag("div", data_panel="choices", class_="levels-to-choose")),
        tag("fieldset", tag("legend", "以什么职务签"), tag("div", data_panel="posts", class_="posts")),
        tag(
            "label",
            tag("span", "理由", data_reason_label=True),
            tag("textarea", name="reason", maxlength="2000", rows="2"),
            class_="reason",
        ),
        _when(),
        _area(plan),
        _confirm(),
        tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
        id="decision",
        data_url=f"/api/v1/incidents/{incident.id}/decisions",
        data_label="签发",
        data_done="已签发，已入日志",
        data_go=None if proposal is not None else "/incidents/{incident}",
        data_draft=f"sign-{proposal or scale.id}",
        data_guard=True,
        data_choice=True,
        data_now_or_never=True,
        class_="decision-form",
        autocomplete="off",
        aria_label="决定",
    )


def _when() -> Markup:
    def moment(name: str, label: str, kind: str, hint: str) -> Markup:
        field = tag("input", name=name, data_type=kind, data_hint=hint, autocomplete="off", placeholder="1430 或 11-22 14:30")
        return tag("label", label, field, tag("small", hint, data_meaning=True))

    return join(
        (
            tag(
                "div",
                moment("effective_from", "生效 起", "today", "不填：决定之时"),
                moment("until", "暂定 至", "ahead", "不填：不限。到期复核，不自动解除"),
                class_="row",
            ),
            tag(
                "details",
                tag("summary", "口头决定在先、现在补签"),
                moment("decided_at", "口头决定的时间", "moment", "不填：现在"),
                data_key="spoken",
            ),
        )
    )


def _area(plan: Plan) -> Markup:
    """A free line; the plan's areas are put in by a click."""
    known = dict.fromkeys(area for one in plan.indicators.values() for area in one.areas)
    chips = [tag("button", area, type="button", class_="button chip-button", data_adds="area") for area in known]
    return tag(
        "div",
        tag("label", "范围", tag("input", name="area", maxlength="200", placeholder="不填：全辖区")),
        tag("div", *chips, class_="areas") if chips else None,
    )


def _confirm() -> Markup:
    return tag(
        "div",
        tag(
            "label",
            tag("span", "先选一项决定，再键入级别", data_confirm_label=True),
            tag("input", data_confirm="\x20", required=True, autocomplete="off"),
        ),
        tag("button", NOTHING_CHOSEN, type="submit", class_="button primary", disabled=True, data_effect_button=NOTHING_CHOSEN),
        class_="confirm",
    )


def choices(scale: Scale, found: Choices, *, proposed: bool) -> Markup:
    """Each alternative with its own signers; nothing is chosen on opening."""
    return join(_choice(scale, one, proposed=proposed) for one in found)


def closed(scale: Scale, found: Choices) -> Markup:
    """The alternatives for somebody who may sign none of them: who signs each."""
    rows = (
        tag(
            "li",
            badge(scale, one["level"]),
            tag("span", "建议" if one["as_proposed"] else one["kind_name"]),
            tag("span", f"现在不能：{one['refused']}" if one["refused"] else "签发 ", class_="push"),
            None if one["refused"] else tag("b", "或".join(one["signers"])),
            class_="line",
            data_key=one["level"] or "none",
        )
        for one in found
    )
    return tag("ul", *rows, class_="closed-choices")


def _choice(scale: Scale, one: Mapping[str, Any], *, proposed: bool) -> Markup:
    words = words_to_type(scale, one)
    open_to = one["refused"] is None and bool(one["mine"])
    how = "与建议一致" if one["as_proposed"] else f"{'另行决定：' if proposed else ''}{one['kind_name']}·理由必填"
    note: Child = None
    if one["refused"] is not None:
        note = tag("small", f"现在不能：{one['refused']}", class_="why-not")
    elif not one["mine"]:
        how = f"{how.removesuffix('·理由必填')}·您不能签"
    else:
        note = tag("small", one["effect"]["words"], class_="choice-effect")
    return tag(
        "label",
        tag(
            "input",
            type="radio",
            name="level",
            value=one["level"] or "none",
            data_type="level",
            required=True,
            disabled=not open_to,
            data_word="|".join(words),
            data_posts="|".join(one["mine"]),
            data_effect=_button(scale, one) if open_to else None,
            data_otherwise=not one["as_proposed"],
        ),
        badge(scale, one["level"]),
        tag("span", how),
        tag("span", "签发 ", tag("b", _signer(one)), class_="push signer"),
        note,
        class_="choice" + ("" if open_to else " closed"),
        data_key=one["level"] or "none",
    )


def _signer(one: Mapping[str, Any]) -> str:
    """The visitor's own posts for it; else the first that the plan names."""
    first: str = "或".join(one["mine"]) or one["signers"][0]
    return first if one["mine"] or len(one["signers"]) == 1 else f"{first}等"


def _button(scale: Scale, one: Mapping[str, Any]) -> str:
    found = one["effect"]
    name = one["level_name"]
    if one["kind"] == "lift":
        name = ""
    parts = [f"{VERBS[one['kind']]}{scale.short}{name}"]
    if found["duties"]:
        parts.append(f"{found['units']}个单位、{found['duties']}项任务")
    elif found["ended_duties"]:
        parts.append(f"结束{found['ended_duties']}项任务")
    return "，".join(parts)


def posts(found: Choices, authority: Mapping[str, str | None]) -> Markup:
    """The visitor's posts that some choice may be signed in; the browser shows those that fit the one chosen."""
    listed = list(dict.fromkeys(post for one in found if one["refused"] is None for post in one["mine"]))
    if not listed:
        return nothing("您的职务都不能签这一项")
    return join(
        (
            tag("p", "选定级别后，这里列出您可以签的职务", class_="aside", data_until_chosen=True),
            *(
                tag(
                    "label",
                    tag("input", type="radio", name="post", value=post, required=True, disabled=True),
                    tag("b", post),
                    tag("small", authority[post]) if authority.get(post) else None,
                    class_="post",
                    hidden=True,
                    data_key=post,
                )
                for post in listed
            ),
        )
    )

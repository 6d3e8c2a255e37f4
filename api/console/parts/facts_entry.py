"""Entering a fact in one line, and correcting one: the forms. What there is to enter comes in panels, since plans can be added."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.markup import Markup, join, tag
from api.console.parts.facts_fields import Field, controls


def entry_form(incident: str) -> Markup:
    """One line: which fact, its value, its source, its time. Drawn once; the panels `options`, `fields` and `sources` fill it."""
    return tag(
        "form",
        tag(
            "label",
            tag("span", "新事实 ", tag("kbd", "N")),
            tag(
                "input", name="_pick", data_pick="picks", data_first=True, data_shortcut="n", role="combobox", aria_expanded="false",
                aria_controls="picks", aria_autocomplete="list", autocomplete="off", placeholder="打几个字选指标，如 死亡",
            ),
            tag("ul", id="picks", role="listbox", aria_label="指标", data_panel="options", hidden=True, class_="pick-list"),
            class_="which",
        ),
        tag("div", tag("p", "先选指标，再填值；不知道确数可写 ≥10、10~30", class_="aside", data_unpicked=True),
            tag("div", data_panel="fields"), class_="value-place"),
        tag(
            "label",
            "来源",
            tag("input", name="source", required=True, data_remember="source", list="sources", autocomplete="off", placeholder="谁报的，怎么报的"),
            tag("datalist", id="sources", data_panel="sources"),
            class_="from",
        ),
        tag("label", "什么时候的情况", tag("input", name="observed_at", data_type="moment", data_now=True, placeholder="1430 或 11-22 14:30", autocomplete="off", title="不填就是现在"),
            tag("small", "不填就是现在"), class_="at-time"),
        tag("button", "记下", type="submit", class_="button primary"),
        tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
        class_="entry",
        data_url=f"/api/v1/incidents/{incident}/facts",
        data_draft="facts",
        data_label="新事实",
        data_done="已记下，研判已更新",
        data_missing="先选指标，再填值",
        data_entry=True,
    )  # fmt: skip


def correction_dialog(incident: str) -> Markup:
    """A new entry that names the old one; the old one stays in the journal."""
    return tag(
        "dialog",
        tag("h2", "更正一条事实", class_="title"),
        tag("p", data_about=True, class_="about"),
        tag("p", "更正是新的一条，写明所更正的那一条；原来的留在日志里，划线可见。", class_="aside"),
        tag(
            "form",
            tag("input", type="hidden", name="entry"),
            tag("div", data_panel="fixes"),
            tag("label", "理由", tag("textarea", name="reason", required=True, placeholder="如：读数誊错")),
            tag(
                "div",
                tag("label", "来源（不改就不填）", tag("input", name="source", autocomplete="off")),
                tag(
                    "label",
                    "时间（不改就不填）",
                    tag("input", name="observed_at", data_type="moment", placeholder="1430 或 11-22 14:30", autocomplete="off"),
                ),
                class_="row",
            ),
            tag(
                "div",
                tag("button", "更正为以上的值", type="submit", class_="button primary"),
                tag("button", "这一条不算（撤回）", type="submit", name="value", value="null", data_type="json", class_="button"),
                tag("button", "关闭", type="button", class_="button", data_close=True),
                class_="line",
            ),
            tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
            data_url=f"/api/v1/incidents/{incident}/facts/{{entry}}/correction",
            data_guard=True,
            data_label="更正",
        ),
        id="correct",
        aria_label="更正一条事实",
        data_once=True,
    )


def form_panels(fields: list[Field], sources: Iterable[str]) -> dict[str, Markup]:
    """What the forms are made of; it changes with the plans, and with the sources that were named."""
    return {
        "fields": controls(fields, "facts"),
        "fixes": controls(fields, "value"),
        "sources": join(tag("option", value=one) for one in sources),
    }

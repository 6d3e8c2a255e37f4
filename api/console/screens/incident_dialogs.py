"""What the dialogs of an incident are made of: a shell that opens, a form in it, choices with nothing chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.markup import Child, Markup, tag

CHOOSE = "请选择"


def small_form(url: str, hidden: dict[str, str], key: str, *children: Child, guard: bool = False) -> Markup:
    """A form in one line of a list; what is typed into it stays when the list changes."""
    fields = (tag("input", type="hidden", name=name, value=value) for name, value in hidden.items())
    said = tag("p", data_said=True, class_="said", role="status", tabindex="-1")
    return tag("form", *fields, *children, said, data_url=url, data_key=key, data_still=True, data_guard=guard, class_="one-line")


def text(label: str, name: str) -> Markup:
    """A line that must be filled in."""
    return tag("label", label, tag("input", name=name, required=True, autocomplete="off"))


def choice(label: str, name: str, words: Iterable[str]) -> Markup:
    """One of these words."""
    return pairs(label, name, ((one, one) for one in words))


def pairs(label: str, name: str, options: Iterable[tuple[str, str]]) -> Markup:
    """One of these values, shown in words."""
    listed = (tag("option", words, value=value) for value, words in options)
    return tag("label", label, tag("select", tag("option", CHOOSE, value=""), *listed, name=name, required=True))


def time_line(label: str, hint: str = "不填就是现在", **more: Child) -> Markup:
    """A time as officers type it, the same in every browser; nothing typed is now."""
    return tag("label", f"{label}（{hint}）", time_field(**more))


def time_field(**more: Child) -> Markup:
    """The field of such a time alone."""
    return tag(
        "input", name="happened_at", data_type="moment", data_now=True, placeholder="1430 或 11-22 14:30", autocomplete="off", **more
    )  # fmt: skip


def dialog(name: str, title: str, url: str, *fields: Child, submit: str, go: str | None = None) -> Markup:
    """A dialog with one form. go: where to afterwards."""
    form = tag(
        "form",
        *fields,
        tag("div", tag("button", submit, type="submit", class_="button primary"), class_="line"),
        tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
        data_url=url,
        data_guard=True,
        data_label=title,
        data_draft=f"do-{name}",
        data_go=go,
    )
    return shell(name, title, form, once=True)


def shell(name: str, title: str, *children: Child, once: bool = False) -> Markup:
    """A dialog; on opening, its first field has the focus, so closing comes last. once: it closes when its form was accepted."""
    close = tag("button", "关闭", type="button", class_="button close", data_close=True)
    return tag("dialog", tag("h2", title, class_="title"), *children, close, id=name, aria_label=title, data_once=once)

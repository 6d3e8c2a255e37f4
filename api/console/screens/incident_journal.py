"""The journal of an incident, the newest first: a label and a form per kind, filters, corrections linked both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from api.console.markup import Markup, join, tag
from api.console.parts.words import moment
from api.console.screens.incident_view import View
from engine.incident.chain import Entry

Json = dict[str, Any]
MOST = 120
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "facts": ("事实", ("fact_observed", "fact_corrected")),
    "decisions": ("建议与决定", ("proposed", "superseded", "decided", "deviation_ended", "level_set", "phase_moved")),
    "duties": ("任务", ("duties_changed", "duty_marked", "moment_recorded")),
    "notes": ("记录与消息", ("noted", "message")),
}
GROUP_OF = {kind: group for group, (_, kinds) in GROUPS.items() for kind in kinds}
OTHER = "other"


def read_entries(view: View, most: int = MOST) -> tuple[Entry, ...]:
    """The last entries, up to the moment shown."""
    seq = view.incident.seq
    return view.at_desk.desk.journal.read(view.incident.id, max(0, seq - most), seq)


def originals(view: View) -> dict[int, Json]:
    """What corrected entries and their corrections say, by number."""
    wanted = {
        number
        for listed in view.incident.facts.values()
        for one in listed
        if one.corrections
        for number in (one.entry, *one.corrections)
    }
    read = view.at_desk.desk.journal.read
    return {number: dict(entry.body) for number in sorted(wanted) for entry in read(view.incident.id, number - 1, number)}


def journal(view: View) -> Markup:
    """The entries; those that were corrected are struck through and say by which."""
    rows = view.at_desk.entries(view.incident, read_entries(view))
    corrected = {
        number: after
        for listed in view.incident.facts.values()
        for one in listed
        for number, after in zip((one.entry, *one.corrections), one.corrections, strict=False)
    }
    whole = None
    if view.incident.seq > len(rows):
        whole = tag(
            "p", tag("a", f"全部 {view.incident.seq} 条", href=f"/journal?incident={quote(view.incident.id)}"), class_="aside"
        )
    return join((
        tag("ol", *(_row(view, one, corrected.get(one["seq"])) for one in reversed(rows)), data_narrowed="journal", class_="entries"),
        tag("p", "没有这一类记录", class_="nothing", data_none=True, hidden=True),
        whole,
    ))  # fmt: skip


def _row(view: View, one: Json, corrected: int | None) -> Markup:
    group = GROUP_OF.get(one["kind"], OTHER)
    about = one["body"].get("entry") if one["kind"] in ("fact_corrected", "noted") else None
    return tag(
        "li",
        tag("time", moment(one["at"], view.at), datetime=one["at"]),
        tag("span", one["kind_name"], class_=f"kind {group}"),
        tag(
            "span",
            tag("s" if corrected else "span", one["words"]),
            tag("a", f"已由第{corrected}条更正", href=f"#entry-{corrected}", class_="aside") if corrected else None,
            tag("a", f"看第{about}条", href=f"#entry-{about}", class_="aside") if about else None,
            class_="words",
        ),
        tag("span", f"{one['by_name']} · {one['seq']}", class_="aside by"),
        id=f"entry-{one['seq']}",
        data_key=f"entry-{one['seq']}",
        data_row=True,
        data_kind=group,
    )


def filters() -> Markup:
    """All, or one kind of entries."""
    options: Sequence[tuple[str, str]] = (
        ("", "全部"),
        *((group, words) for group, (words, _) in GROUPS.items()),
        (OTHER, "其他"),
    )
    return tag(
        "div",
        *(
            tag("label", tag("input", type="radio", name="_journal", value=value, data_narrow="journal", data_by="kind", checked=value == ""),
                tag("span", words))
            for value, words in options
        ),
        class_="choices",
        role="radiogroup",
        aria_label="看哪一类记录",
    )  # fmt: skip

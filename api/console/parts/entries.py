"""Journal entries as rows: time, kind in a word, what it says, who and which incident. Corrections stand linked to what they correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from api.console.markup import EMPTY, Markup, join, tag
from engine.incident.state import Incident
from engine.trigger.facts import CHINA

WEEKDAYS = "一二三四五六日"


def entry_rows(entries: Iterable[Mapping[str, Any]], incidents: Mapping[str, Incident], *, marked: str = "") -> Markup:
    """Rows under their days, in the order given. marked: “incident/seq” of the one that was looked for."""
    parts, day = [], None
    for one in entries:
        at = datetime.fromisoformat(one["at"]).astimezone(CHINA)
        if at.date() != day:
            day = at.date()
            words = f"{at:%Y-%m-%d} 周{WEEKDAYS[at.weekday()]}"
            parts.append(tag("div", words, class_="day", data_key=f"{day}"))
        parts.append(_row(one, at, incidents[one["incident"]], marked))
    return join(parts)


def _row(one: Mapping[str, Any], at: datetime, incident: Incident, marked: str) -> Markup:
    name = f"{one['incident']}/{one['seq']}"
    corrected = corrections_of(incident, one["seq"])
    form = f"log-row{' corrected' if corrected else ''}{' found' if name == marked else ''}"
    return tag(
        "div",
        tag("span", f"{at:%H:%M:%S}", class_="when"),
        tag("span", one["kind_name"], class_="kind"),
        tag("span", one["words"], class_="said-what"),
        tag(
            "span",
            tag("span", f"第 {one['seq']} 条"),
            tag("span", one["by_name"]),
            tag("a", incident.title, href=f"/{'watches' if incident.watch else 'incidents'}/{incident.id}"),
            *(tag("a", f"已由第 {other} 条更正", href=place_of(incident.id, other)) for other in corrected),
            _about(one, incident.id),
            tag("span", f"校验 {one['hash'][:8]}", title=one["hash"]),
            class_="whose",
        ),
        class_=form,
        id=f"e-{one['incident']}-{one['seq']}",
    )


def corrections_of(incident: Incident, seq: int) -> tuple[int, ...]:
    """The entries that correct this one."""
    return next((one.corrections for listed in incident.facts.values() for one in listed if one.entry == seq), ())


def _about(one: Mapping[str, Any], incident: str) -> Markup:
    """The entry that this one is about."""
    other = one["body"].get("entry") if one["kind"] in ("fact_corrected", "noted") else None
    words = "更正" if one["kind"] == "fact_corrected" else "关于"
    return EMPTY if not other else tag("a", f"{words}第 {other} 条", href=place_of(incident, other))


def place_of(incident: str, seq: int) -> str:
    """Where an entry is shown, among those around it."""
    return f"/journal?incident={incident}&at={seq}"

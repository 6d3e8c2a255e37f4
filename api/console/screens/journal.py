"""日志: all entries of all incidents that the visitor may see, newest first, with filters, pages and the check of the chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.entries import entry_rows
from api.console.parts.picking import choose, number
from api.console.screen import Screen, error_words, nothing, panel
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from api.store.failure import NoIncident
from api.store.verification import Verdict, verify
from engine.contract.entry import KIND_WORDS, Wording, entry_data
from engine.incident.chain import Entry
from engine.plan.finding import YuanError

PAGE, BATCH, FARTHEST = 100, 500, 20_000
"""Entries on a page; read at once; looked at for one page before asking whether to go on."""
AROUND = 30
"""Entries shown after one that is looked for."""
MOST_INCIDENTS = 200
LAST = 2**62
HOLDS, BROKEN = "校验链完整", "校验链不完整"


class JournalScreen(Screen):
    """The journal over all incidents."""

    path, title, rail = "/journal", "日志", "日志"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._checked: tuple[str, Markup] | None = None

    def frame(self, at_desk: AtDesk) -> Markup:
        query = self.visit.query
        listed = [one for one in at_desk.desk.states.listed() if at_desk.sees(one.jurisdiction)][:MOST_INCIDENTS]
        form = tag(
            "form",
            tag(
                "label", "查内容",
                tag("input", type="search", name="q", value=query.get("q"), autocomplete="off", data_shortcut="f"), class_="wide",
            ),
            choose("kind", list(KIND_WORDS.items()), query.get("kind", ""), "全部种类", "种类"),
            choose("incident", [(one.id, f"{one.title}（{one.id}）") for one in listed], query.get("incident", ""), "全部事件", "事件"),
            choose("by", sorted(at_desk.names.items(), key=lambda one: one[1]), query.get("by", ""), "所有人", "谁记的"),
            tag("button", "核对校验链", type="submit", name="verify", value="now", class_="button"),
            data_ask=True, class_="asking",
        )  # fmt: skip
        return tag(
            "div",
            tag("section", form, tag("div", data_panel="check", aria_live="polite"), class_="panel", aria_label="筛选"),
            panel("entries", label="日志"),
            class_="stack",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        try:
            listed = self._entries(at_desk)
        except YuanError as error:  # a damaged entry cannot be shown, and the check says which it is
            listed = error_words(error)
        return {"entries": listed, "check": join((self._check(at_desk), self._export()))}

    def _entries(self, at_desk: AtDesk) -> Markup:
        query = self.visit.query
        found, older = _page(at_desk, query)
        older_link = tag("a", "更早的", href=_with(query, before=str(older))) if older is not None else None
        newest = tag("a", "回到最新", href=_with(query)) if query.get("before") or query.get("at") else None
        pages = tag("div", newest, older_link, class_="pages") if newest or older_link else None
        if not found:
            words = (
                "这一段里没有符合的记录，可再往前找"
                if older is not None
                else "没有这样的记录。登记、事实、建议、决定都逐条记在这里"
            )
            return join((nothing(words), pages))
        incidents = {one.incident: at_desk.desk.incident(one.incident) for one in found}
        rows = [entry_data(one, Wording(incidents[one.incident], at_desk.desk.versions, at_desk.names)) for one in found]
        marked = f"{query.get('incident')}/{query.get('at')}"
        return join((tag("div", entry_rows(rows, incidents, marked=marked), class_="log"), pages))

    def _check(self, at_desk: AtDesk) -> Markup:
        """The chain is looked at once for each time that it was asked for."""
        if self.visit.query.get("verify") != "now":
            self._checked = None
            return EMPTY
        incident = self.visit.query.get("incident") or ""
        if self._checked is None or self._checked[0] != incident:
            if incident and not _visible(at_desk, incident):
                raise NoIncident(f"没有事件“{incident}”", where="incident", remedy="检查事件的编号")
            self._checked = (incident, _verdict_words(verify(at_desk.desk.journal.engine, incident or None), at_desk))
        return self._checked[1]

    def _export(self) -> Markup:
        incident = self.visit.query.get("incident")
        if not incident:
            return EMPTY
        return tag(
            "p",
            tag(
                "a",
                "导出这件事件的全部记录（一行一条，可独立核对）",
                href=f"/api/v1/incidents/{incident}/journal/export",
                download=True,
            ),
        )


def _with(query: Mapping[str, str], **more: str) -> str:
    kept = {name: value for name, value in query.items() if name not in ("before", "at", "verify")}
    return f"?{urlencode({**kept, **more})}"


def _verdict_words(found: Verdict, at_desk: AtDesk) -> Markup:
    at = f"{at_desk.now:%H:%M:%S}"
    if not found.breaks:
        return tag("p", f"{at} 已核对 {found.incidents} 件事件、{found.entries} 条记录：{HOLDS}", class_="said done")
    shown = [one for one in found.breaks if not one.incident or _visible(at_desk, str(one.incident))]
    lines = (tag("li", f"{one.incident or '存储'}：{one.words}") for one in shown)
    words = f"{at} {BROKEN}，{len(found.breaks)} 处。停止使用受损的记录，请管理员用备份恢复（yuan restore）"
    return tag("div", words, tag("ul", *lines), class_="said error", role="alert")


def _visible(at_desk: AtDesk, incident: str) -> bool:
    return any(one.id == incident and at_desk.sees(one.jurisdiction) for one in at_desk.desk.states.listed())


def _page(at_desk: AtDesk, query: Mapping[str, str]) -> tuple[list[Entry], int | None]:
    """A page of entries, newest first, and the position before which the next one begins (None: there is no more)."""
    found: list[Entry] = []
    places = {one.id: one.jurisdiction for one in at_desk.desk.states.listed()}
    last = 0
    for last, entry in _backwards(at_desk, query):
        if len(found) == PAGE:
            return found, last + 1
        if at_desk.sees(places.get(entry.incident, "")) and _fits(entry, query, at_desk):
            found.append(entry)
    return found, last if last > 1 else None


def _backwards(at_desk: AtDesk, query: Mapping[str, str]) -> Iterator[tuple[int, Entry]]:
    """Entries with their positions, from the newest (or `before`) back; of one incident its own numbers are the positions."""
    incident, before = query.get("incident"), number(query.get("before"))
    if incident:
        state = at_desk.incident(incident)
        at = number(query.get("at"))
        first = at + AROUND + 1 if at is not None else before or state.seq + 1
        for entry in reversed(at_desk.desk.journal.read(incident, 0, min(first - 1, state.seq)) if first > 1 else ()):
            yield entry.seq, entry
        return
    end = min(before or LAST, at_desk.desk.journal.position() + 1)
    stop = max(1, end - FARTHEST)
    while end > stop:
        start = max(stop, end - BATCH)
        batch = at_desk.desk.journal.after(start - 1, end - start)
        yield from ((one.position, one.entry) for one in reversed(batch))
        end = start


def _fits(entry: Entry, query: Mapping[str, str], at_desk: AtDesk) -> bool:
    if query.get("kind") not in (None, "", entry.kind) or query.get("by") not in (None, "", entry.by):
        return False
    words = query.get("q", "").casefold().split()
    if not words:
        return True
    incident = at_desk.desk.incident(entry.incident)
    data = entry_data(entry, Wording(incident, at_desk.desk.versions, at_desk.names))
    text = f"{data['words']} {data['kind_name']} {data['by_name']} {incident.title}".casefold()
    return all(word in text for word in words)

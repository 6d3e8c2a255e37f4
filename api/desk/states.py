"""The states of incidents, folded from the journal and kept current with it."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Iterable

from api.store.failure import StoreUnavailable
from api.store.journal import Journal
from api.store.record import Listed
from engine.incident.board import Deadlines, deadlines
from engine.incident.chain import Entry
from engine.incident.state import Incident, evolve, fold

BATCH = 2000
log = logging.getLogger("yuan")


class States:
    """Incidents by id. Those of other processes are taken in when `heard` says that there is something new."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        self._hearing = threading.Lock()
        self._states: dict[str, Incident] = {}
        self._listed: dict[str, Listed] = {}
        self._deadlines: dict[str, Deadlines] = {}
        self._applied = 0
        self._known = 0

    def load(self) -> None:
        """Fold every incident that is open, so that boards answer at once. One that cannot be read is left out, loudly."""
        with self._lock:
            self._applied = self._journal.position()
            self.heard(self._applied)
            self.refresh_names()
            for listed in self._listed.values():
                if listed.status == "open":
                    self._fold_or_drop(listed.id)

    def heard(self, position: int) -> None:
        """Entries up to this position can be read now."""
        with self._hearing:
            self._known = max(self._known, position)

    def get(self, incident_id: str) -> Incident:
        """The state now. Raises NoIncident."""
        with self._lock:
            self._catch_up()
            return self._states.get(incident_id) or self._fold(incident_id)

    def past(self, incident_id: str, moment: datetime.datetime) -> Incident:
        """The state after the last entry recorded at or before a moment, all before it included. Raises NoIncident."""
        entries = self._journal.read(incident_id)
        count = max((n for n, entry in enumerate(entries, start=1) if entry.at <= moment), default=0)
        return fold(incident_id, entries[:count])

    def take(self, entries: Iterable[Entry]) -> None:
        """Entries that this process has just recorded, or read. An incident that cannot be read does not stop the others."""
        with self._lock:
            for entry in entries:
                try:
                    self._apply(entry)
                except StoreUnavailable:
                    raise
                except Exception:
                    log.exception("entry %s of %s cannot be read", entry.seq, entry.incident)
                    self._states.pop(entry.incident, None)

    def taken(self, after: int, until: int) -> None:
        """All entries between these positions have been handed to `take`: they need not be read again."""
        with self._lock:
            if after <= self._applied < until:
                self._applied = until

    def refresh(self, incident_id: str) -> Incident:
        """Read what others have added; everything, where that does not explain why the journal is not as expected."""
        with self._lock:
            state = self._states.get(incident_id)
            fresh = () if state is None else self._journal.read(incident_id, state.seq)
            if not fresh:
                return self._fold(incident_id)
            self.take(fresh)
            return self._states.get(incident_id) or self._fold(incident_id)

    def refresh_names(self) -> None:
        """Read which incidents there are."""
        with self._lock:
            for one in self._journal.incidents():
                self._listed[one.id] = one

    def names(self) -> tuple[str, ...]:
        """The ids of all incidents."""
        return tuple(self._listed)

    def listed(self) -> tuple[Listed, ...]:
        """Every incident as it was opened, the newest first."""
        with self._lock:
            self._catch_up()
            return tuple(sorted(self._listed.values(), key=lambda one: -one.position))

    def opened_by(self, key: str) -> str | None:
        """The incident that was opened under an idempotency key."""
        return self._journal.opened_by(key)

    def open(self) -> tuple[Incident, ...]:
        """Every open incident and watch."""
        with self._lock:
            self._catch_up()
            return tuple(state for state in self._states.values() if state.status == "open")

    def deadlines(self, now: datetime.datetime) -> tuple[Deadlines, ...]:
        """The deadlines of every open incident, worked out anew only where something happened or a limit passed."""
        found = []
        for state in self.open():
            kept = self._deadlines.get(state.id)
            if kept is None or kept.seq != state.seq or (kept.until is not None and now >= kept.until):
                kept = self._deadlines[state.id] = deadlines(state, now)
            found.append(kept)
        return tuple(found)

    def _catch_up(self) -> None:
        while self._applied < self._known:
            fresh = self._journal.after(self._applied, BATCH)
            if not fresh:
                return
            self.take(placed.entry for placed in fresh)
            self._applied = fresh[-1].position

    def _apply(self, entry: Entry) -> None:
        """One entry more, unless the state has it. One that does not follow on the state makes it be read anew."""
        state = self._states.get(entry.incident)
        if state is None and entry.seq == 1:
            self._states[entry.incident] = evolve(Incident(entry.incident), entry)
            self._journal_head(entry.incident)
        elif state is not None and entry.seq == state.seq + 1 and entry.previous == state.hash:
            self._states[entry.incident] = evolve(state, entry)
        elif state is None or entry.seq > state.seq:
            self._fold(entry.incident)

    def _fold_or_drop(self, incident_id: str) -> None:
        try:
            self._fold(incident_id)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("%s cannot be read", incident_id)

    def _fold(self, incident_id: str) -> Incident:
        entries = self._journal.read(incident_id)
        self._states[incident_id] = state = fold(incident_id, entries)
        if incident_id not in self._listed:
            self._journal_head(incident_id)
        return state

    def _journal_head(self, incident_id: str) -> None:
        self._listed[incident_id] = self._journal.head(incident_id)

"""The plan versions that incidents are pinned to: in use, or kept in the store when they went out of use."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping

from api.library import Library
from api.store.plan_texts import PlanTexts
from engine.plan.finding import UnknownName
from engine.plan.load import load
from engine.plan.model import Plan


class Versions(Mapping[str, Plan]):
    """Plans by digest. Raises UnknownName (a KeyError's place) for one that nobody kept."""

    def __init__(self, library: Library, kept: PlanTexts) -> None:
        self._library = library
        self._kept = kept
        self._loaded: dict[str, Plan] = {}
        self._lock = threading.Lock()

    def __getitem__(self, digest: str) -> Plan:
        found = self._loaded.get(digest)
        if found is None:
            with self._lock:
                found = self._loaded.get(digest) or self._find(digest)
                self._loaded[digest] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)

    def keep(self, plans: Iterable[Plan]) -> None:
        """Store the texts of these versions, before an incident is pinned to them."""
        for plan in plans:
            text = self._library.text(plan.digest)
            if text is not None:
                self._kept.keep(text)

    def _find(self, digest: str) -> Plan:
        for versions in self._library.current().versions.values():
            for plan in versions:
                if plan.digest == digest:
                    return plan
        text = self._kept.find(digest)
        if text is not None:
            loaded = load({text.name: text.text}, text.units, text.indexes)
            for plan in loaded.plans.values():
                return plan
        raise UnknownName(
            f"没有保存预案版本 {digest[:12]}", where="version", remedy="恢复带有这个版本的备份，或把该版本的文件放回预案文件夹"
        )

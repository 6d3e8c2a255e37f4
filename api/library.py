"""The plans on disk: where they are, loading them, and keeping up with new versions."""

from __future__ import annotations

import functools
import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.settings import read_settings
from api.store.plan_texts import PlanText
from engine.checkup import check_up
from engine.plan.finding import Finding, YuanError
from engine.plan.load import Loaded, load
from engine.plan.model import Plan

DATA_FOLDERS = ("units", "indexes", "drills")
LOOK_EVERY = 1.0
"""Seconds between two looks at the files."""


class BadFolder(YuanError):
    """A folder that a setting names and that is not there."""

    code = "bad-folder"


def plans_folder() -> Path:
    """The folder of the plans: it stands beside this package, in a checkout as in an installation."""
    return Path(__file__).resolve().parent.parent / "plans"


def folders() -> tuple[Path, ...]:
    """The plans that come with Yuan, then the office's own. Raises BadFolder."""
    own = read_settings().plans_dir
    if own is None:
        return (plans_folder(),)
    if not own.is_dir():
        raise BadFolder(f"没有文件夹 {own}", where="YUAN_PLANS_DIR", remedy="建立它，或改正这个设置")
    return (plans_folder(), own)


def read_texts(names: Sequence[Path]) -> dict[str, str]:
    """File texts by path, shortened to the folder above. A file that is no UTF-8 comes with replacement characters."""
    return {"/".join(path.parts[-3:]): path.read_text("utf-8", "replace") for path in names}


def common_texts(places: Sequence[Path]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the units and of the index tables."""
    units = [path for place in places for path in sorted(place.glob("units/*.yaml"))]
    indexes = [path for place in places for path in sorted(place.glob("indexes/*.yaml"))]
    return read_texts(units), read_texts(indexes)


def plan_files(places: Sequence[Path]) -> list[Path]:
    return [path for place in places for path in sorted(place.glob("*/*.yaml")) if path.parent.name not in DATA_FOLDERS]


def load_plans(only: str | None = None, places: Sequence[Path] | None = None) -> Loaded:
    """Load every plan, or only the files that are named after the plan `only`."""
    places = folders() if places is None else places
    found = plan_files(places)
    if only is not None:
        found = [path for path in found if path.stem.split("@")[0] == only]
    return load(read_texts(found), *common_texts(places))


@functools.cache
def library() -> Loaded:
    """The plans as they were when they were first asked for."""
    return load_plans()


class Library:
    """The plans of a running server. A new or changed file is taken up without a restart, if it passes the check-up.

    A version that was in use stays available by its digest, also when its file is overwritten.
    """

    def __init__(self, places: Sequence[Path] | None = None) -> None:
        self._places = tuple(folders() if places is None else places)
        self._lock = threading.Lock()
        self._seen = self._signature()
        self._looked = time.monotonic()
        self._loaded = load_plans(places=self._places)
        self._texts: dict[str, PlanText] = {}
        self._keep_texts()
        self.rejected: tuple[Finding, ...] = check_up(self._loaded)
        """Why files were not taken up, at the start or when they changed last; empty where they were."""

    def current(self) -> Loaded:
        """The plans as they stand now, give or take a second."""
        if self.is_due():
            self.refresh()
        return self._loaded

    def is_due(self) -> bool:
        """Whether `current` would look at the files first, which may take a moment."""
        return time.monotonic() - self._looked > LOOK_EVERY

    def refresh(self) -> None:
        """Look at the files now."""
        with self._lock:
            self._looked = time.monotonic()
            seen = self._signature()
            if seen != self._seen:
                self._seen = seen
                self._take_up(load_plans(places=self._places))

    def text(self, digest: str) -> PlanText | None:
        """The text of a version that is or was in use."""
        return self._texts.get(digest)

    def _keep_texts(self) -> None:
        """Remember the texts of the versions in use, to be kept with the incidents that are pinned to them."""
        units, indexes = common_texts(self._places)
        of_digest = {
            hashlib.sha256(text.encode()).hexdigest(): (name, text) for name, text in read_texts(plan_files(self._places)).items()
        }
        for versions in self._loaded.versions.values():
            for plan in versions:
                if plan.digest in of_digest and plan.digest not in self._texts:
                    name, text = of_digest[plan.digest]
                    self._texts[plan.digest] = PlanText(plan.id, name, text, units, indexes)

    def _take_up(self, fresh: Loaded) -> None:
        findings = check_up(fresh)
        if findings:
            self.rejected = findings
            return
        self.rejected = ()
        self._loaded = replace(fresh, versions={key: self._kept(key, found) for key, found in fresh.versions.items()})
        self._keep_texts()

    def _kept(self, plan_id: str, found: tuple[Plan, ...]) -> tuple[Plan, ...]:
        """The versions, with those that were in use before and whose text is gone."""
        digests = {plan.digest for plan in found}
        gone = [plan for plan in self._loaded.versions.get(plan_id, ()) if plan.digest not in digests]
        return tuple(sorted((*gone, *found), key=lambda plan: plan.document.in_force))

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        files = [path for place in self._places for path in place.glob("*/*.yaml")]
        return tuple(sorted((str(path), state.st_mtime_ns, state.st_size) for path in files for state in [path.stat()]))

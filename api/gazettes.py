"""The gazettes on disk: `YUAN_GAZETTES`, or a folder named on the command line. They are read, never written."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from api.library import folders
from api.reading import BadInput
from engine.gazette.clauses import ClauseTexts, split
from engine.gazette.compare import Comparison, compare
from engine.gazette.reading import Document, Gazette
from engine.plan.finding import UnknownName
from engine.plan.ledger import ledger, within
from engine.plan.load import Loaded
from engine.plan.model import Plan

SOURCES = "sources.yaml"
HEAD = """\
# 各预案编制时所据原文的摘要（预案 id: 清理后全文的 SHA-256）。配置了公报时与现有原文对照，不同则提示重新核对。
# 由 yuan check --gazettes 目录 --record 写入，不手改。
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A plan's text and the file that it stands in."""

    document: Document
    file: str


class Gazettes:
    """A folder of gazette texts (*.txt). A file that changes is read again. Raises BadInput where the folder is not there."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise BadInput(
                f"没有文件夹 {folder}",
                where="gazettes",
                remedy="改正 --gazettes 或 YUAN_GAZETTES，指向公报文本（*.txt）所在的文件夹",
            )
        self.folder = folder

    def find(self, title: str) -> Printed | None:
        """The longest text of the plan with this title in any gazette."""
        found = [Printed(document, path.name) for path in self._files() if (document := _find(path, _state(path), title))]
        return max(found, key=lambda one: len(one.document.text), default=None)

    def texts(self, plan: Plan) -> tuple[ClauseTexts, Printed] | None:
        """The plan's clauses as printed, or None where no gazette has the plan."""
        printed = self.find(plan.title)
        return None if printed is None else (_split(printed.document, plan.clauses), printed)

    def _files(self) -> Sequence[Path]:
        return sorted(self.folder.glob("*.txt"))


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@functools.lru_cache(maxsize=32)
def _read(path: Path, state: tuple[int, int]) -> Gazette:
    return Gazette(path.read_text("utf-8", "replace"))


@functools.lru_cache(maxsize=512)
def _find(path: Path, state: tuple[int, int], title: str) -> Document | None:
    return _read(path, state).find(title)


@functools.lru_cache(maxsize=64)
def _split(document: Document, clauses: tuple[str, ...]) -> ClauseTexts:
    return split(document, clauses)


def read_gazette(path: Path) -> Gazette:
    """One gazette's file. Raises BadInput."""
    try:
        return _read(path, _state(path))
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None


def known_digests(places: Sequence[Path] | None = None) -> dict[str, str]:
    """The digests of the texts that the plans were made from, by plan id; an office's own folder may add to them."""
    found: dict[str, str] = {}
    for place in folders() if places is None else places:
        path = place / SOURCES
        if path.is_file():
            data = yaml.safe_load(path.read_text("utf-8"))
            found |= {str(key): str(value) for key, value in data.items()} if isinstance(data, dict) else {}
    return found


def record(gazettes: Gazettes, plans: Mapping[str, Plan], path: Path) -> int:
    """Keep the digests of the texts as they are now; those of plans that no gazette here has are left. Returns how many."""
    kept = known_digests((path.parent,))
    now = {key: printed.document.digest for key, plan in plans.items() if (printed := gazettes.find(plan.title))}
    lines = [f"{key}: {digest}\n" for key, digest in sorted((kept | now).items())]
    path.write_text(HEAD + "".join(lines), "utf-8")
    return len(now)


def compare_all(loaded: Loaded, gazettes: Gazettes) -> tuple[Comparison, ...]:
    """Every plan against its text."""
    pairs = {key: gazettes.texts(plan) for key, plan in loaded.plans.items()}
    texts = {key: pair[0] for key, pair in pairs.items() if pair}
    digests = known_digests()
    return tuple(
        compare(plan, loaded.sources[key], texts[key].document if key in texts else None, texts, digests.get(key))
        for key, plan in loaded.plans.items()
    )


def clause_data(plan: Plan, clause: str, gazettes: Gazettes | None) -> dict[str, Any]:
    """A clause's state in the ledger, and its text where a gazette has it. Raises UnknownName.

    `source` is {file, number, digest, changed}; `note` says in words why there is no text, or that the source changed.
    """
    if not any(within(one, clause) for one in plan.clauses):
        raise UnknownName(f"《{plan.title}》没有条款“{clause}”", where="clause", remedy="条款号见 yuan show 的台账")
    found: dict[str, Any] = {"clause": clause, "state": ledger(plan).get(clause), "text": None, "source": None, "note": None}
    if gazettes is None:
        return found | {"note": "没有配置公报：设 YUAN_GAZETTES 为公报文本所在的文件夹，即显示条款原文"}
    pair = gazettes.texts(plan)
    if pair is None:
        return found | {"note": f"{gazettes.folder} 的公报中没有《{plan.title}》"}
    texts, printed = pair
    known = known_digests().get(plan.id)
    changed = known is not None and known != printed.document.digest
    text = texts.shown(clause)
    note = "原文自编制以后有变化，条文与预案文件不一定相符" if changed else None
    return found | {
        "text": text,
        "source": {
            "file": printed.file,
            "number": printed.document.number,
            "digest": printed.document.digest,
            "changed": changed,
        },
        "note": note if text is not None else "原文中没有找到这一条",
    }

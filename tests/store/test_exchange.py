"""Journals leave one store and enter another as they were, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from api.reading import BadInput
from api.store.database import connect
from api.store.exchange import AlreadyThere, export_journal, import_journal
from api.store.failure import StoreDamaged
from api.store.journal import Journal
from api.store.plan_texts import PlanText, PlanTexts
from api.store.verification import Verdict, verify
from tests.store.samples import NOON, draft, filled, opened

PLAN = PlanText("p", "某县/p.yaml", "plan: p\n", {"units/某县.yaml": "jurisdiction: 某县\n"}, {})


@pytest.fixture
def file(journal: Journal, tmp_path: Path) -> Path:
    """The export of a filled store."""
    filled(journal)
    PlanTexts(journal.engine).keep(PLAN)
    path = tmp_path / "journal.jsonl"
    with path.open("wb") as stream:
        export_journal(journal.engine, stream)
    return path


@pytest.fixture
def other(other_url: URL) -> Any:
    made = Journal(connect(other_url))
    yield made
    made.engine.dispose()


def exported(journal: Journal) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    export_journal(journal.engine, stream)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def rewrite(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the lines of an export, as one who knows how to make its checksum."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()][:-1]
    change(lines)
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for line in lines)
    path.write_text(text + json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest()}) + "\n")


def test_a_journal_comes_into_an_empty_store_as_it_was(journal: Journal, other: Journal, file: Path) -> None:
    header = import_journal(other.engine, file)
    assert header.counts == {"plan_texts": 1, "incidents": 2, "entries": 8}
    assert exported(other)[1:-1] == exported(journal)[1:-1]
    assert other.after(0) == journal.after(0)
    assert other.incidents() == journal.incidents()
    assert PlanTexts(other.engine).find(PLAN.digest) == PLAN
    assert verify(other.engine) == Verdict(2, 8, ())


def test_an_export_ends_with_the_checksum_of_all_before_it(file: Path) -> None:
    *lines, last = file.read_bytes().splitlines(keepends=True)
    assert json.loads(last) == {"sha256": hashlib.sha256(b"".join(lines)).hexdigest()}


def test_a_journal_joins_others_after_their_positions(journal: Journal, other: Journal, file: Path) -> None:
    opened(other, "own")
    import_journal(other.engine, file)
    assert [(one.position, one.entry) for one in other.after(2)] == [(one.position + 2, one.entry) for one in journal.after(0)]
    assert [(one.id, one.position) for one in other.incidents()] == [("b", 5), ("a", 3), ("own", 1)]
    assert verify(other.engine) == Verdict(3, 10, ())
    assert other.append("a", 5, NOON, [draft()], "next")[0].seq == 6
    assert other.position() == 11


def test_a_store_that_has_one_of_the_incidents_is_left_alone(other: Journal, file: Path) -> None:
    mine = opened(other, "b", key="mine")
    with pytest.raises(AlreadyThere, match="库里已有文件中的1个事件：b；什么都没有导入"):
        import_journal(other.engine, file)
    assert (other.read("b"), other.position()) == (mine, 2)


def entry(lines: list[dict[str, Any]], incident: str, seq: int) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one["row"] for one in lines[1:] if (one["row"].get("incident"), one["row"].get("seq")) == (incident, seq)
    )
    return found


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (lambda lines: entry(lines, "a", 4).update(by="li"), "事件 a：第4条的内容与它的校验值不符", 10),
        (lambda lines: entry(lines, "a", 4).update(previous="0"), "事件 a：第4条接不上前一条", 10),
        (lambda lines: lines.remove({"table": "entries", "row": entry(lines, "a", 4)}), "事件 a：缺第4条，后一条是第5条", 10),
        (lambda lines: lines.pop(), "事件 b：缺第3条到第3条", 0),
        (lambda lines: lines[3]["row"].update(text="plan: q"), "预案 p 的文字与它的校验值不符", 4),
        (lambda lines: lines.append({"table": "people", "row": {"id": "x"}}), "这一行缺少应有的内容", 13),
        (lambda lines: lines.insert(5, lines[4]), "这一行缺少应有的内容", 6),
    ],
)
def test_a_broken_chain_is_refused_with_its_place(
    other: Journal, file: Path, change: Callable[[list[dict[str, Any]]], None], words: str, line: int
) -> None:
    rewrite(file, change)
    with pytest.raises(StoreDamaged) as caught:
        import_journal(other.engine, file)
    assert (caught.value.message, caught.value.where) == (f"{words}；什么都没有导入", f"{file}:{line}" if line else str(file))
    assert (other.position(), other.incidents(), PlanTexts(other.engine).digests()) == (0, (), ())


def test_a_file_cut_short_is_refused(other: Journal, file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(StoreDamaged, match="文件不完整：缺最后的校验值"):
        import_journal(other.engine, file)
    assert other.position() == 0


def test_a_file_of_something_else_is_refused(other: Journal, tmp_path: Path) -> None:
    for text in ("", "{}", "[1]", "预案", '{"yuan":"backup","format":1,"schema":"0001","instance":"","counts":{}}'):
        (tmp_path / "other.jsonl").write_text(text)
        with pytest.raises(BadInput):
            import_journal(other.engine, tmp_path / "other.jsonl")
    with pytest.raises(BadInput, match="读不了文件"):
        import_journal(other.engine, tmp_path / "nothing.jsonl")


def test_a_plan_version_is_kept_once(journal: Journal) -> None:
    texts = PlanTexts(journal.engine)
    texts.keep(PLAN)
    texts.keep(PlanText("p", "other.yaml", PLAN.text, {}, {}))
    assert (texts.digests(), texts.find(PLAN.digest), texts.find("x")) == ((PLAN.digest,), PLAN, None)

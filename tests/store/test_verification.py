"""A changed byte anywhere in a stored entry is found, and where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text

from api.store.database import connect, writing
from api.store.failure import NoIncident
from api.store.journal import Journal
from api.store.schema import migrate
from api.store.verification import Verdict, verify
from engine.incident.chain import Break
from tests.store.samples import filled, opened


def tamper(engine: Engine, *statements: str) -> None:
    """Change the database behind the journal's back, as one who can drop its triggers."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE entries DISABLE TRIGGER USER"))
        else:
            for name in ("entries_kept", "entries_never_deleted"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_sound_store_is_found_sound(journal: Journal) -> None:
    filled(journal)
    assert verify(journal.engine) == Verdict(2, 8, ())
    assert verify(journal.engine, "a") == Verdict(1, 5, ())


def test_progress_is_told(journal: Journal) -> None:
    filled(journal)
    told: list[tuple[int, int]] = []
    verify(journal.engine, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (8, 8)


WRONG = "第4条的内容与它的校验值不符"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("body = replace(body, '张', '章')", WRONG),
        ("body = replace(body, ':', ': ')", WRONG),
        ("at = replace(at, '12:00:00.123456', '12:00:00.123457')", WRONG),
        ("at = replace(at, '+08:00', '+09:00')", WRONG),
        ("by = 'zhanh'", WRONG),
        ("kind = 'fact '", WRONG),
        ("key = 'k4'", WRONG),
        ("key = NULL, n = 0", WRONG),
        ("previous = '1' || substr(previous, 2)", "第4条接不上前一条"),
        ("hash = 'g' || substr(hash, 2)", WRONG),
        ("n = 7", "第4条在同一操作中的序号应为2，存的是7"),
        ("seq = 14", "缺第4条，后一条是第5条"),
        ("incident = 'b', seq = 14", "缺第4条，后一条是第5条"),
    ],
)
def test_a_change_of_any_column_is_located(journal: Journal, change: str, words: str) -> None:
    filled(journal)
    tamper(journal.engine, f"UPDATE entries SET {change} WHERE incident = 'a' AND seq = 4")  # noqa: S608  ours
    assert verify(journal.engine, "a").breaks == (Break("a", 4, words),)
    assert Break("a", 4, words) in verify(journal.engine).breaks


@pytest.mark.parametrize("position", [0, 99, -5])
def test_a_changed_position_is_located(journal: Journal, position: int) -> None:
    filled(journal)
    tamper(journal.engine, f"UPDATE entries SET position = {position} WHERE incident = 'a' AND seq = 4")  # noqa: S608  ours
    assert Break("a", 4, f"第4条的总序号 {position} 不在 1 到 8 之间") in verify(journal.engine).breaks


def test_entries_cut_off_at_the_end_are_missed(journal: Journal) -> None:
    filled(journal)
    tamper(journal.engine, "DELETE FROM entries WHERE incident = 'a' AND seq > 3")
    assert verify(journal.engine).breaks == (Break("", 0, "应有8条记录，现有6条"), Break("a", 4, "缺第4条到第5条"))
    assert verify(journal.engine, "a").breaks == (Break("a", 4, "缺第4条到第5条"),)


def test_an_incident_removed_whole_is_missed(journal: Journal) -> None:
    filled(journal)
    tamper(journal.engine, "DELETE FROM entries WHERE incident = 'b'", "DELETE FROM incidents WHERE id = 'b'")
    assert verify(journal.engine).breaks == (Break("", 0, "应有8条记录，现有5条"),)


def test_all_entries_of_an_incident_removed_are_missed(journal: Journal) -> None:
    filled(journal)
    tamper(journal.engine, "DELETE FROM entries WHERE incident = 'b'")
    assert Break("b", 1, "缺第1条到第3条") in verify(journal.engine).breaks


def test_a_changed_head_is_found(journal: Journal) -> None:
    filled(journal)
    tamper(
        journal.engine, "UPDATE incidents SET head_seq = 4 WHERE id = 'a'", "UPDATE incidents SET head_hash = 'x' WHERE id = 'b'"
    )
    assert verify(journal.engine).breaks == (
        Break("a", 5, "事件只记到第4条，多出后面的"),
        Break("b", 3, "第3条与事件所记的最后校验值不符"),
    )


def test_an_unknown_incident_is_named(journal: Journal) -> None:
    with pytest.raises(NoIncident):
        verify(journal.engine, "x")


@pytest.mark.parametrize("byte", [b"\xff", b"x", b"\x00"])
@pytest.mark.parametrize("what", ['":3}', "12:00:00.123456+08:00", "zhang"])
def test_a_byte_changed_in_the_file_itself_is_located(tmp_path: Path, what: str, byte: bytes) -> None:
    file = tmp_path / "yuan.db"
    engine = connect(URL.create("sqlite", database=str(file)))
    migrate(engine)
    journal = Journal(engine)
    opened(journal, "a")
    sealed = opened(journal, "b")[1].hash
    engine.dispose()  # the last connection writes the log into the file
    raw = bytearray(file.read_bytes())
    raw[raw.rindex(what.encode(), 0, raw.rindex(sealed.encode())) + 1] = byte[0]
    file.write_bytes(raw)
    assert verify(engine).breaks == (Break("b", 2, "第2条的内容与它的校验值不符"),)
    engine.dispose()

"""The commands as an administrator meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import Settings
from api.store.database import writing
from api.store.journal import Journal
from api.store.schema import open_store
from tests.store.samples import filled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with two incidents."""
    engine = open_store(Settings(data_dir=tmp_path / "data", database_url=None))
    filled(Journal(engine))
    engine.dispose()
    return tmp_path / "data"


def yuan(folder: Path, *arguments: str) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YUAN_")}
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"YUAN_DATA_DIR": str(folder)},
    )
    return done.returncode, done.stdout, done.stderr


def test_verify_says_that_all_is_sound_or_where_it_is_not(folder: Path) -> None:
    assert yuan(folder, "journal", "verify") == (0, "2个事件、8条记录，全部与写下时一致\n", "")
    engine = open_store(Settings(data_dir=folder, database_url=None))
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER entries_kept")
        connection.exec_driver_sql("UPDATE entries SET by = 'li' WHERE incident = 'a' AND seq = 4")
    engine.dispose()
    said = "a：第4条的内容与它的校验值不符\n检验了2个事件、8条记录，1处不符\n"
    assert yuan(folder, "journal", "verify") == (1, "", said)
    assert yuan(folder, "journal", "verify", "--incident", "b")[0] == 0
    assert yuan(folder, "journal", "verify", "--incident", "x")[0] == 2


def test_a_journal_moves_by_export_and_import(folder: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "j.jsonl", tmp_path / "other"
    assert yuan(folder, "journal", "export", str(file)) == (0, f"已导出到 {file}：2个事件，8条记录\n", "")
    assert yuan(folder, "journal", "export")[1] == file.read_text()
    assert yuan(other, "journal", "import", str(file)) == (0, "已导入：2个事件，8条记录\n", "")
    code, _, said = yuan(other, "journal", "import", str(file))
    assert (code, said.splitlines()[0]) == (2, f"already-there: 库里已有文件中的2个事件：a、b；什么都没有导入（{file}）")


def test_a_store_is_backed_up_and_restored(folder: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "b.jsonl", tmp_path / "other"
    assert yuan(folder, "backup", str(file))[0] == 0
    code, said, _ = yuan(other, "restore", str(file))
    assert (code, said.splitlines()[-1]) == (0, "2个事件、8条记录，全部与写下时一致")
    assert yuan(other, "restore", str(file))[0] == 2
    code, said, _ = yuan(other, "restore", str(file), "--replace")
    assert code == 0
    kept = Path(said.splitlines()[0].removeprefix("原有的记录已备份到 "))
    assert kept.parent == other and kept.exists()

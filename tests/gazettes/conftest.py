"""The gazettes beside the repository. They are no part of it: where they are absent, these tests say so and are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.gazettes import Gazettes
from tests.gazettes import FOLDER


@pytest.fixture(scope="session")
def gazettes() -> Gazettes:
    if not FOLDER.is_dir():
        pytest.skip(f"没有公报文本：{FOLDER} 不存在")
    return Gazettes(FOLDER)


@pytest.fixture(scope="session")
def folder(gazettes: Gazettes) -> Path:
    return gazettes.folder

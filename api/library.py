"""The plans on disk: where they are, and loading them."""

from __future__ import annotations

import functools
from pathlib import Path

from engine.plan.load import Loaded, load


def plans_folder() -> Path:
    """The folder of the plans: it stands beside this package, in a checkout as in an installation."""
    return Path(__file__).resolve().parent.parent / "plans"


def read_texts(folder: Path, names: list[Path]) -> dict[str, str]:
    """File texts by path relative to `folder`'s parent. A file that is no UTF-8 comes as replacement characters."""
    return {str(path.relative_to(folder.parent)): path.read_text("utf-8", "replace") for path in names}


def load_folder(folder: Path, only: str | None = None) -> Loaded:
    """Load every plan of a folder, or only the file that is named after the plan `only`."""
    found = sorted(path for path in folder.glob("*/*.yaml") if path.parent.name not in ("units", "indexes", "drills"))
    if only is not None:
        found = [path for path in found if path.stem == only]
    return load(read_texts(folder, found), *common_texts(folder))


def common_texts(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the units and of the index tables."""
    return read_texts(folder, sorted(folder.glob("units/*.yaml"))), read_texts(folder, sorted(folder.glob("indexes/*.yaml")))


@functools.cache
def library() -> Loaded:
    """The plans that come with Yuan, loaded once."""
    return load_folder(plans_folder())

"""A wheel built from the repository works elsewhere: the plans travel in it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    # Built from what git would hand out, outside the checkout: a build folder here would be packed next time.
    subprocess.run(["git", "-C", str(ROOT), "checkout-index", "--all", f"--prefix={copy}/"], check=True)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(copy)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_an_unpacked_wheel_assesses_elsewhere(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(place), str(wheel)],
        check=True,
        capture_output=True,
    )
    code = (
        "import api; from api.cli import run; import sys; print(api.__file__, file=sys.stderr); sys.argv[1:] = ['check']; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert str(place) in done.stderr
    assert done.stdout.strip().endswith("0 条意见")
    plans = [path for path in (ROOT / "plans").glob("*/*.yaml") if path.parent.name not in ("units", "indexes", "drills")]
    drills = list((ROOT / "plans/drills").glob("*.yaml"))
    assert done.stdout.startswith(f"{len(plans)} 份预案可用，{len(drills)} 个情景可用")


@pytest.mark.long
def test_a_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    subprocess.run([str(tmp_path / "env/bin/pip"), "install", "-q", str(wheel)], check=True)
    done = subprocess.run([str(tmp_path / "env/bin/yuan"), "check"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("0 条意见")

"""Scenario files on disk: those that come with Yuan (`plans/drills`) and the office's own (`drills` in YUAN_PLANS_DIR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from api.library import folders
from api.reading import BadInput
from engine.drill.authoring.scenario_file import ReadScenario, read_scenario
from engine.drill.scenario import Scenario
from engine.plan.finding import Finding, UnknownName, YuanError
from engine.plan.model import Plan
from engine.plan.spelling import nearest

FOLDER = "drills"
FIRST_LINES = 20
"""Within which a scenario says that it is one."""
Versions = Mapping[str, tuple[Plan, ...]]


class ScenarioInvalid(YuanError):
    """A scenario file with findings of severity error."""

    code = "scenario-invalid"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            f"情景文件有 {sum(one.severity == 'error' for one in findings)} 处错误",
            where=str(findings[0].place) if findings else "",
            remedy="按每条意见改正（yuan drill 文件 --check 列出全部）",
        )
        self.findings = findings


def scenario_files(places: Sequence[Path] | None = None) -> dict[str, Path]:
    """The scenario files by id; the office's own stands for one of the same name that comes with Yuan."""
    found = (path for place in (folders() if places is None else places) for path in sorted((place / FOLDER).glob("*.yaml")))
    return {path.stem: path for path in found}


def read_scenarios(versions: Versions, files: Iterable[Path] | None = None) -> dict[str, ReadScenario]:
    """Every scenario file, read: by id, with its findings."""
    listed = scenario_files().values() if files is None else files
    return {path.stem: read_path(path, versions) for path in listed}


def read_path(path: Path, versions: Versions) -> ReadScenario:
    """One file, read. Raises BadInput where there is none."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return read_scenario(text, "/".join(path.parts[-3:]), versions)


def is_scenario(path: Path) -> bool:
    """Whether a file is a scenario: by its folder, or by its first key."""
    if path.parent.name == FOLDER:
        return True
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return any(line.startswith("drill:") for line, _ in zip(stream, range(FIRST_LINES), strict=False))
    except OSError:
        return False


def find_scenario(name: str, versions: Versions) -> Scenario:
    """The scenario of this id, or of the file of this path. Raises UnknownName, BadInput or ScenarioInvalid."""
    return sound(read_path(find_path(name), versions))


def find_path(name: str) -> Path:
    """The file of this id or path. Raises UnknownName with the nearest id."""
    if name.endswith(".yaml") or "/" in name:
        return Path(name)
    files = scenario_files()
    if name not in files:
        near = nearest(name, list(files))
        raise UnknownName(
            f"没有情景“{name}”",
            where="drill",
            remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(files) or '（还没有）'}；也可写文件路径",
        )
    return files[name]


def sound(read: ReadScenario) -> Scenario:
    """The scenario of a file without errors. Raises ScenarioInvalid."""
    if read.scenario is None:
        raise ScenarioInvalid(read.findings)
    return read.scenario

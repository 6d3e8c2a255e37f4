"""One thing that is wrong with a plan file, and the errors that the core raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where a node stands: file name, line and column, both from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A mistake in a plan file: where, its code, what was found, what was expected, and the remedy."""

    place: Place
    code: str
    found: str
    expected: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.code}: {self.found}；应为：{self.expected}；处理：{self.remedy}"


class YuanError(Exception):
    """A request that the core cannot serve. `where` names the place in the input, `remedy` what to do about it."""

    code = "error"

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy


class PlanInvalid(YuanError):
    """A plan file with findings of severity error."""

    code = "plan-invalid"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            f"预案文件有 {len(findings)} 处错误",
            where=str(findings[0].place) if findings else "",
            remedy="按每条意见改正后再加载（yuan check 列出全部）",
        )
        self.findings = findings


class FactInvalid(YuanError):
    """A fact outside its indicator's domain, or of an indicator that the plan does not have."""

    code = "fact-invalid"


class UnknownName(YuanError):
    """A plan, scale, level, reading, unit or clause that does not exist."""

    code = "unknown-name"


class IllegalMove(YuanError):
    """A lifecycle move that the plan does not allow from the present state."""

    code = "illegal-move"

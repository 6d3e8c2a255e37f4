"""A problem that an exercise brought to light, with who is to mend it and by when. Found by the engine, or added by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from engine.plan.finding import YuanError

Kind = Literal["missed", "late", "unanswered", "slow", "deviation", "no_unit", "not_started", "remark"]
Status = Literal["open", "doing", "done", "dropped"]
KIND_WORDS: Mapping[Kind, str] = {
    "missed": "未完成",
    "late": "逾期完成",
    "unanswered": "未签发",
    "slow": "签发慢",
    "deviation": "未按建议",
    "no_unit": "无责任单位",
    "not_started": "未起算",
    "remark": "评估意见",
}
STATUS_WORDS: Mapping[Status, str] = {"open": "待整改", "doing": "整改中", "done": "已整改", "dropped": "不整改"}


class BadIssue(YuanError):
    """A record of a problem that cannot be read."""

    code = "bad-issue"


@dataclass(frozen=True, slots=True)
class Issue:
    """id: unique among an exercise's. entries: numbers of the journal entries that bear it out. owner, due: who mends it, by when."""

    id: str
    kind: Kind
    what: str
    clause: str | None = None
    unit: str | None = None
    entries: tuple[int, ...] = ()
    suggestion: str = ""
    owner: str = ""
    due: date | None = None
    status: Status = "open"
    note: str = ""


_ADAPTER = TypeAdapter(Issue)


def issue_data(issue: Issue) -> dict[str, Any]:
    """As JSON data."""
    found: dict[str, Any] = _ADAPTER.dump_python(issue, mode="json")
    return found


def remark(
    issues: Iterable[Issue],
    what: str,
    *,
    clause: str | None = None,
    unit: str | None = None,
    entries: tuple[int, ...] = (),
    suggestion: str = "",
    owner: str = "",
    due: date | None = None,
) -> Issue:
    """A problem that a person adds, under a number that none of these has. Raises BadIssue where it says nothing."""
    if not what.strip():
        raise BadIssue("没有写明问题", where="what", remedy="写一句话：哪里不对")
    taken = {one.id for one in issues}
    number = next(n for n in range(1, len(taken) + 2) if f"R{n}" not in taken)
    return Issue(f"R{number}", "remark", what.strip(), clause, unit, entries, suggestion, owner, due)

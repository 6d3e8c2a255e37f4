"""Types of what comes in: bodies without unknown keys, ids, moments with their time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Body(BaseModel):
    """A request body: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


def _near(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("时间不在 2000 年到 2200 年之间")
    return moment


When = Annotated[AwareDatetime, AfterValidator(_near)]
"""A moment, with its time zone (2026-11-22T08:30:00+08:00)."""
Short = Annotated[str, Field(min_length=1, max_length=64)]
Id = Annotated[str, Field(pattern=r"^[0-9a-z-]{1,32}$")]
PathId = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,32}$")]
Labels = Annotated[list[Short], Field(max_length=50)]

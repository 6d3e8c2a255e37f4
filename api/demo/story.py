"""What a demonstration is made from: people, rosters and incidents as data, every time relative to the present moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from api.reading import BadInput, parse_yaml
from engine.incident.event import DutyStep

STORY = Path(__file__).with_name("evening.yaml")
ACTIONS = ("facts", "hours", "sign", "moment", "duty", "message", "note")


def _span(text: object) -> timedelta:
    """`"3:20"`: three hours and twenty minutes."""
    hours, colon, minutes = str(text).partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(minutes) < 60):
        raise ValueError("写成 时:分，如 3:20")
    return timedelta(hours=int(hours), minutes=int(minutes))


Span = Annotated[timedelta, BeforeValidator(_span)]
"""How long before the present moment; or a time of day."""


class Part(BaseModel):
    """A part of the file: no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Part):
    """Who may log in. shown: how the login page speaks of them."""

    login: str
    name: str
    shown: str
    jurisdiction: str
    roles: tuple[str, ...]
    posts: tuple[str, ...] = ()


class Roster(Part):
    """A place of an office, held in turn; `logins` begins with who is on duty now. changes: times of day."""

    jurisdiction: str
    place: str
    changes: Annotated[tuple[Span, ...], Field(min_length=1)]
    logins: Annotated[tuple[str, ...], Field(min_length=2)]


class Curve(Part):
    """Hourly values, given every so many hours and straight in between. begins: hours from the present one."""

    begins: int
    every: Annotated[int, Field(ge=1)]
    values: Annotated[tuple[float, ...], Field(min_length=2)]

    def at(self, hour: int) -> int:
        """The value of an hour, counted from the present one."""
        number, rest = divmod(hour - self.begins, self.every)
        if rest == 0:
            return round(self.values[number])
        return round(self.values[number] + (self.values[number + 1] - self.values[number]) * rest / self.every)

    @property
    def ends(self) -> int:
        """The last hour."""
        return self.begins + self.every * (len(self.values) - 1)


class Hours(Part):
    """The part of a curve that is reported; `first` and `last` are counted from the present hour."""

    of: str
    first: int
    last: int


class Signature(Part):
    plan: str
    scale: str
    level: str
    post: str
    reason: str | None = None


class Happened(Part):
    plan: str
    moment: str


class Duties(Part):
    """Every duty of the clause whose text has these words, and that is put on this unit where one is named."""

    clause: str
    has: str
    unit: str | None = None
    step: DutyStep
    note: str | None = None


class Message(Part):
    direction: Literal["in", "out"]
    sender: str
    recipient: str
    medium: str
    text: str


class Step(Part):
    """One thing that somebody enters. by: a login, or the place on the roster. happened: how much earlier it was so."""

    ago: Span
    by: str
    happened: Span = timedelta(0)
    source: str | None = None
    facts: dict[str, Any] | None = None
    hours: dict[str, Hours] | None = None
    sign: Signature | None = None
    moment: Happened | None = None
    duty: Duties | None = None
    message: Message | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Step:
        given = [name for name in ACTIONS if getattr(self, name) is not None]
        if given not in [[name] for name in ACTIONS] and given != ["facts", "hours"]:
            raise ValueError(f"恰写一项：{'、'.join(ACTIONS)}")
        if given[0] in ("facts", "hours") and self.source is None:
            raise ValueError("事实要写 source")
        return self


class Event(Part):
    """An incident or a watch, and what is entered in it, in order. from_watch: the watch that it comes out of."""

    key: str
    ago: Span
    by: str
    title: str
    jurisdiction: str
    plans: Annotated[tuple[str, ...], Field(min_length=1)]
    report: str
    source: str
    place: str | None = None
    watch: bool = False
    from_watch: str | None = None
    then: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Event:
        if any(later > earlier for earlier, later in pairwise([self.ago, *(step.ago for step in self.then)])):
            raise ValueError("各步要按时间先后")
        return self


class Story(Part):
    """The whole file. password: everybody's, printed on the login page."""

    password: str
    people: tuple[Person, ...]
    rosters: tuple[Roster, ...]
    curves: dict[str, Curve] = {}
    incidents: tuple[Event, ...]

    @model_validator(mode="after")
    def _names_known(self) -> Story:
        logins, places = {one.login for one in self.people}, {one.place for one in self.rosters}
        named = [one.by for one in self.incidents] + [step.by for one in self.incidents for step in one.then]
        named += [login for one in self.rosters for login in one.logins]
        _known(named, logins | places, "人员")
        parts = [part for one in self.incidents for step in one.then for part in (step.hours or {}).values()]
        _known((part.of for part in parts), set(self.curves), "曲线")
        for part in parts:
            curve = self.curves[part.of]
            if not curve.begins <= part.first <= part.last <= curve.ends:
                raise ValueError(f"曲线“{part.of}”没有第 {part.first} 到第 {part.last} 小时")
        return self


def _known(names: Iterable[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"没有{what}“{name}”")


def read_story(path: Path = STORY) -> Story:
    """The story of a file. Raises BadInput, naming the first mistake."""
    try:
        return Story.model_validate(parse_yaml(path.read_text("utf-8"), path.name))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], where=f"{path.name} {where}".strip(), remedy="改正演示文件") from None

"""Shifts in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, insert, select

from api.people.actor import EVERYWHERE
from api.people.audit import record
from api.people.chance import Chance
from api.people.clock import Clock
from api.people.person import checked_text, row_of
from api.people.refusal import Conflict, Invalid, Missing
from api.people.roster import PLACES, Shift, next_shifts, on_duty
from api.people.tables import people, shifts
from api.store.database import reading, writing

LONGEST = timedelta(days=14)
AHEAD = timedelta(days=60)


class Shifts:
    """The roster of each jurisdiction."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance

    def add(self, person_id: str, place: str, jurisdiction: str, begins: datetime, ends: datetime, by: str) -> Shift:
        """Put a person on the roster. Raises Missing, Invalid, or Conflict with another shift of the same person."""
        now, shift_id = self._clock(), self._chance.name()
        if place not in PLACES:
            raise Invalid(f"没有班位“{place}”", where="place", remedy=f"可用：{'、'.join(PLACES)}")
        if not begins < ends <= begins + LONGEST:
            raise Invalid("班次的结束要晚于开始，至多 14 天", where="ends", remedy="改正结束时间")
        where = checked_text(jurisdiction, "jurisdiction", "辖区")
        if where == EVERYWHERE:
            raise Invalid("班次要写明是哪个辖区的", where="jurisdiction", remedy="写上辖区，如预案所写的县名")
        with writing(self._engine) as link:
            person = row_of(link, person_id, lock=True)
            if not person["active"]:
                raise Conflict("这个人员已停用", where="person", remedy="换一个人员")
            if person["jurisdiction"] not in {EVERYWHERE, where}:
                raise Conflict("这个人员不在这个辖区", where="jurisdiction", remedy="换一个本辖区的人员")
            clash = (shifts.c.person_id == person_id, shifts.c.begins < ends, shifts.c.ends > begins)
            if link.execute(select(shifts.c.id).where(*clash)).first() is not None:
                raise Conflict(f"{person['name']}在这段时间已有班次", where="begins", remedy="先删去那一班，或改时间")
            values = {"person_id": person_id, "place": place, "jurisdiction": where}
            link.execute(insert(shifts).values(id=shift_id, begins=begins, ends=ends, **values))
            record(link, now, by, "shift.added", shift_id, begins=begins.isoformat(), ends=ends.isoformat(), **values)
            return _one(link, shift_id)

    def remove(self, shift_id: str, by: str) -> None:
        """Take a shift off the roster; the audit keeps what it was. Raises Missing."""
        now = self._clock()
        with writing(self._engine) as link:
            gone = _one(link, shift_id)
            link.execute(delete(shifts).where(shifts.c.id == shift_id))
            span = {"begins": gone.begins.isoformat(), "ends": gone.ends.isoformat()}
            record(link, now, by, "shift.removed", shift_id, person_id=gone.person_id, place=gone.place, **span)

    def get(self, shift_id: str) -> Shift:
        """One shift. Raises Missing."""
        with reading(self._engine) as link:
            return _one(link, shift_id)

    def between(self, jurisdiction: str, since: datetime, until: datetime) -> list[Shift]:
        """The shifts of a jurisdiction that touch this time, in order."""
        touching = (shifts.c.jurisdiction == jurisdiction, shifts.c.begins < until, shifts.c.ends > since)
        with reading(self._engine) as link:
            rows = link.execute(_query().where(*touching).order_by(shifts.c.begins, shifts.c.place, shifts.c.id)).mappings()
            return [_shift(row) for row in rows]

    def now(self, jurisdiction: str) -> tuple[list[Shift], list[Shift]]:
        """Who is on duty now, and the next shifts of each place."""
        at = self._clock()
        known = self.between(jurisdiction, at, at + AHEAD)
        return on_duty(known, at), next_shifts(known, at)


def _query() -> Select[tuple[object, ...]]:
    return select(shifts, people.c.name).join(people, people.c.id == shifts.c.person_id)


def _one(link: Connection, shift_id: str) -> Shift:
    row = link.execute(_query().where(shifts.c.id == shift_id)).mappings().one_or_none()
    if row is None:
        raise Missing("没有这个班次", where="shift", remedy="见 GET /api/v1/shifts")
    return _shift(row)


def _shift(row: RowMapping) -> Shift:
    return Shift(row["id"], row["person_id"], row["name"], row["place"], row["jurisdiction"], row["begins"], row["ends"])

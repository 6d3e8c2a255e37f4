"""Hand-overs: the summary of a shift as it was, and both signatures. A signature is given once and stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from api.people.audit import record
from api.people.chance import Chance
from api.people.clock import Clock
from api.people.person import row_of
from api.people.refusal import Conflict, Forbidden, Invalid, Missing
from api.people.tables import handovers
from api.store.database import reading, writing


@dataclass(frozen=True, slots=True)
class Handover:
    """One hand-over; done when both have signed."""

    id: str
    from_person: str
    to_person: str
    jurisdiction: str
    at: datetime
    summary: Mapping[str, Any]
    signed_from_at: datetime | None
    signed_to_at: datetime | None

    @property
    def is_signed(self) -> bool:
        """Whether both have signed."""
        return self.signed_from_at is not None and self.signed_to_at is not None


class Handovers:
    """Hand-overs in the database."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance

    def begin(self, from_person: str, to_person: str, jurisdiction: str, summary: Mapping[str, Any]) -> Handover:
        """Keep the summary, unsigned. Raises Missing, Invalid or Conflict."""
        if from_person == to_person:
            raise Invalid("交班人和接班人要是两个人", where="to_person", remedy="改正接班人")
        now, handover_id = self._clock(), self._chance.name()
        with writing(self._engine) as link:
            for where, person_id in (("from_person", from_person), ("to_person", to_person)):
                if not row_of(link, person_id)["active"]:
                    raise Conflict("这个人员已停用", where=where, remedy="换一个人员")
            link.execute(
                insert(handovers).values(
                    id=handover_id,
                    from_person=from_person,
                    to_person=to_person,
                    jurisdiction=jurisdiction,
                    at=now,
                    summary=dict(summary),
                )
            )
            record(link, now, from_person, "handover.begun", handover_id, to=to_person)
            return _handover(_row(link, handover_id))

    def sign(self, handover_id: str, person_id: str) -> Handover:
        """Sign, as the one who hands over or the one who takes over. Raises Missing, Forbidden or Conflict."""
        now = self._clock()
        with writing(self._engine) as link:
            row = _row(link, handover_id, lock=True)
            side = {row["from_person"]: "signed_from_at", row["to_person"]: "signed_to_at"}.get(person_id)
            if side is None:
                raise Forbidden("只有交班人和接班人可以签", where="handover", remedy="请本人登录后签")
            if row[side] is not None:
                raise Conflict("已经签过", where="handover", remedy="不必再签")
            link.execute(update(handovers).where(handovers.c.id == handover_id).values({side: now}))
            record(link, now, person_id, "handover.signed", handover_id)
            return _handover(_row(link, handover_id))

    def renew(self, handover_id: str, person_id: str, summary: Mapping[str, Any]) -> Handover:
        """Put a newer summary in place of one that not both have signed; who had signed, signs again. Raises Missing, Forbidden, Conflict."""
        now = self._clock()
        with writing(self._engine) as link:
            row = _row(link, handover_id, lock=True)
            if person_id not in (row["from_person"], row["to_person"]):
                raise Forbidden("只有交班人和接班人可以重新作成", where="handover", remedy="请本人登录后办理")
            if row["signed_from_at"] is not None and row["signed_to_at"] is not None:
                raise Conflict("双方已经签过，不能重新作成", where="handover", remedy="另作一份交接单")
            changed = {"summary": dict(summary), "at": now, "signed_from_at": None, "signed_to_at": None}
            link.execute(update(handovers).where(handovers.c.id == handover_id).values(changed))
            record(link, now, person_id, "handover.renewed", handover_id)
            return _handover(_row(link, handover_id))

    def get(self, handover_id: str) -> Handover:
        """One hand-over. Raises Missing."""
        with reading(self._engine) as link:
            return _handover(_row(link, handover_id))

    def listed(self, jurisdiction: str, limit: int = 50) -> list[Handover]:
        """The newest of a jurisdiction first."""
        query = select(handovers).where(handovers.c.jurisdiction == jurisdiction)
        with reading(self._engine) as link:
            rows = link.execute(query.order_by(handovers.c.at.desc(), handovers.c.id).limit(limit)).mappings()
            return [_handover(row) for row in rows]


def _row(link: Connection, handover_id: str, *, lock: bool = False) -> RowMapping:
    query = select(handovers).where(handovers.c.id == handover_id)
    row = link.execute(query.with_for_update(key_share=True) if lock else query).mappings().one_or_none()
    if row is None:
        raise Missing("没有这次交接班", where="handover", remedy="见交接班列表")
    return row


def _handover(row: RowMapping) -> Handover:
    return Handover(**row)

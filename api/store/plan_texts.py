"""The texts of the plan versions that incidents are pinned to: a version can be loaded as long as its incidents are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select

from api.store.database import reading, writing
from api.store.tables import plan_texts
from engine.incident.chain import canonical


@dataclass(frozen=True, slots=True)
class PlanText:
    """One version of a plan as `engine.plan.load.load` takes it.

    name: its file. units, indexes: the texts by file name that it was loaded with.
    """

    plan: str
    name: str
    text: str
    units: Mapping[str, str]
    indexes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The SHA-256 of the plan's text: what incidents are pinned to."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class PlanTexts:
    """The plan versions kept in one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def keep(self, version: PlanText) -> None:
        """Keep this version, on disk when this returns. One that is kept already stays as it was first kept."""
        if self.find(version.digest) is not None:
            return
        with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE plan_texts IN SHARE ROW EXCLUSIVE MODE")
            known = connection.execute(select(plan_texts.c.digest).where(plan_texts.c.digest == version.digest)).first()
            if known is None:
                common = canonical({"units": dict(version.units), "indexes": dict(version.indexes)})
                row = {"digest": version.digest, "plan": version.plan, "name": version.name, "text": version.text}
                connection.execute(insert(plan_texts).values(row | {"common": common}))

    def find(self, digest: str) -> PlanText | None:
        """The version with this digest."""
        with reading(self.engine) as connection:
            row = connection.execute(select(plan_texts).where(plan_texts.c.digest == digest)).one_or_none()
        if row is None:
            return None
        common = json.loads(row.common)
        return PlanText(row.plan, row.name, row.text, common["units"], common["indexes"])

    def digests(self) -> tuple[str, ...]:
        """All digests kept."""
        with reading(self.engine) as connection:
            return tuple(sorted(connection.execute(select(plan_texts.c.digest)).scalars()))

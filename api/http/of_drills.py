"""What a handler of drills works with: the drills of this process, and what the caller may see and direct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from api.drills.drill import Branch, Drill
from api.drills.drills import Drills
from api.drills.record import KeptBranch, Record
from api.http.at_desk import AtDesk, TheDesk
from api.http.once import Once
from api.http.strict import READS, WRITES
from api.http.wings import wing_of
from api.people.refusal import Conflict, Forbidden, Missing
from engine.drill.scenario import MARK

DrillId = Annotated[str, Path(pattern=r"^[0-9]{8}-[0-9]{1,4}$", description="推演的编号")]
BranchKey = Annotated[str, Path(pattern=r"^[0-9]{8}-[0-9]{1,4}-[1-8]$", description="分支的代号，如 20261122-1-2")]
DRILL_READS = READS | {409: WRITES[409]}


@dataclass(frozen=True)
class OfDrills:
    """One request about drills. branch: that of the address, in a wing."""

    drills: Drills
    at_desk: AtDesk
    once: Once
    branch: str | None = None

    @property
    def person(self) -> str:
        return self.at_desk.caller.actor.person_id

    def may_see(self, record: Record) -> bool:
        """Who directs or plays in it; whoever directs drills; whose place it plays in."""
        place = record.branches[0].scenario.jurisdiction
        roles = self.at_desk.caller.actor.roles
        return "director" in roles or self.person == record.director or self.person in record.parts or self.at_desk.sees(place)

    def may_direct(self, record: Record) -> bool:
        """Its director; and who directs drills by office, or administers."""
        return self.person == record.director or bool(self.at_desk.caller.actor.roles & {"director", "admin"})

    def seen(self, drill_id: str) -> Record:
        """A drill that the caller may see; another is as if it were not there. Raises Missing."""
        found = self.drills.record(drill_id)
        if not self.may_see(found):
            raise Missing(f"没有推演“{drill_id}”", where="drill", remedy="用“推演”一屏上的编号")
        return found

    def directed(self, drill_id: str) -> Record:
        """A drill that the caller may change. Raises Missing, Forbidden."""
        found = self.seen(drill_id)
        if not self.may_direct(found):
            raise Forbidden("只有这次推演的导调能办", where="drill", remedy="请导调办理，或自己另开一次")
        return found

    def branch_of(self, drill_id: str, key: str) -> KeptBranch:
        """A branch of a drill that the caller may see. Raises Missing."""
        found = next((one for one in self.seen(drill_id).branches if one.key == key), None)
        if found is None:
            raise Missing(f"这次推演没有分支“{key}”", where="branch", remedy="见 GET /api/v1/drills/{drill_id}")
        return found

    def playing(self) -> tuple[Drill, Branch]:
        """The drill and the branch of the address. Raises Missing at the live office."""
        if self.branch is None:
            raise Missing("这个地址在推演里", where="drill", remedy="用 /drill/分支代号/api/v1/drill…")
        return self.drills.drill_of(self.branch)

    def directing(self) -> tuple[Drill, Branch]:
        """The same for its director. Raises Forbidden."""
        drill, branch = self.playing()
        if drill.director != self.person:
            raise Forbidden("只有这次推演的导调能办", where="drill", remedy="请导调办理")
        return drill, branch


def _of_drills(request: Request, at_desk: TheDesk) -> OfDrills:
    drills: Drills | None = getattr(request.app.state, "drills", None)
    if drills is None:
        raise Conflict("推演在开着值班台的那个进程里进行", where="drills", remedy="用一个进程、带网页启动：yuan serve")
    wing = wing_of(request.scope)
    return OfDrills(drills, at_desk, request.app.state.once, None if wing is None else wing.key)


TheDrills = Annotated[OfDrills, Depends(_of_drills)]


def sent(data: bytes | str, media: str, name: str) -> Response:
    """A file to be kept, whose name says 推演. name: with its ending."""
    told = f"[{MARK}]{name}" if not name.startswith(f"[{MARK}]") else name
    plain = "drill" + "".join(one if one.isascii() and (one.isalnum() or one in "-.") else "" for one in name)
    header = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(told)}"
    return Response(data, media_type=media, headers={"Content-Disposition": header})


def file_answers(*media: str) -> dict[int | str, dict[str, Any]]:
    """The answer of a route that sends a file."""
    content: dict[str, Any] = {one: {"schema": {}} for one in media}
    return {**DRILL_READS, 200: {"description": "文件，名称以 [推演] 开头", "content": content}}

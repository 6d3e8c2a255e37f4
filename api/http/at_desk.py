"""What a handler of the duty office works with: the desk, who calls, and what that person may see and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request

from api.desk.desk import Desk, Done
from api.http.caller import TheCaller
from api.http.strict import Key
from api.http.wings import office_of, wing_of
from api.library import Library
from api.people.actor import EVERYWHERE, may_see
from api.people.clock import CHINA
from api.people.person import Person
from api.people.refusal import Forbidden, Invalid
from api.people.service import Caller, PeopleService
from api.store.failure import KeyReused, NoIncident
from api.wings import Wing
from engine.contract.entry import Wording, entry_data
from engine.contract.incident import pending_data
from engine.incident import command as cmd
from engine.incident.chain import Entry
from engine.incident.command import ENGINE, Actor, Command
from engine.incident.event import from_data
from engine.incident.state import Incident
from engine.plan.finding import UnknownName
from engine.plan.model import Plan

RECORDED: dict[type[Any], str] = {
    cmd.Open: "opened",
    cmd.AddPlan: "plan_added",
    cmd.MoveVersion: "plan_moved",
    cmd.Observe: "fact_observed",
    cmd.Correct: "fact_corrected",
    cmd.Sign: "decided",
    cmd.MovePhase: "phase_moved",
    cmd.RecordMoment: "moment_recorded",
    cmd.MarkDuty: "duty_marked",
    cmd.Tell: "message",
    cmd.Note: "noted",
    cmd.Link: "linked",
    cmd.MergeInto: "merged",
    cmd.SplitOff: "split",
    cmd.SetOwner: "owner_set",
    cmd.HandOver: "handed_over",
    cmd.End: "ended",
    cmd.Archive: "archived",
}
"""The entry that each command makes of itself."""
NULL_SAYS = ("level", "value")
"""Where null is an answer; elsewhere it leaves the desk to fill something in."""
WRITTEN_EXAMPLE = {
    "incident": "20261122-001",
    "seq": 7,
    "entries": [{"seq": 7, "kind": "noted", "kind_name": "值班记录", "by_name": "值班员甲", "words": "已电话通知"}],
    "proposals": [],
}


@dataclass(frozen=True)
class AtDesk:
    """One request at the desk of the live office, or at that of a wing."""

    desk: Desk
    people: PeopleService
    library: Library
    own_place: str | None
    caller: Caller
    key: str | None
    wing: Wing | None = None

    @cached_property
    def actor(self) -> Actor:
        """The caller as the core sees one: the posts that he may act in, each with the authority where it is another's."""
        actor = self.caller.actor
        words = {one.id: self._authority(one.id) for one in actor.delegations}
        posts = {post: None if lent is None else words.get(lent, lent) for post, lent in actor.posts.items()}
        return Actor(actor.person_id, actor.name, posts)

    def _authority(self, delegation: str) -> str:
        one = next(one for one in self.caller.actor.delegations if one.id == delegation)
        giver = one.by_post or self.names.get(one.by_person or "", one.by_person or "")
        return f"{giver}授权，{one.authority}，至 {one.until.astimezone(CHINA):%Y-%m-%d %H:%M}（{one.id}）"

    @property
    def posts(self) -> frozenset[str]:
        """The posts that the caller may sign in; a token signs nothing."""
        return frozenset() if self.caller.token is not None else frozenset(self.caller.actor.posts)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by what entries have in `by`."""
        found = {one.id: one.name for one in self.people.accounts.everybody()}
        found |= {f"feed:{one.id}": one.label for one in self.people.tokens.listed() if one.feeds}
        return {ENGINE.id: ENGINE.name, **found, **({} if self.wing is None else self.wing.cast.names())}

    @cached_property
    def now(self) -> datetime:
        """The moment of this request."""
        return self.desk.now()

    def sees(self, jurisdiction: str) -> bool:
        """Whether what belongs there is open to the caller."""
        return may_see(self.caller.actor, jurisdiction)

    def incident(self, incident_id: str, at: datetime | None = None) -> Incident:
        """The incident now, or as the journal had it. One of another place is as if it were not there. Raises NoIncident."""
        found = self.desk.incident(incident_id)
        if not self.sees(found.jurisdiction):
            raise NoIncident(f"没有事件“{incident_id}”", where="incident", remedy="检查事件的编号")
        if at is None:
            return found
        past = self.desk.incident_at(incident_id, at)
        if past.seq == 0:
            opened = found.opened_at.astimezone(CHINA) if found.opened_at else at
            raise Invalid("那时这个事件还没有登记", where="at", remedy=f"写 {opened:%Y-%m-%d %H:%M:%S} 或以后的时间")
        return past

    def open_incidents(self, jurisdiction: str | None = None) -> list[Incident]:
        """Open incidents and watches that the caller may see."""
        return [
            one for one in self.desk.states.open() if self.sees(one.jurisdiction) and jurisdiction in (None, one.jurisdiction)
        ]

    def do(self, incident_id: str, command: Command, actor: Actor | None = None, key: str | None = None) -> Done:
        """Carry out a command on an incident that the caller may see, under the caller's idempotency key."""
        self.incident(incident_id)
        actor, key = actor or self.actor, key or self.key
        done = self.desk.do(incident_id, command, actor, key)
        check_same(command, actor, key, done.entries)
        return done

    def written(self, done: Done) -> dict[str, Any]:
        """The answer to a write: what was recorded, and the proposals that now wait."""
        return {
            "incident": done.state.id,
            "seq": done.state.seq,
            "entries": self.entries(done.state, done.entries),
            "proposals": pending_data(done.state, self.desk.versions, self.now, self.posts),
        }

    def entries(self, incident: Incident, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """Entries as data, each with its line in words."""
        wording = Wording(incident, self.desk.versions, self.names)
        return [entry_data(one, wording) for one in entries]

    def jurisdiction(self, wanted: str | None) -> str:
        """The place that is meant: the one given, the caller's own, or that of this office. Raises Invalid or Forbidden."""
        place = wanted or (None if self.caller.actor.jurisdiction == EVERYWHERE else self.caller.actor.jurisdiction)
        place = place or self.own_place
        if place is None or place == EVERYWHERE:
            raise Invalid("写明是哪个辖区的", where="jurisdiction", remedy="加上 jurisdiction，与预案所写一致")
        if not self.sees(place):
            own = self.caller.actor.jurisdiction
            raise Forbidden(f"不在您的辖区（{own}）", where="jurisdiction", remedy="请有该辖区权限的人员办理")
        return place

    def plans_of(self, jurisdiction: str | None) -> list[Plan]:
        """The plans of a place in the versions that are in force today; without one, all."""
        listed = self.library.current().plans.values()
        wanted = [one.id for one in listed if jurisdiction in (None, one.jurisdiction)]
        return [self.plan(one) for one in wanted]

    def plan(self, plan_id: str, where: str = "plan") -> Plan:
        """The version of a plan that is in force today. Raises UnknownName."""
        loaded = self.library.current()
        try:
            found = loaded.plan(plan_id)
        except UnknownName as error:
            error.where = where
            raise
        return in_force_on(loaded.versions[found.id], self.now.date())

    def version(self, plan_id: str, digest: str | None) -> Plan:
        """The version whose digest begins so; without one, that in force today. Raises UnknownName."""
        if digest is None:
            return self.plan(plan_id, "body.plan")
        loaded = self.library.current()
        listed = loaded.versions[self.plan(plan_id, "body.plan").id]
        found = [one for one in listed if one.digest.startswith(digest)]
        if len(found) != 1:
            known = "、".join(one.digest[:12] for one in listed)
            raise UnknownName(f"没有版本“{digest}”", where="digest", remedy=f"可用：{known}")
        return found[0]

    def person(self, person_id: str, jurisdiction: str, where: str) -> Person:
        """A person who works for this place. Raises Missing or Invalid."""
        found = self.people.accounts.find(person_id)
        if not found.active or found.jurisdiction not in (EVERYWHERE, jurisdiction):
            raise Invalid(f"{found.name}不在这个辖区，或已停用", where=where, remedy="换一个本辖区的人员")
        return found


def in_force_on(versions: Sequence[Plan], day: date) -> Plan:
    """Of a plan's versions, oldest first, the last that has come into force; before the first, the first."""
    begun = [one for one in versions if one.document.in_force <= day]
    return begun[-1] if begun else versions[0]


def check_same(command: Command, actor: Actor, key: str | None, entries: Sequence[Entry]) -> None:
    """Raises KeyReused where what stands under the key is another command: nothing is swallowed silently."""
    if key is None or not entries:
        return
    made = [one for one in entries if one.kind == RECORDED[type(command)]]
    if not made or made[0].by != actor.id or not _fits(command, made):
        raise KeyReused(
            f"幂等键“{key}”已用于另一个操作", where="Idempotency-Key", remedy="每个操作用一个新的键；重发同一操作才用原来的键"
        )


def _fits(command: Command, made: Sequence[Entry]) -> bool:
    if isinstance(command, cmd.Observe):
        return {one.body["indicator"]: one.body["value"] for one in made} == dict(command.facts)
    event = from_data(made[0].kind, made[0].body)
    shared = ({one.name for one in fields(event)} & {one.name for one in fields(command)}) - {
        "demo"
    }  # a demonstration's desk says so
    told = {name: getattr(command, name) for name in shared}
    said = {name: value for name, value in told.items() if value is not None or name in NULL_SAYS}
    return all(getattr(event, name) == value for name, value in said.items() if not isinstance(value, datetime | tuple))


def _at_desk(request: Request, caller: TheCaller, idempotency_key: Key = None) -> AtDesk:
    office, wing, state = office_of(request), wing_of(request.scope), request.app.state
    own = state.settings.jurisdiction if wing is None else wing.place or state.settings.jurisdiction
    return AtDesk(office.desk, office.people, state.library, own, caller, idempotency_key, wing)


TheDesk = Annotated[AtDesk, Depends(_at_desk)]

"""The one policy: for each address, who may call it. An address that is not in it is not served."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.routing import compile_path

EVERYONE = frozenset({"observer", "officer", "leader", "director", "admin"})
STAFF = frozenset({"officer", "leader", "director", "admin"})


@dataclass(frozen=True, slots=True)
class Rule:
    """`public`: no login, and no incident data behind it. Else a person needs one of the roles; a token one of the scopes too,
    and its person one of the roles. `before_change`: open also to a person whose one-time password is still to be changed.
    `most`: bytes of the body; None where the route itself sees to it."""

    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    public: bool = False
    before_change: bool = False
    most: int | None = 5_000_000


PUBLIC = Rule(public=True, most=None)
OWN = Rule(EVERYONE)
"""One's own affairs, in a session."""
OWN_FIRST = Rule(EVERYONE, before_change=True)
READ = Rule(EVERYONE, frozenset({"read"}))
"""To read incidents and all about them, within the jurisdiction."""
ASK = Rule(EVERYONE, frozenset({"facts"}))
"""To ask what would be; nothing is recorded, but it is sent as a change is, so a token that only reads does not do."""
FACTS = Rule(frozenset({"officer", "leader"}), frozenset({"facts"}))
"""To enter facts, messages and notes."""
FEED = Rule(frozenset({"officer", "leader"}), frozenset({"feed"}))
"""To append series; the handler asks `Token.may_feed` for the indicator too."""
SIGN = Rule(frozenset({"officer", "leader"}))
"""To decide and sign; the core asks for the post. Never a token."""
DRILL = Rule(frozenset({"director"}))
"""What the director of an exercise does in it: there it is a role of the exercise's cast, not the person's own."""
STAGE = Rule(STAFF)
"""To begin an exercise, which the caller then directs; the handler lets only its director, directors by office and administrators
change one. Who may see one: whose place it plays in, who takes part, and everybody who directs drills."""
PLAYED = Rule(EVERYONE)
"""To look at the exercise that one is in."""
LISTS = Rule(STAFF)
"""To see names, posts, delegations: who signs, who may be called."""
DUTY = Rule(EVERYONE, frozenset({"read"}))
DELEGATE = Rule(frozenset({"officer", "leader", "admin"}))
"""To delegate an own post; an administrator records any."""
ROSTER = Rule(frozenset({"leader", "admin"}))
ADMIN = Rule(frozenset({"admin"}))

Policy = Mapping[tuple[str, str], Rule]

POLICY: Policy = {
    ("GET", "/api/v1/plans"): PUBLIC,
    ("GET", "/api/v1/findings"): PUBLIC,
    ("GET", "/api/v1/plans/{plan_id}"): PUBLIC,
    ("GET", "/api/v1/plans/{plan_id}/clauses/{clause}"): PUBLIC,
    ("GET", "/api/v1/plans/{plan_id}/diagram"): PUBLIC,
    ("GET", "/api/v1/plans/{plan_id}/duties"): PUBLIC,
    ("POST", "/api/v1/plans/{plan_id}/duties"): PUBLIC,
    ("GET", "/api/v1/plans/{plan_id}/duties/readings"): PUBLIC,
    ("POST", "/api/v1/plans/{plan_id}/assess"): PUBLIC,
    ("POST", "/api/v1/assess/batch"): PUBLIC,
    ("POST", "/api/v1/session"): Rule(public=True, most=20_000),
    ("GET", "/api/v1/session"): Rule(EVERYONE, frozenset({"read", "facts", "feed"}), before_change=True),
    ("DELETE", "/api/v1/session"): OWN_FIRST,
    ("POST", "/api/v1/session/password"): OWN_FIRST,
    ("GET", "/api/v1/sessions"): OWN,
    ("DELETE", "/api/v1/sessions/{session_id}"): OWN,
    ("GET", "/api/v1/tokens"): OWN,
    ("POST", "/api/v1/tokens"): OWN,
    ("DELETE", "/api/v1/tokens/{token_id}"): OWN,
    ("GET", "/api/v1/people"): LISTS,
    ("POST", "/api/v1/people"): ADMIN,
    ("GET", "/api/v1/people/{person_id}"): LISTS,
    ("PATCH", "/api/v1/people/{person_id}"): ADMIN,
    ("POST", "/api/v1/people/{person_id}/password"): ADMIN,
    ("POST", "/api/v1/people/{person_id}/posts"): ADMIN,
    ("DELETE", "/api/v1/people/{person_id}/posts/{post}"): ADMIN,
    ("GET", "/api/v1/posts"): LISTS,
    ("GET", "/api/v1/delegations"): LISTS,
    ("POST", "/api/v1/delegations"): DELEGATE,
    ("DELETE", "/api/v1/delegations/{delegation_id}"): DELEGATE,
    ("GET", "/api/v1/shifts"): DUTY,
    ("POST", "/api/v1/shifts"): ROSTER,
    ("GET", "/api/v1/shifts/now"): DUTY,
    ("DELETE", "/api/v1/shifts/{shift_id}"): ROSTER,
    ("GET", "/api/v1/audit"): ADMIN,
    ("GET", "/api/v1/demo"): READ,
    ("POST", "/api/v1/demo/removal"): ADMIN,
    ("GET", "/api/v1/incidents"): READ,
    ("POST", "/api/v1/incidents"): FACTS,
    ("GET", "/api/v1/incidents/{incident_id}"): READ,
    ("POST", "/api/v1/incidents/{incident_id}/plans"): SIGN,
    ("GET", "/api/v1/incidents/{incident_id}/version-change"): READ,
    ("POST", "/api/v1/incidents/{incident_id}/version-change"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/owner"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/links"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/merge"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/split"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/phase"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/moments"): FACTS,
    ("POST", "/api/v1/incidents/{incident_id}/end"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/archive"): SIGN,
    ("POST", "/api/v1/incidents/{incident_id}/facts"): FACTS,
    ("POST", "/api/v1/incidents/{incident_id}/facts/{entry}/correction"): FACTS,
    ("POST", "/api/v1/incidents/{incident_id}/decisions"): SIGN,
    ("GET", "/api/v1/incidents/{incident_id}/duties"): READ,
    ("POST", "/api/v1/incidents/{incident_id}/duties/{key}/steps"): FACTS,
    ("POST", "/api/v1/incidents/{incident_id}/messages"): FACTS,
    ("POST", "/api/v1/incidents/{incident_id}/notes"): FACTS,
    ("GET", "/api/v1/incidents/{incident_id}/journal"): READ,
    ("GET", "/api/v1/incidents/{incident_id}/journal/verify"): READ,
    ("GET", "/api/v1/incidents/{incident_id}/journal/export"): READ,
    ("GET", "/api/v1/incidents/{incident_id}/triage"): READ,
    ("POST", "/api/v1/incidents/{incident_id}/what-if"): ASK,
    ("POST", "/api/v1/triage"): ASK,
    ("POST", "/api/v1/sweeps"): ASK,
    ("GET", "/api/v1/proposals"): READ,
    ("GET", "/api/v1/deadlines"): READ,
    ("GET", "/api/v1/events"): READ,
    ("POST", "/api/v1/feeds/{incident_id}/{indicator}"): FEED,
    ("GET", "/api/v1/watches"): READ,
    ("POST", "/api/v1/watches"): SIGN,
    ("GET", "/api/v1/watches/{incident_id}"): READ,
    ("POST", "/api/v1/watches/{incident_id}/facts"): FACTS,
    ("POST", "/api/v1/watches/{incident_id}/incident"): FACTS,
    ("GET", "/api/v1/handovers"): READ,
    ("POST", "/api/v1/handovers"): SIGN,
    ("GET", "/api/v1/handovers/{handover_id}"): READ,
    ("POST", "/api/v1/handovers/{handover_id}/sign"): SIGN,
    ("POST", "/api/v1/handovers/{handover_id}/renewal"): SIGN,
    ("GET", "/api/v1/scenarios"): READ,
    ("POST", "/api/v1/scenarios/cexf"): STAGE,
    ("GET", "/api/v1/drills"): READ,
    ("POST", "/api/v1/drills"): STAGE,
    ("GET", "/api/v1/drills/{drill_id}"): READ,
    ("DELETE", "/api/v1/drills/{drill_id}"): STAGE,
    ("POST", "/api/v1/drills/{drill_id}/cast"): STAGE,
    ("POST", "/api/v1/drills/{drill_id}/end"): STAGE,
    ("POST", "/api/v1/drills/{drill_id}/resume"): STAGE,
    ("GET", "/api/v1/drills/{drill_id}/comparison"): READ,
    ("GET", "/api/v1/drills/{drill_id}/comparison.html"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/progress.html"): READ,
    ("POST", "/api/v1/drills/{drill_id}/issues"): STAGE,
    ("PATCH", "/api/v1/drills/{drill_id}/issues/{issue}"): STAGE,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/evaluation"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/report.html"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/report.docx"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/scenario.yaml"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/cexf.json"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/feature"): READ,
    ("GET", "/api/v1/drills/{drill_id}/branches/{key}/journal.jsonl"): READ,
    ("GET", "/api/v1/drill"): PLAYED,
    ("POST", "/api/v1/drill/clock"): DRILL,
    ("POST", "/api/v1/drill/injects"): DRILL,
    ("POST", "/api/v1/drill/branches"): DRILL,
}

_PLAN = "/api/v1/plans/{plan_id}"
_INCIDENT = "/api/v1/incidents/{incident_id}"
IN_DRILLS: frozenset[tuple[str, str]] = frozenset(
    {
        *(
            ("GET", one)
            for one in ("/api/v1/plans", "/api/v1/findings", _PLAN, f"{_PLAN}/clauses/{{clause}}", f"{_PLAN}/diagram")
        ),
        *(("GET", f"{_PLAN}/{one}") for one in ("duties", "duties/readings")),
        ("POST", f"{_PLAN}/duties"),
        ("POST", f"{_PLAN}/assess"),
        ("POST", "/api/v1/assess/batch"),
        ("GET", "/api/v1/session"),
        ("GET", "/api/v1/incidents"),
        ("POST", "/api/v1/incidents"),
        ("GET", _INCIDENT),
        *(("GET", f"{_INCIDENT}/{one}") for one in ("version-change", "duties", "triage")),
        *(("GET", f"{_INCIDENT}/{one}") for one in ("journal", "journal/verify", "journal/export")),
        *(("POST", f"{_INCIDENT}/{one}") for one in ("plans", "version-change", "owner", "links", "merge", "split", "phase")),
        *(("POST", f"{_INCIDENT}/{one}") for one in ("moments", "end", "archive", "facts", "facts/{entry}/correction")),
        *(("POST", f"{_INCIDENT}/{one}") for one in ("decisions", "duties/{key}/steps", "messages", "notes", "what-if")),
        ("POST", "/api/v1/triage"),
        ("GET", "/api/v1/proposals"),
        ("GET", "/api/v1/deadlines"),
        ("GET", "/api/v1/events"),
        ("GET", "/api/v1/drill"),
        *(("POST", f"/api/v1/drill/{one}") for one in ("clock", "injects", "branches")),
    }
)
"""What makes sense in an exercise: incidents, facts, decisions, duties, the journal, what-if, plans to read. All else is the live office's."""
DRILL_POLICY: Policy = {address: POLICY[address] for address in POLICY if address in IN_DRILLS}


class Addresses:
    """A policy as it is looked up. Where two templates fit, the one without a parameter in it goes first, as in the routes."""

    def __init__(self, policy: Policy) -> None:
        self._whole: dict[str, dict[str, Rule]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Rule]]] = []
        found: dict[str, dict[str, Rule]] = {}
        for (method, template), rule in policy.items():
            found.setdefault(template, {})[method] = rule
        for template, rules in found.items():
            if "{" in template:
                self._patterns.append((compile_path(template)[0], rules))
            else:
                self._whole[template] = rules

    def rule(self, method: str, path: str) -> Rule | None:
        """The rule of a request; None for one that no entry fits."""
        rules = self._whole.get(path)
        if rules is not None and method in rules:
            return rules[method]
        for pattern, rules in self._patterns:
            if method in rules and pattern.match(path):
                return rules[method]
        return None

    def has(self, path: str) -> bool:
        """Whether any method is served there."""
        return path in self._whole or any(pattern.match(path) for pattern, _ in self._patterns)

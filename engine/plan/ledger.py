"""The clause ledger: which clauses something in the plan cites, and why the others bind nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.plan.condition import Condition, walk
from engine.plan.model import Plan
from engine.plan.source import Source

ENCODED = "encoded"


def within(clause: str, above: str) -> bool:
    """Whether `clause` is `above` or stands below it: 4.2(1) is within 4.2 and 4, 1.10 is not within 1.1."""
    if not clause.startswith(above):
        return False
    rest = clause[len(above) :]
    return not rest or not (above[-1].isdigit() and rest[0].isdigit())


def citations(plan: Plan) -> Iterator[str]:
    """The clauses that triggers, duties, the procedure, the lifecycle and the organization cite."""
    for scale in plan.scales.values():
        for triggers in scale.triggers.values():
            for trigger in triggers:
                yield trigger.clause
                yield from _clauses_in(trigger.condition)
        for takeover in scale.takes_over:
            yield takeover.clause
            yield from _clauses_in(takeover.when)
    for duty in plan.duties:
        yield duty.clause
        yield from _clauses_in(duty.when)
        for one in duty.otherwise:
            yield from _clauses_in(one.fields.get("when"))
    for act in plan.procedure:
        yield act.clause
        yield from _clauses_in(act.when)
    for transition in plan.lifecycle.transitions:
        yield transition.clause
        yield from _clauses_in(transition.when)
    for rules in plan.lifecycle.levels.values():
        for rule in rules.values():
            yield rule.clause
            yield from _clauses_in(rule.when)
    for merge in plan.lifecycle.merges:
        yield merge.clause
    for notice in plan.lifecycle.notices.values():
        yield notice.clause
    organization = plan.organization
    for body in (organization.command, organization.on_site_command):
        if body is not None:
            yield body.clause
    for group in organization.groups:
        yield group.clause


def _clauses_in(condition: Condition | None) -> Iterator[str]:
    """The clauses that the parts of a condition cite."""
    if condition is not None:
        yield from (node.basis.clause for node in walk(condition) if node.basis.clause)


def ledger(plan: Plan) -> dict[str, str]:
    """Each clause id, in the document's order: "encoded", or the reason why it binds nobody."""
    cited = set(citations(plan))
    found = {}
    for clause in plan.clauses:
        if any(within(one, clause) for one in cited):
            found[clause] = ENCODED
        elif clause in plan.not_binding:
            found[clause] = plan.not_binding[clause]
    return found


def check_ledger(plan: Plan, source: Source) -> None:
    """Each clause is cited or has a reason, never both."""
    found = ledger(plan)
    for clause in plan.not_binding:
        if clause not in plan.clauses:
            source.report(("not_binding", clause), "unknown-clause", f"条款“{clause}”", "clauses 中的一个条款号", "改正条款号")
        elif found.get(clause) == ENCODED:
            source.report(
                ("not_binding", clause), "ledger-both", f"条款“{clause}”已被引用", "引用了的条款不再写理由", "删去这一行"
            )
    for n, clause in enumerate(plan.clauses):
        if clause not in found:
            source.report(
                ("clauses", n),
                "ledger-missing",
                f"条款“{clause}”无人引用，也没有理由",
                "被引用，或在 not_binding 中写明理由",
                "编入任务、程序等，或补上理由",
            )

"""条款台账: every clause of the document, encoded, or the reason why it binds nobody."""

from __future__ import annotations

from collections import Counter

from api.console.markup import Markup, tag
from api.console.parts.gaps import open_end
from api.console.parts.words import clause
from api.http.at_desk import AtDesk
from engine.plan.ledger import ENCODED, citations, ledger, within
from engine.plan.model import Plan


def ledger_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part."""
    found = ledger(plan)
    cited = Counter(citations(plan))
    encoded = sum(state == ENCODED for state in found.values())
    silent = [one for one in plan.clauses if one not in found]
    words = f"{len(plan.clauses)} 条：{encoded} 条已编入，{len(found) - encoded} 条不编入并写了理由" + (
        f"，{len(silent)} 条没有交代" if silent else "，没有遗漏"
    )
    heads = (
        tag("th", word, scope="col", class_="number" if word == "引用" else None) for word in ("条款", "状态", "引用", "理由")
    )
    return tag(
        "section",
        tag("div", tag("h2", "条款台账", class_="title"), tag("span", words, class_="aside"), class_="line"),
        tag(
            "table",
            tag("thead", tag("tr", *heads)),
            tag("tbody", *(_row(plan, one, found.get(one), cited) for one in plan.clauses)),
            class_="ledger",
        ),
        class_="panel",
    )


def _row(plan: Plan, name: str, state: str | None, cited: Counter[str]) -> Markup:
    times = sum(count for one, count in cited.items() if within(one, name))
    word = tag("b", "已编入") if state == ENCODED else "不编入" if state else open_end("没有交代")
    return tag(
        "tr",
        tag("td", clause(plan.id, name)),
        tag("td", word),
        tag("td", f"{times} 处" if times else "—", class_="number"),
        tag("td", "" if state in (None, ENCODED) else state, class_="aside"),
        id=f"clause-{name}",
    )

"""What the stage of a drill says in its panels: injects, how branches differ, signatures and limits, branches, people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.console.markup import Markup, join, tag
from api.console.parts.drill_data import Looked, numbered
from api.console.parts.words import clause
from api.console.screen import nothing
from api.drills.cast import OFFICER
from api.drills.drill import Branch
from api.http.at_desk import AtDesk
from engine.contract.drill import after_word

OFFICER_WORD = "值班员"
SIGNS = {"added": "＋ 增", "removed": "－ 减", "tightened": "↑ 严", "loosened": "↓ 宽"}
OUTCOMES = (("met", "按时"), ("late", "逾期"), ("missed", "未完成"), ("running", "未到期"), ("waiting", "未起算"))
ORDER = {"missed": 0, "late": 1, "running": 2}
MOST_ROWS = 12


def inject_table(one: Looked, evaluation: dict[str, Any], *, director: bool) -> Markup:
    """The director's: the whole script with what is expected; the others': what was given."""
    numbers = numbered(one)
    rows = [
        _inject(one, each, numbers[each["id"]], director=director)
        for each in evaluation["injects"]
        if director or each["given_at"] is not None
    ]
    if not rows:
        return nothing("剧本里没有注入；导调可以随时注入" if director else "还没有注入。给出的消息列在这里")
    words = ("#", "时刻", "注入 → 事实", "期望", "结果") if director else ("#", "时刻", "消息 → 事实")
    head = tag("thead", tag("tr", *(tag("th", word, scope="col") for word in words)))
    count = sum(each["given_at"] is not None for each in evaluation["injects"])
    told = f"{count}/{len(rows)} 已给出；期望由预案得出" if director else f"已给出 {count} 个"
    return tag("div", tag("p", told, class_="aside"), tag("table", head, tag("tbody", *rows), class_="inject-table"))


def _inject(one: Looked, each: dict[str, Any], number: int, *, director: bool) -> Markup:
    given, skipped = each["given_at"] is not None, each["how"] == "skipped"
    facts = "；".join(fact["words"] for fact in each["facts"]) or _moments(one, each["id"])
    told = each["text"].removeprefix("【推演】")
    cells = [
        tag("td", tag("b", str(number)), title=f"注入 {each['id']}"),
        tag("td", each["given_after"] or each["planned_after"], class_="when"),
        tag("td", tag("div", told or facts), tag("div", facts, class_="aside") if told and facts else None),
    ]
    if director:
        state = "✓ 已给出" if each["how"] == "given" else each["how_name"] if given or skipped else "未到"
        late = each["contingency_name"]
        cells += [
            tag("td", each["expected"] or "—"),
            tag(
                "td",
                state,
                tag("div", late, class_="aside") if late else None,
                _give(one, each["id"]) if not given and not skipped else None,
            ),
        ]
    return tag("tr", *cells, class_="given" if given else "coming", data_key=f"inject-{each['id']}")


def _moments(one: Looked, inject: str) -> str:
    """What came about, where nothing is said of it: “接到通报”."""
    found = one.run.scenario.inject(inject)
    names = [] if found is None else list(found.does.moments)
    labels = {name: words for plan in one.run.plans.values() for name, words in plan.moments.items()}
    return "、".join(labels.get(name, name) for name in names)


def _give(one: Looked, inject: str) -> Markup | None:
    """To give an inject before its time."""
    if one.drill.ended_at is not None or one.run.at >= one.run.scenario.ends:
        return None
    return tag(
        "form", tag("button", "现在就给", type="submit", name="inject", value=inject, class_="button small"),
        tag("span", data_said=True, class_="said", role="status", tabindex="-1"), data_url="/api/v1/drill/injects", data_done="",
        data_label="注入", data_now_or_never=True,
    )  # fmt: skip


def difference(found: dict[str, Any], base: str, other: str) -> Markup:
    """Where two branches part and what each costs. found: as `engine.contract.drill_comparison.comparison_data`; base first."""
    against, (ours, theirs) = found["against"][0], found["plays"]
    shifts = against["shifts"]
    rows = [
        tag(
            "tr", tag("td", SIGNS[each["how"]], class_="shift"), tag("td", tag("b", each["unit"]), " ", each["action"], _changed(each)),
            tag("td", clause(each["plan"], each["clause"])),
        )
        for each in shifts[:MOST_ROWS]
    ]  # fmt: skip
    counts = " · ".join(
        f"{word.split()[1]} {n}" for how, word in SIGNS.items() if (n := sum(each["how"] == how for each in shifts))
    )
    return tag(
        "div",
        tag("p", tag("b", f"{base} → {other}　"), tag("span", f"两支都到 {found['after']} 时", class_="aside")),
        tag("p", against["words"]),
        tag("h3", "任务　", tag("span", counts or "没有增减", class_="aside")),
        tag("table", tag("tbody", *rows)) if rows else None,
        tag("p", f"另有 {len(shifts) - MOST_ROWS} 项，见复盘里的对比", class_="aside") if len(shifts) > MOST_ROWS else None,
        tag("h3", "谁签发"),
        _signers(found["signatures"], base, other) if found["signatures"] else nothing("两支都还没有签发"),
        tag("h3", "时限"),
        _totals(ours["total"], theirs["total"], base, other),
        class_="difference",
    )


def _changed(each: dict[str, Any]) -> Markup | None:
    """What is tighter or looser about it."""
    if each["before"] is None or each["after"] is None or each["before"]["due_words"] == each["after"]["due_words"]:
        return None
    return tag("div", f"{each['before']['due_words'] or '无时限'} → {each['after']['due_words'] or '无时限'}", class_="aside")


def _signers(signatures: list[dict[str, Any]], base: str, other: str) -> Markup:
    rows = (
        tag("tr", tag("th", f"{each['label']} {each['level_name']}", scope="row"), *(tag("td", _signed(each["by"].get(name))) for name in (base, other)))
        for each in signatures
    )  # fmt: skip
    return tag("table", _two(base, other), tag("tbody", *rows), class_="side-by-side")


def _signed(by: dict[str, Any] | None) -> str:
    return "—" if by is None else f"{by['post']} {by['after']}" + ("" if by["approved"] else "（未按建议）")


def _totals(ours: dict[str, Any], theirs: dict[str, Any], base: str, other: str) -> Markup:
    rows = (
        tag("tr", tag("th", word, scope="row"), *(tag("td", str(one[key]), class_="inverse-cell" if key in ORDER and key != "running" and one[key] else None) for one in (ours, theirs)))
        for key, word in OUTCOMES[:4]
    )  # fmt: skip
    return tag("table", _two(base, other), tag("tbody", *rows), class_="side-by-side")


def _two(base: str, other: str) -> Markup:
    return tag("thead", tag("tr", tag("td"), tag("th", base, scope="col"), tag("th", other, scope="col")))


def deadline_table(evaluation: dict[str, Any]) -> Markup:
    """Those not kept first, then those that run."""
    total = evaluation["total"]
    counts = tag(
        "p",
        *(tag("span", f"{word} {total[key]}", class_="chip") for key, word in OUTCOMES if total[key] or key == "met"),
        class_="line",
    )
    listed = [one for one in evaluation["expected"] if one["outcome"] in ORDER and (one["due_at"] or one["kind"] == "decision")]
    rows = [
        tag(
            "tr",
            tag("td", tag("b", "签发" if one["kind"] == "decision" else one["unit"]), " ", one["what"], " ", join(clause(one["plan"], each) for each in one["clauses"][:1])),
            tag("td", one["due_after"] or "", class_="when"), tag("td", _outcome(one), class_="when"),
            data_key=f"due-{one['of']}-{one['number']}",
        )
        for one in sorted(listed, key=lambda one: (ORDER[one["outcome"]], one["due_at"] or ""))[:MOST_ROWS]
    ]  # fmt: skip
    return tag("div", counts, tag("table", tag("tbody", *rows)) if rows else nothing("没有错过、逾期或将到的时限"))


def _outcome(one: dict[str, Any]) -> Markup:
    words = {"missed": "✕ 未完成", "late": f"✕ 迟 {one['late_by']}", "running": "进行中"}[one["outcome"]]
    return tag("span", words, class_="inverse" if one["outcome"] in ("missed", "late") else None)


def branches_list(one: Looked, *, director: bool) -> Markup:
    """Every branch, and the way into each; the director compares them."""
    return tag("ul", *(_branch(one, each, director=director) for each in one.drill.branches), class_="branches")


def _branch(one: Looked, branch: Branch, *, director: bool) -> Markup:
    here = branch.key == one.branch.key
    run = branch.exercise.run
    labels = {each.key: each.label for each in one.drill.branches}
    begun = (
        "自 T+0"
        if branch.since is None
        else f"{after_word(branch.since - branch.scenario.begins)} 起自{labels.get(branch.parent or '', '')}"
    )
    where = f"{begun}，已到 {after_word(run.at - run.scenario.begins)}"
    link = (
        tag("b", f"{branch.label}（这里）")
        if here
        else tag("a", f"进入{branch.label}", data_live=True, href=f"{branch.wing.path}/", class_="button small")
    )
    compare = tag("a", f"与{branch.label}对比", href=f"/?against={branch.key}") if director and not here else None
    words = (branch.changes or ("" if branch.since is None else "没有写明有何不同")) if director else ""
    return tag("li", link, tag("span", where, class_="aside"), tag("span", words), compare, class_="line", data_key=branch.key)


def cast_table(one: Looked, at_desk: AtDesk) -> Markup:
    """Who plays what; what nobody plays the script does."""
    people = at_desk.names
    holders: dict[str, list[str]] = {}
    for person, held in one.drill.cast.parts.items():
        for part in held:
            holders.setdefault(part, []).append(people.get(person, person))
    rows = [tag("tr", tag("td", tag("b", "导调")), tag("td", people.get(one.drill.director, one.drill.director)))]
    for part, name, posts in parts_of(one):
        who = "、".join(sorted(holders.get(part, ()))) or ("导调、剧本代记" if part == OFFICER else "剧本代演")
        mark = None if part in holders else "aside"
        rows.append(
            tag(
                "tr",
                tag("td", tag("b", name), " ", tag("span", posts, class_="aside")),
                tag("td", who, class_=mark),
                data_key=f"part-{part}",
            )
        )
    return tag("table", tag("tbody", *rows), class_="cast")


def parts_of(one: Looked) -> Iterator[tuple[str, str, str]]:
    """Every part: its id, what it is called, and the posts that it signs in."""
    yield OFFICER, OFFICER_WORD, "记事实、办任务"
    for player in one.run.scenario.people:
        yield player.id, player.name, "、".join(player.posts)

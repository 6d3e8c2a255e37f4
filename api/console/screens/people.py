"""用户与岗位: who may log in, in which roles and posts, who acts for whom; an administrator may change it."""

from __future__ import annotations

import re

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.gaps import open_end
from api.console.parts.words import moment
from api.console.screen import Screen, nothing, panel
from api.console.screens.people_forms import create_form, delegation_form
from api.console.visit import ROLES
from api.http.at_desk import AtDesk
from api.http.policy import DELEGATE, LISTS
from api.people.actor import EVERYWHERE, Delegated, may_see
from api.people.audit import CONSOLE, Entry, entries
from api.people.delegations import Recorded
from api.people.person import Person
from engine.incident.chain import Entry as JournalEntry
from engine.incident.state import Incident

MOST = 200
ACTIONS = {
    "person.created": "建立人员", "person.changed": "修改人员", "person.disabled": "停用人员", "person.enabled": "启用人员",
    "password.reset": "重置密码", "password.changed": "修改密码", "post.given": "任岗", "post.taken": "免岗",
    "delegation.created": "登记授权", "delegation.revoked": "撤销授权", "token.created": "建立令牌", "token.revoked": "撤销令牌",
    "session.started": "登录", "session.ended": "退出登录", "shift.added": "排班", "shift.removed": "撤销排班",
    "handover.begun": "交接班", "handover.signed": "接班签字", "handover.renewed": "交接单重新作成",
}  # fmt: skip
FIELDS = {
    "login": "登录名", "name": "姓名", "jurisdiction": "辖区", "roles": "角色", "posts": "岗位", "post": "岗位", "active": "可用",
    "since": "自", "until": "至", "by_person": "授权人", "by_post": "授权岗位", "to_person": "被授权人", "authority": "依据",
    "address": "地址", "person": "人员", "label": "用途", "scopes": "范围", "feeds": "指标", "expires_at": "至",
    "place": "班次", "begins": "自", "ends": "至", "shift": "班次",
}  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")


class People(Screen):
    """Everybody of one's place."""

    path, title, rail = "/people", "用户与岗位", "用户"
    roles = LISTS.roles

    def frame(self, at_desk: AtDesk) -> Markup:
        roles = at_desk.caller.actor.roles
        admin = "admin" in roles
        return tag(
            "div",
            tag(
                "div",
                tag(
                    "section",
                    tag("div", tag("h2", "人员", class_="title"), _open("create", "建立人员") if admin else None, class_="line"),
                    tag("div", data_panel="people"),
                    class_="panel",
                    aria_label="人员",
                ),
                panel("audit", label="审计", heading="最近的改动") if admin else None,
                class_="stack",
            ),
            tag(
                "section",
                tag(
                    "div",
                    tag("h2", "授权代行", class_="title"),
                    _open("delegate", "登记授权") if roles & DELEGATE.roles else None,
                    class_="line",
                ),
                tag("div", data_panel="delegations"),
                class_="panel",
                aria_label="授权代行",
            ),
            create_form(at_desk) if admin else None,
            delegation_form(at_desk) if roles & DELEGATE.roles else None,
            class_="columns people-page",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        found = {"people": _people(at_desk), "delegations": _delegations(at_desk)}
        if "admin" in at_desk.caller.actor.roles:
            found["audit"] = audit_table(at_desk, entries(at_desk.people.engine, limit=30))
        return found

    def hears(self, entry: JournalEntry, incident: Incident) -> bool:
        return False


def _open(dialog: str, words: str) -> Markup:
    return tag("button", words, type="button", class_="button", data_open=dialog)


def listed_people(at_desk: AtDesk) -> list[Person]:
    """The people whom the caller may see: those of the place, and those of all places."""
    actor = at_desk.caller.actor
    return [
        one for one in at_desk.people.accounts.everybody() if may_see(actor, one.jurisdiction) or one.jurisdiction == EVERYWHERE
    ]


def place_word(jurisdiction: str) -> str:
    return "全部辖区" if jurisdiction == EVERYWHERE else jurisdiction


def role_chips(person: Person) -> Markup:
    """The roles in their fixed order."""
    chips = [tag("span", word, class_="chip") for role, word in ROLES.items() if role in person.roles]
    return join(chips, " ") if chips else open_end("没有角色")


def _people(at_desk: AtDesk) -> Markup:
    lent: dict[str, list[Delegated]] = {}
    for one in at_desk.people.posts.holders():
        if one.delegation is not None:
            lent.setdefault(one.person_id, []).append(one.delegation)
    people = sorted(listed_people(at_desk), key=lambda one: (not one.active, one.login))
    heads = (tag("th", word, scope="col") for word in ("姓名", "登录名", "辖区", "角色", "岗位", "状态"))
    rows = (_person(one, lent.get(one.id, [])) for one in people[:MOST])
    more = tag("p", f"还有 {len(people) - MOST} 人", class_="aside") if len(people) > MOST else EMPTY
    return join((tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows)), more))


def _person(person: Person, lent: list[Delegated]) -> Markup:
    state = "停用" if not person.active else "一次性密码，还没有改" if person.must_change else "可用"
    posts = [tag("span", post) for post in sorted(person.posts)]
    posts += [tag("span", f"{one.post}（代行）", class_="aside") for one in lent]
    return tag(
        "tr",
        tag("td", tag("a", tag("b", person.name), href=f"/people/{person.id}")),
        tag("td", person.login),
        tag("td", place_word(person.jurisdiction)),
        tag("td", role_chips(person)),
        tag("td", join(posts, "、") if posts else "—"),
        tag("td", tag("b", state) if state != "可用" else state, class_="keep"),
        class_=None if person.active else "disabled",
        data_key=person.id,
    )


def _delegations(at_desk: AtDesk) -> Markup:
    places = {one.id: one.jurisdiction for one in at_desk.people.accounts.everybody()}
    actor = at_desk.caller.actor
    found = [
        one
        for one in at_desk.people.delegations.listed()
        if may_see(actor, place := places[one.delegated.to_person]) or place == EVERYWHERE
    ]
    if not found:
        return nothing("没有授权。副职、值班人员代行某岗位时，先在这里登记依据和期限，签发时随签名留存")
    standing = [one for one in found if _stands(at_desk, one)]
    ended = [one for one in found if one not in standing]
    rows = tag("ul", *(_delegation(at_desk, one) for one in standing)) if standing else nothing("现在没有有效的授权")
    past = tag(
        "details", tag("summary", f"已结束 {len(ended)} 项"), tag("ul", *(_delegation(at_desk, one) for one in ended[:30]))
    )
    return join((rows, past if ended else EMPTY))


def _stands(at_desk: AtDesk, one: Recorded) -> bool:
    return one.revoked_at is None and at_desk.now < one.delegated.until


def _delegation(at_desk: AtDesk, one: Recorded) -> Markup:
    given, now = one.delegated, at_desk.now
    giver = given.by_post or at_desk.names.get(given.by_person or "", "")
    ended = f"，{moment(one.revoked_at, now)} 撤销" if one.revoked_at else ""
    mine = given.by_person == at_desk.caller.actor.person_id or "admin" in at_desk.caller.actor.roles
    revoke = tag(
        "form",
        tag("button", "撤销", type="submit", class_="button"),
        tag("p", class_="said", data_said=True, data_still=True, tabindex="-1"),
        data_url=f"/api/v1/delegations/{given.id}",
        data_method="DELETE",
        data_bare=True,
        data_refresh=True,
        data_done="已撤销",
        class_="inline",
    )
    return tag(
        "li",
        tag("div", tag("b", at_desk.names.get(given.to_person, "")), " 代行 ", tag("b", given.post)),
        tag("div", f"{giver}授权 · {given.authority}"),
        tag("div", f"{moment(given.since, now)} 起，至 {moment(given.until, now)}{ended}", class_="aside"),
        revoke if mine and _stands(at_desk, one) else None,
        class_="delegation",
        data_key=given.id,
    )


def audit_table(at_desk: AtDesk, found: list[Entry]) -> Markup:
    """Changes to people, the newest first."""
    if not found:
        return nothing("还没有改动")
    heads = (tag("th", word, scope="col") for word in ("时间", "谁", "做了什么", "对象", "内容"))
    rows = (_audit_row(at_desk, one) for one in found)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="audit")


def _audit_row(at_desk: AtDesk, one: Entry) -> Markup:
    names = at_desk.names
    by = "服务器命令行" if one.by == CONSOLE else names.get(one.by, one.by)
    detail = "；".join(
        f"{FIELDS.get(key, key)} {_value(at_desk, value)}" for key, value in one.detail.items() if value not in (None, [], "")
    )
    return tag(
        "tr",
        tag("td", moment(one.at, at_desk.now)),
        tag("td", by),
        tag("td", ACTIONS.get(one.action, one.action)),
        tag("td", names.get(one.subject, "—")),
        tag("td", detail, class_="aside"),
        data_key=f"audit-{one.id}",
    )


def _value(at_desk: AtDesk, value: object) -> str:
    """A recorded value in words: roles, names and times as they are read."""
    if isinstance(value, list):
        return "、".join(_value(at_desk, one) for one in value)
    text = str(value)
    if TIME.fullmatch(text):
        return moment(text, at_desk.now)
    return {**ROLES, EVERYWHERE: "全部辖区", "True": "是", "False": "否"}.get(text) or at_desk.names.get(text, text)

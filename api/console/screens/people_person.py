"""用户与岗位: one person, what he may do, and for an administrator the changes; one's own password, tokens and sessions."""

from __future__ import annotations

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.words import moment
from api.console.screen import Screen, nothing, panel
from api.console.screens import people_changes as changes
from api.console.screens.people import place_word, role_chips
from api.http.at_desk import AtDesk
from api.http.policy import LISTS
from api.people.actor import EVERYWHERE
from api.people.clock import CHINA
from api.people.person import Person
from api.people.refusal import Missing
from api.people.sessions import Session
from api.people.tokens import SCOPES, Token
from engine.incident.chain import Entry
from engine.incident.state import Incident


class OnePerson(Screen):
    """One person, of the caller's place; whoever may not see the list sees himself."""

    path, title = "/people/{person_id}", "用户与岗位"

    def name(self, at_desk: AtDesk) -> str:
        try:
            return f"用户 · {self._person(at_desk).name}"
        except Missing:
            return self.title

    def frame(self, at_desk: AtDesk) -> Markup:
        try:
            person = self._person(at_desk)
        except Missing:
            return tag("div", panel("error", label="没有这个人员"))
        admin, mine = self._admin(at_desk, person), person.id == at_desk.caller.actor.person_id
        return tag(
            "div",
            tag(
                "div",
                tag("p", tag("a", "← 全部人员", href="/people")) if _lists(at_desk) else None,
                panel("person", label="人员", heading=person.name),
                panel("posts", label="岗位", heading="岗位"),
                changes.post_form(at_desk, person) if admin else None,
                panel("tokens", label="令牌", heading="程序用的令牌") if admin or mine else None,
                panel("sessions", label="登录", heading="现在的登录") if admin or mine else None,
                class_="stack",
            ),
            tag(
                "div",
                changes.own_password() if mine else None,
                changes.change_form(at_desk, person) if admin else None,
                changes.password_form(person) if admin and not mine else None,
                changes.active_form(person) if admin and not mine else None,
                changes.token_form(person) if (admin or mine) and person.active else None,
                class_="stack",
            ),
            class_="columns people-page",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        person = self._person(at_desk)
        admin, mine = self._admin(at_desk, person), person.id == at_desk.caller.actor.person_id
        found = {"error": EMPTY, "person": _facts(at_desk, person), "posts": _posts(at_desk, person, admin=admin)}
        if admin or mine:
            found["tokens"] = _tokens(at_desk, at_desk.people.tokens.listed(person.id))
            found["sessions"] = _sessions(at_desk, at_desk.people.sessions.standing(person.id))
        return found

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return False

    def _person(self, at_desk: AtDesk) -> Person:
        """Raises Missing, for somebody of another place too."""
        try:
            person = at_desk.people.accounts.find(self.visit.parameters["person_id"])
        except Missing as error:
            raise Missing(error.message, where="person", remedy="从“用户”一屏选") from None
        hidden = not at_desk.sees(person.jurisdiction) and person.jurisdiction != EVERYWHERE
        if person.id != at_desk.caller.actor.person_id and (hidden or not _lists(at_desk)):
            raise Missing("没有这个人员", where="person", remedy="从“用户”一屏选")
        return person

    @staticmethod
    def _admin(at_desk: AtDesk, person: Person) -> bool:
        return "admin" in at_desk.caller.actor.roles and at_desk.sees(person.jurisdiction)


def _lists(at_desk: AtDesk) -> bool:
    """Whether the caller may see who else there is."""
    return bool(at_desk.caller.actor.roles & LISTS.roles)


def _facts(at_desk: AtDesk, person: Person) -> Markup:
    state = "可用" if person.active else tag("b", "停用，不能登录", class_="inverse")
    password = tag("b", "一次性密码，首次登录须修改") if person.must_change else "本人已改"
    rows = (
        ("登录名", person.login),
        ("辖区", place_word(person.jurisdiction)),
        ("角色", role_chips(person)),
        ("状态", state),
        ("密码", password),
        ("建立", moment(person.created_at, at_desk.now)),
    )
    return tag("dl", *(join((tag("dt", term), tag("dd", value))) for term, value in rows), class_="pairs")


def _posts(at_desk: AtDesk, person: Person, *, admin: bool) -> Markup:
    """Own posts, then those that he exercises for another."""
    rows = [
        tag("li", tag("b", post), " ", changes.take_form(person, post) if admin else None, class_="line", data_key=f"post-{post}")
        for post in sorted(person.posts)
    ]
    lent = [one for one in at_desk.people.posts.holders() if one.person_id == person.id and one.delegation is not None]
    rows += [
        tag("li", tag("b", one.post), f" 代行：{one.delegation.authority}，至 {moment(one.delegation.until, at_desk.now)}")
        for one in lent if one.delegation is not None
    ]  # fmt: skip
    return tag("ul", *rows) if rows else nothing("没有岗位，不能签发；值班、记录不需要岗位")


def _tokens(at_desk: AtDesk, tokens: list[Token]) -> Markup:
    if not tokens:
        return nothing("没有令牌。监测站、预报系统等程序用令牌读取或录入")
    return tag("ul", *(_token(at_desk, one) for one in tokens))


def _token(at_desk: AtDesk, one: Token) -> Markup:
    now = at_desk.now
    ended = one.revoked_at is not None or one.expires_at <= now
    state = f"{moment(one.revoked_at, now)} 撤销" if one.revoked_at else f"至 {one.expires_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    used = f"最近使用 {moment(one.used_at, now)}" if one.used_at else "没有用过"
    scopes = "、".join(SCOPES.get(scope, scope) for scope in sorted(one.scopes))
    return tag(
        "li",
        tag("b", one.label),
        tag("span", scopes, class_="chip"),
        tag("span", "、".join(sorted(one.feeds)), class_="aside") if one.feeds else None,
        tag("span", f"{state}{'（已结束）' if ended else ''}，{used}", class_="aside"),
        None if ended else changes.end_form(f"/api/v1/tokens/{one.id}", "撤销"),
        class_="line",
        data_key=one.id,
    )


def _sessions(at_desk: AtDesk, found: list[Session]) -> Markup:
    if not found:
        return nothing("没有登录")
    own = at_desk.caller.session
    rows = (
        tag(
            "li",
            tag("span", one.address or "本机"),
            tag("span", f"{moment(one.created_at, at_desk.now)} 登录，最近 {moment(one.seen_at, at_desk.now)}", class_="aside"),
            tag("span", "就是这里", class_="chip")
            if own is not None and one.id == own.id
            else changes.end_form(f"/api/v1/sessions/{one.id}", "结束"),
            class_="line",
            data_key=one.id,
            title=one.agent,
        )
        for one in found
    )
    return tag("ul", *rows)

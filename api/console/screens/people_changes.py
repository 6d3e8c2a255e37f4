"""The changes to one person, each a form to the interface; what they bring about is said before the button."""

from __future__ import annotations

from urllib.parse import quote

from api.console.markup import Markup, tag
from api.console.screens import people_forms as forms
from api.http.at_desk import AtDesk
from api.people.person import Person
from api.people.tokens import SCOPES

TOKEN_SCOPES = ("read", "facts")
"""Scopes that need nothing more to be said; feeds are set up through the interface."""


def take_form(person: Person, post: str) -> Markup:
    """End his holding of a post."""
    return tag(
        "form",
        tag("button", f"免去{post}", type="submit", class_="button"),
        forms.said(),
        data_url=f"/api/v1/people/{person.id}/posts/{quote(post, safe='')}",
        data_method="DELETE",
        data_bare=True,
        data_refresh=True,
        data_done="已免去",
        class_="inline",
    )


def post_form(at_desk: AtDesk, person: Person) -> Markup:
    """Give him a post."""
    return tag(
        "section",
        tag(
            "form",
            forms.field("再任一个岗位（按预案所印）", forms.post_choice(at_desk, "post", required=True)),
            tag("button", "任此岗位", type="submit", class_="button"),
            forms.said(),
            data_url=f"/api/v1/people/{person.id}/posts",
            data_refresh=True,
            data_done="已任岗，现在起可以签发这个岗位的",
            data_guard=True,
        ),
        class_="panel",
        aria_label="任岗",
    )


def change_form(at_desk: AtDesk, person: Person) -> Markup:
    """Name, place and roles."""
    return tag(
        "section",
        tag("h2", "修改", class_="title"),
        tag(
            "form",
            forms.line_field("姓名", "name", value=person.name, required=True, maxlength="64"),
            forms.field("辖区", forms.place_choice(at_desk, person.jurisdiction)),
            forms.role_checks(person.roles),
            tag("button", "保存修改", type="submit", class_="button primary"),
            forms.said(),
            data_url=f"/api/v1/people/{person.id}",
            data_method="PATCH",
            data_go=f"/people/{person.id}",
        ),
        class_="panel",
    )


def password_form(person: Person) -> Markup:
    """A new one-time password."""
    return tag(
        "section",
        tag("h2", "重置密码", class_="title"),
        tag("p", f"{person.name}现在的登录都会结束，须用新的一次性密码登录。", class_="aside"),
        tag(
            "form",
            tag("button", f"重置{person.name}的密码", type="submit", class_="button"),
            forms.said(),
            data_url=f"/api/v1/people/{person.id}/password",
            data_bare=True,
            data_show="one-time-reset",
            data_field="one_time_password",
            data_done="已重置",
            data_refresh=True,
        ),
        forms.secret("one-time-reset", "一次性密码只显示这一次：当面或电话告知本人。"),
        class_="panel",
    )


def active_form(person: Person) -> Markup:
    """Disable or enable; disabling wants the login typed."""
    words = "启用" if not person.active else "停用"
    effect = (
        f"{person.name}将不能登录，现在的登录和令牌立即失效，他所作的授权也失效；已签的、已记的都保留。"
        if person.active
        else f"{person.name}可以再登录；原来的令牌不恢复。"
    )
    typed = forms.line_field(f"停用须输入登录名 {person.login}", "_typed", data_confirm=person.login)
    return tag(
        "section",
        tag("h2", words, class_="title"),
        tag("p", effect, class_="aside"),
        tag(
            "form",
            tag("input", type="hidden", name="active", value="false" if person.active else "true", data_type="boolean"),
            typed if person.active else None,
            tag("button", f"{words}{person.name}", type="submit", class_="button"),
            forms.said(),
            data_url=f"/api/v1/people/{person.id}",
            data_method="PATCH",
            data_go=f"/people/{person.id}",
            data_guard=True,
        ),
        class_="panel",
    )


def own_password() -> Markup:
    """One's own password."""
    fields = (
        tag("input", name="present", type="password", autocomplete="current-password", required=True),
        tag("input", name="new", type="password", autocomplete="new-password", required=True, minlength="10"),
    )
    return tag(
        "section",
        tag("h2", "修改我的密码", class_="title"),
        tag(
            "form",
            forms.field("现在的密码", fields[0]),
            forms.field("新密码（至少10个字）", fields[1]),
            tag("button", "修改密码", type="submit", class_="button"),
            forms.said(),
            data_url="/api/v1/session/password",
            data_done="已修改，其他地方的登录都已结束",
            data_refresh=True,
            data_guard=True,
        ),
        class_="panel",
    )


def token_form(person: Person) -> Markup:
    """A token in his name."""
    boxes = (
        tag("label", tag("input", type="checkbox", name="scopes", value=one, data_type="item"), SCOPES[one])
        for one in TOKEN_SCOPES
    )
    return tag(
        "section",
        tag("h2", "建立令牌", class_="title"),
        tag(
            "form",
            tag("input", type="hidden", name="person", value=person.id),
            forms.line_field("用途", "label", required=True, maxlength="64"),
            tag("fieldset", tag("legend", "范围（令牌不能签发）"), tag("div", *boxes, class_="checks")),
            forms.line_field(
                "至何时止（至多两年）", "expires_at", data_type="ahead", placeholder="如 2027-01-31 18:00", required=True
            ),
            tag("button", "建立令牌", type="submit", class_="button"),
            forms.said(),
            data_url="/api/v1/tokens",
            data_show="token-secret",
            data_field="token",
            data_done="已建立",
            data_refresh=True,
            data_guard=True,
        ),
        forms.secret("token-secret", "令牌只显示这一次：复制到要用它的程序里。"),
        class_="panel",
    )


def end_form(url: str, word: str) -> Markup:
    """End something at this address."""
    return tag(
        "form",
        tag("button", word, type="submit", class_="button"),
        forms.said(),
        data_url=url,
        data_method="DELETE",
        data_bare=True,
        data_refresh=True,
        data_done=f"已{word}",
        class_="inline push",
    )

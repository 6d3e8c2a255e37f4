"""The forms by which people, posts and delegations are changed; each posts to the interface, which decides."""

from __future__ import annotations

from api.console.markup import Child, Markup, join, tag
from api.console.screens.plans import is_own
from api.console.visit import ROLES
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from api.people.person import Person
from engine.lifecycle.signers import RECORDERS, signers
from engine.plan.model import Plan


def printed_posts(at_desk: AtDesk) -> dict[str, tuple[str, ...]]:
    """The posts that the plans of the caller's places print and that sign something, by plan title; the office's own first."""
    found: dict[str, tuple[str, ...]] = {"值班室": RECORDERS}
    for plan in sorted(
        at_desk.library.current().plans.values(), key=lambda one: (not is_own(at_desk, one), one.jurisdiction, one.title)
    ):
        if at_desk.sees(plan.jurisdiction):
            found[plan.title] = tuple(post for post in _posts(plan) if post not in RECORDERS)
    return found


def _posts(plan: Plan) -> tuple[str, ...]:
    """Those who may sign some change of level, then the command's own."""
    posts = [
        post
        for scale in plan.scales.values() if scale.follows is None
        for level in scale.levels
        for before, after in ((None, level), (level, None))
        for post in signers(plan, scale.id, before, after)
    ]  # fmt: skip
    command = plan.organization.command
    if command is not None:
        posts += [*command.head, *command.deputies, *([command.office_head] if command.office_head else [])]
    return tuple(dict.fromkeys(posts))


def post_choice(at_desk: AtDesk, name: str, *, item: bool = False, required: bool = False) -> Markup:
    """A post, chosen from those that the plans print."""
    groups = (
        tag("optgroup", *(tag("option", post, value=post) for post in posts), label=title)
        for title, posts in printed_posts(at_desk).items() if posts
    )  # fmt: skip
    return tag("select", tag("option", "—", value=""), *groups, name=name, data_type="item" if item else None, required=required)


def role_checks(chosen: frozenset[str] = frozenset()) -> Markup:
    """The roles as boxes to tick; none is preselected for a new person."""
    boxes = (
        tag("label", tag("input", type="checkbox", name="roles", value=role, data_type="item", checked=role in chosen), word)
        for role, word in ROLES.items()
    )
    return tag("fieldset", tag("legend", "角色（决定能用哪些屏、能做哪些事）"), tag("div", *boxes, class_="checks"))


def place_choice(at_desk: AtDesk, chosen: str | None = None) -> Markup:
    """The places that the caller may give a person."""
    places = sorted({plan.jurisdiction for plan in at_desk.library.current().plans.values() if at_desk.sees(plan.jurisdiction)})
    if chosen is not None and chosen not in (*places, EVERYWHERE):
        places.append(chosen)
    options = [tag("option", one, value=one, selected=one == chosen) for one in places]
    if at_desk.caller.actor.jurisdiction == EVERYWHERE:
        options.append(tag("option", "全部辖区", value=EVERYWHERE, selected=chosen == EVERYWHERE))
    first = tag("option", "请选择", value="") if chosen is None else None
    return tag("select", first, *options, name="jurisdiction", required=True)


def said() -> Markup:
    """Where the answer to a form is told."""
    return tag("p", class_="said", data_said=True, data_still=True, tabindex="-1", role="status")


def field(words: str, control: Markup) -> Markup:
    return tag("label", words, control)


def line_field(words: str, name: str, **attributes: str | bool | None) -> Markup:
    attributes.setdefault("autocomplete", "off")
    return field(words, tag("input", name=name, **attributes))


def dialog(name: str, heading: str, *children: Child) -> Markup:
    """A dialog that a button with data-open shows."""
    return tag(
        "dialog",
        tag("h2", heading, class_="title"),
        *children,
        tag("p", tag("button", "关闭", type="button", class_="button", data_close=True)),
        id=name,
        aria_label=heading,
    )


def secret(name: str, words: str) -> Markup:
    """Where a secret is shown, this once; it is never in a page as it is sent."""
    return join((tag("output", id=name, class_="secret", data_still=True), tag("p", words, class_="aside")))


def create_form(at_desk: AtDesk) -> Markup:
    """A new person."""
    return dialog(
        "create",
        "建立人员",
        tag(
            "form",
            tag(
                "div",
                line_field("登录名（小写字母、数字）", "login", required=True, maxlength="64", spellcheck="false"),
                line_field("姓名", "name", required=True, maxlength="64"),
                class_="row",
            ),
            field("辖区", place_choice(at_desk)),
            role_checks(),
            field("岗位（按预案所印；以后还可以加）", post_choice(at_desk, "posts", item=True)),
            tag("button", "建立，并给出一次性密码", type="submit", class_="button primary"),
            said(),
            data_url="/api/v1/people",
            data_show="one-time-created",
            data_field="one_time_password",
            data_done="已建立",
            data_refresh=True,
            data_guard=True,
        ),
        secret("one-time-created", "一次性密码只显示这一次：当面或电话告知本人，首次登录须修改。"),
    )


def delegation_form(at_desk: AtDesk) -> Markup:
    """A delegation: of one's own post; for an administrator of any."""
    actor = at_desk.caller.actor
    admin = "admin" in actor.roles
    people = [one for one in at_desk.people.accounts.everybody() if one.active and at_desk.sees(one.jurisdiction)]
    own = [post for post, lent in actor.posts.items() if lent is None]
    if not admin and not own:
        return dialog("delegate", "登记授权", tag("p", "您没有自己的岗位，不能授权；代行的岗位不得转授。"))
    giver: tuple[Markup, ...] = (tag("input", type="hidden", name="by_person", value=actor.person_id),)
    post = tag("select", *(tag("option", one, value=one) for one in own), name="post", required=True)
    if admin:
        giver = (
            tag(
                "div",
                field("授权人（任此岗位的人员）", person_choice(people, "by_person")),
                field("或者由哪个岗位授权", post_choice(at_desk, "by_post")),
                class_="row",
            ),
        )
        post = post_choice(at_desk, "post", required=True)
    return dialog(
        "delegate",
        "登记授权：谁代行哪个岗位",
        tag(
            "form",
            *giver,
            field("代行的岗位", post),
            field("由谁代行", person_choice([one for one in people if one.id != actor.person_id], "to_person", required=True)),
            line_field("依据（文件、批示、口头指示的记录）", "authority", required=True, maxlength="500"),
            tag(
                "div",
                line_field("从何时起（不写即现在）", "since", data_type="today", placeholder="0800 或 11-22 08:00"),
                line_field("至何时止", "until", data_type="ahead", placeholder="2000 或 11-23 20:00", required=True),
                class_="row",
            ),
            tag("p", "期内由被授权人签发的，签名写明代行和依据；期满自动失效。", class_="aside"),
            tag("button", "登记授权", type="submit", class_="button primary"),
            said(),
            data_url="/api/v1/delegations",
            data_done="已登记",
            data_refresh=True,
            data_guard=True,
        ),
    )


def person_choice(people: list[Person], name: str, *, required: bool = False) -> Markup:
    options = (tag("option", f"{one.name}（{one.login}）", value=one.id) for one in people)
    return tag("select", tag("option", "—", value=""), *options, name=name, required=required)

"""The commands on people: `yuan user add | list | disable | enable | reset-password | token`, on the server itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.people.actor import EVERYWHERE
from api.people.audit import CONSOLE
from api.people.person import ROLES
from api.people.tokens import SCOPES
from api.settings import read_settings

if TYPE_CHECKING:
    from api.people.person import Person
    from api.people.service import PeopleService

users = typer.Typer(help="人员：新增、列出、停用、重置密码、发放接口令牌。", no_args_is_help=True)
Login = Annotated[str, typer.Argument(metavar="登录名")]
ROLE_HELP = "角色，可多次：" + "、".join(f"{key} {label}" for key, label in ROLES.items())
SCOPE_HELP = "范围，可多次：" + "、".join(f"{key} {label}" for key, label in SCOPES.items())


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(users, name="user")


def _people() -> PeopleService:
    from api.people.service import PeopleService
    from api.store.schema import open_store

    return PeopleService(open_store(read_settings()))


def _find(people: PeopleService, login: str) -> Person:
    from api.people.refusal import Missing

    for one in people.accounts.everybody():
        if one.login == login.strip().casefold():
            return one
    raise Missing(f"没有登录名“{login}”", where="login", remedy="yuan user list 列出全部人员")


@users.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名")],
    jurisdiction: Annotated[str | None, typer.Option(help="辖区，如预案所写的县名；* 为全部；不写则为 YUAN_JURISDICTION")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help=ROLE_HELP)] = None,
    post: Annotated[list[str] | None, typer.Option("--post", help="岗位，与预案所写一字不差，可多次，如 市长")] = None,
) -> None:
    """新增人员，显示一次性密码（只显示这一次，首次登录须修改）。"""
    from api.people.accounts import NewPerson

    place = jurisdiction or read_settings().jurisdiction or EVERYWHERE
    new = NewPerson(login, name, place, frozenset(role or ()), frozenset(post or ()))
    person, password = _people().accounts.create(new, CONSOLE)
    typer.echo(f"已新增 {person.name}（{person.login}，{_place(person.jurisdiction)}）。一次性密码：{password}")


@users.command("list")
def list_users() -> None:
    """列出全部人员。"""
    for one in _people().accounts.everybody():
        roles = "、".join(label for key, label in ROLES.items() if key in one.roles) or "无角色"
        posts = "、".join(sorted(one.posts)) or "无岗位"
        state = "" if one.active else "\t已停用"
        typer.echo(f"{one.login}\t{one.name}\t{_place(one.jurisdiction)}\t{roles}\t{posts}{state}")


@users.command()
def disable(login: Login) -> None:
    """停用人员：会话和令牌立即失效，所作的授权中止；记录都保留。"""
    people = _people()
    person = people.accounts.change(_find(people, login).id, CONSOLE, active=False)
    typer.echo(f"已停用 {person.name}（{person.login}）")


@users.command()
def enable(login: Login) -> None:
    """重新启用人员；原有的会话和令牌不恢复。"""
    people = _people()
    person = people.accounts.change(_find(people, login).id, CONSOLE, active=True)
    typer.echo(f"已启用 {person.name}（{person.login}）")


@users.command("reset-password")
def reset_password(login: Login) -> None:
    """重置密码，显示一次性密码（只显示这一次）；此人的会话立即结束。"""
    people = _people()
    person = _find(people, login)
    password = people.accounts.reset_password(person.id, CONSOLE)
    typer.echo(f"{person.name}（{person.login}）的一次性密码：{password}")


@users.command()
def token(
    login: Login,
    label: Annotated[str, typer.Option("--label", help="用途，如 空气质量自动站")],
    scope: Annotated[list[str], typer.Option("--scope", help=SCOPE_HELP)],
    days: Annotated[int, typer.Option(min=1, max=730, help="有效天数")] = 90,
    feed: Annotated[list[str] | None, typer.Option("--feed", help="feed 范围可追加的指标：预案id/指标id，可多次")] = None,
) -> None:
    """发放接口令牌（只显示这一次）。"""
    from api.people.clock import stamp
    from api.people.tokens import NewToken

    people = _people()
    person = _find(people, login)
    until = people.clock() + timedelta(days=days)
    made, secret = people.tokens.create(NewToken(person.id, label, frozenset(scope), until, frozenset(feed or ())), CONSOLE)
    typer.echo(f"{person.name}（{person.login}）的令牌，{stamp(made.expires_at)} 前有效：{secret}")


def _place(jurisdiction: str) -> str:
    return "全部辖区" if jurisdiction == EVERYWHERE else jurisdiction

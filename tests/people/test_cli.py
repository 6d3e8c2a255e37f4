"""`yuan user`, as an administrator meets it on the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.people.passwords import Passwords
from api.people.refusal import Conflict, Missing, Refusal
from api.people.service import PeopleService
from api.people_cli import register
from api.settings import Settings
from api.store.schema import open_store
from tests.people.world import HERE

app = typer.Typer()
register(app)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YUAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("YUAN_DATABASE_URL", raising=False)
    return tmp_path


def user(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["user", *arguments])


def last_word(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.strip().rpartition("：")[2]


def test_a_person_is_added_listed_reset_and_disabled(folder: Path) -> None:
    added = user(
        "add", "zhang", "--name", "张三", "--jurisdiction", HERE, "--role", "officer", "--role", "leader", "--post", "市长"
    )
    user("add", "admin", "--name", "管理员", "--jurisdiction", "*", "--role", "admin")
    first = last_word(added)
    assert added.output == f"已新增 张三（zhang，甲县）。一次性密码：{first}\n"
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}", first)
    second = last_word(user("reset-password", "ZHANG"))
    assert second != first
    engine = open_store(Settings(data_dir=folder))
    people = PeopleService(engine, passwords=Passwords())
    assert people.log_in("zhang", second, "here")[0].must_change
    secret = last_word(user("token", "zhang", "--label", "大屏", "--scope", "read"))
    assert people.by_token(secret) is not None
    assert user("disable", "zhang").output == "已停用 张三（zhang）\n"
    assert people.by_token(secret) is None
    engine.dispose()
    assert user("list").output == ("admin\t管理员\t全部辖区\t管理员\t无岗位\nzhang\t张三\t甲县\t值班员、带班领导\t市长\t已停用\n")
    assert user("enable", "zhang").output == "已启用 张三（zhang）\n"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [(("disable", "nobody"), Missing), (("add", "admin", "--name", "x"), Conflict), (("disable", "admin"), Conflict)],
)
def test_what_cannot_be_is_refused(folder: Path, arguments: tuple[str, ...], kind: type[Refusal]) -> None:
    user("add", "admin", "--name", "管理员", "--role", "admin")
    assert isinstance(user(*arguments).exception, kind)

"""The commands on the store: `yuan journal verify | export | import`, `yuan backup`, `yuan restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.settings import read_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.store.verification import Progress

journal = typer.Typer(help="值班日志：检验、导出、导入。", no_args_is_help=True)
To = Annotated[Path, typer.Argument(metavar="文件", help="新文件；已有的文件不覆盖")]
From = Annotated[Path, typer.Argument(metavar="文件")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(journal, name="journal")
    app.command()(backup)
    app.command()(restore)


def _store() -> Engine:
    from api.store.schema import open_store

    return open_store(read_settings())


@contextmanager
def _bar(words: str) -> Iterator[Progress]:
    """A progress bar on standard error, gone when it is done; none where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@journal.command("verify")
def verify_journal(
    incident: Annotated[str | None, typer.Option(metavar="事件", help="只检验一个事件")] = None,
) -> None:
    """检验全部记录是否与写下时一字不差；有改动、缺失则指出在哪一条，退出码 1。"""
    from api.store.verification import verify

    engine = _store()
    with _bar("检验") as progress:
        verdict = verify(engine, incident, progress)
    for found in verdict.breaks:
        typer.echo(f"{found.incident or '整个库'}：{found.words}", err=True)
    if verdict.breaks:
        typer.echo(f"检验了{verdict.incidents}个事件、{verdict.entries}条记录，{len(verdict.breaks)}处不符", err=True)
        raise typer.Exit(1)
    typer.echo(f"{verdict.incidents}个事件、{verdict.entries}条记录，全部与写下时一致")


@journal.command("export")
def export(file: Annotated[Path | None, typer.Argument(metavar="[文件]", help="新文件；不写则到标准输出")] = None) -> None:
    """导出全部事件、记录和所用的预案文本（逐行 JSON，末行是校验值）。"""
    from api.store.exchange import export_journal
    from api.store.lines import new_file

    engine = _store()
    with _bar("导出") as progress:
        if file is None:
            export_journal(engine, sys.stdout.buffer, progress)
            return
        with new_file(file) as stream:
            header = export_journal(engine, stream, progress)
    typer.echo(f"已导出到 {file}：{header.counts['incidents']}个事件，{header.counts['entries']}条记录")


@journal.command("import")
def import_file(file: From) -> None:
    """导入导出的文件：先检验，有一处不符或库里已有其中的事件，就什么都不导入。"""
    from api.store.exchange import import_journal

    engine = _store()
    with _bar("导入") as progress:
        header = import_journal(engine, file, progress)
    typer.echo(f"已导入：{header.counts['incidents']}个事件，{header.counts['entries']}条记录")


def backup(file: To) -> None:
    """备份整个库（事件、记录、人员、设置）到一个文件；不必停止服务。文件里有口令的散列，妥善保管。"""
    from api.store.backup import back_up

    engine = _store()
    with _bar("备份") as progress:
        header = back_up(engine, file, progress)
    typer.echo(f"已备份到 {file}：{header.total}行")


def restore(
    file: From,
    replace: Annotated[bool, typer.Option("--replace", help="库里已有记录时也恢复；先把现有的备份下来")] = False,
) -> None:
    """从备份恢复整个库，然后检验；SQLite 和 PostgreSQL 的备份可以互相恢复。"""
    from api.store.backup import restore as bring_back

    engine = _store()
    keep = None
    if replace:
        folder = read_settings().data_dir.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep = folder / f"before-restore-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
    with _bar("恢复") as progress:
        header = bring_back(engine, file, keep, progress)
    if keep is not None and keep.exists():
        typer.echo(f"原有的记录已备份到 {keep}")
    typer.echo(f"已恢复：{header.total}行；正在运行的服务请重新启动")
    verify_journal(None)

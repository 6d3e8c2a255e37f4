"""The command line `yuan`. It never imports the console."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from api.library import common_texts, load_folder, plans_folder

app = typer.Typer(help="Yuan 预案：按预案原文的条件研判级别，列出任务、签发人和时限。", no_args_is_help=True, add_completion=False)


@app.callback()
def main() -> None:
    """Yuan 预案。"""


@app.command()
def check(files: Annotated[Optional[list[Path]], typer.Argument(help="预案文件；不写则检查全部")] = None) -> None:
    """检查预案文件：一次列出所有文件的全部意见。"""
    from engine.plan.load import load

    folder = plans_folder()
    if files:
        loaded = load({str(p): p.read_text("utf-8", "replace") for p in files}, *common_texts(folder))
    else:
        loaded = load_folder(folder)
    for finding in loaded.findings:
        typer.echo(str(finding))
    typer.echo(f"{len(loaded.plans)} 份预案可用，{len(loaded.findings)} 条意见")
    raise typer.Exit(1 if loaded.findings else 0)


if __name__ == "__main__":
    app()

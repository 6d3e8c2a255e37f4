"""The command `yuan demo remove`."""

from __future__ import annotations

import typer

from api.settings import read_settings

demo = typer.Typer(help="演示：看演示用 yuan serve --demo。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(demo, name="demo")


@demo.callback()
def main() -> None:
    """演示用的库，与正式的库分开。"""


@demo.command("remove")
def remove_demo() -> None:
    """删去演示库；正式的库不受影响。"""
    from api.demo.store import demo_settings, remove

    folder = demo_settings(read_settings()).data_dir
    remove(folder)
    typer.echo(f"演示已删去（{folder}）；正式的库没有动")

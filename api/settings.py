"""Settings, from the environment (`YUAN_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.plan.finding import YuanError


class BadSetting(YuanError):
    """A setting in the environment that does not fit."""

    code = "bad-setting"


class Settings(BaseSettings):
    """What a deployment may set.

    host, port: where the server listens; loopback only unless said otherwise.
    plans_dir: a folder of the office's own plans, units and indexes, laid out as `plans/` is, beside those of Yuan.
    jurisdiction: the office's own place as the plans name it (某县); plans of other places are shown as not its own.
    gazettes: a folder of gazette texts, from which clauses are shown as printed.
    data_dir: the folder of everything that Yuan records, on this machine's own disk.
    database_url: a PostgreSQL database instead of the SQLite file in `data_dir`.
    tick_every: seconds between two looks at what time alone brings about.
    """

    model_config = SettingsConfigDict(env_prefix="YUAN_")

    host: str = "127.0.0.1"
    port: int = 8080
    plans_dir: Path | None = None
    jurisdiction: str | None = None
    gazettes: Path | None = None
    data_dir: Path = Path("~/.local/share/yuan")
    database_url: str | None = None
    tick_every: Annotated[float, Field(ge=0.1, le=3600)] = 5.0


def read_settings() -> Settings:
    """The settings of this process. Raises BadSetting, naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"YUAN_{str(first['loc'][0]).upper()}"
        raise BadSetting(f"设置“{first['input']}”不对", where=name, remedy=f"改正环境变量 {name}，或删去") from None

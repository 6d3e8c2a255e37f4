"""Settings, from the environment (`YUAN_…`)."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may set.

    host, port: where the server listens; loopback only unless said otherwise.
    plans_dir: a folder of the office's own plans, units and indexes, laid out as `plans/` is, beside those of Yuan.
    jurisdiction: the office's own place as the plans name it (某县); plans of other places are shown as not its own.
    gazettes: a folder of gazette texts, from which clauses are shown as printed.
    """

    model_config = SettingsConfigDict(env_prefix="YUAN_")

    host: str = "127.0.0.1"
    port: int = 8080
    plans_dir: Path | None = None
    jurisdiction: str | None = None
    gazettes: Path | None = None

"""Settings, from the environment (`YUAN_…`)."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """host, port: where the server listens; loopback only unless said otherwise."""

    model_config = SettingsConfigDict(env_prefix="YUAN_")

    host: str = "127.0.0.1"
    port: int = 8080

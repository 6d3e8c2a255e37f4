"""Randomness, handed in: secrets that nobody can guess, names that do not collide, passwords that can be read out on the phone."""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Chance(Protocol):
    """A source of randomness."""

    def secret(self) -> str:
        """256 bits, safe in a cookie or header."""

    def name(self) -> str:
        """An id for a row."""

    def password(self) -> str:
        """A one-time password: 15 letters and digits that are not mistaken for one another (74 bits), in groups of five."""


class SystemChance:
    """The operating system's."""

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def name(self) -> str:
        return secrets.token_hex(8)

    def password(self) -> str:
        return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(3))


def digest(secret: str) -> str:
    """What is stored of a secret: a plain hash is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""Passwords: hashed with argon2, and the rules that a new one meets."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.people.refusal import PasswordRefused

SHORTEST, LONGEST = 10, 200


class Passwords:
    """Hashes and checks. `hasher`: argon2's own defaults unless a cheap profile is handed in."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(_plain(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. Where there is no account (None) the answer is no, after the same work."""
        try:
            return self._hasher.verify(stored or self._nobody, _plain(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)


def check_rules(password: str, login: str) -> None:
    """Raises PasswordRefused unless it is long enough and not the login."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused(f"密码至少 {SHORTEST} 个字符", where="new", remedy="可用几个词连成一句，便于记忆")
    if len(plain) > LONGEST:
        raise PasswordRefused(f"密码至多 {LONGEST} 个字符", where="new", remedy="换一个短一些的密码")
    if login.casefold() in {plain.casefold(), plain[::-1].casefold()}:
        raise PasswordRefused("密码不能与登录名相同", where="new", remedy="换一个与登录名无关的密码")


def _plain(password: str) -> str:
    """Full-width and half-width letters are the same key on a Chinese keyboard."""
    return unicodedata.normalize("NFKC", password)

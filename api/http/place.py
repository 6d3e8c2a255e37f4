"""Where a request goes: its path as the routes see it."""

from __future__ import annotations

from starlette.types import Scope


def route_path(scope: Scope) -> str:
    """The path, without the prefix that a proxy or mount put before it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if not root or not path.startswith(root):
        return path
    return path[len(root) :] if path[len(root) : len(root) + 1] in {"", "/"} else path


def under_api(path: str) -> bool:
    """Whether the policy rules it."""
    return path == "/api" or path.startswith("/api/")

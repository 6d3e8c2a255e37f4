"""Colours of the two themes, and the style sheet. Levels own red, orange, yellow and blue; nothing else uses them.

Every text pair is at least 4.5:1, every border of a control at least 3:1.
"""

from __future__ import annotations

from api.console.style import RULES

LIGHT = {
    "page": "#E9EDF1", "panel": "#FFFFFF", "field": "#FFFFFF", "band": "#F4F6F8", "fill": "#E6EAEE",
    "line": "#D3DAE1", "strong": "#7A8794", "ink": "#141D26", "ink2": "#3F4C59", "ink3": "#5A6774",
    "action": "#0A5A68", "soft": "#DDEEF0", "inverse": "#141D26", "on-inverse": "#FFFFFF",
    "hatch": "#C3CBD3", "top": "#1B2733", "on-top": "#E4E9EE", "outline": "rgba(0,0,0,.45)",
}  # fmt: skip
DARK = {
    "page": "#10161D", "panel": "#1A222B", "field": "#10161D", "band": "#212B36", "fill": "#2A3642",
    "line": "#313E4B", "strong": "#6C7D8E", "ink": "#E4E9EE", "ink2": "#B3BFCA", "ink3": "#93A1AE",
    "action": "#63C6D3", "soft": "#17343B", "inverse": "#CBD4DC", "on-inverse": "#10161D",
    "hatch": "#46545F", "top": "#0B1016", "on-top": "#E4E9EE", "outline": "rgba(255,255,255,.75)",
}  # fmt: skip


def variables(colours: dict[str, str]) -> str:
    """The colours as CSS variables."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())


STYLE = f"body{{{variables(LIGHT)}color-scheme:light}}\nbody.body--dark{{{variables(DARK)}color-scheme:dark}}\n{RULES}"

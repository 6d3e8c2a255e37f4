"""The screens, a module each, in the order of the rail."""

from __future__ import annotations

from api.console.screen import Screen
from api.console.screens.overview import Overview

SCREENS: tuple[type[Screen], ...] = (Overview,)

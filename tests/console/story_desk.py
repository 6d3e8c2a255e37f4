"""The heavy-pollution story at the console's screens, without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.console.screens.incident import IncidentScreen
from api.console.visit import Place, Visit
from tests.console.small_office import Seen, texts
from tests.http.duty_office import City, Person

ORANGE = {"aqi_above_200_duration": 80, "so2_hourly_max": 120}
RED = {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}
CLEARING = {
    "aqi_above_200_duration": 50, "aqi_above_300_duration": 0, "aqi_24h_mean_max": 250, "so2_hourly_max": 100, "no_improvement_24h": False,
    "below_standard_duration": 35, "aqi_at_most_150_duration": 0, "aqi_24h_mean": 180, "regional_notice": "none", "consultation_warning": "none",
}  # fmt: skip


@dataclass
class Desk:
    """The people of the story, and the screens that they look at."""

    city: City
    place: Place

    def see(
        self,
        incident: str,
        person: Person | None = None,
        kind: type[Any] = IncidentScreen,
        query: Mapping[str, str] | None = None,
    ) -> Seen:
        secret = (person or self.city.officer).headers["cookie"].partition("=")[2]
        visit = Visit(self.place, secret, {"incident_id": incident}, query or {})
        screen = kind(visit)
        at_desk = visit.at_desk()
        return Seen(str(screen.frame(at_desk)), {name: str(html) for name, html in screen.panels(at_desk).items()})

    def later(self, **span: float) -> datetime:
        return self.city.office.later(**span)


def said(seen: Seen, panel: str) -> str:
    return " ".join(seen.lines(panel))


def duties(seen: Seen) -> str:
    return " ".join(piece for name, html in seen.panels.items() if name.startswith("duties:") for piece in texts(html))

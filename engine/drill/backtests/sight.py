"""What is known at each row of a real series: what had been measured by then, what was forecast, and what follows from both.

The series is seen from `back` hours before the row (None: from its beginning) to the forecast's lead after it. A 24-hour
mean at the first of these hours is still that of the whole series: it is as if the facts reached 23 hours farther back.
Spells and gaps before that are forgotten, so `back` must be longer than any duration that the plan's conditions name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.drill.backtests.forecast import BLOCK, Forecast, begun, spoilt_series
from engine.drill.backtests.record import BadSeries, Column, Record, facts_at
from engine.plan.condition import Level, Scalar
from engine.plan.model import Plan
from engine.trigger.derive import Source, made_of, past_of, prepare, sources, track_of
from engine.trigger.facts import Facts, Partial
from engine.trigger.index_matrix import Matrix, Whole, index_matrix
from engine.trigger.track import HOUR, Hourly
from engine.trigger.window import Past, Window

Ahead = tuple[Sequence[float | None], Sequence[float | None]]
"""The values ahead, and the hours that they are made of."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the plan judges first, row by row, as it was measured: to be drawn. made: how from hourly values (`engine.trigger.derive`)."""

    indicator: str
    made: str
    values: Sequence[float | None]


class Sight:
    """The facts of a plan at each row of a record."""

    def __init__(self, plan: Plan, record: Record, choices: Mapping[str, str], forecast: Forecast, back: int | None) -> None:
        if record.hourly and record.step != 1:
            raise BadSeries(
                f"“{'、'.join(record.labels.get(key, key) for key in record.hourly)}”是小时序列的指标，给的不是逐小时的数据",
                where="time",
                remedy="换成逐小时的数据",
            )
        self.plan, self.record, self.choices, self.forecast = plan, record, choices, forecast
        self._back = None if back is None else back // record.step
        self._lead = forecast.lead // record.step
        self._columns = {key: Column(one) for key, one in record.counted.items()}
        series = {key: tuple(zip(record.times, values, strict=True)) for key, values in record.hourly.items()}
        whole = Facts(series=series)
        tracks = {source: track_of(plan, whole, source) for source in sources(plan, choices)} if series else {}
        self._how = {source: made_of(source, set(series)) for source in tracks}
        self.pasts = {source: past_of(source, self._how[source], track) for source, track in tracks.items() if track is not None}
        self._absent: dict[Source, Hourly | None] = {source: None for source, track in tracks.items() if track is None}
        self._spoilt = {} if forecast.exact else spoilt_series(forecast, record.hourly)
        self._indices: dict[str, tuple[int, Whole]] = {}

    def course(self) -> Course | None:
        """The values of the first measure; without a series the first number that a column gives; None where there is neither."""
        for source, past in self.pasts.items():
            return Course(source.series, self._how[source], past.track.values)
        for key in (*self.record.counted, *self.record.given):
            if self.plan.indicators[key].type in ("number", "integer"):
                rows = range(self.record.count)
                found = (
                    [self._columns[key].at(row, self._lead, 1.0) for row in rows]
                    if key in self._columns
                    else self.record.given[key]
                )
                return Course(key, "value", [_least(one) for one in found])
        return None

    def facts(self, row: int, in_force: Mapping[str, Level], *, lead: int | None = None) -> Facts:
        """The facts as they count at a row. lead: rows of true values ahead, in place of the forecast."""
        record, forecast = self.record, self.forecast
        start = 0 if self._back is None else max(0, row - self._back)
        tracks = dict(self._absent)
        true = lead is not None or not self._spoilt
        for source, past in self.pasts.items():
            ahead, hours = _true(past, row, self._lead if lead is None else lead) if true else self._ahead(source, row)
            tracks[source] = Window(record.first, past, start, row, ahead, hours, true)
        known = (
            facts_at(record, self._columns, row, self._lead, forecast.spoil(row * record.step))
            if lead is None
            else facts_at(record, self._columns, row, lead, 1.0)
        )
        return prepare(self.plan, known, record.time(row), in_force, choices=self.choices, episode=True, tracks=tracks)

    def _ahead(self, source: Source, row: int) -> Ahead:
        """What was forecast."""
        if self._how[source] == "index_of_means":
            values = self._index(source, row)
            return values, values
        if self._how[source] == "value":
            values = self._spoilt[source.series].ahead(row)[: self.record.count - row - 1]
            return values, values
        return self._made(source, row)

    def _made(self, source: Source, row: int) -> Ahead:
        """Values ahead made anew of 23 measured hours and those forecast."""
        behind = min(row, 22) + 1
        first = self.record.time(row - behind + 1)
        keys = (source.series,) if source.series in self._spoilt else self._pollutants(source).values()
        series = {}
        for key in keys:
            numbers = self._spoilt[key].numbers(row)[23 - behind :]
            series[key] = tuple((first + n * HOUR, value) for n, value in enumerate(numbers))
        track = track_of(self.plan, Facts(series=series), source)
        assert track is not None
        length = min(self._lead, self.record.count - row - 1)
        return track.values[behind : behind + length], track.hours[behind : behind + length]

    def _index(self, source: Source, row: int) -> Sequence[float | None]:
        """The 24-hour index ahead."""
        if not self._lead:
            return ()
        number = row // BLOCK
        if self._indices.get(source.series, (-1,))[0] != number:
            use = self.plan.index_uses[source.series]
            pollutants = {
                pollutant: Matrix(self._spoilt[key].block(number), self._spoilt[key].part)
                for pollutant, key in self._pollutants(source).items()
            }
            self._indices[source.series] = (number, index_matrix(use.index, pollutants, begun(number, self._lead)))
        found = self._indices[source.series][1][row % BLOCK, : max(0, self.record.count - row - 1)].tolist()
        return [None if one < 0 else float(one) for one in found] if -1 in found else found

    def _pollutants(self, source: Source) -> dict[str, str]:
        use = self.plan.index_uses[source.series]
        return {pollutant: key for pollutant, key in use.pollutants.items() if key in self._spoilt}


def _least(value: Scalar | Partial | None) -> float | None:
    """A number, or the least that it is known to be."""
    if isinstance(value, Partial):
        return value.intervals[0].low if value.intervals else None
    return None if value is None or isinstance(value, str) else float(value)


def _true(past: Past, row: int, lead: int) -> Ahead:
    """What then came."""
    end = row + 1 + lead
    values = past.track.values[row + 1 : end]
    return values, values if past.track.hours is past.track.values else past.track.hours[row + 1 : end]

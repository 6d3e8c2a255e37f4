"""Ticks: by the one who leads, through the loss of the database, and ended cleanly."""

from __future__ import annotations

import time

from sqlalchemy import Engine

from api.desk.ticker import Ticker
from api.store.failure import StoreUnavailable
from api.store.leadership import leadership
from tests.desk.setting import eventually


class Lead:
    """A leadership that is given and taken."""

    def __init__(self, *, leading: bool = True) -> None:
        self.leading = leading
        self.resigned = False

    def leads(self) -> bool:
        return self.leading

    def resign(self) -> None:
        self.resigned = True


def test_time_passes_at_once_and_every_few_moments_until_it_is_stopped() -> None:
    lead, ticks = Lead(), []
    ticker = Ticker(lambda: ticks.append(1), lead, 0.02)
    ticker.start()
    eventually(lambda: len(ticks) > 5)
    ticker.stop()
    count = len(ticks)
    time.sleep(0.1)
    assert (len(ticks), lead.resigned) == (count, True)


def test_one_who_does_not_lead_waits() -> None:
    lead, ticks = Lead(leading=False), []
    ticker = Ticker(lambda: ticks.append(1), lead, 0.01)
    ticker.start()
    time.sleep(0.1)
    assert ticks == []
    lead.leading = True
    eventually(lambda: len(ticks) > 1)
    ticker.stop()


def test_ticks_go_on_after_one_that_failed() -> None:
    errors: list[Exception] = [StoreUnavailable("断了"), ValueError("own fault")]
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if errors:
            raise errors.pop()

    ticker = Ticker(tick, Lead(), 0.01)
    ticker.start()
    eventually(lambda: len(ticks) > 3)
    ticker.stop()


def test_stopping_does_not_wait_for_the_next_tick() -> None:
    ticker = Ticker(lambda: None, Lead(), 60)
    ticker.start()
    began = time.monotonic()
    ticker.stop()
    assert time.monotonic() - began < 1


def test_another_takes_over_from_one_that_stops(engine: Engine) -> None:
    told: list[str] = []
    first, second = (
        Ticker(lambda name=name: told.append(name), leadership(engine), 0.02) for name in ("first", "second")
    )  # fmt: skip
    first.start()
    eventually(lambda: len(told) > 3)
    second.start()
    time.sleep(0.1)
    assert set(told) == {"first"}
    first.stop()
    eventually(lambda: told[-1] == "second", 1.0)
    second.stop()

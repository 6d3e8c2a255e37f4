"""What a run comes to: episodes, flapping, periods; warned and happened; two runs; real decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from api.library import library
from engine.drill.backtests.backtest import Change, Run, Setting
from engine.drill.backtests.episodes import by_heating, by_season, by_year, counts, episodes, flaps, periods, stretches
from engine.drill.backtests.record import BadSeries, Record
from engine.drill.backtests.sides import Decided, beside_decisions, compare
from engine.drill.backtests.verification import scores
from engine.trigger.facts import CHINA

PLAN = library().plans["shuozhou-heavy-pollution"]
SCALE = PLAN.scales["warning"]
START = datetime(2016, 12, 30, tzinfo=CHINA)


def made(ranks: str, happened: str | None = None, start: datetime = START) -> Run:
    """A run with these ranks in force, a digit a row, its changes read off them."""
    levels = bytes(int(one) for one in ranks)
    before, changes = 0, []
    for row, rank in enumerate(levels):
        if rank != before:
            kind = "raise" if rank > before else "lift" if rank == 0 else "lower"
            changes.append(Change(row, "warning", before, rank, kind, (f"c{row}",), row))
            before = rank
    true = bytes(int(one) for one in happened) if happened is not None else bytes(len(levels))
    record = Record(start, 1, len(levels))
    held = {"warning": bytes(len(levels))}
    return Run(PLAN, record, Setting(), range(len(levels)), {"warning": levels}, {"warning": true}, held, None, tuple(changes))


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def test_stretches_join_what_is_a_short_break_apart() -> None:
    ranks = bytes((0, 1, 2, 0, 0, 1, 0))
    assert stretches(ranks) == [(1, 3), (5, 6)]
    assert stretches(ranks, 2) == [(2, 3)]
    assert stretches(ranks, joined=3) == [(1, 6)]
    assert stretches(bytes((1, 1))) == [(0, 2)]


def test_an_episode_has_its_hours_in_each_level_and_its_changes() -> None:
    first, last = episodes(made("0112210033"), "warning")
    assert (first.start, first.end, first.ended, first.highest, first.hours) == (at(1), at(6), True, 2, (3, 2, 0))
    assert [change.row for change in first.changes] == [1, 3, 5, 6]
    assert (last.start, last.end, last.ended, last.highest, last.length) == (at(8), at(10), False, 3, 2)
    assert counts(made("0112210033"), "warning") == {"raise": 3, "lower": 1, "lift": 1}


@pytest.mark.parametrize(
    ("ranks", "pairs"),
    [
        ("0" + "1" * 24 + "0", [(1, 25)]),
        ("0" + "1" * 25 + "0", []),
        ("012" + "2" * 30 + "12", [(33, 34)]),
        ("0210" + "0" * 30, [(1, 3)]),
    ],
)
def test_flapping_is_a_change_undone_within_a_day(ranks: str, pairs: list[tuple[int, int]]) -> None:
    assert [(one.row, other.row) for one, other in flaps(made(ranks), "warning")] == pairs


def test_hours_and_days_by_period() -> None:
    run = made("1" * 24 + "0" * 20 + "2222" + "0" * 12)
    assert [(one.label, one.hours, one.days) for one in periods(run, "warning", by_year)] == [
        ("2016年", (20, 24, 4, 0), (0, 1, 1, 0)),
        ("2017年", (12, 0, 0, 0), (1, 0, 0, 0)),
    ]
    assert {by_season(date(2016, month, 1))[:2] for month in (12, 1, 2)} == {"冬季"}
    assert [by_heating()(date(2016, *day)) for day in ((3, 31), (4, 1), (10, 31), (11, 1))] == [
        "2015—2016年采暖期",
        "2016年非采暖期",
        "2016年非采暖期",
        "2016—2017年采暖期",
    ]


def scored(ranks: str, happened: str, rank: int = 1) -> list[tuple[str, int | None]]:
    return [(one.kind, one.lead) for one in scores(made(ranks, happened), "warning")[rank - 1].verdicts]


def test_in_time_is_in_force_when_it_begins() -> None:
    assert scored("0001111100", "0000011000") == [("in_time", 2)]
    assert scored("0000011100", "0000011000") == [("in_time", 0)]


def test_late_is_in_force_only_after_it_began() -> None:
    assert scored("0000001100", "0000111000") == [("late", -2)]


def test_missed_is_never_in_force_while_it_happens_and_counts_by_level() -> None:
    assert scored("1100000000" + "0" * 30, "0" * 36 + "1110") == [("false", None), ("missed", None)]
    assert scored("0111111000", "0002200000", rank=2) == [("missed", None)]
    assert scored("0111111000", "0002200000") == [("in_time", 2)]


def test_a_warning_is_false_unless_it_happens_within_a_day_of_its_end() -> None:
    assert scored("11" + "0" * 40, "0" * 20 + "1" + "0" * 21) == [("missed", None)]
    assert scored("11" + "0" * 40, "0" * 30 + "1" + "0" * 11) == [("false", None), ("missed", None)]
    assert scored("0110", "0000") == [("false", None)]


def test_a_second_event_under_one_warning_has_no_lead_of_its_own() -> None:
    assert scored("0" + "1" * 60, "00011" + "0" * 40 + "11" + "0" * 14) == [("in_time", 2), ("standing", None)]
    assert scored("0" + "1" * 20, "00011000110" + "0" * 10) == [("in_time", 2)], "less than a day apart they are one"


def test_two_runs_differ_by_hours_and_by_what_changed() -> None:
    found = compare(made("0112210"), made("0011100"), "warning")
    assert found.hours == {(0, 0): 2, (1, 0): 2, (1, 1): 1, (2, 1): 2}
    assert found.differing == 4
    assert [(one.start, one.end, one.ranks) for one in found.stretches] == [
        (at(1), at(2), (1, 0)),
        (at(3), at(5), (2, 1)),
        (at(5), at(6), (1, 0)),
    ]
    first, last = found.stretches[0].causes, found.stretches[-1].causes
    assert [change.clauses for change in first[0]] == [("c1",)] and first[1] == ()
    assert [[change.row for change in side] for side in last] == [[5], [5]]


def test_runs_over_other_rows_can_not_be_compared() -> None:
    with pytest.raises(BadSeries, match="时段或步长不同"):
        compare(made("0112210"), made("00111001"), "warning")


def test_a_run_beside_real_decisions() -> None:
    decided = [Decided(1, at(2), at(5)), Decided(2, at(4), at(5)), Decided(3, at(8), at(9))]
    found = beside_decisions(made("0111100010"), SCALE, decided)
    assert found.hours == {(0, 0): 5, (1, 0): 1, (1, 1): 2, (1, 2): 1, (1, 3): 1}
    assert [(one.start, one.end, one.rank, one.earlier) for one in found.beside] == [
        (at(2), at(5), 2, (1, 0)),
        (at(8), at(9), 3, (0, 0)),
    ]
    assert found.alone == ()
    assert found.share == pytest.approx(0.7)
    assert beside_decisions(made("0110"), SCALE, []).alone == ((at(1), at(3), 1),)
    missed = beside_decisions(made("0000"), SCALE, [Decided(1, at(1), at(2))])
    assert [(one.own, one.earlier) for one in missed.beside] == [(None, None)]

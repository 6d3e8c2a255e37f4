"""`python -m tests.benchmarks.rainfall > rain.csv`: ten years of daily rain and snow of a made-up dry northern city, seeded.

A chain of wet and dry days: a wet day is likelier after a wet one. The share of wet days by month and the mean amounts are those
that such a climate has (a dry winter, most of some 400 mm in July and August); nothing is measured anywhere.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

BEGIN, END = date(2011, 1, 1), date(2020, 12, 31)
WET = (0.06, 0.08, 0.12, 0.16, 0.22, 0.33, 0.42, 0.40, 0.29, 0.18, 0.10, 0.06)
"""The share of days with rain or snow, by month."""
MEAN = (1.2, 1.6, 2.4, 4.0, 4.6, 6.2, 8.8, 8.4, 6.0, 4.2, 2.4, 1.2)
"""mm on such a day, by month."""
LASTS = 0.25
"""How much likelier than its month's share a day is wet after a wet one (and drier after a dry one)."""


def rainfall(seed: int = 1, begin: date = BEGIN, end: date = END) -> Iterator[tuple[date, float]]:
    """Day by day, in mm to a tenth; 0 is a dry day."""
    chance = random.Random(seed)
    wet = False
    day = begin
    while day <= end:
        share = WET[day.month - 1]
        wet = chance.random() < (share + LASTS * (1 - share) if wet else share * (1 - LASTS))
        amount = round(0.1 + chance.gammavariate(0.7, MEAN[day.month - 1] / 0.7), 1) if wet else 0.0
        yield day, amount
        day += timedelta(days=1)


def main() -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(["time", "rain"])
    writer.writerows(rainfall())


if __name__ == "__main__":
    main()

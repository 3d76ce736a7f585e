# ruff: noqa: INP001, S311, T201 - a seeded script in a folder of data, which says what it wrote
"""Make the invented daily prices of ``group/prices/``, from one seed.

The closes run through given monthly means, to the fen: for CEA those of 2025 as published, for
CCER invented ones. Everything else, each single day included, is invented. Whole fen and exact
decimals throughout, so that every machine makes the same files.
"""

import csv
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from services.kernel.period import Month, Period
from services.pricing.domain.trading_calendar import TradingCalendar, read_holidays

HERE = Path(__file__).resolve().parent
HOLIDAYS = HERE.parent / "services" / "pricing" / "domain" / "exchange_holidays.csv"
SEED = 20250101
PERIOD = Period(date(2024, 12, 1), date(2026, 1, 1))
COLUMNS = (
    *("date", "close", "low", "high", "volume_tonnes", "amount", "quality"),
    *("block_volume_tonnes", "block_amount"),
)
FAR = Decimal("0.09")  # no day moves further, so that the limit of a tenth is never met


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a series is made of: monthly means from December 2024 on, sizes, and restlessness."""

    file: str
    means: tuple[str, ...]
    listed_tonnes: tuple[int, ...]
    block_odds: int
    shock: int


CEA = Recipe(
    file="cea-composite.csv",
    means=(
        *("101.20", "94.70", "91.36", "87.90", "80.87", "69.90", "71.51"),
        *("73.57", "71.12", "62.51", "53.94", "59.87", "63.27"),
    ),
    listed_tonnes=(420, 90, 80, 120, 150, 180, 200, 280, 420, 760, 900, 980, 860),
    block_odds=55,
    shock=280,
)
CCER = Recipe(
    file="ccer-composite.csv",
    means=(
        *("97.00", "95.20", "92.40", "90.10", "88.60", "87.30", "86.90"),
        *("87.80", "84.50", "79.60", "75.20", "72.80", "71.40"),
    ),
    listed_tonnes=(2, 1, 1, 2, 3, 3, 3, 5, 7, 11, 16, 19, 15),
    block_odds=5,
    shock=200,
)


def main() -> None:
    """Write the files."""
    lines = HOLIDAYS.read_text(encoding="utf-8").splitlines()
    days = TradingCalendar.of(read_holidays(lines)).trading_days(PERIOD)
    for recipe in (CEA, CCER):
        path = HERE / "group" / "prices" / recipe.file
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows_of(recipe, days))
        print(f"wrote {path.relative_to(HERE.parent)}: {len(days)} invented days")


def rows_of(recipe: Recipe, days: tuple[date, ...]) -> Iterator[list[str]]:
    """Make the rows of a series: a close for each day, and the day's trading around it."""
    chance = random.Random(f"{SEED}-{recipe.file}")
    months = sorted({Month.of(day) for day in days})
    sizes = dict(zip(months, recipe.listed_tonnes, strict=True))
    for day, close in zip(days, closes_of(recipe, days, chance), strict=True):
        low = close - close * chance.randint(10, 160) // 10000
        high = close + close * chance.randint(10, 160) // 10000
        average = chance.randint(low, high)
        tonnes = sizes[Month.of(day)] * chance.randint(400, 1700)
        row = [day.isoformat(), *map(_yuan, (close, low, high)), str(tonnes)]
        block = ["", ""]
        if chance.randint(1, 100) <= recipe.block_odds:
            block_tonnes = 100_000 + 1000 * chance.randint(0, 1400)
            price = close * chance.randint(9300, 10050) // 10000
            block = [str(block_tonnes), _yuan(block_tonnes * price)]
        yield [*row, _yuan(tonnes * average), "FINAL", *block]


def closes_of(recipe: Recipe, days: tuple[date, ...], chance: random.Random) -> list[int]:
    """Make closes in fen whose mean over each month is the given one, exactly."""
    months = sorted({Month.of(day) for day in days})
    aims = {m: Decimal(mean) * 100 for m, mean in zip(months, recipe.means, strict=True)}
    noise = _noise(recipe, len(days), chance)
    knots = dict(aims)
    for _ in range(60):  # bend the line through the knots until every month has its mean
        line = [_between(knots, day) * (1 + n) for day, n in zip(days, noise, strict=True)]
        for month in months:
            inside = [p for day, p in zip(days, line, strict=True) if Month.of(day) == month]
            knots[month] += (aims[month] - sum(inside) / len(inside)) * 9 / 10
    closes = [int(price.quantize(Decimal(1), ROUND_HALF_UP)) for price in line]
    for month in months:
        places = [index for index, day in enumerate(days) if Month.of(day) == month]
        missing = int(aims[month] * len(places)) - sum(closes[index] for index in places)
        for turn in range(abs(missing)):
            closes[places[turn % len(places)]] += 1 if missing > 0 else -1
    for before, after in itertools.pairwise(closes):
        if abs(after - before) > before * FAR:
            raise ValueError(f"{recipe.file} moves from {before} to {after} fen within a day")
    return closes


def _noise(recipe: Recipe, count: int, chance: random.Random) -> list[Decimal]:
    """Make small deviations in which each day remembers most of the day before."""
    noise, now = [], Decimal(0)
    for _ in range(count):
        shock = Decimal(chance.randint(-recipe.shock, recipe.shock)) / 10000
        now = (now * Decimal("0.8") + shock).quantize(Decimal("0.000001"))
        noise.append(now)
    return noise


def _between(knots: dict[Month, Decimal], day: date) -> Decimal:
    """Find the value of a day on the straight lines between the middles of months."""
    month = Month.of(day)
    middle = date(month.year, month.number, 15)
    left, right = (month, month.next()) if day >= middle else (month.previous(), month)
    if left not in knots or right not in knots:
        return knots[month]
    start, end = (date(m.year, m.number, 15) for m in (left, right))
    part = Decimal((day - start).days) / (end - start).days
    return knots[left] + (knots[right] - knots[left]) * part


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


if __name__ == "__main__":
    main()

# ruff: noqa: INP001, S311, T201 - a seeded script in a folder of data, which says what it wrote
"""Make the invented trades of ``group/trades.csv``, from one seed.

The other files of ``group/`` are written by hand. Every trade is on a trading day of the invented
prices, between that day's low and high, smaller than what the market traded, and of a size and
price that its mode allows. Whole tonnes and fen throughout, so that every machine makes the same
file.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
GROUP = HERE / "group"
SEED = 20250101
YEAR = "2025"
COLUMNS = (
    *("external_id", "venue", "mode", "instrument", "side", "trade_date", "tonnes"),
    *("unit_price", "fees", "tax_inclusive", "contract", "trader"),
)
LISTING_MOST = 99_999
BLOCK_LEAST, BLOCK_MOST = 100_000, 160_000
FEE_PER_TONNE = Decimal("0.03")
FEN = Decimal("0.01")
LISTINGS_A_MONTH = 6
# Bought for one plant alone, now and then.
EARMARKED = ("contracts/hanchuan-2025", "contracts/changhe-2025", "contracts/qinglan-2025")
# Credits are sold for the plant whose project they are of; every other one is left to the bundle.
CREDITS = {
    "CCER-2024-haiyan-deep": "contracts/haiyan-2025",
    "CCER-2024-langhua-reef": "contracts/langhua-2025",
    "CCER-2024-shuojin-tower": "contracts/shuojin-2025",
    "CCER-2024-gebi-trough": "contracts/gebi-2025",
}


@dataclass(frozen=True, slots=True)
class Day:
    """What the invented market did on a day; prices in fen."""

    date: str
    low: int
    high: int
    listed_tonnes: int
    block_tonnes: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One trade before it is numbered."""

    day: Day
    mode: str
    instrument: str
    side: str
    tonnes: int
    contract: str
    trader: str


def main() -> None:
    """Write the trades and say how many."""
    print(f"wrote {write_trades(GROUP / 'trades.csv')} trades")


def write_trades(path: Path) -> int:
    """Write the trades of the year to a file; tells how many there are."""
    rng = random.Random(SEED)
    rows = [
        *_rows(rng, _purchases(rng, _read("cea-composite.csv")), "CNEEEX"),
        *_rows(rng, _sales(rng, _read("ccer-composite.csv")), "CBGEX"),
    ]
    rows.sort(key=lambda row: (row["trade_date"], row["external_id"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _purchases(rng: random.Random, months: dict[str, list[Day]]) -> Iterator[Deal]:
    """Each month some listings and a block for all plants, and a listing for one of them."""
    for index, days in enumerate(months.values()):
        chosen = rng.sample(days, LISTINGS_A_MONTH)
        for day in chosen:
            most = min(20_000, day.listed_tonnes // 3, LISTING_MOST)
            tonnes = rng.randint(most // 2, most)
            trader = rng.choice(("trader-a", "trader-b"))
            yield Deal(day, "LISTING", "CEA-2024", "BUY", tonnes, "", trader)
        block_days = [day for day in days if day.block_tonnes >= BLOCK_MOST]
        if block_days:
            tonnes = rng.randint(BLOCK_LEAST, BLOCK_MOST)
            yield Deal(rng.choice(block_days), "BLOCK", "CEA-2024", "BUY", tonnes, "", "trader-a")
        contract = EARMARKED[index % len(EARMARKED)]
        day = rng.choice(days)
        yield Deal(
            day, "LISTING", "CEA-2024", "BUY", rng.randint(1_000, 4_000), contract, "trader-b"
        )


def _sales(rng: random.Random, months: dict[str, list[Day]]) -> Iterator[Deal]:
    """Each month every project sells a little, in turns earmarked and bundled."""
    for index, days in enumerate(months.values()):
        for place, (instrument, contract) in enumerate(CREDITS.items()):
            day = rng.choice(days)
            tonnes = max(100, min(4_000, day.listed_tonnes // 4))
            earmark = contract if (index + place) % 2 == 0 else ""
            yield Deal(day, "LISTING", instrument, "SELL", tonnes, earmark, "trader-c")


def _rows(rng: random.Random, deals: Iterator[Deal], venue: str) -> Iterator[dict[str, str]]:
    for number, deal in enumerate(deals, start=1):
        price = Decimal(rng.randint(deal.day.low, deal.day.high)).scaleb(-2)
        fees = (deal.tonnes * FEE_PER_TONNE).quantize(FEN)
        yield {
            "external_id": f"{venue.lower()}-2025-{number:04d}",
            "venue": venue,
            "mode": deal.mode,
            "instrument": deal.instrument,
            "side": deal.side,
            "trade_date": deal.day.date,
            "tonnes": str(deal.tonnes),
            "unit_price": str(price),
            "fees": str(fees),
            "tax_inclusive": "true",
            "contract": deal.contract,
            "trader": deal.trader,
        }


def _read(file: str) -> dict[str, list[Day]]:
    """Read the days of the year, by month."""
    months: dict[str, list[Day]] = defaultdict(list)
    with (GROUP / "prices" / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["date"].startswith(YEAR):
                months[row["date"][:7]].append(_day(row))
    return months


def _day(row: dict[str, str]) -> Day:
    low, high = (int(Decimal(row[name]).scaleb(2)) for name in ("low", "high"))
    block = int(row["block_volume_tonnes"] or 0)
    return Day(row["date"], low, high, int(row["volume_tonnes"]), block)


if __name__ == "__main__":
    main()

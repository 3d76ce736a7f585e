from collections import Counter
from datetime import date

import pytest

from services.kernel.period import Period, year_period
from tests.builders.pricing import calendar


@pytest.mark.parametrize(
    "day",
    ["2025-01-01", "2025-01-28", "2025-04-04", "2025-05-05", "2025-06-02", "2025-10-08"],
)
def test_closes_on_holidays(day: str) -> None:
    assert not calendar().is_trading_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2025-01-26", "2025-02-08", "2025-09-28", "2025-10-11"])
def test_does_not_trade_on_weekend_days_worked_to_make_up_for_a_holiday(day: str) -> None:
    assert not calendar().is_trading_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2021-07-16", "2025-01-02", "2025-02-05", "2025-07-04"])
def test_trades_on_other_weekdays(day: str) -> None:
    assert calendar().is_trading_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("year", "days"), [(2022, 242), (2023, 242), (2024, 242), (2025, 243), (2026, 242)]
)
def test_counts_the_trading_days_of_a_year(year: int, days: int) -> None:
    assert len(calendar().trading_days(year_period(year))) == days


def test_weighs_the_months_of_2025_so_that_their_means_make_the_published_mean() -> None:
    means = [9470, 9136, 8790, 8087, 6990, 7151, 7357, 7112, 6251, 5394, 5987, 6327]
    days = calendar().trading_days(year_period(2025))
    counts = Counter(day.month for day in days)
    total = sum(counts[month] * mean for month, mean in enumerate(means, start=1))
    assert round(total / len(days)) == 7318
    assert sum(means) / 12 == pytest.approx(7337.67, abs=0.005)


def test_says_which_years_it_knows() -> None:
    assert calendar().known == Period(date(2021, 1, 1), date(2027, 1, 1))


def test_names_the_source_of_every_holiday() -> None:
    assert all(day.weekday() < 5 for day in calendar().holidays)

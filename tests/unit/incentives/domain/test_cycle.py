"""Cycles as texts."""

from datetime import date

import pytest

from services.incentives.domain.cycle import Cycle, InvalidCycle
from services.kernel.period import Month


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", Month(2025, 1), Month(2025, 12)),
        ("2025-Q1", Month(2025, 1), Month(2025, 3)),
        ("2025-Q4", Month(2025, 10), Month(2025, 12)),
        ("2025-03", Month(2025, 3), Month(2025, 3)),
    ],
)
def test_reads_and_writes_years_quarters_and_months(text: str, first: Month, last: Month) -> None:
    cycle = Cycle.parse(text)
    assert (cycle.first, cycle.last, str(cycle)) == (first, last, text)


@pytest.mark.parametrize("text", ["", "2025-Q5", "2025-13", "2025-1", "25", "2025-Q1 ", "2025-q1"])
def test_refuses_anything_else_as_a_cycle(text: str) -> None:
    with pytest.raises(InvalidCycle):
        Cycle.parse(text)


def test_knows_whether_it_holds_a_day_of_the_calendar() -> None:
    assert Cycle.parse("2025-Q4").holds("12-31")
    assert not Cycle.parse("2025-Q1").holds("12-31")


def test_knows_whether_it_shares_a_month_with_another() -> None:
    assert Cycle.parse("2025").overlaps(Cycle.parse("2025-03"))
    assert not Cycle.parse("2025-Q1").overlaps(Cycle.parse("2025-Q2"))


def test_pays_from_the_day_after_its_end_and_yearly_on() -> None:
    assert Cycle.parse("2025").payable_date(2) == date(2028, 1, 1)

from datetime import date

import pytest

from services.kernel.identifiers import CustomerName
from services.kernel.period import Period, year_period
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.rate_card import revision_in_force, tariff_segments
from tests.builders.pricing import HANCHUAN, moment, revision, tariff

OTHER = CustomerName("customers/other")
BASE = revision("r2025", tariff("2025-01-01"), approved="2024-12-01")
MIDYEAR = revision("r2025-07", tariff("2025-07-01", price="0.28"), approved="2025-06-01")
OVERRIDE = revision(
    "hanchuan",
    tariff("2025-03-01", price="0.20", customer=HANCHUAN, end="2025-09-01"),
    approved="2025-02-01",
)
ALL = [BASE, MIDYEAR, OVERRIDE]


def in_force(
    day: str, revisions: list[FeeScheduleRevision], *, known: str = "2026-01-01"
) -> str | None:
    found = revision_in_force(
        revisions=revisions,
        customer=HANCHUAN,
        day=date.fromisoformat(day),
        known_at=moment(known),
    )
    return None if found is None else found.name.rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-12-31", None),
        ("2025-01-01", "r2025"),
        ("2025-02-28", "r2025"),
        ("2025-03-01", "hanchuan"),
        ("2025-07-01", "hanchuan"),
        ("2025-08-31", "hanchuan"),
        ("2025-09-01", "r2025-07"),
    ],
)
def test_puts_the_customers_own_override_first(day: str, expected: str | None) -> None:
    assert in_force(day, ALL) == expected


def test_never_charges_one_customer_by_the_override_of_another() -> None:
    found = revision_in_force(
        revisions=ALL, customer=OTHER, day=date(2025, 4, 1), known_at=moment("2026-01-01")
    )
    assert found == BASE


def test_never_charges_by_a_draft() -> None:
    draft = revision("draft", tariff("2025-01-01"), approved=None)
    assert in_force("2025-06-01", [draft]) is None


def test_lets_the_later_approval_win_between_equal_dates() -> None:
    again = revision("again", tariff("2025-01-01", price="0.31"), approved="2025-05-01")
    assert in_force("2025-02-01", [again, BASE]) == "again"


@pytest.mark.parametrize(
    ("known", "expected"),
    [("2024-11-30", None), ("2025-04-30", "r2025"), ("2025-05-01", "again")],
)
def test_gives_the_answer_of_an_earlier_moment_again(known: str, expected: str | None) -> None:
    again = revision("again", tariff("2025-01-01", price="0.31"), approved="2025-05-01")
    assert in_force("2025-02-01", [again, BASE], known=known) == expected


def test_cuts_a_year_where_the_revision_changes() -> None:
    segments = tariff_segments(
        revisions=ALL, customer=HANCHUAN, period=year_period(2025), known_at=moment("2026-01-01")
    )
    cuts = [(segment.period.start.isoformat(), segment.revision) for segment in segments]
    assert cuts == [("2025-01-01", BASE), ("2025-03-01", OVERRIDE), ("2025-09-01", MIDYEAR)]
    assert segments[-1].period.end == date(2026, 1, 1)


def test_names_the_days_that_no_tariff_covers() -> None:
    segments = tariff_segments(
        revisions=[MIDYEAR],
        customer=OTHER,
        period=Period(date(2025, 6, 1), date(2025, 8, 1)),
        known_at=moment("2026-01-01"),
    )
    assert [segment.revision for segment in segments] == [None, MIDYEAR]
    assert segments[0].period == Period(date(2025, 6, 1), date(2025, 7, 1))


def test_goes_on_where_a_change_is_not_a_change_for_the_customer() -> None:
    for_other = revision("other", tariff("2025-04-01", customer=OTHER), approved="2025-01-01")
    segments = tariff_segments(
        revisions=[BASE, for_other],
        customer=HANCHUAN,
        period=year_period(2025),
        known_at=moment("2026-01-01"),
    )
    assert [segment.period for segment in segments] == [year_period(2025)]

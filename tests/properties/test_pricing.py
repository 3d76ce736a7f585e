"""What holds of prices and tariffs whatever is imported or approved, in any order."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.period import Period
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.price_import import examine_rows
from services.pricing.domain.price_point import PriceQuality
from services.pricing.domain.rate_card import revision_in_force, tariff_segments
from services.pricing.domain.reported_row import ReportedRow
from tests.builders.pricing import (
    HANCHUAN,
    calendar,
    figures,
    import_rules,
    market,
    recorded,
    revision,
    tariff,
)

DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2025, 8, 31))
CLOSES = st.decimals(min_value=-1, max_value=100, places=2)
ROWS = st.builds(
    ReportedRow,
    row=st.just(0),
    date=st.none() | DAYS,
    close=st.none() | CLOSES,
    low=st.none() | CLOSES,
    high=st.none() | CLOSES,
    volume_tonnes=st.none() | st.integers(min_value=-1, max_value=10**6),
    quality=st.none() | st.sampled_from(PriceQuality),
)
BATCHES = st.lists(ROWS, max_size=12).map(
    lambda rows: [replace(row, row=number) for number, row in enumerate(rows)]
)
KNOWN = recorded(figures("2025-05-30", "70.00"))
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(rows=BATCHES)
def test_every_row_is_accepted_or_refused_by_name(rows: list[ReportedRow]) -> None:
    outcome = examine_rows(rows=rows, recorded=KNOWN, rules=import_rules())
    refused = {issue.row for issue in outcome.rejections}
    assert outcome.accepted + len(refused) == len(rows)
    assert all(issue.reason and issue.message for issue in outcome.rejections)


@given(rows=BATCHES)
def test_importing_twice_changes_nothing(rows: list[ReportedRow]) -> None:
    first = examine_rows(rows=rows, recorded=KNOWN, rules=import_rules())
    after = {**KNOWN, **recorded(*first.new)}
    again = examine_rows(rows=rows, recorded=after, rules=import_rules())
    known_days = {figures.date for figures in first.new}
    assert not [new for new in again.new if new.date in known_days]


@given(rows=BATCHES, seed=st.integers(min_value=0, max_value=100))
def test_the_order_of_rows_of_different_days_does_not_matter(
    rows: list[ReportedRow], seed: int
) -> None:
    once = list({row.date: row for row in rows}.values())
    mixed = random.Random(seed).sample(once, len(once))
    there, here = (
        examine_rows(rows=batch, recorded=KNOWN, rules=import_rules()) for batch in (once, mixed)
    )
    assert there == here


@given(close=st.decimals(min_value="0.05", max_value=500, places=2), days=st.integers(1, 30))
def test_the_band_of_a_longer_gap_holds_that_of_a_shorter(close: Decimal, days: int) -> None:
    rule = market().rules[0]
    low, high = rule.price_band(close, trading_days=days)
    wider_low, wider_high = rule.price_band(close, trading_days=days + 1)
    assert wider_low <= low <= close <= high <= wider_high


REVISIONS = st.lists(
    st.builds(
        lambda number, start, approved, own, length: revision(
            f"r{number}",
            tariff(
                start.isoformat(),
                customer=HANCHUAN if own else None,
                end=(start + timedelta(days=length)).isoformat() if own and length else None,
            ),
            approved=approved.isoformat() if approved else None,
        ),
        number=st.integers(0, 10**6),
        start=st.dates(min_value=date(2024, 6, 1), max_value=date(2026, 6, 1)),
        approved=st.none() | st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 6, 1)),
        own=st.booleans(),
        length=st.integers(0, 400),
    ),
    max_size=8,
    unique_by=lambda built: built.name,
)


@settings(deadline=None)
@given(revisions=REVISIONS)
def test_segments_tile_the_period_and_say_what_each_day_says(
    revisions: list[FeeScheduleRevision],
) -> None:
    segments = tariff_segments(revisions=revisions, customer=HANCHUAN, period=YEAR, known_at=NOW)
    assert segments[0].period.start == YEAR.start
    assert segments[-1].period.end == YEAR.end
    for segment in segments:
        for day in (segment.period.start, segment.period.end - timedelta(days=1)):
            found = revision_in_force(revisions=revisions, customer=HANCHUAN, day=day, known_at=NOW)
            assert found == segment.revision
    for left, right in pairwise(segments):
        assert left.period.end == right.period.start
        assert left.revision != right.revision


@given(revisions=REVISIONS, day=st.dates(min_value=YEAR.start, max_value=date(2025, 12, 31)))
def test_what_is_approved_later_never_changes_an_earlier_answer(
    revisions: list[FeeScheduleRevision], day: date
) -> None:
    known = [found for found in revisions if found.known_by(NOW)]
    answers = [
        revision_in_force(revisions=some, customer=HANCHUAN, day=day, known_at=NOW)
        for some in (revisions, known)
    ]
    assert answers[0] == answers[1]


@given(day=st.dates(min_value=date(2021, 1, 1), max_value=date(2026, 12, 31)))
def test_no_weekend_is_a_trading_day(day: date) -> None:
    assert not (day.weekday() >= 5 and calendar().is_trading_day(day))

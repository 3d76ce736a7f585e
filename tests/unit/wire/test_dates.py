"""Days, spans, months and moments, there and back."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date as WireDate
from hypothesis import given
from hypothesis import strategies as st
from tanheng.common.v1 import common_pb2

from services.kernel.errors import InvalidInput
from services.kernel.period import Month, Period
from services.wire.dates import (
    date_flaw,
    from_wire_date,
    from_wire_month,
    from_wire_optional_date,
    from_wire_optional_time,
    from_wire_period,
    month_flaw,
    range_flaw,
    time_flaw,
    to_wire_date,
    to_wire_period,
    to_wire_time,
)
from tests.unit.wire.values import days, months, periods

_SHANGHAI = timezone(timedelta(hours=8))
_moments = st.builds(
    lambda day, seconds, zone: datetime(day.year, day.month, day.day, tzinfo=zone) + seconds,
    st.dates(date(1990, 1, 2), date(2199, 12, 30)),
    st.timedeltas(timedelta(0), timedelta(hours=23)),
    st.sampled_from([UTC, _SHANGHAI]),
)
_years = st.integers(-(2**31), 2**31 - 1)


@given(days)
def test_reads_back_a_day(day: date) -> None:
    assert from_wire_date(to_wire_date(day), "day") == day


@given(periods)
def test_reads_back_a_span(period: Period) -> None:
    assert from_wire_period(to_wire_period(period), "service_period") == period


@given(months)
def test_reads_back_a_month(month: Month) -> None:
    assert month_flaw(str(month)) is None
    assert from_wire_month(str(month)) == month


@given(_moments)
def test_reads_back_a_moment_in_universal_time(moment: datetime) -> None:
    approval = common_pb2.Approval(time=to_wire_time(moment))
    read = from_wire_optional_time(approval, "time")
    assert read == moment
    assert read.tzinfo is UTC


@given(_years, _years, _years)
def test_any_three_numbers_are_a_day_or_refused(year: int, month: int, day: int) -> None:
    wire = WireDate(year=year, month=month, day=day)
    if date_flaw(wire) is None:
        assert from_wire_date(wire, "day") == date(year, month, day)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        *((0, 0, 0), (2025, 0, 1), (2025, 3, 0), (2025, 2, 29), (2025, 13, 1)),
        *((1989, 12, 31), (2200, 1, 1), (-1, 1, 1)),
    ],
)
def test_refuses_what_is_no_day_and_names_the_field(year: int, month: int, day: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_wire_date(WireDate(year=year, month=month, day=day), "effective_date")
    assert [violation.field for violation in refusal.value.violations] == ["effective_date"]


@pytest.mark.parametrize("text", ["", "2025", "2025-3", "2025-13", "2025-00", "1989-12", "2200-01"])
def test_says_what_is_no_month(text: str) -> None:
    assert month_flaw(text)


@pytest.mark.parametrize("text", ["2025-03-01", " 2025-03", "2025-03\n", "２025-03", "2٠25-03"])
def test_takes_no_month_in_other_writing(text: str) -> None:
    assert month_flaw(text)


def test_refuses_a_span_that_is_empty_or_backward_or_half() -> None:
    first, second = to_wire_date(date(2025, 1, 1)), to_wire_date(date(2025, 1, 2))
    assert range_flaw(common_pb2.DateRange(start_date=first, end_date=second)) is None
    for start, end in ((first, first), (second, first), (first, None), (None, first)):
        with pytest.raises(InvalidInput) as refusal:
            from_wire_period(common_pb2.DateRange(start_date=start, end_date=end), "period")
        assert refusal.value.violations[0].field == "period"


def test_names_the_day_of_a_span_that_is_wrong() -> None:
    wrong = common_pb2.DateRange(
        start_date=WireDate(year=2025, month=2, day=30), end_date=to_wire_date(date(2025, 4, 1))
    )
    with pytest.raises(InvalidInput) as refusal:
        from_wire_period(wrong, "period")
    assert refusal.value.violations[0].field == "period.start_date"


@pytest.mark.parametrize("seconds", [-(2**63), 2**63 - 1, -62135596800, 253402300799])
def test_refuses_a_moment_of_another_age(seconds: int) -> None:
    approval = common_pb2.Approval(time=Timestamp(seconds=seconds))
    assert time_flaw(approval.time)
    with pytest.raises(InvalidInput, match="time"):
        from_wire_optional_time(approval, "time")


def test_tells_unset_from_set() -> None:
    assert from_wire_optional_date(common_pb2.DateRange(), "start_date") is None
    assert from_wire_optional_time(common_pb2.Approval(), "time") is None

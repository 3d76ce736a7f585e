"""Days, half-open spans of days, months, moments."""

from datetime import UTC, date, datetime

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date as WireDate
from tanheng.common.v1.common_pb2 import DateRange

from services.kernel.errors import InvalidInput
from services.kernel.period import Month, Period
from services.wire.refusal import refused

EARLIEST_YEAR, LATEST_YEAR = 1990, 2199


def date_flaw(value: WireDate) -> str | None:
    """Say what is wrong with a day; None when nothing is."""
    found = _day_or_flaw(value)
    return found if isinstance(found, str) else None


def range_flaw(value: DateRange) -> str | None:
    """Say what is wrong with a span whose days are right in themselves; None when nothing is."""
    if not (value.HasField("start_date") and value.HasField("end_date")):
        return "needs both start_date and end_date; end_date is the day after the last"
    start, end = value.start_date, value.end_date
    if (start.year, start.month, start.day) >= (end.year, end.month, end.day):
        return "end_date must be after start_date; it is the day after the last"
    return None


def month_flaw(text: str) -> str | None:
    """Say what is wrong with a month; None when nothing is."""
    try:
        year = Month.parse(text).year
    except InvalidInput as error:
        return error.message
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return f"year {year} is not within {EARLIEST_YEAR} to {LATEST_YEAR}"
    return None


def time_flaw(value: Timestamp) -> str | None:
    """Say what is wrong with a moment; None when nothing is."""
    try:
        year = value.ToDatetime().year
    except (ValueError, OverflowError):
        year = 0
    if EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    return f"is not a moment of the years {EARLIEST_YEAR} to {LATEST_YEAR}"


def from_wire_date(value: WireDate, field: str) -> date:
    """Read a day.

    Raises:
        InvalidInput: not a day of the calendar.
    """
    found = _day_or_flaw(value)
    if isinstance(found, str):
        raise refused(field, found)
    return found


def from_wire_optional_date(message: Message, field: str) -> date | None:
    """Read a day field of a message; None when it is unset."""
    return from_wire_date(getattr(message, field), field) if message.HasField(field) else None


def to_wire_date(day: date) -> WireDate:
    """Write a day."""
    return WireDate(year=day.year, month=day.month, day=day.day)


def from_wire_period(value: DateRange, field: str) -> Period:
    """Read a half-open span of days.

    Raises:
        InvalidInput: a day is missing or wrong, or the end is not after the start.
    """
    flaw = range_flaw(value)
    if flaw is not None:
        raise refused(field, flaw)
    start = from_wire_date(value.start_date, f"{field}.start_date")
    return Period(start, from_wire_date(value.end_date, f"{field}.end_date"))


def from_wire_optional_period(message: Message, field: str) -> Period | None:
    """Read a span field of a message; None when it is unset."""
    return from_wire_period(getattr(message, field), field) if message.HasField(field) else None


def to_wire_period(period: Period) -> DateRange:
    """Write a half-open span of days."""
    return DateRange(start_date=to_wire_date(period.start), end_date=to_wire_date(period.end))


def from_wire_month(text: str) -> Month:
    """Read a month.

    Raises:
        InvalidPeriod: not written as 2025-03.
    """
    return Month.parse(text)


def from_wire_optional_time(message: Message, field: str) -> datetime | None:
    """Read a moment field of a message, in UTC; None when it is unset."""
    if not message.HasField(field):
        return None
    value: Timestamp = getattr(message, field)
    flaw = time_flaw(value)
    if flaw is not None:
        raise refused(field, flaw)
    return value.ToDatetime(tzinfo=UTC)


def to_wire_time(moment: datetime) -> Timestamp:
    """Write a moment that carries its zone."""
    wire = Timestamp()
    wire.FromDatetime(moment.astimezone(UTC))
    return wire


def _day_or_flaw(value: WireDate) -> date | str:
    year = value.year
    try:
        day = date(year, value.month, value.day)
    except (ValueError, OverflowError):
        return f"{year}-{value.month}-{value.day} is not a day of the calendar"
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return f"year {year} is not within {EARLIEST_YEAR} to {LATEST_YEAR}"
    return day

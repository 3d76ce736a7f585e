"""The examination of a batch of rows: which enter a series, which are refused, and why."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from services.kernel.instrument import InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.market_rules import LONGEST_GAP, MarketRule, MarketRules
from services.pricing.domain.price_point import DayFigures, PriceQuality, better
from services.pricing.domain.reported_row import ReportedRow, RowIssue
from services.pricing.domain.rounding import to_tick
from services.pricing.domain.row_checks import flaws_of, remarks_on
from services.pricing.domain.trading_calendar import TradingCalendar

_NEVER = date.min
_FAR = timedelta(days=3 * LONGEST_GAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What became of a batch. ``new`` days are to be recorded; ``repeated`` rows were there."""

    new: tuple[DayFigures, ...]
    repeated: int
    rejections: tuple[RowIssue, ...]
    warnings: tuple[RowIssue, ...]

    @property
    def accepted(self) -> int:
        """Count the rows that are in the series now."""
        return len(self.new) + self.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRules:
    """What rows of one kind of instrument are held against, and the day they come in on."""

    kind: InstrumentKind
    market: MarketRules
    calendar: TradingCalendar
    today: date


def examine_rows(
    *, rows: Sequence[ReportedRow], recorded: Mapping[date, DayFigures], rules: ImportRules
) -> ImportOutcome:
    """Examine a batch against itself and what is recorded of the days around it.

    Rows are taken by day, whatever their order, and each move is measured from the close of the
    nearest day before it, recorded or accepted. A row that says what is recorded is accepted as it
    is. Of two rows for one day the later one is refused.
    """
    examination = _Examination(rules=rules, recorded=recorded, closes=_closes_of(recorded))
    for row in sorted(rows, key=lambda row: (row.date or _NEVER, row.row)):
        examination.take(row)
    return examination.outcome()


def _closes_of(recorded: Mapping[date, DayFigures]) -> "_Closes":
    return _Closes(sorted(recorded), {day: figures.close for day, figures in recorded.items()})


@dataclass(slots=True)
class _Closes:
    """Closes by day, in order, so that the one before a day is found quickly."""

    days: list[date]
    close: dict[date, Decimal]

    def add(self, day: date, close: Decimal) -> None:
        if day not in self.close:
            insort(self.days, day)
        self.close[day] = close

    def before(self, day: date) -> tuple[date, Decimal] | None:
        place = bisect_left(self.days, day)
        if place == 0:
            return None
        previous = self.days[place - 1]
        return previous, self.close[previous]


@dataclass(slots=True, kw_only=True)
class _Examination:
    """A batch while it is examined."""

    rules: ImportRules
    recorded: Mapping[date, DayFigures]
    closes: _Closes
    seen: dict[date, int] = field(default_factory=dict)
    new: list[DayFigures] = field(default_factory=list)
    repeated: int = 0
    rejections: list[RowIssue] = field(default_factory=list)
    warnings: list[RowIssue] = field(default_factory=list)

    def take(self, reported: ReportedRow) -> None:
        """Take the next row by day."""
        rule = self._rule(reported.date)
        row, remarks = _with_close(reported, rule)
        flaws = [*flaws_of(row), *self._flaws_in_context(row, rule)]
        figures = _figures(row)
        if flaws or figures is None:
            self.rejections += flaws
            return
        self.seen[figures.date] = row.row
        if self.recorded.get(figures.date) == figures:
            self.repeated += 1
            return
        self.warnings += [*remarks, *remarks_on(row), *self._remarks_in_context(row, figures)]
        self.new.append(figures)
        self.closes.add(figures.date, figures.close)

    def outcome(self) -> ImportOutcome:
        """Sum up."""
        return ImportOutcome(
            new=tuple(self.new),
            repeated=self.repeated,
            rejections=tuple(sorted(self.rejections)),
            warnings=tuple(sorted(self.warnings)),
        )

    def _rule(self, day: date | None) -> MarketRule | None:
        return None if day is None else self.rules.market.on(self.rules.kind, day)

    def _flaws_in_context(self, row: ReportedRow, rule: MarketRule | None) -> Iterator[RowIssue]:
        if row.date is None:
            return
        if row.date in self.seen:
            message = f"{row.date} is in row {self.seen[row.date]} already; give each day once"
            yield row.issue("date", "DUPLICATE_ROW", message)
        if row.date > self.rules.today and row.quality is not PriceQuality.ESTIMATED:
            message = (
                f"{row.date} has not come yet; today is {self.rules.today}, and only an ESTIMATED"
                " price is of a day ahead"
            )
            yield row.issue("date", "DATE_IN_FUTURE", message)
        if rule is None:
            message = f"the market of {self.rules.kind} was not open yet on {row.date}"
            yield row.issue("date", "NOT_A_TRADING_DAY", message)
        elif not self.rules.calendar.is_trading_day(row.date):
            message = f"the exchange is closed on {row.date}, a {row.date:%A}"
            yield row.issue("date", "NOT_A_TRADING_DAY", message)
        else:
            yield from self._move(row, row.date, rule)

    def _move(self, row: ReportedRow, day: date, rule: MarketRule) -> Iterator[RowIssue]:
        previous = self.closes.before(day)
        recorded = self.recorded.get(day)
        if previous is None or row.close is None or row.close <= 0:
            return
        if recorded is not None and recorded == _figures(row):
            return
        since, close = previous
        start = since + timedelta(days=1)
        gap = Period(start, min(day + timedelta(days=1), start + _FAR))  # further counts no more
        days = len(self.rules.calendar.trading_days(gap))
        low, high = rule.price_band(close, trading_days=days)
        if not low <= row.close <= high:
            message = (
                f"close {row.close} is beyond {low} to {high}: {rule.limit:%} a day from"
                f" {close} on {since}, {days} trading day(s) before"
            )
            yield row.issue("close", "MOVE_BEYOND_LIMIT", message)

    def _remarks_in_context(self, row: ReportedRow, figures: DayFigures) -> Iterator[RowIssue]:
        if self.closes.before(figures.date) is None:
            message = "there is no close before it: the move could not be checked"
            yield row.issue("close", "NO_PREVIOUS_CLOSE", message)
        if figures.date not in self.rules.calendar.known:
            message = f"the holidays of {figures.date.year} are not known: only weekends are"
            yield row.issue("date", "CALENDAR_UNKNOWN", message)
        old = self.recorded.get(figures.date)
        if old is not None and replace(old, quality=figures.quality) != figures:
            message = f"{figures.date} is corrected: the close was {old.close}, is {figures.close}"
            yield row.issue("close", "CORRECTION", message)
        if old is not None and better(old.quality, figures.quality):
            message = f"{figures.date} was {old.quality}, is {figures.quality}"
            yield row.issue("quality", "QUALITY_FELL", message)


def _with_close(
    row: ReportedRow, rule: MarketRule | None
) -> tuple[ReportedRow, tuple[RowIssue, ...]]:
    """Let the listed average, rounded to the tick, stand for a close that was not published."""
    if row.close is not None or not row.could_read("close") or rule is None:
        return row, ()
    if not row.volume_tonnes or row.volume_tonnes < 0 or row.amount is None:
        return row, ()
    close = to_tick(row.amount.amount / row.volume_tonnes, rule.tick)
    message = f"no close was given: the listed average {close} stands for it"
    return replace(row, close=close), (row.issue("close", "CLOSE_IS_AVERAGE", message),)


def _figures(row: ReportedRow) -> DayFigures | None:
    """Believe a row; None when a part that it cannot do without is missing."""
    if row.date is None or row.close is None or row.quality is None:
        return None
    return DayFigures(
        date=row.date,
        close=row.close,
        quality=row.quality,
        low=row.low,
        high=row.high,
        volume_tonnes=row.volume_tonnes,
        amount=row.amount,
        block_volume_tonnes=row.block_volume_tonnes,
        block_amount=row.block_amount,
    )

"""A quote: what was priced, what came out, and until when it may be promised."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from services.kernel.clock import shanghai_day
from services.kernel.digest import digest_of
from services.kernel.errors import FieldViolation
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import QuoteName
from services.kernel.instrument import Instrument
from services.kernel.money import Money, round_money, sum_money
from services.kernel.period import SHANGHAI, Period
from services.pricing.domain.guarantee.inquiry import (
    GuaranteeInquiry,
    Outlook,
    PlannedDelivery,
    spread_evenly,
)
from services.pricing.domain.guarantee.quote import GuaranteeQuote, quote_guarantee
from services.pricing.domain.offset_cover import OffsetCovers
from services.pricing.domain.quoting.asked import InvalidQuestion, QuoteQuestion
from services.pricing.domain.quoting.custody import (
    CustodyCover,
    CustodyTerms,
    after_haircut,
    cover_of,
    custody_findings,
    sale_plan,
)
from services.pricing.domain.trading_calendar import TradingCalendar

MOST_WINDOW_DAYS = 3_660
_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who set the forward prices and the volatility, and how the volatility came about."""

    forward_set_by: str
    volatility_set_by: str
    volatility_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteInputs:
    """What a quote was computed from: enough to compute it again.

    ``inquiry`` is what was priced, with every day resolved, after the haircut. ``window`` and
    ``total_tonnes`` say how the plan was given, if not day by day. ``holidays_unknown_from`` is set
    where days were planned by a calendar whose holidays are known only up to then.
    """

    instrument: Instrument
    inquiry: GuaranteeInquiry
    provenance: Provenance
    window: Period | None = None
    total_tonnes: int = 0
    custody: CustodyTerms | None = None
    holidays_unknown_from: date | None = None

    @property
    def executed_tonnes(self) -> int:
        """Count what was executed."""
        return sum(execution.tonnes for execution in self.inquiry.executed)

    @property
    def executed_amount(self) -> Money:
        """Sum what was paid or earned for it."""
        return sum_money(execution.amount for execution in self.inquiry.executed)

    @property
    def promised_tonnes(self) -> int:
        """Count the tonnes under the promise: executed, and planned from the valuation on."""
        return self.executed_tonnes + sum(
            delivery.planned_tonnes
            for delivery in self.inquiry.deliveries
            if delivery.date >= self.inquiry.valuation_date
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedInputs:
    """Inputs and their figures, with what became of credits in custody."""

    inputs: QuoteInputs
    figures: GuaranteeQuote
    custody: CustodyCover | None = None

    @property
    def value(self) -> Money:
        """What all tonnes under the promise are worth to the house, rounded once."""
        return round_money(self.figures.value_per_tonne * self.inputs.promised_tonnes)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to know before promising."""
        unknown = self.inputs.holidays_unknown_from
        found = () if unknown is None else (_calendar_unknown(unknown),)
        if self.custody is None or self.inputs.custody is None:
            return found
        other = self.inputs.custody.other_promised_tonnes
        return (*found, *custody_findings(self.custody, other_promised=other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A priced promise that somebody asked for. ``name`` is empty until it is kept."""

    name: QuoteName
    priced: PricedInputs
    creator: str
    created_at: datetime
    expires_at: datetime

    def named(self) -> "Quote":
        """Give it its name: of the day, and of who asked at which moment with what result."""
        figures = self.priced.figures
        facts = [self.creator, self.created_at.isoformat(), str(figures.break_even_price)]
        digest = digest_of([*facts, str(figures.value_per_tonne)])[:_ID_DIGITS]
        day = self.priced.inputs.inquiry.valuation_date
        return replace(self, name=QuoteName(f"quotes/{day:%Y%m%d}-{digest}"))


def price_question(
    *,
    question: QuoteQuestion,
    provenance: Provenance,
    calendar: TradingCalendar,
    covers: OffsetCovers,
) -> PricedInputs:
    """Resolve the days of a question whose forms are checked and whose volatility is known; price.

    Raises:
        InvalidQuestion: the days of the plan do not fit.
        InvalidInquiry, TiersDoNotTile, NoBreakEven: see ``quote_guarantee``.
    """
    deliveries = planned_deliveries(question, calendar)
    if question.custody is None:
        inputs = _inputs(question, provenance, deliveries, question.outlook)
        inputs = _beyond(inputs, calendar)
        return PricedInputs(inputs=inputs, figures=price_inputs(inputs))
    terms, executed = question.custody, question.executed_tonnes
    past = tuple(each for each in deliveries if each.date < question.valuation_date)
    plan = sale_plan(
        deliveries=[each for each in deliveries if each.date >= question.valuation_date],
        executed=executed,
        terms=terms,
        calendar=calendar,
    )
    outlook = after_haircut(question.outlook, terms.liquidity_haircut)
    inputs = _inputs(question, provenance, (*past, *plan.sales) or deliveries[-1:], outlook)
    inputs = _beyond(inputs, calendar)
    figures = price_inputs(inputs)
    known = inputs.executed_amount.amount / inputs.promised_tonnes
    cover = cover_of(
        plan=plan,
        executed=executed,
        open_average=figures.expected_average - known,
        terms=terms,
        cover=covers.on(question.valuation_date),
    )
    return PricedInputs(inputs=inputs, figures=figures, custody=cover)


def price_inputs(inputs: QuoteInputs) -> GuaranteeQuote:
    """Price inputs, again: the same inputs give the same figures, whenever and wherever.

    Raises:
        InvalidInquiry, TiersDoNotTile, NoBreakEven: see ``quote_guarantee``.
    """
    return quote_guarantee(inquiry=inputs.inquiry)


def expiry(created_at: datetime, calendar: TradingCalendar) -> datetime:
    """Find until when a quote holds: the end, in Shanghai, of the trading day after its own."""
    day = shanghai_day(created_at) + timedelta(days=1)
    while not calendar.is_trading_day(day):
        day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def planned_deliveries(
    question: QuoteQuestion, calendar: TradingCalendar
) -> tuple[PlannedDelivery, ...]:
    """Plan by day: as given, or what is left of a window evenly over its trading days.

    Raises:
        InvalidQuestion: the window has no trading day, is too long, began without an execution, or
            more was executed than it has.
    """
    if question.window is None:
        return question.deliveries
    days = _trading_days(question.window, calendar)
    left = question.total_tonnes - question.executed_tonnes
    if left < 0:
        text = f"is {question.total_tonnes}, less than the {question.executed_tonnes} executed"
        raise _wrong("total_tonnes", text)
    still_open = [day for day in days if day >= question.valuation_date]
    if days[0] < question.valuation_date and not question.executed:
        text = f"starts on {days[0]}, before the valuation on {question.valuation_date}"
        raise _wrong("window", f"{text}; say what was executed")
    if not still_open or not left:
        # Nothing is open any more: what was planned is history, and its average is known.
        past = min(days[0], question.valuation_date - timedelta(days=1))
        return (PlannedDelivery(past, question.total_tonnes),)
    return spread_evenly(days=still_open, tonnes=left)


def _beyond(inputs: QuoteInputs, calendar: TradingCalendar) -> QuoteInputs:
    """Note where days of the plan were chosen beyond what is known of the calendar."""
    limited = inputs.custody is not None and inputs.custody.daily_limit_tonnes
    if inputs.window is None and not limited:
        return inputs
    last = max(delivery.date for delivery in inputs.inquiry.deliveries)
    if last < calendar.known.end:
        return inputs
    return replace(inputs, holidays_unknown_from=calendar.known.end)


def _calendar_unknown(start: date) -> Finding:
    return Finding(
        Severity.WARNING,
        "CALENDAR_UNKNOWN",
        "deliveries",
        f"the holidays of the exchange are not known from {start} on: days were planned on every"
        " weekday",
        "quote again once they are announced",
    )


def _trading_days(window: Period, calendar: TradingCalendar) -> tuple[date, ...]:
    if window.days > MOST_WINDOW_DAYS:
        raise _wrong("window", f"has {window.days} days; at most {MOST_WINDOW_DAYS} (ten years)")
    days = calendar.trading_days(window)
    if not days:
        raise _wrong("window", f"{window.start} to {window.end} has no trading day")
    return days


def _inputs(
    question: QuoteQuestion,
    provenance: Provenance,
    deliveries: tuple[PlannedDelivery, ...],
    outlook: Outlook,
) -> QuoteInputs:
    inquiry = GuaranteeInquiry(
        terms=question.terms,
        deliveries=deliveries,
        outlook=outlook,
        valuation_date=question.valuation_date,
        executed=question.executed,
        pay_date=question.pay_date,
        discount_rate=question.discount_rate,
        promised_price=question.promised_price,
        target_margin_per_tonne=question.target_margin_per_tonne,
        target_return_on_cvar=question.target_return_on_cvar,
    )
    return QuoteInputs(
        instrument=question.instrument,
        inquiry=inquiry,
        provenance=provenance,
        window=question.window,
        total_tonnes=question.total_tonnes,
        custody=question.custody,
    )


def _wrong(field: str, text: str) -> InvalidQuestion:
    return InvalidQuestion(f"{field} {text}", violations=(FieldViolation(field, text),))

"""What a caller asks about a promised price, in the forms that a caller may choose between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import GuaranteeSide, Instrument, InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.guarantee.inquiry import Execution, Outlook, PlannedDelivery
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.quoting.custody import CustodyTerms, custody_violations

MOST_TONNES = 10**12


class InvalidQuestion(InvalidInput):
    """The question has no answer: something is missing, or does not fit the rest."""


class QuestionFormsMixed(FieldsExcludeEachOther):
    """Two forms of saying one thing were given, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteQuestion:
    """What is asked. Either ``deliveries``, or ``window`` with ``total_tonnes``.

    ``outlook`` has no volatility where one is to be estimated from ``volatility_series`` over
    ``volatility_range``. ``custody`` tells how credits are sold.
    """

    instrument: Instrument
    terms: PromiseTerms
    outlook: Outlook
    valuation_date: date
    deliveries: tuple[PlannedDelivery, ...] = ()
    window: Period | None = None
    total_tonnes: int = 0
    executed: tuple[Execution, ...] = ()
    promised_price: Decimal | None = None
    target_margin_per_tonne: Decimal | None = None
    target_return_on_cvar: Decimal | None = None
    volatility_series: PriceSeriesName | None = None
    volatility_range: Period | None = None
    pay_date: date | None = None
    discount_rate: Decimal = Decimal(0)
    custody: CustodyTerms | None = None

    @property
    def executed_tonnes(self) -> int:
        """Count what was executed."""
        return sum(execution.tonnes for execution in self.executed)


def check_forms(question: QuoteQuestion) -> None:
    """Refuse two forms at once, or none, where one is to be chosen; then what is half a form.

    Raises:
        QuestionFormsMixed, InvalidQuestion.
    """
    mixed = tuple(_mixed(question))
    if mixed:
        raise QuestionFormsMixed(_sentence(mixed), violations=mixed)
    wrong = tuple(_wrong(question))
    if wrong:
        raise InvalidQuestion(_sentence(wrong), violations=wrong)


def _mixed(question: QuoteQuestion) -> Iterator[FieldViolation]:
    outlook = question.outlook
    by_window = question.window is not None or question.total_tonnes != 0
    if question.deliveries and by_window:
        yield FieldViolation("deliveries", "excludes window and total_tonnes; give one form")
    if not question.deliveries and not by_window:
        yield FieldViolation("deliveries", "is empty; give it, or window with total_tonnes")
    if outlook.forward_curve and (outlook.spot is not None or outlook.carry_rate):
        yield FieldViolation("forward_curve", "excludes spot and carry_rate; give one form")
    if not outlook.forward_curve and outlook.spot is None:
        yield FieldViolation("spot", "is unset; give it, or forward_curve")
    series = question.volatility_series is not None
    if (outlook.volatility is not None) + bool(outlook.volatility_term) + series > 1:
        text = "excludes volatility_term and volatility_series; give one of them"
        yield FieldViolation("volatility", text)
    if question.target_margin_per_tonne is not None and question.target_return_on_cvar is not None:
        yield FieldViolation("target_return_on_cvar", "excludes target_margin_per_tonne")


def _wrong(question: QuoteQuestion) -> Iterator[FieldViolation]:
    outlook = question.outlook
    if question.window is None and question.total_tonnes:
        yield FieldViolation("window", "is unset; total_tonnes need the days to deliver them on")
    if question.window is not None and not 0 < question.total_tonnes <= MOST_TONNES:
        text = f"is {question.total_tonnes}; with a window it is 1 to {MOST_TONNES}"
        yield FieldViolation("total_tonnes", text)
    known = outlook.volatility is not None or outlook.volatility_term
    if not known and question.volatility_series is None:
        text = "is unset; give it, volatility_term, or a volatility_series to estimate it from"
        yield FieldViolation("volatility", text)
    if question.volatility_range is not None and question.volatility_series is None:
        yield FieldViolation("volatility_range", "belongs to a volatility_series")
    if question.custody is not None:
        sold = question.terms.side is GuaranteeSide.SALE
        if not sold or question.instrument.kind is not InstrumentKind.CCER:
            yield FieldViolation("custody", "belongs to a SALE of CCER")
        yield from custody_violations(question.custody, executed=question.executed_tonnes)


def _sentence(violations: tuple[FieldViolation, ...]) -> str:
    return "; ".join(f"{wrong.field} {wrong.description}" for wrong in violations)

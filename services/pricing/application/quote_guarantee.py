"""QuoteGuarantee."""

from dataclasses import dataclass, replace
from datetime import timedelta

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.identifiers import QuoteName
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.estimate_volatility import EstimateVolatility
from services.pricing.application.quote_ports import Quotes
from services.pricing.domain.offset_cover import OffsetCovers
from services.pricing.domain.quoting.asked import QuoteQuestion, check_forms
from services.pricing.domain.quoting.quote import Provenance, Quote, expiry, price_question
from services.pricing.domain.trading_calendar import TradingCalendar

LOOKED_BACK = timedelta(days=730)
"""What a volatility is estimated over where the caller does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteGuarantee:
    """Prices a promise by its risk, and keeps the quote where it is asked to."""

    unit_of_work: UnitOfWork
    quotes: Quotes
    estimate_volatility: EstimateVolatility
    calendar: TradingCalendar
    covers: OffsetCovers
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, question: QuoteQuestion, keep: bool = True) -> Quote:
        """Price it; without ``keep`` the quote has no name, and nothing is written or read.

        Only a volatility that is to be estimated is read.

        Raises:
            QuestionFormsMixed, InvalidQuestion, InvalidInquiry, TiersDoNotTile: what is asked has
                no meaning.
            NoBreakEven: too much of every gain is shared for any price to earn what is asked.
            NotFound, TooFewPrices: there is no such series, or not enough of it.
        """
        check_forms(question)
        caller, moment = self.principal().subject, self.clock.now()
        known, provenance = self._with_volatility(question, caller)
        quote = Quote(
            name=QuoteName(""),
            priced=price_question(
                question=known, provenance=provenance, calendar=self.calendar, covers=self.covers
            ),
            creator=caller,
            created_at=moment,
            expires_at=expiry(moment, self.calendar),
        )
        if not keep:
            return quote
        quote = quote.named()
        with self.unit_of_work():
            self.quotes.add(quote)
        return quote

    def _with_volatility(
        self, question: QuoteQuestion, caller: str
    ) -> tuple[QuoteQuestion, Provenance]:
        """Estimate the volatility where a series is named for it."""
        series = question.volatility_series
        if series is None:
            return question, Provenance(caller, caller, "given")
        day = question.valuation_date
        span = question.volatility_range or Period(day - LOOKED_BACK, day + timedelta(days=1))
        known = self.estimate_volatility(series=series, period=span)
        estimate = known.volatility
        source = (
            f"largest of long run {estimate.long_run}, recent {estimate.recent} and the floor,"
            f" over {estimate.first_day} to {estimate.last_day}, {estimate.observations} moves,"
            f" as known at {known.known_at.isoformat(timespec='seconds')}"
        )
        outlook = replace(question.outlook, volatility=estimate.quoting)
        return replace(question, outlook=outlook), Provenance(caller, series, source)

"""The quotes of the pricing room on the platform."""

from services.bootstrap.exchange import market_rules, trading_calendar
from services.bootstrap.platform import Platform
from services.bootstrap.pricing_valuations import promise_verbs
from services.pricing.api.quote_service import QuoteServicer, QuoteVerbs
from services.pricing.application.compare_management_modes import CompareManagementModes
from services.pricing.application.quote_transfer_price import QuoteTransferPrice
from services.pricing.application.replay_guarantee import ReplayGuarantee
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries


def quote_servicer(platform: Platform) -> QuoteServicer:
    """The servicer of QuoteService."""
    return QuoteServicer(quote_verbs(platform), promise_verbs(platform))


def quote_verbs(platform: Platform) -> QuoteVerbs:
    """The verbs about what promises, ways of working and transfers are worth."""
    work, clock = platform.unit_of_work, platform.clock
    series, points, calendar = PostgresPriceSeries(), PostgresPricePoints(), trading_calendar()
    return QuoteVerbs(
        replay_guarantee=ReplayGuarantee(
            unit_of_work=work, series=series, points=points, calendar=calendar, clock=clock
        ),
        compare_management_modes=CompareManagementModes(
            unit_of_work=work, series=series, points=points, calendar=calendar, clock=clock
        ),
        quote_transfer_price=QuoteTransferPrice(
            unit_of_work=work,
            series=series,
            points=points,
            calendar=calendar,
            market=market_rules(),
            clock=clock,
        ),
    )

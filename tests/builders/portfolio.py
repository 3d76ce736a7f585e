"""Valid questions, positions and markets, to be changed in one point."""

from datetime import date
from decimal import Decimal

from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide, Instrument, InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.guarantee.inquiry import Outlook, PlannedDelivery
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.domain.quoting.asked import QuoteQuestion

DAY = date(2025, 1, 2)
CREDIT = Instrument(InstrumentKind.CCER, 2025, "ningde-deep")
HALF = PromiseTerms(
    side=GuaranteeSide.PURCHASE, gain_share_tiers=(GainShareTier(None, Decimal("0.5")),)
)
FLOOR = PromiseTerms(side=GuaranteeSide.SALE)
WEEKS = tuple(date(2025, month, day) for month in range(1, 7) for day in (9, 16, 23))


def a_question(**more: object) -> QuoteQuestion:
    """A purchase over eighteen weeks, half of every gain shared."""
    plain: dict[str, object] = {
        "instrument": Instrument(InstrumentKind.CEA, 2025),
        "terms": HALF,
        "outlook": Outlook(spot=Decimal(80), carry_rate=Decimal("0.02"), volatility=Decimal("0.3")),
        "valuation_date": DAY,
        "deliveries": tuple(PlannedDelivery(day, 1_000) for day in WEEKS),
    }
    return QuoteQuestion(**{**plain, **more})  # type: ignore[arg-type]  # checked by the class


def a_position(number: int = 1, /, **more: object) -> OpenPosition:
    """A contract over the first half of a year, nothing delivered."""
    plain: dict[str, object] = {
        "contract": ContractName(f"contracts/c{number:03d}"),
        "customer": CustomerName("customers/hanchuan"),
        "kind": InstrumentKind.CEA,
        "terms": HALF,
        "window": Period(date(2025, 1, 1), date(2025, 7, 1)),
        "volume_tonnes": 10_000,
        "promised_prices": (PromisedFrom(date(2025, 1, 1), Decimal(82)),),
    }
    return OpenPosition(**{**plain, **more})  # type: ignore[arg-type]  # checked by the class


def a_market(kind: InstrumentKind = InstrumentKind.CEA, **more: object) -> Market:
    """Spot 80, carry 2 %, volatility 30 %."""
    plain: dict[str, object] = {
        "kind": kind,
        "volatility": Decimal("0.3"),
        "spot": Decimal(80),
        "carry_rate": Decimal("0.02"),
    }
    return Market(**{**plain, **more})  # type: ignore[arg-type]  # checked by the class

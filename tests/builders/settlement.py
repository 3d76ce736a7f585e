"""Guarantees, deliveries and contracts for tests; each keyword changes one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName, CustomerName, PriceSeriesName
from services.kernel.instrument import GuaranteeSide, Instrument
from services.kernel.money import money, to_minor
from services.kernel.period import Month, Period
from services.kernel.tonnes import Tonnes
from services.settlement.domain.contract import (
    Contract,
    ContractState,
    PriceBasis,
    PromisedPrice,
    ShareTiming,
    TaxTreatment,
    Title,
    Undelivered,
)
from services.settlement.domain.contract_terms import terms_of
from services.settlement.domain.guarantee import Delivery, GuaranteeTerms, MonthOfOrigin

CEA = Instrument.parse("CEA-2024")
WINDOW = Period(date(2025, 1, 1), date(2026, 1, 1))
THIRTY_FIFTY = (
    GainShareTier(Decimal(5), Decimal("0.30")),
    GainShareTier(None, Decimal("0.50")),
)
DRAFTED_AT = datetime(2025, 1, 2, 9, tzinfo=UTC)


class ContractFields(TypedDict, total=False):
    """What of a contract a test may choose."""

    name: ContractName
    customer: CustomerName
    side: GuaranteeSide
    instruments: tuple[Instrument, ...]
    delivery_window: Period
    volume_tonnes: Tonnes
    promised_prices: tuple[PromisedPrice, ...]
    gain_share_tiers: tuple[GainShareTier, ...]
    price_basis: PriceBasis
    price_series: PriceSeriesName | None
    fees_included: bool
    title: Title
    tax_inclusive: bool
    tax_treatment: TaxTreatment
    tax_rate: Decimal | None
    share_timing: ShareTiming
    undelivered: Undelivered
    loss_cap_per_tonne: Decimal | None
    state: ContractState


def contract(**fields: Unpack[ContractFields]) -> Contract:
    """A draft: PURCHASE of 200,000 t in 2025 at 75.00, share 30 % up to 5.00 and 50 % above."""
    plain = Contract(
        name=ContractName("contracts/hanchuan-2025"),
        customer=CustomerName("customers/hanchuan"),
        side=GuaranteeSide.PURCHASE,
        instruments=(CEA,),
        delivery_window=WINDOW,
        volume_tonnes=Tonnes(200_000),
        promised_prices=(PromisedPrice(WINDOW.start, Decimal("75.00")),),
        gain_share_tiers=THIRTY_FIFTY,
        drafted_by="operator",
        drafted_at=DRAFTED_AT,
    )
    return replace(plain, **fields)


def terms(**fields: Unpack[ContractFields]) -> GuaranteeTerms:
    """The terms of such a contract."""
    return terms_of(contract(**fields))


def delivered(
    month: Month, tonnes: int, amount: str, *, fees: str = "0", price: int = 0
) -> MonthOfOrigin:
    """One delivery in a month."""
    fen, fees_fen = to_minor(money(amount)), to_minor(money(fees))
    return MonthOfOrigin(month, (Delivery(price, tonnes, fen, fees_fen),))


FIRST_TABLE = (
    delivered(Month(2025, 1), 60_000, "4488000.00"),
    delivered(Month(2025, 2), 80_000, "5592800.00"),
    delivered(Month(2025, 3), 40_000, "3318000.00"),
    delivered(Month(2025, 4), 20_000, "1720000.00"),
)
"""Four months at A to date 74.80, 72.01, 74.44, 75.59."""

"""Contracts from rows and to rows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import RowMapping

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide, Instrument
from services.kernel.period import Period
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


def to_contract_row(contract: Contract) -> dict[str, object]:
    """Write a contract without its promised prices."""
    return {
        "name": contract.name,
        "customer": contract.customer,
        "side": contract.side.value,
        "instruments": [instrument.code for instrument in contract.instruments],
        "window_start": contract.delivery_window.start,
        "window_end": contract.delivery_window.end,
        "volume_tonnes": contract.volume_tonnes,
        "gain_share_tiers": [_to_tier(tier) for tier in contract.gain_share_tiers],
        "price_basis": contract.price_basis.value,
        "price_series": contract.price_series,
        "fees_included": contract.fees_included,
        "title": contract.title.value,
        "tax_inclusive": contract.tax_inclusive,
        "tax_treatment": contract.tax_treatment.value,
        "tax_rate": contract.tax_rate,
        "share_timing": contract.share_timing.value,
        "undelivered": contract.undelivered.value,
        "reference_days": contract.reference_days,
        "reference_series": contract.reference_series,
        "loss_cap_per_tonne": contract.loss_cap_per_tonne,
        "quote": contract.quote,
        **to_state_row(contract),
    }


def to_state_row(contract: Contract) -> dict[str, object]:
    """Write what an approval changes, and who made the draft."""
    return {
        "state": contract.state.value,
        "drafted_by": contract.drafted_by,
        "drafted_at": contract.drafted_at,
        "approved_by": contract.approved_by,
        "approved_at": contract.approved_at,
    }


def to_price_rows(contract: Contract) -> list[dict[str, object]]:
    """Write promised prices: each ends where the next begins, the last never."""
    starts = [promised.effective_date for promised in contract.promised_prices]
    ends = [*starts[1:], date.max]
    return [
        {
            "contract": contract.name,
            "effective_date": promised.effective_date,
            "customer": contract.customer,
            "place": place,
            "end_date": end,
            "price": promised.price,
        }
        for place, (promised, end) in enumerate(zip(contract.promised_prices, ends, strict=True))
    ]


def from_contract_row(row: RowMapping, prices: Sequence[PromisedPrice]) -> Contract:
    """Read a contract; ``prices`` are its promised ones in date order."""
    return Contract(
        name=row["name"],
        customer=row["customer"],
        side=GuaranteeSide(row["side"]),
        instruments=tuple(map(_instrument, row["instruments"])),
        delivery_window=Period(row["window_start"], row["window_end"]),
        volume_tonnes=Tonnes(row["volume_tonnes"]),
        promised_prices=tuple(prices),
        gain_share_tiers=tuple(from_tier(bound, share) for bound, share in row["gain_share_tiers"]),
        price_basis=PriceBasis(row["price_basis"]),
        price_series=row["price_series"],
        fees_included=row["fees_included"],
        title=Title(row["title"]),
        tax_inclusive=row["tax_inclusive"],
        tax_treatment=TaxTreatment(row["tax_treatment"]),
        tax_rate=row["tax_rate"],
        share_timing=ShareTiming(row["share_timing"]),
        undelivered=Undelivered(row["undelivered"]),
        reference_days=row["reference_days"],
        reference_series=row["reference_series"],
        loss_cap_per_tonne=row["loss_cap_per_tonne"],
        quote=row["quote"],
        state=ContractState(row["state"]),
        drafted_by=row["drafted_by"],
        drafted_at=row["drafted_at"],
        approved_by=row["approved_by"],
        approved_at=row["approved_at"],
    )


# A run reads ten thousand contracts, which share few instruments and few tiers.
@lru_cache(maxsize=4096)
def from_tier(bound: str | None, share: str) -> GainShareTier:
    """Read one tier of a gain share."""
    return GainShareTier(None if bound is None else Decimal(bound), Decimal(share))


@lru_cache(maxsize=4096)
def _instrument(code: str) -> Instrument:
    return Instrument.parse(code)


def _to_tier(tier: GainShareTier) -> list[str | None]:
    bound = tier.up_to_gain_per_tonne
    return [None if bound is None else str(bound), str(tier.customer_share)]

"""How the oracle's fractions, fen and days are written on the wire, and read from it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.fees import Rate
from tests.oracle.market import Pact
from tests.support.client import Json

INSTRUMENTS: dict[str, Json] = {
    "CEA-2024": {"kind": "INSTRUMENT_KIND_CEA", "vintage": 2024},
    "CEA-2025": {"kind": "INSTRUMENT_KIND_CEA", "vintage": 2025},
    "CCER-2024-reef": {"kind": "INSTRUMENT_KIND_CCER", "vintage": 2024, "project": "reef"},
}


def wire_day(day: date) -> Json:
    """Write a day."""
    return {"year": day.year, "month": day.month, "day": day.day}


def wire_fen(fen: int) -> Json:
    """Write an amount in fen."""
    sign = -1 if fen < 0 else 1
    whole, rest = divmod(abs(fen), 100)
    return {"currency_code": "CNY", "units": sign * whole, "nanos": sign * rest * 10_000_000}


def wire_decimal(exact: Fraction) -> Json:
    """Write a fraction that has few decimals."""
    return {"value": f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"}


def fen_of(money: Any) -> int:  # noqa: ANN401 - google.type.Money has no stubs
    """Read an amount."""
    return int(money.units) * 100 + int(money.nanos) // 10_000_000


def code_of(instrument: Any) -> str:  # noqa: ANN401 - any room's message
    """Read the code of an instrument."""
    return next(
        code
        for code, written in INSTRUMENTS.items()
        if written["vintage"] == instrument.vintage
        and written.get("project", "") == instrument.project
    )


def wire_rate(rate: Rate, effective: date) -> Json:
    """Write a tariff as a revision."""
    return {
        "effective_date": wire_day(effective),
        "charge_model": f"CHARGE_MODEL_{rate.model}",
        "tiers": [wire_tier(*tier) for tier in rate.tiers],
        "minimum_annual": wire_fen(int((rate.minimum or 0) * 100)),
        "tax_rate": wire_decimal(rate.tax_rate),
        "tax_inclusive": rate.inclusive,
    }


def wire_tier(end: Fraction | None, price: Fraction, flat: Fraction) -> Json:
    """Write a tier of a tariff."""
    bound = {} if end is None else {"up_to": wire_decimal(end)}
    return {**bound, "unit_price": wire_decimal(price), "flat_amount": wire_fen(int(flat * 100))}


def wire_gain_tier(end: Fraction | None, part: Fraction) -> Json:
    """Write a tier of a gain share."""
    bound = {} if end is None else {"up_to_gain_per_tonne": wire_decimal(end)}
    return {**bound, "customer_share": wire_decimal(part)}


def wire_contract(pact: Pact) -> Json:
    """Write a contract."""
    terms = pact.terms
    cap = terms.loss_cap
    return {
        "customer": pact.customer,
        "side": f"GUARANTEE_SIDE_{terms.side}",
        "instruments": [INSTRUMENTS[code] for code in sorted(pact.instruments)],
        "delivery_window": {"start_date": wire_day(pact.start), "end_date": wire_day(pact.end)},
        "volume_tonnes": pact.volume,
        "promised_price": wire_decimal(terms.price),
        "gain_share_tiers": [wire_gain_tier(*tier) for tier in terms.tiers],
        "fees_included": terms.with_fees,
        "share_timing": f"SHARE_TIMING_{terms.timing}",
        "tax_inclusive": pact.inclusive,
        "tax_treatment": f"TAX_TREATMENT_{'TAXABLE' if pact.taxable else 'OUT_OF_SCOPE'}",
        "tax_rate": wire_decimal(pact.tax_rate),
        **({} if cap is None else {"loss_cap_per_tonne": wire_decimal(cap)}),
    }

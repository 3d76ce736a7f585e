"""What settlements need of contracts, read without the rest of them.

The same as ``settled_terms`` takes from a whole contract, in a fraction of the time.
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, cast

from sqlalchemy import Select, Text, func, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import NameRange
from services.settlement.domain.contract import ContractState, ShareTiming, TaxTreatment
from services.settlement.domain.contract_terms import (
    ContractTerms,
    month_before_end,
    taxation_under,
)
from services.settlement.domain.guarantee import Band, GuaranteeTerms, bands_of, millionths
from services.settlement.persistence.contract_mapping import from_tier
from services.settlement.persistence.ranges import within
from services.settlement.persistence.tables.contracts import CONTRACTS, PROMISED_PRICES


class _Row(NamedTuple):
    contract: ContractName
    customer: CustomerName
    side: str
    prices: str
    tiers: str
    fees_included: bool
    loss_cap: Decimal | None
    share_timing: str
    window_end: date
    tax_treatment: str
    tax_rate: Decimal | None
    tax_inclusive: bool


def terms_to_settle(names: NameRange, *, month: Month) -> tuple[ContractTerms, ...]:
    """Read, by name, the terms of the contracts of a range that a month can settle."""
    rows = cast("Sequence[_Row]", current_connection().execute(_query(names, month)).all())
    return tuple(_from_row(_Row(*row)) for row in rows)


def _query(names: NameRange, month: Month) -> Select[*tuple[object, ...]]:
    price, contract = PROMISED_PRICES.c, CONTRACTS.c
    in_order = aggregate_order_by(literal(" "), price.effective_date)
    prices = (
        select(price.contract, func.string_agg(sql_cast(price.price, Text), in_order).label("all"))
        .where(within(price.contract, names))
        .group_by(price.contract)
        .subquery()
    )
    return (
        select(
            contract.name,
            contract.customer,
            contract.side,
            prices.c.all,
            sql_cast(contract.gain_share_tiers, Text),
            contract.fees_included,
            contract.loss_cap_per_tonne,
            contract.share_timing,
            contract.window_end,
            contract.tax_treatment,
            contract.tax_rate,
            contract.tax_inclusive,
        )
        .join(prices, prices.c.contract == contract.name)
        .where(
            within(contract.name, names),
            contract.state != ContractState.DRAFT.value,
            contract.window_start < month.end,
        )
        .order_by(contract.name)
    )


def _from_row(row: _Row) -> ContractTerms:
    terms = GuaranteeTerms(
        side=GuaranteeSide(row.side),
        prices=_prices(row.prices),
        bands=_bands(row.tiers),
        fees_included=row.fees_included,
        loss_cap=None if row.loss_cap is None else millionths(row.loss_cap),
        share_at_maturity=row.share_timing == ShareTiming.AT_MATURITY.value,
        maturity=_maturity(row.window_end),
    )
    taxation = taxation_under(
        TaxTreatment(row.tax_treatment), rate=row.tax_rate, inclusive=row.tax_inclusive
    )
    return ContractTerms(row.contract, row.customer, terms, taxation)


# Ten thousand contracts have a few hundred prices, tiers and ends between them.
@lru_cache(maxsize=4096)
def _prices(text: str) -> tuple[int, ...]:
    return tuple(millionths(Decimal(price)) for price in text.split())


@lru_cache(maxsize=4096)
def _bands(text: str) -> tuple[Band, ...]:
    return bands_of(from_tier(bound, share) for bound, share in json.loads(text))


_maturity = lru_cache(maxsize=4096)(month_before_end)

"""The terms of contracts, read from PostgreSQL without the rest of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.authority import SYSTEM
from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName
from services.kernel.instrument import GuaranteeSide
from services.kernel.period import Month, Period
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as
from services.settlement.application.settlement_ports import NameRange
from services.settlement.domain.contract import PromisedPrice, ShareTiming, TaxTreatment
from services.settlement.domain.contract_terms import settled_terms
from services.settlement.persistence.contracts import PostgresContracts
from tests.builders.settlement import contract
from tests.support.trading_desk import Desk, open_desk

MARCH = Month(2025, 3)
PLAIN = contract(name=ContractName("contracts/a"))
ELABORATE = contract(
    name=ContractName("contracts/b"),
    side=GuaranteeSide.SALE,
    delivery_window=Period(date(2025, 2, 10), date(2025, 8, 1)),
    promised_prices=(
        PromisedPrice(date(2025, 2, 10), Decimal("75.125")),
        PromisedPrice(date(2025, 4, 1), Decimal("76.00")),
    ),
    gain_share_tiers=(GainShareTier(None, Decimal("0.333333")),),
    fees_included=True,
    tax_inclusive=False,
    tax_treatment=TaxTreatment.TAXABLE,
    tax_rate=Decimal("0.06"),
    share_timing=ShareTiming.AT_MATURITY,
    loss_cap_per_tonne=Decimal("1.5"),
)
LATER = contract(
    name=ContractName("contracts/c"),
    delivery_window=Period(date(2025, 4, 1), date(2026, 1, 1)),
    promised_prices=(PromisedPrice(date(2025, 4, 1), Decimal("75.00")),),
)


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    engine = open_engine(fresh_database, pool_size=4)
    with acting_as(SYSTEM):
        yield open_desk(engine, (PLAIN, ELABORATE, LATER))
    engine.dispose()


def test_reads_the_terms_that_a_whole_contract_would_give(desk: Desk) -> None:
    with desk.work():
        read = PostgresContracts().terms_to_settle(NameRange(), month=MARCH)
        whole = PostgresContracts().to_settle(NameRange(), month=MARCH)
    assert read == tuple(settled_terms(each) for each in whole)
    assert [each.contract for each in read] == [PLAIN.name, ELABORATE.name]


def test_reads_the_terms_of_a_range_of_names(desk: Desk) -> None:
    with desk.work():
        read = PostgresContracts().terms_to_settle(
            NameRange(ELABORATE.name, LATER.name), month=MARCH.next()
        )
    assert read == (settled_terms(ELABORATE),)

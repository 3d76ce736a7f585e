"""What the rooms say of prices they use: contracts at market prices, and incentive runs."""

from dataclasses import replace
from datetime import date
from typing import cast

from services.bootstrap.price_dependents import ContractsAtMarketPrices, EveryRoomsDependents
from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.pricing.domain.price_dependent import PriceDependent
from services.settlement.application.settlement_ports import ContractFilter
from services.settlement.domain.contract import (
    Contract,
    ContractState,
    PriceBasis,
    Undelivered,
)
from services.settlement.persistence.contracts import PostgresContracts
from tests.builders.pricing import CEA, calendar, series
from tests.builders.settlement import contract

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))


class Kept:
    """Rhymes with PostgresContracts, as far as it lists."""

    def __init__(self, *contracts: Contract) -> None:
        self._contracts = contracts

    def list_contracts(self, which: ContractFilter, page: PageRequest) -> Page[Contract]:
        assert which == ContractFilter()
        assert page.size
        return Page(self._contracts)


def users(kept: Contract, span: Period) -> list[PriceDependent]:
    repository = cast("PostgresContracts", Kept(kept))
    source = ContractsAtMarketPrices(repository, calendar())
    return list(EveryRoomsDependents((source,))(series=series(), span=span))


def at_market(**fields: object) -> Contract:
    approved = contract(delivery_window=YEAR, price_basis=PriceBasis.MARKET_TWAP, price_series=CEA)
    return replace(approved, **{"state": ContractState.APPROVED, **fields})  # type: ignore[arg-type]


def test_a_contract_at_market_prices_uses_its_whole_window() -> None:
    (user,) = users(at_market(), MARCH)
    assert (user.days, user.name) == (YEAR, at_market().name)
    assert "MARKET_TWAP" in user.use


def test_what_is_undelivered_uses_the_last_days_of_the_window() -> None:
    at_reference = at_market(
        price_basis=PriceBasis.EXECUTED,
        price_series=None,
        undelivered=Undelivered.AT_REFERENCE,
        reference_series=CEA,
        reference_days=20,
    )
    assert users(at_reference, MARCH) == []
    (user,) = users(at_reference, Period(date(2025, 12, 31), date(2026, 1, 1)))
    assert user.days == Period(date(2025, 12, 4), date(2026, 1, 1))


def test_a_draft_and_another_series_use_nothing() -> None:
    assert users(at_market(state=ContractState.DRAFT), MARCH) == []
    assert users(at_market(price_series=PriceSeriesName("priceSeries/other")), MARCH) == []


def test_a_window_elsewhere_uses_nothing_of_the_span() -> None:
    assert users(at_market(), Period(date(2026, 1, 1), date(2026, 2, 1))) == []

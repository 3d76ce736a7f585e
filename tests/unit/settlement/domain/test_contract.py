"""A contract: drafted by one person, approved by another, promising a price for each day."""

from datetime import date
from decimal import Decimal

import pytest

from services.kernel.authority import MakerIsChecker
from services.kernel.errors import WrongState
from services.kernel.instrument import GuaranteeSide, Instrument
from services.settlement.domain.contract import ContractState, PromisedPrice
from tests.builders.settlement import CEA, DRAFTED_AT, WINDOW, contract


def test_is_in_force_once_another_person_approved_it() -> None:
    approved = contract().approve(principal="controller", time=DRAFTED_AT)
    assert (approved.state, approved.approved_by) == (ContractState.APPROVED, "controller")


def test_is_not_approved_by_who_drafted_it() -> None:
    with pytest.raises(MakerIsChecker):
        contract().approve(principal="operator", time=DRAFTED_AT)


def test_is_approved_once() -> None:
    with pytest.raises(WrongState):
        contract(state=ContractState.APPROVED).approve(principal="controller", time=DRAFTED_AT)


def test_changes_its_etag_with_its_state() -> None:
    assert contract().etag != contract(state=ContractState.APPROVED).etag


@pytest.mark.parametrize(
    ("day", "price"),
    [
        (date(2025, 1, 1), "75"),
        (date(2025, 2, 28), "75"),
        (date(2025, 3, 1), "78"),
        (date(2024, 12, 31), "75"),
    ],
)
def test_promises_the_price_of_the_day(day: date, price: str) -> None:
    prices = (
        PromisedPrice(WINDOW.start, Decimal(75)),
        PromisedPrice(date(2025, 3, 1), Decimal(78)),
    )
    assert contract(promised_prices=prices).promised_price_on(day) == Decimal(price)


@pytest.mark.parametrize(
    ("instrument", "side", "day", "state"),
    [
        (Instrument.parse("CEA-2023"), GuaranteeSide.PURCHASE, WINDOW.start, "APPROVED"),
        (CEA, GuaranteeSide.SALE, WINDOW.start, "APPROVED"),
        (CEA, GuaranteeSide.PURCHASE, WINDOW.end, "APPROVED"),
        (CEA, GuaranteeSide.PURCHASE, WINDOW.start, "DRAFT"),
        (CEA, GuaranteeSide.PURCHASE, WINDOW.start, "TERMINATED"),
    ],
)
def test_does_not_cover_what_does_not_match(
    instrument: Instrument, side: GuaranteeSide, day: date, state: str
) -> None:
    agreed = contract(state=ContractState(state))
    assert not agreed.covers(instrument=instrument, side=side, day=day)


def test_covers_what_matches_while_it_is_in_force() -> None:
    agreed = contract(state=ContractState.APPROVED)
    last_day = date(2025, 12, 31)
    assert agreed.covers(instrument=CEA, side=GuaranteeSide.PURCHASE, day=last_day)

from decimal import Decimal

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.money import money
from services.kernel.tonnes import Tonnes
from services.settlement.domain.trade import TradeMode, TradeSide, trade_name
from services.settlement.domain.trade_contracts import Placements
from tests.builders.trades import contract, draft, trade

FIRST = contract("first", 1_500)
SECOND = contract("second", 1_500)
OUTSIDE = CustomerName("customers/outside")
CONTRACTS = {each.name: each for each in (FIRST, SECOND)}


def placements() -> Placements:
    known = frozenset({FIRST.customer, OUTSIDE})
    return Placements(CONTRACTS, taken={FIRST.name: 200}, customers=known)


def test_derives_the_name_from_the_external_id() -> None:
    assert trade_name("cneeex-20250303-1") == "trades/cneeex-20250303-1"
    assert trade_name("CNEEEX/1") == trade_name("CNEEEX/1")
    assert trade_name("CNEEEX/1") != trade_name("CNEEEX/2")


def test_fingerprints_what_was_said_and_not_how_it_was_written() -> None:
    assert draft(unit_price=Decimal("72.0")).content == draft(unit_price=Decimal("72.00")).content
    assert draft(tonnes=1).content != draft(tonnes=2).content


def test_earmarks_a_trade_to_the_customer_of_its_contract() -> None:
    placed = placements().place(draft(contract=FIRST.name))
    [leg] = placed.legs
    assert (leg.customer, leg.contract) == (FIRST.customer, FIRST.name)


def test_refuses_an_earmark_beyond_the_volume_that_is_left() -> None:
    placing = placements()
    assert not placing.place(draft(tonnes=1_000, contract=FIRST.name)).rejections
    [wrong] = placing.place(draft(tonnes=301, contract=FIRST.name)).rejections
    assert (wrong.reason, wrong.field) == ("VOLUME_EXCEEDED", "contract")


def test_refuses_an_earmark_to_a_contract_that_is_unknown_or_does_not_fit() -> None:
    [unknown] = placements().place(draft(contract=ContractName("contracts/none"))).rejections
    assert unknown.reason == "RESOURCE_NOT_FOUND"
    sold = draft(contract=FIRST.name, side=TradeSide.SELL)
    [unfit] = placements().place(sold).rejections
    assert unfit.reason == "CONTRACT_DOES_NOT_FIT"


def test_finds_the_contract_of_a_buyer_and_lets_a_seller_have_none() -> None:
    transfer = draft(
        mode=TradeMode.INTERNAL,
        side=None,
        buyer=FIRST.customer,
        seller=OUTSIDE,
    )
    bought, sold = placements().place(transfer).legs
    assert (bought.contract, sold.contract) == (FIRST.name, None)


def test_corrects_by_a_new_version_and_computes_the_amount_again() -> None:
    recorded = trade(tonnes=100, unit_price=Decimal("72.00"))
    corrected = recorded.correct(
        tonnes=Tonnes(90), unit_price=None, amount=None, fees=None, reason="misread"
    )
    assert (corrected.version, corrected.amount) == (2, money("6480.00"))
    assert recorded.amount == money("7200.00")


def test_keeps_an_explicit_amount_when_only_the_fees_are_corrected() -> None:
    recorded = trade(tonnes=100, amount=money("7200.10"))
    corrected = recorded.correct(
        tonnes=None, unit_price=None, amount=None, fees=money("3.00"), reason="fee note"
    )
    assert (corrected.amount, corrected.fees) == (money("7200.10"), money("3.00"))

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.kernel.identifiers import CustomerName
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.kernel.period import Month, Period
from services.kernel.tonnes import Tonnes
from services.settlement.domain.allocating import AllocatedMonth, allocate
from services.settlement.domain.allocation import BookedTrade, Bundle, Figures, booked_version
from services.settlement.domain.contract import ContractState, PriceBasis
from services.settlement.domain.trade import Trade, TradeMode, TradeSide
from tests.builders.trades import CCER, CEA, MARCH, contract, frozen, inputs, trade

FIRST, SECOND, THIRD = contract("a", 5_001), contract("b", 3_000), contract("c", 2_000)
FEBRUARY = date(2025, 2, 10)
IN_FEBRUARY = frozenset({Month(2025, 2)})


def tonnes(allocated: AllocatedMonth) -> dict[str, int]:
    parts = allocated.allocations
    return {str(p.owner.contract or p.owner.customer or "pool"): p.figures.tonnes for p in parts}


def test_leaves_out_contracts_that_are_not_in_force_or_do_not_match() -> None:
    draft_contract = replace(contract("d", 9_000), state=ContractState.DRAFT)
    market = replace(contract("m", 9_000), price_basis=PriceBasis.MARKET_TWAP)
    early = contract("e", 9_000, window=Period(date(2025, 1, 1), date(2025, 3, 3)))
    sale = contract("s", 9_000, side=GuaranteeSide.SALE)
    credit = contract("x", 9_000, instrument=CCER)
    others = [draft_contract, market, early, sale, credit, contract("full", 0)]
    allocated = allocate(inputs([trade(tonnes=100)], [FIRST, *others]))
    assert tonnes(allocated) == {"contracts/a": 100}


def test_splits_each_day_by_what_the_day_before_left() -> None:
    first, second = contract("a", 60), contract("b", 40)
    days = [
        trade(external_id="d2", tonnes=50, trade_date=date(2025, 3, 4)),
        trade(external_id="d1", tonnes=50, trade_date=date(2025, 3, 3)),
    ]
    parts = allocate(inputs(days, [second, first])).allocations
    assert [part.figures.tonnes for part in parts] == [30, 20, 30, 20]
    assert parts[0].bundle.trade_date == date(2025, 3, 3)


def test_sells_no_more_for_a_contract_than_is_held_for_it() -> None:
    sellers = [
        contract(name, 1_000, side=GuaranteeSide.SALE, instrument=CCER) for name in ("a", "b")
    ]
    sold = trade(instrument=CCER, side=TradeSide.SELL, tonnes=600)
    allocated = allocate(inputs([sold], sellers, held={sellers[0].name: 200}))
    assert tonnes(allocated) == {"contracts/a": 100, "contracts/b": 500}


def test_gives_an_internal_transfer_to_both_sides_before_the_bundles() -> None:
    buyer = contract("a", 1_000)
    moved = trade(
        external_id="i",
        mode=TradeMode.INTERNAL,
        side=None,
        tonnes=700,
        buyer=buyer.customer,
        buyer_contract=buyer.name,
        seller=CustomerName("customers/outside"),
    )
    allocated = allocate(inputs([trade(tonnes=400), moved], [buyer]))
    sides = [(p.bundle.side, p.figures.tonnes, p.owner.customer) for p in allocated.allocations]
    assert sides == [
        (TradeSide.BUY, 700, buyer.customer),
        (TradeSide.SELL, 700, CustomerName("customers/outside")),
        (TradeSide.BUY, 300, buyer.customer),
        (TradeSide.BUY, 100, None),
    ]


def test_holds_a_customer_whose_earmark_exceeds_its_volume() -> None:
    small = contract("a", 100)
    earmarked = trade([small], tonnes=150, contract=small.name)
    allocated = allocate(inputs([earmarked], [small]))
    assert tonnes(allocated) == {"contracts/a": 100, "customers/a": 50}
    [finding] = allocated.findings
    assert (finding.reason, finding.subject) == ("VOLUME_EXCEEDED", "contracts/a")


def test_never_averages_trades_with_and_without_tax() -> None:
    without = trade(external_id="n", tax_inclusive=False)
    allocated = allocate(inputs([trade(), without], [contract("a", 9_000)]))
    assert allocated.bundle_count == 2


def test_converts_an_amount_into_the_tax_basis_of_the_contract_once() -> None:
    net = trade(tonnes=3, unit_price=Decimal("72.01"), tax_inclusive=False, fees=money("1.00"))
    [part] = allocate(inputs([net], [contract("a", 9)])).allocations
    assert part.figures.amount_fen == 21_603
    assert (part.contract_figures.amount_fen, part.contract_figures.fees_fen) == (22_899, 106)


def test_books_what_came_late_with_its_month_of_origin() -> None:
    late = trade(external_id="l", tonnes=100, trade_date=FEBRUARY)
    [part] = allocate(inputs([late], [FIRST])).allocations
    assert (part.booking_month, part.origin_month) == (MARCH, Month(2025, 2))


def _corrected(before: Trade, after: Trade) -> BookedTrade:
    return BookedTrade(
        trade=booked_version(after), frozen=booked_version(before), frozen_in=IN_FEBRUARY
    )


def _cut_to(traded: Trade, tonnes: int) -> Trade:
    return traded.correct(
        tonnes=Tonnes(tonnes), unit_price=None, amount=None, fees=None, reason="misread"
    )


def test_splits_a_corrected_amount_over_the_frozen_tonnes() -> None:
    before = trade(tonnes=10_001, amount=money("720472.04"), trade_date=FEBRUARY)
    after = before.correct(
        tonnes=None, unit_price=None, amount=money("720572.05"), fees=None, reason="price note"
    )
    bundle = Bundle(FEBRUARY, CEA, TradeSide.BUY, tax_inclusive=True)
    march = replace(
        inputs([], [FIRST, SECOND, THIRD]),
        trades=[_corrected(before, after)],
        frozen=frozen(
            bundle,
            Month(2025, 2),
            {FIRST: (5_001, 36_027_204), SECOND: (3_000, 21_612_000), THIRD: (2_000, 14_408_000)},
        ),
    )
    parts = allocate(march).allocations
    assert [part.figures.amount_fen for part in parts] == [5_001, 3_000, 2_000]
    assert all(part.is_correction and not part.figures.tonnes for part in parts)


def test_takes_back_tonnes_from_the_frozen_shares_and_adds_new_ones_by_volume() -> None:
    before = trade(tonnes=100, unit_price=Decimal("80.00"), trade_date=FEBRUARY)
    bundle = Bundle(FEBRUARY, CEA, TradeSide.BUY, tax_inclusive=True)
    shares = frozen(bundle, Month(2025, 2), {FIRST: (60, 480_000), SECOND: (40, 320_000)})
    for right, expected in ((Tonnes(90), {"a": -6, "b": -4}), (Tonnes(110), {"c": 10})):
        after = before.correct(
            tonnes=right, unit_price=None, amount=None, fees=None, reason="misread"
        )
        booked = _corrected(before, after)
        march = replace(inputs([], [THIRD]), trades=[booked], frozen=shares)
        given = {key.removeprefix("contracts/"): t for key, t in tonnes(allocate(march)).items()}
        assert given == expected


def test_takes_back_tonnes_only_from_the_month_that_gave_them() -> None:
    day = date(2025, 1, 10)
    late = trade(tonnes=100, trade_date=day)
    cancelled = late.correct(
        tonnes=Tonnes(0), unit_price=None, amount=None, fees=None, reason="voided by the venue"
    )
    bundle = Bundle(day, CEA, TradeSide.BUY, tax_inclusive=True)
    booked = _corrected(late, cancelled)
    shares = {
        bundle: [
            *frozen(bundle, Month(2025, 1), {FIRST: (900, 6_480_000)})[bundle],
            *frozen(bundle, Month(2025, 2), {SECOND: (100, 720_000)})[bundle],
        ]
    }
    march = replace(inputs([], [THIRD]), trades=[booked], frozen=shares)
    assert tonnes(allocate(march)) == {"contracts/b": -100}


def test_a_trade_taken_back_in_two_steps_leaves_nothing_with_anybody() -> None:
    traded = trade(tonnes=3, unit_price=Decimal("80.01"), trade_date=FEBRUARY)
    less = _cut_to(traded, 2)
    bundle = Bundle(FEBRUARY, CEA, TradeSide.BUY, tax_inclusive=True)
    given = frozen(
        bundle, Month(2025, 2), {FIRST: (1, 8_001), SECOND: (1, 8_001), THIRD: (1, 8_001)}
    )
    march = replace(inputs([], [FIRST, SECOND, THIRD]), trades=[_corrected(traded, less)])
    step = allocate(replace(march, frozen=given)).allocations
    assert [(p.owner.contract, p.figures) for p in step] == [(FIRST.name, Figures(-1, -8_001, 0))]
    april = replace(march, month=Month(2025, 4), trades=[_corrected(less, _cut_to(less, 0))])
    rest = allocate(replace(april, frozen={bundle: [*given[bundle], *step]})).allocations
    assert {p.owner.contract: p.figures.tonnes for p in rest} == {SECOND.name: -1, THIRD.name: -1}


def test_corrects_a_trade_and_what_came_late_beside_it_in_one_month() -> None:
    bundle = Bundle(FEBRUARY, CEA, TradeSide.BUY, tax_inclusive=True)
    first = trade(external_id="t", tonnes=100, trade_date=FEBRUARY)
    late = trade(external_id="u", tonnes=50, trade_date=FEBRUARY)
    both = [
        _corrected(first, _cut_to(first, 90)),
        replace(_corrected(late, _cut_to(late, 45)), frozen_in=frozenset({MARCH})),
    ]
    given = [
        *frozen(bundle, Month(2025, 2), {FIRST: (100, 720_000)})[bundle],
        *frozen(bundle, MARCH, {FIRST: (50, 360_000)})[bundle],
    ]
    april = replace(inputs([], [FIRST]), month=Month(2025, 4), trades=both)
    [part] = allocate(replace(april, frozen={bundle: given})).allocations
    assert part.figures == Figures(-15, -108_000, 0)


def test_cancels_an_earmark_of_an_open_month_and_keeps_its_fees_with_its_owner() -> None:
    one = contract("a", 1_000)
    earmarked = trade([one], contract=one.name, fees=money("5.00"))
    cancelled = earmarked.correct(
        tonnes=Tonnes(0), unit_price=None, amount=None, fees=None, reason="voided by the venue"
    )
    [part] = allocate(inputs([cancelled], [one])).allocations
    assert (part.figures.tonnes, part.figures.amount_fen, part.figures.fees_fen) == (0, 0, 500)
    assert part.owner.contract == one.name

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.money import from_minor, to_minor
from services.settlement.domain.allocating import allocate
from services.settlement.domain.allocation import NOTHING, Figures
from services.settlement.domain.contract import Contract
from services.settlement.domain.trade import Trade, TradeSide
from tests.builders.trades import contract, inputs, trade

Row = tuple[int, int, int, int, bool, bool, int]

VOLUMES = st.lists(st.integers(0, 5_000), min_size=0, max_size=5)
TRADES = st.lists(
    st.tuples(
        st.integers(1, 28),
        st.integers(1, 4_000),
        st.integers(1, 9_999),
        st.integers(0, 999),
        st.booleans(),
        st.booleans(),
        st.integers(-1, 4),
    ),
    max_size=12,
)


def build(volumes: list[int], rows: list[Row]) -> tuple[list[Contract], list[Trade]]:
    contracts = [contract(f"c{index}", volume) for index, volume in enumerate(volumes)]
    trades = [
        trade(
            contracts,
            external_id=f"t-{index}",
            trade_date=date(2025, 3, day),
            tonnes=tonnes,
            unit_price=Decimal(cents) / 100,
            fees=from_minor(fees),
            tax_inclusive=inclusive,
            side=TradeSide.BUY if buy else TradeSide.SELL,
            contract=contracts[mark].name if buy and 0 <= mark < len(contracts) else None,
        )
        for index, (day, tonnes, cents, fees, inclusive, buy, mark) in enumerate(rows)
    ]
    return contracts, trades


@settings(max_examples=150, deadline=None)
@given(volumes=VOLUMES, rows=TRADES)
def test_parts_sum_to_the_whole_and_no_contract_exceeds_its_volume(
    volumes: list[int], rows: list[Row]
) -> None:
    contracts, trades = build(volumes, rows)
    allocated = allocate(inputs(trades, contracts)).allocations
    whole: defaultdict[date, Figures] = defaultdict(lambda: NOTHING)
    for each in trades:
        whole[each.trade_date] += Figures(each.tonnes, to_minor(each.amount), to_minor(each.fees))
    parts: defaultdict[date, Figures] = defaultdict(lambda: NOTHING)
    taken: defaultdict[str | None, int] = defaultdict(int)
    for part in allocated:
        parts[part.bundle.trade_date] += part.figures
        taken[part.owner.contract] += part.figures.tonnes
    assert parts == whole
    assert all(taken[each.name] <= each.volume_tonnes for each in contracts)


@settings(max_examples=50, deadline=None)
@given(volumes=VOLUMES, rows=TRADES, order=st.randoms())
def test_the_order_of_arrival_does_not_matter(
    volumes: list[int],
    rows: list[Row],
    order: random.Random,
) -> None:
    contracts, trades = build(volumes, rows)
    first = allocate(inputs(trades, contracts))
    order.shuffle(trades)
    order.shuffle(contracts)
    assert allocate(inputs(trades, contracts)) == first


@given(volumes=VOLUMES, rows=TRADES)
@settings(max_examples=50, deadline=None)
def test_names_of_allocations_are_unique(volumes: list[int], rows: list[Row]) -> None:
    contracts, trades = build(volumes, rows)
    names = [part.name for part in allocate(inputs(trades, contracts)).allocations]
    assert len(names) == len(set(names))

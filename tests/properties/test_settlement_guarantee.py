"""What must hold of every guarantee, whatever the terms and the trades."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.instrument import GuaranteeSide
from services.kernel.money import round_quotient
from services.kernel.period import Month
from services.settlement.domain.guarantee import (
    NOTHING,
    Band,
    Delivery,
    Figure,
    GuaranteeTerms,
    MonthOfOrigin,
    figures_to_date,
)
from services.settlement.domain.settlement import SettlementRow, moves, settle, settled_months

DECEMBER = Month(2025, 12)
shares = st.integers(0, 10**6)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 50 * 10**6), max_size=3)))
    return (*(Band(end, draw(shares)) for end in ends), Band(None, draw(shares)))


guarantees = st.builds(
    GuaranteeTerms,
    side=st.sampled_from(GuaranteeSide),
    prices=st.integers(10**6, 200 * 10**6).map(lambda price: (price,)),
    bands=bands(),
    fees_included=st.booleans(),
    loss_cap=st.none(),
    share_at_maturity=st.booleans(),
    maturity=st.integers(1, 12).map(lambda number: Month(2025, number)),
)
trades = st.builds(
    Delivery,
    price=st.just(0),
    tonnes=st.integers(1, 200_000),
    amount=st.integers(0, 2_000_000_000),
    fees=st.integers(0, 100_000),
)
dated_trades = st.lists(st.tuples(st.integers(1, 6), trades), min_size=1, max_size=12)


def _months(dated: Sequence[tuple[int, Delivery]]) -> dict[Month, MonthOfOrigin]:
    found: dict[Month, list[Delivery]] = {}
    for number, trade in dated:
        found.setdefault(Month(2025, number), []).append(trade)
    return {month: MonthOfOrigin(month, tuple(parts)) for month, parts in sorted(found.items())}


def _last(terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]]) -> Figure:
    return figures_to_date(terms, list(_months(dated).values()))[-1]


@given(guarantees, dated_trades)
def test_a_purchase_never_costs_more_nor_a_sale_brings_less_than_promised(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]]
) -> None:
    figure = _last(terms, dated)
    if terms.side is GuaranteeSide.PURCHASE:
        assert figure.amount + figure.house <= figure.promised
    else:
        assert figure.amount - figure.house >= figure.promised


@given(guarantees, dated_trades, st.integers(0, 5 * 10**6))
def test_with_a_loss_cap_the_house_bears_no_more_than_the_cap(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]], cap: int
) -> None:
    figure = _last(replace(terms, loss_cap=cap), dated)
    assert figure.house >= min(0, -round_quotient(cap * figure.tonnes, 10**4))
    assert figure.relief >= 0


@given(guarantees, st.integers(1, 10**6))
def test_cost_equal_to_promise_owes_nothing(terms: GuaranteeTerms, tonnes: int) -> None:
    promised = round_quotient(terms.prices[0] * tonnes, 10**4)
    figure = _last(terms, [(1, Delivery(0, tonnes, promised, 0))])
    assert (figure.gain, figure.share, figure.house) == (0, 0, 0)


@given(guarantees, dated_trades)
def test_a_share_is_part_of_the_gain_and_a_loss_is_not_shared(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]]
) -> None:
    figure = _last(terms, dated)
    assert 0 <= figure.share + figure.accrued <= max(0, figure.gain)


@given(guarantees, dated_trades)
def test_months_sum_exactly_to_the_figure_to_date(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]]
) -> None:
    figures = figures_to_date(terms, list(_months(dated).values()))
    assert _sum(moves(figures)) == figures[-1]


@given(guarantees, dated_trades, st.randoms())
def test_order_of_arrival_within_an_open_month_does_not_matter(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]], chance: Random
) -> None:
    shuffled = list(dated)
    chance.shuffle(shuffled)
    assert _last(terms, shuffled) == _last(terms, dated)


@given(
    guarantees,
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5), trades), min_size=1, max_size=12),
)
def test_whenever_a_trade_is_learned_what_is_posted_sums_to_the_figure_of_each_month(
    terms: GuaranteeTerms, learned: Sequence[tuple[int, int, Delivery]]
) -> None:
    posted: dict[Month, Figure] = {}
    for number in range(1, 13):
        known = [(dated, trade) for dated, late, trade in learned if dated + late <= number]
        for row in _settle(terms, _months(known), posted, Month(2025, number)):
            posted[row.origin] = _sum([posted.get(row.origin, NOTHING), row.moved])
    everything = _months([(dated, trade) for dated, _, trade in learned])
    figures = figures_to_date(terms, _through_december(everything))
    assert [posted.get(Month(2025, n), NOTHING) for n in range(1, 13)] == moves(figures)


@given(guarantees, dated_trades)
def test_settling_again_owes_nothing(
    terms: GuaranteeTerms, dated: Sequence[tuple[int, Delivery]]
) -> None:
    rows = _settle(terms, _months(dated), {}, DECEMBER)
    posted = {row.origin: row.moved for row in rows}
    [again] = _settle(terms, _months(dated), posted, DECEMBER)
    assert (again.origin, again.moved) == (DECEMBER, NOTHING)


def _settle(
    terms: GuaranteeTerms,
    deliveries: Mapping[Month, MonthOfOrigin],
    posted: Mapping[Month, Figure],
    current: Month,
) -> tuple[SettlementRow, ...]:
    months = settled_months(
        deliveries=deliveries, posted=posted, maturity=terms.maturity, current=current
    )
    return settle(terms, months=months, posted=posted, taxation=None)[1]


def _through_december(months: Mapping[Month, MonthOfOrigin]) -> list[MonthOfOrigin]:
    every = [Month(2025, number) for number in range(1, 13)]
    return [months.get(month) or MonthOfOrigin(month, ()) for month in every]


def _sum(figures: Sequence[Figure]) -> Figure:
    return Figure(*(sum(parts) for parts in zip(*figures, strict=True)))

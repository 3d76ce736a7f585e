"""What holds of money whatever the figures: parts sum to the whole, order does not matter."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.money import from_minor, money, round_money, split_money, sum_money, to_minor
from services.kernel.tax import tax_on_top, tax_within

fen = st.integers(min_value=-(10**15), max_value=10**15)
weights = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=30).filter(any)
rates = st.decimals(min_value=0, max_value=1, places=4)


@given(total=fen, parts=weights)
def test_parts_of_a_split_sum_to_the_whole(total: int, parts: list[int]) -> None:
    assert sum_money(split_money(from_minor(total), parts)) == from_minor(total)


@given(total=fen, parts=weights)
def test_a_split_of_the_opposite_is_the_opposite_split(total: int, parts: list[int]) -> None:
    there = split_money(from_minor(total), parts)
    back = split_money(from_minor(-total), parts)
    assert [to_minor(part) for part in there] == [-to_minor(part) for part in back]


@given(total=fen, parts=weights)
def test_weight_zero_gets_zero_and_nobody_is_a_fen_off(total: int, parts: list[int]) -> None:
    for part, weight in zip(split_money(from_minor(total), parts), parts, strict=True):
        exact = Decimal(total) * weight / sum(parts)
        assert abs(to_minor(part) - exact) < 1
        assert weight or to_minor(part) == 0


@given(total=fen, parts=weights, scale=st.integers(min_value=1, max_value=1000))
def test_only_the_proportion_of_weights_counts(total: int, parts: list[int], scale: int) -> None:
    bigger = [weight * scale for weight in parts]
    assert split_money(from_minor(total), bigger) == split_money(from_minor(total), parts)


@given(amount=st.decimals(min_value=-(10**12), max_value=10**12, places=9))
def test_rounding_is_symmetric_and_never_further_than_half_a_fen(amount: Decimal) -> None:
    rounded = round_money(amount)
    assert round_money(-amount) == -rounded
    assert abs(rounded.amount - amount) <= Decimal("0.005")
    assert rounded.amount == amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(units=fen)
def test_an_amount_survives_its_minor_units(units: int) -> None:
    assert to_minor(from_minor(units)) == units
    assert money(from_minor(units).amount) == from_minor(units)


@given(units=fen, rate=rates)
def test_net_and_tax_are_the_gross(units: int, rate: Decimal) -> None:
    for line in (tax_on_top(from_minor(units), rate), tax_within(from_minor(units), rate)):
        assert line.net + line.tax == line.gross


@given(units=fen, rate=rates)
def test_tax_taken_out_comes_back_on_top_within_a_fen(units: int, rate: Decimal) -> None:
    gross = from_minor(units)
    again = tax_on_top(tax_within(gross, rate).net, rate).gross
    assert abs(to_minor(again) - to_minor(gross)) <= 1

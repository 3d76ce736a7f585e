"""What a pure preview refuses. What it computes is worked in the examples."""

from datetime import date
from decimal import Decimal

import pytest

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.kernel.period import Month
from services.kernel.tiers import TiersDoNotTile
from services.settlement.domain.contract import Undelivered
from services.settlement.domain.preview import (
    Fill,
    InvalidPreview,
    MonthOfFills,
    PureTerms,
    VolumeExceeded,
    preview_of_fills,
)

JANUARY = Month(2025, 1)
PLAIN = PureTerms(side=GuaranteeSide.SALE, promised_price=Decimal("65.00"))


def _month(tonnes: int = 100, amount: str = "6500.00", currency: str = "CNY") -> MonthOfFills:
    fill = Fill(tonnes, money(amount, currency), money("0"))
    return MonthOfFills(JANUARY, (fill,))


def _wrong_fields(terms: PureTerms, *months: MonthOfFills) -> list[str]:
    with pytest.raises(InvalidPreview) as wrong:
        preview_of_fills(terms, months)
    return [violation.field for violation in wrong.value.violations]


def test_refuses_a_month_given_twice() -> None:
    assert _wrong_fields(PLAIN, _month(), _month()) == ["months[1].month"]


def test_refuses_no_months_at_all() -> None:
    assert _wrong_fields(PLAIN) == ["months"]


def test_refuses_other_currencies_and_negative_amounts() -> None:
    assert _wrong_fields(PLAIN, _month(currency="EUR")) == ["months[0].fills[0].amount"]
    assert _wrong_fields(PLAIN, _month(amount="-1")) == ["months[0].fills[0].amount"]


def test_names_everything_that_a_reference_needs() -> None:
    terms = PureTerms(
        side=GuaranteeSide.SALE,
        promised_price=Decimal(0),
        undelivered=Undelivered.AT_REFERENCE,
    )
    fields = ["promised_price", "volume_tonnes", "reference_price"]
    assert _wrong_fields(terms, _month()) == fields


def test_refuses_more_than_the_volume() -> None:
    terms = PureTerms(side=GuaranteeSide.SALE, promised_price=Decimal("65.00"), volume_tonnes=99)
    with pytest.raises(VolumeExceeded):
        preview_of_fills(terms, [_month()])


def test_refuses_tiers_that_end() -> None:
    ending = (GainShareTier(Decimal(5), Decimal("0.3")),)
    terms = PureTerms(
        side=GuaranteeSide.SALE, promised_price=Decimal("65.00"), gain_share_tiers=ending
    )
    with pytest.raises(TiersDoNotTile):
        preview_of_fills(terms, [_month()])


def test_explains_a_fill_that_comes_after_the_windows_end_by_leaving_it_out() -> None:
    terms = PureTerms(
        side=GuaranteeSide.SALE, promised_price=Decimal("65.00"), window_end=date(2025, 1, 1)
    )
    assert preview_of_fills(terms, [_month()]).figure.tonnes == 0

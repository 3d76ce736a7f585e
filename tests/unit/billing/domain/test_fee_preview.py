"""The preview of a fee, and what it refuses."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.application.preview_management_fee import preview_tariff
from services.billing.domain.fee_preview import FeePreview
from services.billing.domain.tariff import Tariff
from services.kernel.errors import InvalidInput
from services.kernel.money import money
from services.kernel.period import Period
from services.kernel.tiers import ChargeModel, Tier, TiersDoNotTile
from tests.builders.billing import a_tariff


def preview(
    tariff: Tariff | None = None, scale: str = "8200000", served: Period | None = None
) -> FeePreview:
    return preview_tariff(
        tariff=tariff or a_tariff(), scale_tonnes=Decimal(scale), year=2025, served=served
    )


def test_lists_the_months_served() -> None:
    served = Period(date(2025, 3, 10), date(2025, 5, 1))
    assert [str(each.month) for each in preview(served=served).months] == ["2025-03", "2025-04"]


def test_an_inclusive_tariff_cumulates_gross() -> None:
    found = preview(a_tariff(tax_inclusive=True))
    assert sum(each.amounts.gross_fen for each in found.months) == 235_000_000
    assert found.annual_fen == 235_000_000


def test_an_exclusive_tariff_cumulates_net_and_taxes_each_month() -> None:
    first = preview().months[0].amounts
    assert (first.net_fen, first.tax_fen, first.gross_fen) == (19_958_904, 1_197_534, 21_156_438)


def test_refuses_days_outside_the_year() -> None:
    with pytest.raises(InvalidInput, match="not within 2025"):
        preview(served=Period(date(2024, 12, 31), date(2025, 2, 1)))


@pytest.mark.parametrize("scale", ["-1", "0.0001"])
def test_refuses_a_scale_that_cannot_be_weighed(scale: str) -> None:
    with pytest.raises(InvalidInput, match="scale_tonnes"):
        preview(scale=scale)


def test_refuses_tiers_with_an_end() -> None:
    with pytest.raises(TiersDoNotTile):
        preview(a_tariff(Tier(Decimal(10), Decimal(1))))


def test_refuses_everything_that_is_wrong_at_once() -> None:
    tiers = Tier(Decimal(10), Decimal(-1)), Tier(None, Decimal(1), money("1", "USD"))
    with pytest.raises(InvalidInput) as refusal:
        preview(a_tariff(*tiers, model=ChargeModel.FLAT, tax_rate="6"))
    assert {violation.field for violation in refusal.value.violations} == {
        "tiers",
        "tiers[0].unit_price",
        "tiers[1].flat_amount",
        "tax_rate",
    }

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.errors import InvalidInput
from services.kernel.money import money
from services.kernel.service import Service
from services.kernel.tiers import ChargeModel, Tier, TiersDoNotTile
from services.pricing.domain.tariff import InvalidTariff, Tariff, check_tariff
from tests.builders.pricing import HANCHUAN, tariff

DAILY, TRADING = Service.DAILY_MANAGEMENT, Service.COMPLIANCE_TRADING
FREE = Tariff(effective_date=date(2025, 1, 1))


def fields_refused(terms: Tariff, service: Service = DAILY) -> list[str]:
    with pytest.raises(InvalidTariff) as caught:
        check_tariff(terms, service=service)
    return [violation.field for violation in caught.value.violations]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(tariff(), minimum_annual=money("-1")), "minimum_annual"),
        (replace(tariff(), maximum_annual=money("1", "USD")), "maximum_annual"),
        (
            replace(tariff(), minimum_annual=money("2"), maximum_annual=money("1")),
            "minimum_annual",
        ),
        (replace(tariff(), tax_rate=Decimal("1.01")), "tax_rate"),
        (replace(tariff(), tax_rate=Decimal("-0.06")), "tax_rate"),
        (replace(tariff(), per_traded_tonne=Decimal(-1)), "per_traded_tonne"),
        (replace(tariff(), end_date=date(2026, 1, 1)), "end_date"),
        (tariff(customer=HANCHUAN, end="2025-01-01"), "end_date"),
        (replace(tariff(), charge_model=None), "charge_model"),
    ],
)
def test_refuses_terms_that_nobody_could_be_charged_by(terms: Tariff, field: str) -> None:
    assert field in fields_refused(terms)


def test_names_every_wrong_field_at_once() -> None:
    wrong = replace(tariff(), minimum_annual=money("-1"), tax_rate=Decimal(2))
    assert fields_refused(wrong) == ["minimum_annual", "tax_rate"]


def test_refuses_tiers_that_leave_a_gap() -> None:
    graduated = replace(
        tariff(), charge_model=ChargeModel.GRADUATED, tiers=(Tier(Decimal(10), Decimal(1)),)
    )
    with pytest.raises(TiersDoNotTile):
        check_tariff(graduated, service=DAILY)


def test_needs_tiers_where_the_scale_is_charged() -> None:
    with pytest.raises(TiersDoNotTile):
        check_tariff(FREE, service=DAILY)


def test_charges_only_daily_management_by_scale() -> None:
    assert "tiers" in fields_refused(tariff(price="0.10"), TRADING)
    check_tariff(tariff(price="0"), service=TRADING)
    check_tariff(replace(FREE, per_traded_tonne=Decimal("0.50")), service=TRADING)


def test_lists_a_service_at_zero() -> None:
    check_tariff(FREE, service=Service.VALUE_ADDED)
    assert FREE.tax_rate == 0


def test_accepts_an_override_that_ends() -> None:
    check_tariff(tariff(customer=HANCHUAN, end="2025-07-01"), service=DAILY)


def test_is_an_error_of_the_request() -> None:
    assert issubclass(InvalidTariff, InvalidInput)

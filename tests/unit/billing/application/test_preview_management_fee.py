"""PreviewManagementFee of a customer."""

from datetime import date

import pytest

from services.billing.application.preview_management_fee import PreviewManagementFee
from services.billing.domain.customer import Customer
from services.billing.domain.fee_preview import FeePreview
from services.billing.domain.previews import PriceMissing, ScaleMissing
from services.kernel.errors import InvalidInput, NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month, Period
from tests.builders.billing import HANCHUAN, YEAR, a_customer, a_scale, a_tariff
from tests.fakes.billing import (
    FakeAssetScales,
    FakeBooks,
    FakeCustomers,
    FakeTariffs,
    no_transaction,
)


def preview(
    customer: Customer | None = None,
    *,
    year: int = 2025,
    days: Period = YEAR,
    served: Period | None = None,
    tonnes: str = "8200000",
    opened: Month | None = None,
) -> FeePreview:
    verb = PreviewManagementFee(
        unit_of_work=no_transaction,
        customers=FakeCustomers.of(customer or a_customer()),
        scales=FakeAssetScales([a_scale(tonnes)]),
        tariffs=FakeTariffs(a_tariff(), days),
        books=FakeBooks(opened),
    )
    return verb(name=HANCHUAN, year=year, served=served)


def test_a_customer_is_charged_for_the_days_it_is_served() -> None:
    found = preview(a_customer(start=date(2025, 3, 10)))
    assert sum(each.amounts.net_fen for each in found.months) == 191_219_178
    assert found.explanation.rule_version == "feeSchedules/internal/revisions/r1"


def test_days_before_the_books_were_opened_are_previewed_as_they_are_billed() -> None:
    opened = preview(opened=Month(2025, 11))
    assert [each.text for each in opened.months] == ["2025-11", "2025-12"]
    assert sum(each.amounts.net_fen for each in opened.months) == round(235_000_000 * 61 / 365)
    asked = preview(served=YEAR, opened=Month(2025, 11))
    assert asked == preview(opened=Month(2024, 11)) == preview()


def test_a_customer_that_is_not_served_is_charged_nothing() -> None:
    found = preview(a_customer(start=date(2026, 1, 1)))
    assert (found.annual_fen, found.months, found.lines) == (0, (), ())


def test_a_missing_scale_is_an_error_with_a_name() -> None:
    with pytest.raises(ScaleMissing, match="2024"):
        preview(year=2024)


def test_a_missing_tariff_is_an_error_with_the_days() -> None:
    with pytest.raises(PriceMissing, match="from 2025-07-01"):
        preview(days=Period(date(2025, 1, 1), date(2025, 7, 1)))


def test_days_outside_the_year_are_refused() -> None:
    with pytest.raises(InvalidInput, match="not within 2025"):
        preview(served=Period(date(2025, 12, 1), date(2026, 2, 1)))


def test_an_unknown_customer_is_not_found() -> None:
    with pytest.raises(NotFound):
        preview(a_customer(CustomerName("customers/other")))

"""SetAssetScale and SetAssetScales."""

import pytest

from services.billing.application.set_asset_scales import SetAssetScale, SetAssetScales
from services.billing.domain.asset_scale import ScaleStatus
from services.kernel.errors import InvalidInput, NotFound
from services.kernel.identifiers import CustomerName
from tests.builders.billing import a_customer, a_statement
from tests.fakes.billing import FakeAssetScales, FakeCustomers, StoppedClock, no_transaction

NOBODY = CustomerName("customers/nobody")


def verb(scales: FakeAssetScales) -> SetAssetScales:
    return SetAssetScales(
        unit_of_work=no_transaction,
        customers=FakeCustomers.of(a_customer()),
        scales=scales,
        clock=StoppedClock(),
    )


def test_each_statement_is_a_new_version() -> None:
    scales = FakeAssetScales()
    statements = [a_statement("1"), a_statement("2", status=ScaleStatus.FINAL)]
    outcomes = verb(scales)(statements=statements)
    assert [each.scale.version for each in outcomes if each.scale] == [1, 2]
    assert [each.name for each in scales.kept] == [
        "customers/hanchuan/assetScales/2025-1",
        "customers/hanchuan/assetScales/2025-2",
    ]


def test_the_latest_said_again_records_nothing() -> None:
    scales = FakeAssetScales()
    outcomes = verb(scales)(statements=[a_statement("1"), a_statement("1")])
    assert [each.is_new for each in outcomes] == [True, False]
    assert len(scales.kept) == 1


def test_a_final_scale_may_be_stated_again() -> None:
    scales = FakeAssetScales()
    final = [a_statement(tonnes, status=ScaleStatus.FINAL) for tonnes in ("1", "2", "1")]
    verb(scales)(statements=final)
    assert [each.version for each in scales.kept] == [1, 2, 3]


def test_a_row_of_an_unknown_customer_is_refused_alone() -> None:
    scales = FakeAssetScales()
    outcomes = verb(scales)(statements=[a_statement(customer=NOBODY), a_statement()])
    assert [each.refusal is not None for each in outcomes] == [True, False]
    assert len(scales.kept) == 1


def test_a_single_statement_of_an_unknown_customer_is_an_error() -> None:
    with pytest.raises(NotFound):
        SetAssetScale(set_asset_scales=verb(FakeAssetScales()))(
            statement=a_statement(customer=NOBODY)
        )


@pytest.mark.parametrize("tonnes", ["-1", "0.0001", "10000000000000"])
def test_tonnes_out_of_bounds_are_no_statement(tonnes: str) -> None:
    with pytest.raises(InvalidInput, match="tonnes"):
        a_statement(tonnes)

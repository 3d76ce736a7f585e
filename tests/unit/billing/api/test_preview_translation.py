"""The two forms of a preview request."""

import pytest
from google.protobuf import json_format
from tanheng.billing.v1 import billing_service_pb2 as wire

from services.billing.api.preview_translation import (
    check_forms,
    from_wire_scale,
    from_wire_tariff,
    to_wire_preview,
)
from services.billing.application.preview_management_fee import preview_tariff
from services.kernel.errors import FieldsExcludeEachOther

FULL = {
    "charge_model": "CHARGE_MODEL_FLAT",
    "tiers": [{"unit_price": {"value": "0.30"}}],
    "scale_tonnes": {"value": "8200000"},
    "year": 2025,
}


def request_of(fields: dict[str, object]) -> wire.PreviewManagementFeeRequest:
    return json_format.ParseDict(fields, wire.PreviewManagementFeeRequest())


def test_a_tariff_in_full_is_one_form() -> None:
    check_forms(request_of(FULL))


def test_a_customer_and_a_year_is_the_other() -> None:
    check_forms(request_of({"customer": "customers/a", "year": 2025}))


def test_both_at_once_are_refused_field_by_field() -> None:
    both = request_of({**FULL, "customer": "customers/a", "tax_inclusive": True})
    with pytest.raises(FieldsExcludeEachOther) as refusal:
        check_forms(both)
    assert {each.field for each in refusal.value.violations} == {
        "charge_model",
        "tiers",
        "scale_tonnes",
        "tax_inclusive",
    }


@pytest.mark.parametrize("field", list(FULL))
def test_half_a_tariff_is_refused(field: str) -> None:
    half = request_of({key: value for key, value in FULL.items() if key != field})
    with pytest.raises(FieldsExcludeEachOther, match=field):
        check_forms(half)


def test_a_preview_is_written_with_its_explanation() -> None:
    request = request_of(FULL)
    preview = preview_tariff(
        tariff=from_wire_tariff(request),
        scale_tonnes=from_wire_scale(request),
        year=request.year,
        served=None,
    )
    answer = to_wire_preview(preview)
    assert (answer.annual_amount.units, len(answer.months)) == (2_460_000, 12)
    assert "8,200,000 × 0.30" in answer.explanation.steps[0].formula

"""What an update of a customer names."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from tanheng.billing.v1 import customer_service_pb2 as wire
from tanheng.common.v1 import common_pb2

from services.billing.api.customer_translation import from_wire_patch
from services.kernel.errors import InvalidInput


def _update(*paths: str, **fields: object) -> wire.UpdateCustomerRequest:
    customer = wire.Customer(
        display_name="Hanchuan",
        customer_class=common_pb2.CUSTOMER_CLASS_INTERNAL,
        service_start_date=Date(year=2025, month=1, day=1),
        **fields,  # type: ignore[arg-type]
    )
    return wire.UpdateCustomerRequest(customer=customer, update_mask=FieldMask(paths=paths))


def test_replaces_all_that_can_change_by_an_asterisk() -> None:
    patch = from_wire_patch(_update("*"))
    assert patch.display_name == "Hanchuan"
    assert patch.tax_number == ""
    assert patch.cleared == {"parent", "service_end_date"}


def test_needs_for_a_replacement_what_no_customer_is_without() -> None:
    request = _update("*")
    request.customer.ClearField("customer_class")
    with pytest.raises(InvalidInput, match="customer_class: is in the mask and unset"):
        from_wire_patch(request)


@pytest.mark.parametrize("path", ["name", "etag", "create_time", "nope", "displayName"])
def test_names_what_can_change_instead(path: str) -> None:
    with pytest.raises(InvalidInput, match=f"{path} cannot be changed; display_name"):
        from_wire_patch(_update(path))


def test_changes_what_is_set_without_a_mask() -> None:
    patch = from_wire_patch(_update(tax_number="91A"))
    assert (patch.tax_number, patch.registry_account) == ("91A", None)
    assert not patch.cleared

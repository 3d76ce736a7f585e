"""Customers on the wire."""

from datetime import date

from tanheng.billing.v1 import customer_service_pb2 as wire
from tanheng.common.v1 import common_pb2

from services.billing.domain.customer import Customer, CustomerFacts, CustomerKind
from services.billing.domain.customer_patch import CustomerPatch
from services.kernel.identifiers import CustomerName
from services.kernel.service import CustomerClass
from services.wire.dates import (
    from_wire_date,
    from_wire_optional_date,
    to_wire_date,
    to_wire_time,
)
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.refusal import refused

_PATCHABLE = (
    "display_name",
    "customer_class",
    "kind",
    "parent",
    "tax_number",
    "registry_account",
    "service_start_date",
    "service_end_date",
)
_OPTIONAL = frozenset({"parent", "service_end_date"})
_FORGETTABLE = frozenset({"tax_number", "registry_account", "kind"})


def from_wire_facts(customer: wire.Customer) -> CustomerFacts:
    """Read what is said of a new customer.

    Raises:
        InvalidInput: a field is missing or wrong.
    """
    if not customer.HasField("service_start_date"):
        raise refused("customer.service_start_date", "is required; say the first day served")
    return CustomerFacts(
        display_name=customer.display_name,
        kind=_kind(customer),
        service_start_date=from_wire_date(
            customer.service_start_date, "customer.service_start_date"
        ),
        service_end_date=from_wire_optional_date(customer, "service_end_date"),
        parent=CustomerName(customer.parent) if customer.parent else None,
        tax_number=customer.tax_number,
        registry_account=customer.registry_account,
    )


def from_wire_class(value: int, field: str = "customer.customer_class") -> CustomerClass:
    """Read a class.

    Raises:
        InvalidInput: it is not said.
    """
    return from_wire_enum(CustomerClass, value, common_pb2.CustomerClass, field)


def from_wire_patch(request: wire.UpdateCustomerRequest) -> CustomerPatch:
    """Read what is to change: the fields of the mask, or without a mask those that are set.

    The mask ``*`` names every field that can change.

    Raises:
        InvalidInput: a field cannot be changed, or its value is wrong.
    """
    customer = request.customer
    asked = list(request.update_mask.paths)
    fields = asked or [f for f in _PATCHABLE if _is_set(customer, f)]
    fields = list(_PATCHABLE) if asked == ["*"] else fields
    for field in fields:
        if field not in _PATCHABLE:
            raise refused("update_mask", f"{field} cannot be changed; {', '.join(_PATCHABLE)} can")
    values = {field: _value(customer, field) for field in fields if _is_set(customer, field)}
    cleared = frozenset(field for field in fields if not _is_set(customer, field))
    missing = cleared - _OPTIONAL - _FORGETTABLE
    if missing:
        field = f"customer.{min(missing)}"
        raise refused(field, "is in the mask and unset; give its new value")
    texts = dict.fromkeys(cleared & {"tax_number", "registry_account"}, "")
    kinds = {"kind": CustomerKind.UNSPECIFIED} if "kind" in cleared else {}
    return CustomerPatch(cleared=cleared & _OPTIONAL, **values, **texts, **kinds)  # type: ignore[arg-type]


def to_wire_customer(customer: Customer, *, today: date) -> wire.Customer:
    """Write a customer with its class of a day."""
    facts = customer.facts
    end = facts.service_end_date
    return wire.Customer(
        name=customer.name,
        display_name=facts.display_name,
        customer_class=_wire_class(customer.class_on(today)),
        kind=to_wire_enum(facts.kind, wire.CustomerKind),
        parent=facts.parent or "",
        tax_number=facts.tax_number,
        registry_account=facts.registry_account,
        service_start_date=to_wire_date(facts.service_start_date),
        service_end_date=None if end is None else to_wire_date(end),
        etag=customer.etag,
        create_time=to_wire_time(customer.created_at),
        update_time=to_wire_time(customer.updated_at),
        class_history=[
            wire.CustomerClassChange(
                customer_class=_wire_class(change.customer_class),
                effective_date=to_wire_date(change.effective_date),
            )
            for change in customer.class_changes
        ],
    )


def _wire_class(customer_class: CustomerClass) -> common_pb2.CustomerClass.ValueType:
    return to_wire_enum(customer_class, common_pb2.CustomerClass)


def _kind(customer: wire.Customer) -> CustomerKind:
    return from_wire_enum(CustomerKind, customer.kind, wire.CustomerKind, "customer.kind")


def _is_set(customer: wire.Customer, field: str) -> bool:
    if field in {"service_start_date", "service_end_date"}:
        return customer.HasField(field)  # type: ignore[arg-type]
    return bool(getattr(customer, field))


def _value(customer: wire.Customer, field: str) -> object:
    if field in {"service_start_date", "service_end_date"}:
        return from_wire_date(getattr(customer, field), f"customer.{field}")
    if field == "customer_class":
        return from_wire_class(customer.customer_class)
    return _kind(customer) if field == "kind" else getattr(customer, field)

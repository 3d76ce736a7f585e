"""Customers and the history of their class."""

from datetime import date

import pytest

from services.billing.domain.customer import ClassChange, CustomerFacts, CustomerKind
from services.billing.domain.customer_patch import CustomerPatch
from services.kernel.errors import EtagChanged, InvalidInput
from services.kernel.period import Period
from services.kernel.service import CustomerClass
from tests.builders.billing import NOON, YEAR, a_customer

JULY = date(2025, 7, 1)


def test_a_class_holds_from_its_day_on() -> None:
    change = ClassChange(JULY, CustomerClass.EXTERNAL)
    before = a_customer()
    customer = before.changed(facts=before.facts, class_change=change, etag="1", time=NOON)
    assert customer.classes_within(YEAR) == (
        (Period(date(2025, 1, 1), JULY), CustomerClass.INTERNAL),
        (Period(JULY, date(2026, 1, 1)), CustomerClass.EXTERNAL),
    )


def test_a_class_of_the_same_day_is_replaced() -> None:
    customer = a_customer()
    for each in (CustomerClass.EXTERNAL, CustomerClass.INTERNAL):
        change = ClassChange(JULY, each)
        customer = customer.changed(
            facts=customer.facts, class_change=change, etag=customer.etag, time=NOON
        )
    assert customer.class_on(JULY) is CustomerClass.INTERNAL
    assert len(customer.class_changes) == 2


def test_the_first_class_also_holds_before_it() -> None:
    assert a_customer().class_on(date(2020, 1, 1)) is CustomerClass.INTERNAL


def test_a_change_on_an_old_reading_is_refused() -> None:
    customer = a_customer()
    with pytest.raises(EtagChanged, match="read it again"):
        customer.changed(facts=customer.facts, class_change=None, etag="7", time=NOON)


def test_days_served_end_before_the_end_date() -> None:
    customer = a_customer(start=date(2025, 3, 10), end=date(2025, 9, 1))
    assert customer.served_within(YEAR) == Period(date(2025, 3, 10), date(2025, 9, 1))
    assert customer.served_within(Period(date(2025, 9, 1), date(2025, 10, 1))) is None


def test_nobody_leaves_before_they_join() -> None:
    with pytest.raises(InvalidInput, match="service_end_date"):
        CustomerFacts(
            display_name="Plant",
            kind=CustomerKind.GAS,
            service_start_date=JULY,
            service_end_date=JULY,
        )


def test_a_patch_changes_what_it_names_and_forgets_what_it_clears() -> None:
    facts = a_customer(end=JULY).facts
    patch = CustomerPatch(display_name="New name", cleared=frozenset({"service_end_date"}))
    changed = patch.applied_to(facts)
    assert (changed.display_name, changed.service_end_date) == ("New name", None)
    assert changed.kind is facts.kind

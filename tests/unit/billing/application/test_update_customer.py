"""CreateCustomer and UpdateCustomer."""

from datetime import date

import pytest

from services.billing.application.create_customer import CreateCustomer
from services.billing.application.update_customer import UpdateCustomer
from services.billing.domain.customer import Customer
from services.billing.domain.customer_patch import CustomerPatch
from services.kernel.errors import AlreadyExists, InvalidInput, NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month
from services.kernel.service import CustomerClass
from tests.builders.billing import HANCHUAN, a_customer
from tests.fakes.billing import FakeBooks, FakeCustomers, StoppedClock, no_transaction

EXTERNAL = CustomerPatch(customer_class=CustomerClass.EXTERNAL)


def update(
    patch: CustomerPatch, *, day: date | None = None, first_open: Month | None = None
) -> Customer:
    verb = UpdateCustomer(
        unit_of_work=no_transaction,
        customers=FakeCustomers.of(a_customer()),
        books=FakeBooks(first_open),
        clock=StoppedClock(),
    )
    return verb(name=HANCHUAN, patch=patch, class_effective_date=day, etag="1")


def test_a_new_class_holds_from_the_first_open_month() -> None:
    customer = update(EXTERNAL, first_open=Month(2025, 4))
    assert customer.class_changes[-1].effective_date == date(2025, 4, 1)


def test_a_new_class_holds_from_the_first_day_served_before_the_books_open() -> None:
    customer = update(EXTERNAL)
    assert [change.customer_class for change in customer.class_changes] == ["EXTERNAL"]


def test_a_new_class_holds_from_the_day_that_is_given() -> None:
    customer = update(EXTERNAL, day=date(2025, 7, 1), first_open=Month(2025, 4))
    assert customer.class_changes[-1].effective_date == date(2025, 7, 1)


def test_a_change_is_seen_in_the_etag() -> None:
    assert update(CustomerPatch(display_name="New name")).etag == "2"


def test_a_parent_must_exist_and_be_another() -> None:
    with pytest.raises(NotFound):
        update(CustomerPatch(parent=CustomerName("customers/nobody")))
    with pytest.raises(InvalidInput, match="itself"):
        update(CustomerPatch(parent=HANCHUAN))


def test_a_name_is_taken_once() -> None:
    customers = FakeCustomers.of(a_customer())
    verb = CreateCustomer(unit_of_work=no_transaction, customers=customers, clock=StoppedClock())
    with pytest.raises(AlreadyExists):
        verb(name=HANCHUAN, facts=a_customer().facts, customer_class=CustomerClass.INTERNAL)

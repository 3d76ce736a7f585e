"""Customers in PostgreSQL."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.billing.application.ports import CustomerFilter
from services.billing.domain.customer import Customer
from services.billing.persistence.mapping import (
    from_customer_row,
    to_class_rows,
    to_customer_row,
)
from services.billing.persistence.tables import CUSTOMER_CLASSES, CUSTOMERS, INVOICES, any_of
from services.kernel.identifiers import CustomerName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.runtime.unit_of_work import current_connection

_CLASSES = CUSTOMER_CLASSES.c


class PostgresCustomers:
    """Reads, locks and writes customers on the current connection."""

    def add(self, customer: Customer) -> bool:
        """Write a new customer; False when the name is taken."""
        statement = (
            insert(CUSTOMERS)
            .values(to_customer_row(customer))
            .on_conflict_do_nothing()
            .returning(CUSTOMERS.c.name)
        )
        if current_connection().execute(statement).first() is None:
            return False
        current_connection().execute(insert(CUSTOMER_CLASSES), to_class_rows(customer))
        return True

    def find(self, name: CustomerName) -> Customer | None:
        """Read one."""
        return _one(select(CUSTOMERS).where(CUSTOMERS.c.name == name))

    def lock(self, name: CustomerName) -> Customer | None:
        """Lock and read one, until the transaction ends."""
        return _one(select(CUSTOMERS).where(CUSTOMERS.c.name == name).with_for_update())

    def save(self, customer: Customer) -> None:
        """Write the new facts and classes; a class of the same day is replaced."""
        current_connection().execute(
            update(CUSTOMERS)
            .where(CUSTOMERS.c.name == customer.name)
            .values(to_customer_row(customer))
        )
        classes = insert(CUSTOMER_CLASSES).values(to_class_rows(customer))
        current_connection().execute(
            classes.on_conflict_do_update(
                index_elements=[_CLASSES.customer, _CLASSES.effective_date],
                set_={"customer_class": classes.excluded.customer_class},
            )
        )

    def list_customers(self, which: CustomerFilter, page: PageRequest) -> Page[Customer]:
        """Read a page, by name."""
        statement = select(CUSTOMERS).order_by(CUSTOMERS.c.name).limit(page.size + 1)
        if page.after is not None:
            statement = statement.where(CUSTOMERS.c.name > page.after[0])
        if which.parent is not None:
            statement = statement.where(CUSTOMERS.c.parent == which.parent)
        if which.customer_class is not None:
            statement = statement.where(_class_on(which.day) == which.customer_class.value)
        found = _all(statement)
        more = len(found) > page.size
        items = found[: page.size]
        return Page(items, (items[-1].name,) if more else None)

    def read_all(self, names: Sequence[CustomerName]) -> tuple[Customer, ...]:
        """Read several, by name; those that do not exist are left out."""
        statement = select(CUSTOMERS).where(CUSTOMERS.c.name == any_of(names))
        return _all(statement.order_by(CUSTOMERS.c.name))

    def anybody_served(self, period: Period) -> bool:
        """Tell whether anybody was served on some day of a period."""
        ends = CUSTOMERS.c.service_end_date
        served = CUSTOMERS.c.service_start_date < period.end
        statement = select(CUSTOMERS.c.name).where(served, ends.is_(None) | (ends > period.start))
        return current_connection().execute(statement.limit(1)).first() is not None

    def joined_before(self, day: date) -> tuple[CustomerName, ...]:
        """Name every customer whose service started before a day, in order."""
        joined = CUSTOMERS.c.service_start_date < day
        statement = select(CUSTOMERS.c.name).where(joined).order_by(CUSTOMERS.c.name)
        return tuple(map(CustomerName, current_connection().execute(statement).scalars()))

    def to_bill(self, *, before: date) -> tuple[CustomerName, ...]:
        """Name those who joined before a day, and those who were ever billed, in order."""
        joined = CUSTOMERS.c.service_start_date < before
        issued = INVOICES.c.state.in_(("ISSUED", "PAID"))
        billed = exists().where(INVOICES.c.customer == CUSTOMERS.c.name, issued)
        statement = select(CUSTOMERS.c.name).where(joined | billed).order_by(CUSTOMERS.c.name)
        return tuple(map(CustomerName, current_connection().execute(statement).scalars()))


def _class_on(day: date) -> ColumnElement[str]:
    """Find the class of a day: the last before it, else the first of all."""
    mine = select(_CLASSES.customer_class).where(_CLASSES.customer == CUSTOMERS.c.name).limit(1)
    held = mine.where(_CLASSES.effective_date <= day).order_by(_CLASSES.effective_date.desc())
    first = mine.order_by(_CLASSES.effective_date)
    return func.coalesce(held.scalar_subquery(), first.scalar_subquery())


def _one(statement: Select[*tuple[object, ...]]) -> Customer | None:
    found = _all(statement)
    return found[0] if found else None


def _all(statement: Select[*tuple[object, ...]]) -> tuple[Customer, ...]:
    rows = current_connection().execute(statement).mappings().all()
    names = [row["name"] for row in rows]
    classes = select(CUSTOMER_CLASSES).where(_CLASSES.customer == any_of(names))
    ordered = classes.order_by(_CLASSES.customer, _CLASSES.effective_date)
    found = current_connection().execute(ordered).mappings().all() if names else []
    by_customer: dict[str, list[RowMapping]] = {
        name: list(group) for name, group in groupby(found, key=lambda row: row["customer"])
    }
    return tuple(from_customer_row(row, by_customer[row["name"]]) for row in rows)

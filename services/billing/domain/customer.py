"""Customers, and the dated history of the class that each is in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from services.kernel.errors import EtagChanged, FieldViolation, InvalidInput
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period
from services.kernel.service import CustomerClass


class CustomerKind(StrEnum):
    """What kind of installation or company a customer is."""

    UNSPECIFIED = "UNSPECIFIED"
    THERMAL = "THERMAL"
    GAS = "GAS"
    OFFSHORE_WIND = "OFFSHORE_WIND"
    SOLAR_THERMAL = "SOLAR_THERMAL"
    ONSHORE_WIND = "ONSHORE_WIND"
    PHOTOVOLTAIC = "PHOTOVOLTAIC"
    HYDRO = "HYDRO"
    INDUSTRIAL = "INDUSTRIAL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, order=True)
class ClassChange:
    """A customer is in a class from a day on, until a later change."""

    effective_date: date
    customer_class: CustomerClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """What is said of a customer, apart from its class."""

    display_name: str
    kind: CustomerKind
    service_start_date: date
    service_end_date: date | None = None
    parent: CustomerName | None = None
    tax_number: str = ""
    registry_account: str = ""

    def __post_init__(self) -> None:
        """Refuse a customer without a name for people, or one that leaves before it joins."""
        if not self.display_name.strip():
            raise _refused("display_name", "is empty; say what people call the customer")
        end = self.service_end_date
        if end is not None and end <= self.service_start_date:
            start = self.service_start_date
            raise _refused("service_end_date", f"is {end}; it must be after {start}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A plant or an outside company that is served.

    ``class_changes`` are in order of date; the first class also holds on every day before.
    """

    name: CustomerName
    facts: CustomerFacts
    class_changes: tuple[ClassChange, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Changes with every change."""
        return str(self.version)

    def class_on(self, day: date) -> CustomerClass:
        """Find the class on a day."""
        held = [change for change in self.class_changes if change.effective_date <= day]
        return (held[-1] if held else self.class_changes[0]).customer_class

    def served_within(self, span: Period) -> Period | None:
        """Cut a span of days to those served; None when there are none."""
        start = max(self.facts.service_start_date, span.start)
        end = span.end
        if self.facts.service_end_date is not None:
            end = min(end, self.facts.service_end_date)
        return Period(start, end) if start < end else None

    def classes_within(self, span: Period) -> tuple[tuple[Period, CustomerClass], ...]:
        """Cut a span of days by class, in order."""
        turns = [c.effective_date for c in self.class_changes[1:] if c.effective_date in span]
        cuts = sorted({span.start, *turns, span.end})
        return tuple((Period(start, end), self.class_on(start)) for start, end in pairwise(cuts))

    def changed(
        self, *, facts: CustomerFacts, class_change: ClassChange | None, etag: str, time: datetime
    ) -> "Customer":
        """Take new facts and, from a day on, a new class. An empty etag asks for no check.

        Raises:
            EtagChanged: the etag given is not the current one.
        """
        if etag and etag != self.etag:
            raise EtagChanged(resource=self.name, given=etag, current=self.etag)
        changes = self.class_changes
        if class_change is not None:
            changes = _with_change(changes, class_change)
        return replace(
            self,
            facts=facts,
            class_changes=changes,
            version=self.version + 1,
            updated_at=time,
        )


def refuse_own_parent(name: CustomerName, facts: CustomerFacts) -> None:
    """Refuse a customer that belongs to itself.

    Raises:
        InvalidInput: naming the parent.
    """
    if facts.parent == name:
        raise _refused("parent", f"is {name} itself; name the customer that it belongs to")


def _with_change(changes: Sequence[ClassChange], new: ClassChange) -> tuple[ClassChange, ...]:
    """Put a change into the history; one of the same day is replaced."""
    others = [change for change in changes if change.effective_date != new.effective_date]
    return tuple(sorted([*others, new]))


def _refused(field: str, description: str) -> InvalidInput:
    return InvalidInput(f"{field} {description}", violations=(FieldViolation(field, description),))

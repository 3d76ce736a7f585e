"""Stand-ins for what billing needs from outside, in memory."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime

from services.billing.application.ports import CustomerFilter, TariffRequest
from services.billing.domain.asset_scale import AssetScale
from services.billing.domain.customer import Customer
from services.billing.domain.tariff import Tariff, TariffSegment
from services.kernel.identifiers import CustomerName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month, Period
from services.kernel.service import Service
from tests.builders.billing import NOON


def no_transaction() -> AbstractContextManager[None]:
    """A unit of work that keeps everything."""
    return nullcontext()


@dataclass
class StoppedClock:
    """A clock that stands still."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """Tell the same moment."""
        return self.moment


@dataclass
class FakeCustomers:
    """Customers in a dictionary."""

    kept: dict[CustomerName, Customer] = field(default_factory=dict)

    @classmethod
    def of(cls, *customers: Customer) -> "FakeCustomers":
        """Begin with some."""
        return cls({customer.name: customer for customer in customers})

    def add(self, customer: Customer) -> bool:
        """Keep a new one."""
        if customer.name in self.kept:
            return False
        self.kept[customer.name] = customer
        return True

    def find(self, name: CustomerName) -> Customer | None:
        """Read one."""
        return self.kept.get(name)

    def lock(self, name: CustomerName) -> Customer | None:
        """Read one."""
        return self.kept.get(name)

    def save(self, customer: Customer) -> None:
        """Keep a changed one."""
        self.kept[customer.name] = customer

    def list_customers(self, which: CustomerFilter, page: PageRequest) -> Page[Customer]:
        """Read all that fit."""
        found = [
            each
            for each in self.read_all(list(self.kept))
            if which.customer_class in {None, each.class_on(which.day)}
            and which.parent in {None, each.facts.parent}
        ]
        return Page(tuple(found[: page.size]))

    def read_all(self, names: Sequence[CustomerName]) -> tuple[Customer, ...]:
        """Read several, by name."""
        return tuple(self.kept[name] for name in sorted(names) if name in self.kept)

    def anybody_served(self, period: Period) -> bool:
        """Tell whether anybody was."""
        return any(each.served_within(period) for each in self.kept.values())

    def joined_before(self, day: date) -> tuple[CustomerName, ...]:
        """Name those who had."""
        joined = [c.name for c in self.kept.values() if c.facts.service_start_date < day]
        return tuple(sorted(joined))

    def to_bill(self, *, before: date) -> tuple[CustomerName, ...]:
        """Name those who had; nobody was billed."""
        return self.joined_before(before)


@dataclass
class FakeAssetScales:
    """Every version of every scale in a list."""

    kept: list[AssetScale] = field(default_factory=list)

    def add_all(self, scales: Sequence[AssetScale]) -> None:
        """Keep new versions."""
        self.kept += scales

    def latest(
        self, customers: Sequence[CustomerName], *, years: Sequence[int]
    ) -> Mapping[tuple[CustomerName, int], AssetScale]:
        """Find the latest of each customer and year."""
        return {
            (each.statement.customer, each.statement.year): each
            for each in sorted(self.kept, key=lambda scale: scale.version)
            if each.statement.customer in customers and each.statement.year in years
        }

    def lock(self, customers: Sequence[CustomerName]) -> None:
        """Nobody else is there."""

    def list_scales(
        self, *, customer: CustomerName | None, year: int | None, page: PageRequest
    ) -> Page[AssetScale]:
        """Read all that fit."""
        found = [
            each
            for each in self.kept
            if customer in {None, each.statement.customer} and year in {None, each.statement.year}
        ]
        return Page(tuple(found[: page.size]))


@dataclass
class FakeBooks:
    """Books that are open from a month on, or not at all."""

    first: Month | None = None

    def first_month(self) -> Month | None:
        """Name it."""
        return self.first

    def first_open_month(self) -> Month | None:
        """Name it."""
        return self.first

    def keep_open(self, month: Month) -> None:
        """Every month is."""


@dataclass
class FakeTariffs:
    """One tariff of daily management for everybody, over some days."""

    tariff: Tariff
    days: Period

    def __call__(
        self, *, requests: Sequence[TariffRequest]
    ) -> Mapping[TariffRequest, tuple[TariffSegment, ...]]:
        """Answer with what of the days is asked for."""
        return {request: tuple(self._pieces(request)) for request in requests}

    def _pieces(self, request: TariffRequest) -> list[TariffSegment]:
        days = request.period.intersect(self.days)
        if days is None or request.service is not Service.DAILY_MANAGEMENT:
            return []
        return [TariffSegment(days, request.customer_class, self.tariff)]

"""What the preview of a price change needs of billing and settlement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from services.kernel.money import Money
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.price_change import BilledCustomer
from services.pricing.domain.rate_card import TariffSegment


class BilledCustomers(Protocol):
    """The customers of a class: answered by billing, their trades by settlement."""

    def __call__(
        self, *, customer_class: CustomerClass, service: Service, span: Period, scale_year: int
    ) -> Sequence[BilledCustomer]:
        """Read those served in the class on some day of a span, by name.

        With their scale of a year, and what the service counts of the tonnes that they traded in
        the twelve months before that of the span's first day.
        """
        ...


class ManagementFees(Protocol):
    """The arithmetic of bills: answered by billing."""

    def of_days(self, segments: Sequence[TariffSegment], *, scale: Decimal, year: int) -> Money:
        """Charge days of a year by what is in force, without tax; days without a tariff nothing."""
        ...

    def of_year(self, revision: FeeScheduleRevision, *, scale: Decimal, year: int) -> Money:
        """Charge a full year by one revision, without tax."""
        ...

    def of_traded(self, revision: FeeScheduleRevision | None, *, tonnes: int) -> Money:
        """Charge traded tonnes by one revision, without tax; by none, nothing."""
        ...

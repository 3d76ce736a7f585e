"""TradedTonnes: tell billing how many tonnes were traded for some customers in some months."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.kernel.identifiers import CustomerName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import Allocations


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedTonnes:
    """Adds up allocated tonnes of either side, internal transfers too, by allocation month.

    By customer, month and kind of instrument, since services differ in what they deal in.

    Months without any are left out. A correction that takes tonnes back counts negative.
    """

    unit_of_work: UnitOfWork
    allocations: Allocations

    def __call__(
        self, *, customers: Collection[CustomerName], months: Collection[Month]
    ) -> Mapping[tuple[CustomerName, Month, InstrumentKind], int]:
        """Add them up, in one read."""
        with self.unit_of_work():
            return self.allocations.traded_tonnes(customers, months=months)

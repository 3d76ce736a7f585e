"""TradedTonnes: tell billing how many tonnes were traded for each customer in a month."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.identifiers import CustomerName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import Allocations


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedTonnes:
    """Adds up allocated tonnes of either side, internal transfers too, by allocation month.

    By customer and kind of instrument, since services differ in what they deal in.

    Customers without any are left out. A correction that takes tonnes back counts negative.
    """

    unit_of_work: UnitOfWork
    allocations: Allocations

    def __call__(self, *, month: Month) -> Mapping[tuple[CustomerName, InstrumentKind], int]:
        """Add up a month."""
        with self.unit_of_work():
            return self.allocations.traded_tonnes(month)

"""Figures of closed months as other rooms give them, each by the month that it belongs to."""

from dataclasses import dataclass
from decimal import Decimal

from services.kernel.identifiers import ContractName, CustomerName, PriceSeriesName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import Money, sum_money, zero
from services.kernel.period import Month, Period

NOTHING = zero()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What of a contract a margin is split by. ``executed``: held against its own trades."""

    name: ContractName
    customer: CustomerName
    side: GuaranteeSide
    instrument_kind: InstrumentKind
    delivery_window: Period
    executed: bool
    tax_inclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMonth:
    """What one month of origin moved for one contract, as posted in months that are closed.

    ``promised`` is the promised price times the tonnes, exact. ``gain`` is before share and
    relief; a loss is negative. ``fees`` are those that the contract counts within the gain. ``tax``
    is what of the house's part is not its own, where a contract's figures hold VAT.
    """

    contract: ContractName
    month: Month
    tonnes: int
    promised: Decimal
    gain: Money
    share: Money
    relief: Money
    fees: Money
    sources: tuple[str, ...]
    tax: Money = NOTHING

    @property
    def house(self) -> Money:
        """What moved to the house."""
        return self.gain + self.relief - self.share

    @property
    def profit(self) -> Money:
        """What the books have as its result: without tax."""
        return self.house - self.tax


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One amount of one month, and where it was read."""

    month: Month
    amount: Money
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedFigures:
    """Everything that is measured, through the last month of a cycle."""

    contracts: tuple[ContractTerms, ...]
    contract_months: tuple[ContractMonth, ...]
    fee_income: tuple[MonthFigure, ...]
    provisions: tuple[MonthFigure, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """Which average price is asked for: a contract's window, through the end of a month."""

    contract: ContractName
    series: PriceSeriesName
    kind: str
    period: Period


@dataclass(frozen=True, slots=True)
class BenchmarkPrice:
    """The answer: the average in CNY per tonne, or None; and whether every price is final."""

    average: Decimal | None
    final: bool
    source: str


def total_of(figures: tuple[MonthFigure, ...], months: frozenset[Month]) -> Money:
    """Add up the figures of some months."""
    return sum_money((f.amount for f in figures if f.month in months), zero().currency.code)

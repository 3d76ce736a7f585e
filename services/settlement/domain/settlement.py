"""A settlement: what one contract owes or is owed in a run, by month of origin.

For each month of origin: what the month moves, recomputed now, less what is posted of it. So the
months sum exactly to the figure to date, a repeat owes nothing, and what comes late corrects
itself, named by the month it belongs to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from services.kernel.identifiers import ContractName, CustomerName, RunName, SettlementName, id_of
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Month
from services.kernel.tax import taxed
from services.settlement.domain.guarantee import (
    NOTHING,
    Figure,
    GuaranteeTerms,
    MonthOfOrigin,
    figures_to_date,
)


@dataclass(frozen=True, slots=True)
class Taxation:
    """How rows are taxed: the rate, and whether figures include the tax. None: out of scope."""

    rate: Decimal
    inclusive: bool


class SettlementRow(NamedTuple):
    """One month of origin in a settlement. Money in fen; ``net + tax == gross``.

    Above zero the customer owes the house. ``net`` of the gain and of the share are apart, since
    each is taxed and rounded by itself.
    """

    origin: Month
    moved: Figure
    gain_net: int
    share_net: int
    tax: int

    @property
    def net(self) -> int:
        """What moves to the house without tax."""
        return self.gain_net - self.share_net

    @property
    def gross(self) -> int:
        """What is owed, with tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One contract in a run: its figure to date, its rows, and the inputs they came from, frozen.

    ``custody`` counts, per instrument code, the tonnes that come into custody with this run.
    """

    run: RunName
    month: Month
    contract: ContractName
    customer: CustomerName
    figure: Figure
    rows: tuple[SettlementRow, ...]
    inputs: str
    custody: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> SettlementName:
        """Its resource name, made of the run's and the contract's."""
        return SettlementName(f"settlements/{id_of(self.run)}-{id_of(self.contract)}")


def settled_months(
    *,
    deliveries: Mapping[Month, MonthOfOrigin],
    posted: Mapping[Month, Figure],
    maturity: Month,
    current: Month,
) -> list[MonthOfOrigin]:
    """Line up the months that can move: delivered, posted, that of maturity, the current one."""
    months = {current, *deliveries, *posted}
    if maturity <= current:
        months.add(maturity)
    return [deliveries.get(month) or MonthOfOrigin(month, ()) for month in sorted(months)]


def moves(figures: Sequence[Figure]) -> list[Figure]:
    """Take each figure less the one before."""
    return [now.less(before) for now, before in zip(figures, (NOTHING, *figures), strict=False)]


def settle(
    terms: GuaranteeTerms,
    *,
    months: Sequence[MonthOfOrigin],
    posted: Mapping[Month, Figure],
    taxation: Taxation | None,
) -> tuple[Figure, tuple[SettlementRow, ...]]:
    """Compute the figure to date and the rows.

    ``months`` are in order and end with the current one. A row that moves nothing is left
    out, unless it is the current month's.
    """
    figures = figures_to_date(terms, months)
    current = months[-1].month
    rows: list[SettlementRow] = []
    for origin, moved in zip(months, moves(figures), strict=True):
        row = moved.less(posted.get(origin.month, NOTHING))
        if row != NOTHING or origin.month == current:
            rows.append(row_of(origin.month, row, taxation))
    return figures[-1], tuple(rows)


def row_of(origin: Month, moved: Figure, taxation: Taxation | None) -> SettlementRow:
    """Tax what a month moves: the gain after relief, and the share, each rounded by itself."""
    if taxation is None:
        return SettlementRow(origin, moved, moved.gain + moved.relief, moved.share, 0)
    gain = taxed(
        from_minor(moved.gain + moved.relief), rate=taxation.rate, inclusive=taxation.inclusive
    )
    share = taxed(from_minor(moved.share), rate=taxation.rate, inclusive=taxation.inclusive)
    return SettlementRow(
        origin, moved, to_minor(gain.net), to_minor(share.net), to_minor(gain.tax - share.tax)
    )

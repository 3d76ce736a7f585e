"""An allocation: the part of a trade, in tonnes and money, that belongs to one owner.

Owners are contracts, customers without a contract, and the company's own pool. Amounts are whole
fen (1/100 CNY) here: a month has a hundred thousand of them, and they are only split and added.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.instrument import Instrument
from services.kernel.money import to_minor
from services.kernel.period import Month
from services.settlement.domain.trade import Leg, Trade, TradeSide


@dataclass(frozen=True, slots=True)
class Figures:
    """Tonnes, and fen paid or received for them, and fen of fees."""

    tonnes: int
    amount_fen: int
    fees_fen: int

    def __add__(self, other: "Figures") -> "Figures":
        """Add each."""
        return Figures(
            self.tonnes + other.tonnes,
            self.amount_fen + other.amount_fen,
            self.fees_fen + other.fees_fen,
        )

    def __sub__(self, other: "Figures") -> "Figures":
        """Subtract each."""
        return Figures(
            self.tonnes - other.tonnes,
            self.amount_fen - other.amount_fen,
            self.fees_fen - other.fees_fen,
        )

    def __bool__(self) -> bool:
        """Tell whether anything is there."""
        return bool(self.tonnes or self.amount_fen or self.fees_fen)


NOTHING = Figures(0, 0, 0)


class BookedVersion(NamedTuple):
    """What an allocation needs of one version of a trade; a month has a hundred thousand."""

    name: TradeName
    trade_date: date
    instrument: Instrument
    side: TradeSide | None
    tax_inclusive: bool
    legs: tuple[Leg, ...]
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTrade:
    """A trade of the month to allocate.

    ``frozen`` is the version that earlier, closed months have allocated, ``frozen_in`` are the
    months that gave its tonnes; None: it is new.
    """

    trade: BookedVersion
    frozen: BookedVersion | None = None
    frozen_in: frozenset[Month] = frozenset()


class Owner(NamedTuple):
    """Whom a part belongs to. Neither contract nor customer: the company's own pool."""

    contract: ContractName | None = None
    customer: CustomerName | None = None

    @property
    def order(self) -> tuple[bool, bool, str, str]:
        """Contracts come by name, then customers without one, the pool last."""
        pool = self.contract is None and self.customer is None
        return (pool, self.contract is None, self.contract or "", self.customer or "")


POOL = Owner()


class Bundle(NamedTuple):
    """What is split as one: the pool trades of a day, instrument and side, or one side of a trade.

    ``trade`` names an earmarked trade or an internal transfer, which nobody shares. Trades with and
    without tax are never averaged together.
    """

    trade_date: date
    instrument: Instrument
    side: TradeSide
    tax_inclusive: bool
    trade: TradeName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """One owner's part of a bundle.

    ``figures`` are in the trades' own tax basis, ``contract_figures`` in that of the contract.
    ``is_correction``: it changes what a closed month had allocated.
    """

    booking_month: Month
    bundle: Bundle
    owner: Owner
    figures: Figures
    contract_figures: Figures
    is_correction: bool = False

    @property
    def name(self) -> str:
        """Derived from what is allocated, to whom and when: the same part has the same name."""
        bundle = self.bundle
        key = "|".join(
            (
                bundle.trade_date.isoformat(),
                bundle.instrument.code,
                bundle.side,
                str(bundle.tax_inclusive),
                bundle.trade or "",
                self.owner.contract or "",
                self.owner.customer or "",
                str(self.is_correction),
            )
        )
        return f"allocations/{self.booking_month}-{hashlib.sha256(key.encode()).hexdigest()[:20]}"

    @property
    def origin_month(self) -> Month:
        """The month of the trade date."""
        return Month.of(self.bundle.trade_date)


def booked_version(trade: Trade) -> BookedVersion:
    """Take from a version of a trade what an allocation needs."""
    return BookedVersion(
        trade.name,
        trade.trade_date,
        trade.instrument,
        trade.side,
        trade.tax_inclusive,
        trade.legs(),
        Figures(trade.tonnes, to_minor(trade.amount), to_minor(trade.fees)),
    )


FrozenParts = Mapping[Bundle, Sequence[Allocation]]
"""What closed months allocated of some bundles: what they gave, and how they corrected it."""

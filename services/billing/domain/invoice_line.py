"""One line of an invoice or a credit note, and what it counts as billed of."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.billing.domain.amounts import Amounts, Taxation
from services.kernel.explanation import Explanation
from services.kernel.period import Month, Period
from services.kernel.service import Service


class LineKind(StrEnum):
    """What a line is for."""

    MANAGEMENT_FEE = "MANAGEMENT_FEE"
    TRUE_UP = "TRUE_UP"
    TRADED_TONNES = "TRADED_TONNES"
    LISTED = "LISTED"


class ChargeKind(StrEnum):
    """What a segment is charged by: the scale of the assets, or the tonnes traded."""

    SCALE = "SCALE"
    TRADED = "TRADED"


@dataclass(frozen=True, slots=True)
class BilledKey:
    """What "billed" is counted by: service, charge, service year, and segment of the year."""

    service: Service
    charge: ChargeKind
    service_year: int
    segment_key: str


@dataclass(frozen=True, slots=True)
class LinePart:
    """The part of a line that counts as billed of one segment, in the tariff's own basis."""

    key: BilledKey
    own_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line. Negative amounts give back; ``parts`` sum to the amount in the own basis.

    ``scale_version`` is the statement of scale that was charged on (0: none).
    """

    kind: LineKind
    service: Service
    description: str
    quantity_tonnes: Decimal | None
    unit_price: Decimal | None
    taxation: Taxation
    amounts: Amounts
    service_period: Period
    corrects_month: Month | None
    explanation: Explanation
    rule_version: str
    scale_version: int = 0
    parts: tuple[LinePart, ...] = ()

    @property
    def own_fen(self) -> int:
        """The amount in the tariff's own basis."""
        return self.taxation.own(self.amounts)

    @property
    def charges(self) -> bool:
        """Whether it charges, or nothing, and does not give back."""
        return self.amounts.net_fen >= 0


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed of a segment so far: issued lines, less credit notes that correct.

    ``scale_version`` is the latest statement of scale that any of it was charged on.
    """

    key: BilledKey
    own_fen: int
    taxation: Taxation
    scale_version: int

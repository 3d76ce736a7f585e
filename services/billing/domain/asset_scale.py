"""The tonnes that a management fee is charged on: statements by year, the latest of which counts.

A customer has one scale for a year. How its tonnes were found is stated with them, so a statement
on another basis supersedes like any other.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.billing.domain.fee_preview import check_scale
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.identifiers import CustomerName, id_of

EARLIEST_YEAR, LATEST_YEAR = 2013, 2100


class ScaleBasis(StrEnum):
    """How the tonnes of a scale were found."""

    ALLOCATED = "ALLOCATED"
    AVERAGE_BALANCE = "AVERAGE_BALANCE"
    CLOSING_BALANCE = "CLOSING_BALANCE"


class ScaleStatus(StrEnum):
    """Whether a scale is an estimate or the actual one."""

    ESTIMATED = "ESTIMATED"
    FINAL = "FINAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleStatement:
    """What is said of a customer's scale in a year, before it is recorded."""

    customer: CustomerName
    year: int
    basis: ScaleBasis
    tonnes: Decimal
    status: ScaleStatus
    source: str

    def __post_init__(self) -> None:
        """Refuse a year out of bounds, and tonnes that are negative or too fine."""
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            wrong = f"is {self.year}; it must be within {EARLIEST_YEAR} to {LATEST_YEAR}"
            raise InvalidInput(f"year {wrong}", violations=(FieldViolation("year", wrong),))
        check_scale(self.tonnes, field="tonnes")


@dataclass(frozen=True, slots=True)
class AssetScale:
    """A recorded statement. ``version`` counts those of the customer and year, from 1."""

    statement: ScaleStatement
    version: int
    recorded_at: datetime

    @property
    def name(self) -> str:
        """Its resource name."""
        customer = id_of(self.statement.customer)
        return f"customers/{customer}/assetScales/{self.statement.year}-{self.version}"

    @property
    def is_final(self) -> bool:
        """Tell whether it is the actual scale."""
        return self.statement.status is ScaleStatus.FINAL


def next_version(
    statement: ScaleStatement, *, latest: AssetScale | None, time: datetime
) -> AssetScale | None:
    """Make the next version; None when the latest says the same."""
    if latest is None:
        return AssetScale(statement, 1, time)
    if latest.statement == statement:
        return None
    return AssetScale(statement, latest.version + 1, time)

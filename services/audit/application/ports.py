"""What the verbs of the audit trail need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.audit.domain.chain import Head, Link, Seal
from services.audit.domain.record import AuditRecord, StoredRecord
from services.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records are asked for; what is None does not matter.

    Moments are half-open. ``resource`` is a full name, or a collection with a hyphen for its id.
    """

    written_from: datetime | None = None
    written_before: datetime | None = None
    principal: str | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record and its seal."""

    stored: StoredRecord
    seal: Seal


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Records without a seal, and the horizon that holds once all of them have one.

    Below a horizon (a number that transactions are given in order) every transaction has ended, so
    no record can appear there any more.
    """

    records: tuple[StoredRecord, ...]
    horizon: int


class AuditRecords(Protocol):
    """The records."""

    def add(self, record: AuditRecord) -> None:
        """Write a record in the transaction under way."""
        ...

    def list_sealed(self, which: RecordFilter, page: PageRequest) -> Page[SealedRecord]:
        """Read a page of sealed records by position."""
        ...


class Seals(Protocol):
    """The chain."""

    def lock(self) -> None:
        """Wait for any other sealer, and keep others out until the transaction ends."""
        ...

    def head(self) -> Head:
        """Read the end of the chain."""
        ...

    def unsealed(self, *, limit: int) -> Unsealed:
        """Read committed records without a seal, by number."""
        ...

    def add_all(self, seals: Sequence[Seal], *, horizon: int) -> None:
        """Write seals, and how far everything is sealed with them."""
        ...

    def horizon(self) -> int:
        """Read the mark below which every transaction has ended."""
        ...

    def stretch(
        self, *, written_from: datetime | None, written_before: datetime | None
    ) -> tuple[int, int] | None:
        """Find the first and last position of seals of a span of time; None when it is empty."""
        ...

    def head_at(self, position: int) -> Head:
        """Read what the seal after ``position`` is linked to."""
        ...

    def links(self, *, after: int, through: int, limit: int) -> tuple[Link, ...]:
        """Read seals with their records by position; missing positions are simply not there."""
        ...

    def first_unsealed(self, *, below: int) -> int | None:
        """Find the lowest number of a record without a seal, of transactions below a horizon."""
        ...

"""Double entry: postings that sum to nothing per book and unit, or no entry at all.

A posting has a signed whole quantity: positive is a debit, negative a credit. Its unit is a
currency ("CNY", the quantity in fen) or an instrument's code ("CEA-2024", in tonnes).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from services.kernel.identifiers import CustomerName, JournalEntryName, LedgerAccountName
from services.kernel.period import Month

REVERSAL = "reversal"


class Book(StrEnum):
    """COMPANY: the books of the carbon company. CUSTOMER: the mirror of every customer's side."""

    COMPANY = "COMPANY"
    CUSTOMER = "CUSTOMER"


class UnbalancedEntry(ValueError):
    """The postings of a book do not sum to zero in some unit: a fault of ours, not of a caller."""


class Posting(NamedTuple):
    """One leg of an entry. ``customer`` says whose balance moves; None for nobody's in particular.

    In an entry about one customer every leg should name it, so that revenue reads by customer.
    A named tuple, as a run posts a hundred thousand.
    """

    ledger_account: LedgerAccountName
    book: Book
    unit: str
    quantity: int
    customer: CustomerName | None = None

    def mirrored(self) -> "Posting":
        """The same leg with debit and credit exchanged."""
        return self._replace(quantity=-self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A balanced, immutable entry of one month's books.

    ``source`` is the full name of the resource that caused it, ``purpose`` says which of its
    entries this is ("issue", "payment", …). Both together give the name, so posting a thing twice
    collides. ``month`` is the month whose books take it, ``corrects_month`` the month of origin
    when that is an earlier one.
    """

    event_date: date
    month: Month
    source: str
    purpose: str
    description: str
    postings: tuple[Posting, ...]
    corrects_month: Month | None = None
    reverses: JournalEntryName | None = None

    def __post_init__(self) -> None:
        """Refuse an entry without postings, or one that does not balance per book and unit."""
        if not self.postings:
            raise UnbalancedEntry(f"an entry of {self.source} ({self.purpose}) has no postings")
        sums: dict[tuple[Book, str], int] = {}
        for _, book, unit, quantity, _ in self.postings:
            sums[book, unit] = sums.get((book, unit), 0) + quantity
        for (book, unit), left in sums.items():
            if left != 0:
                raise UnbalancedEntry(
                    f"the {book} postings of {self.source} ({self.purpose}) leave {left} {unit}"
                )

    @property
    def name(self) -> JournalEntryName:
        """Its resource name, the same for every attempt to post the same thing."""
        return entry_name(source=self.source, purpose=self.purpose)

    @property
    def booking_date(self) -> date:
        """The day it counts from in the books: the event's, moved into the booking month.

        So a late event never changes the balances as of a day of a closed month.
        """
        return min(max(self.event_date, self.month.first_day), self.month.last_day)

    @property
    def customer(self) -> CustomerName | None:
        """The one customer it is about; None if it is about several or none."""
        named = {posting.customer for posting in self.postings} - {None}
        return named.pop() if len(named) == 1 else None

    @property
    def content_digest(self) -> str:
        """A fingerprint of everything it says; a repeat must have the same.

        Hex SHA-256 of a line for the entry, one for each leg, and the description: names, codes
        and numbers hold no bar and no line break, and what may hold them comes last.
        """
        head = (
            f"{self.event_date}|{self.month}|{self.corrects_month or ''}|{self.reverses or ''}"
            f"|{self.source}|{self.purpose}"
        )
        legs = "\n".join(
            [
                f"{account}|{book}|{unit}|{quantity}|{customer or ''}"
                for account, book, unit, quantity, customer in self.postings
            ]
        )
        return hashlib.sha256(f"{head}\n{legs}\n\n{self.description}".encode()).hexdigest()

    def reversed(self, *, event_date: date, month: Month, description: str) -> "JournalEntry":
        """The entry that takes this one back in ``month``: every leg mirrored, this one named."""
        return JournalEntry(
            event_date=event_date,
            month=month,
            source=self.name,
            purpose=REVERSAL,
            description=description,
            postings=tuple(posting.mirrored() for posting in self.postings),
            corrects_month=self.month if self.month != month else None,
            reverses=self.name,
        )


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry as it stands in the books, with the moment we wrote it down."""

    entry: JournalEntry
    recorded_at: datetime


def entry_name(*, source: str, purpose: str) -> JournalEntryName:
    """Name the entry of a source for a purpose, before or after it is posted."""
    key = hashlib.sha256(f"{source}\n{purpose}".encode()).hexdigest()[:32]
    return JournalEntryName(f"journalEntries/e{key}")


def pair(
    *,
    debit: LedgerAccountName,
    credit: LedgerAccountName,
    book: Book,
    unit: str,
    quantity: int,
    customer: CustomerName | None = None,
) -> tuple[Posting, ...]:
    """Two legs that balance, ``quantity`` from ``credit`` to ``debit``; none at all for zero.

    A negative quantity exchanges debit and credit.
    """
    if quantity == 0:
        return ()
    return (
        Posting(debit, book, unit, quantity, customer),
        Posting(credit, book, unit, -quantity, customer),
    )


def is_tonnes(unit: str) -> bool:
    """Tell a unit of tonnes (an instrument's code, "CEA-2024") from a currency."""
    return "-" in unit


def months_of_entries(entries: Iterable[JournalEntry]) -> tuple[Month, ...]:
    """The booking months of entries, each once, in order: the order in which they are locked."""
    return tuple(sorted({entry.month for entry in entries}))

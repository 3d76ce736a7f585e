"""The journal in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    any_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from services.kernel.identifiers import (
    CustomerName,
    InvalidName,
    JournalEntryName,
    id_of,
    named,
)
from services.kernel.page import Page, PageRequest, PageTokenInvalid
from services.ledger.application.ports import EntryFilter
from services.ledger.domain.balances import AccountBalance
from services.ledger.domain.journal import JournalEntry, RecordedEntry
from services.ledger.persistence.mapping import (
    ENTRY_COLUMNS,
    POSTING_COLUMNS,
    from_balance_row,
    from_entry_row,
    to_lines,
)
from services.ledger.persistence.tables import JOURNAL_ENTRIES, POSTINGS
from services.runtime.database import bulk_insert_lines
from services.runtime.unit_of_work import current_connection

_ANY_ID = "/-"


@dataclass(frozen=True, slots=True)
class EntryLines:
    """Entries as lines of COPY: each its own line with those of its legs, in order of names.

    In order, since filling an index so takes half the time.
    """

    entries: Mapping[JournalEntryName, JournalEntry]
    lines: Mapping[JournalEntryName, tuple[str, list[str]]]

    def write(self, *, but: Collection[JournalEntryName], recorded_at: datetime) -> None:
        """Write entries, then all their legs in one statement, which checks the balance."""
        written = [lines for name, lines in self.lines.items() if name not in but]
        recorded = {"recorded_at": recorded_at}
        heads = [head for head, _ in written]
        legs = list(chain.from_iterable(legs for _, legs in written))
        bulk_insert_lines(JOURNAL_ENTRIES, ENTRY_COLUMNS, heads, alike=recorded)
        bulk_insert_lines(POSTINGS, POSTING_COLUMNS, legs, alike=recorded)


class PostgresEntries:
    """Writes and reads the journal on the current connection."""

    def prepare(self, entries: Mapping[JournalEntryName, JournalEntry]) -> EntryLines:
        """Write entries as text; touches no connection."""
        names = sorted(entries)
        return EntryLines(entries, {name: to_lines(name, entries[name]) for name in names})

    def digests(self, names: Sequence[JournalEntryName]) -> Mapping[JournalEntryName, str]:
        """Find the content digests of those that exist."""
        columns = JOURNAL_ENTRIES.c
        query = select(columns.name, columns.content_digest).where(_in(columns.name, names))
        rows = current_connection().execute(query)
        return {JournalEntryName(row.name): row.content_digest for row in rows}

    def find(self, name: JournalEntryName) -> RecordedEntry | None:
        """Read one entry."""
        query = select(JOURNAL_ENTRIES).where(JOURNAL_ENTRIES.c.name == name)
        rows = current_connection().execute(query).mappings().all()
        return next(iter(_with_legs(rows)), None)

    def reversal_of(self, name: JournalEntryName) -> JournalEntryName | None:
        """Find the entry that reverses this one."""
        query = select(JOURNAL_ENTRIES.c.name).where(JOURNAL_ENTRIES.c.reverses == name)
        found: str | None = current_connection().execute(query).scalar()
        return None if found is None else JournalEntryName(found)

    def list_entries(self, which: EntryFilter, page: PageRequest) -> Page[RecordedEntry]:
        """Read a page of entries by booking date and name."""
        rows = current_connection().execute(_page_query(which, page)).mappings().all()
        shown = rows[: page.size]
        more = (shown[-1]["booking_date"].isoformat(), shown[-1]["name"]) if shown else None
        return Page(_with_legs(shown), more if len(rows) > page.size else None)

    def balances(
        self,
        *,
        through: date,
        known_at: datetime | None,
        by_customer: bool,
        customer: CustomerName | None = None,
    ) -> tuple[AccountBalance, ...]:
        """Sum the postings booked through a day, by account and unit, and by customer if asked."""
        query = _balance_query(by_customer=by_customer).where(POSTINGS.c.booking_date <= through)
        if known_at is not None:
            query = query.where(POSTINGS.c.recorded_at <= known_at)
        if customer is not None:
            entries = select(JOURNAL_ENTRIES.c.name).where(_about(customer))
            query = query.where(POSTINGS.c.customer == customer, POSTINGS.c.entry.in_(entries))
        rows = current_connection().execute(query).mappings()
        return tuple(from_balance_row(row) for row in rows)


def _in(column: ColumnElement[str], names: Sequence[str]) -> ColumnElement[bool]:
    """One parameter for all: a text, which the driver writes many times faster than an array.

    No name holds a comma.
    """
    return column == any_(func.string_to_array(",".join(names), ","))


def _page_query(which: EntryFilter, page: PageRequest) -> Select[tuple[object, ...]]:
    columns = JOURNAL_ENTRIES.c
    query = select(JOURNAL_ENTRIES).where(*_conditions(which))
    if page.after is not None:
        day, name = _key_of(page.after)
        query = query.where(
            tuple_(columns.booking_date, columns.name) > tuple_(literal(day), literal(name))
        )
    return query.order_by(columns.booking_date, columns.name).limit(page.size + 1)


def _key_of(after: tuple[str, ...]) -> tuple[date, str]:
    """Read where to go on; a caller can make up a token.

    Raises:
        PageTokenInvalid.
    """
    try:
        day, name = after
        return date.fromisoformat(day), named("journalEntries", id_of(name))
    except (ValueError, InvalidName):
        raise PageTokenInvalid from None


def _conditions(which: EntryFilter) -> list[ColumnElement[bool]]:
    columns, conditions = JOURNAL_ENTRIES.c, list[ColumnElement[bool]]()
    if which.dates is not None:
        conditions.append(columns.booking_date >= which.dates.start)
        conditions.append(columns.booking_date < which.dates.end)
    if which.customer is not None:
        conditions.append(_about(which.customer))
    if which.source is not None:
        conditions.append(_source_condition(which.source))
    if which.known_at is not None:
        conditions.append(columns.recorded_at <= which.known_at)
    return conditions


def _about(customer: CustomerName) -> ColumnElement[bool]:
    """Tell whether an entry has legs of a customer: it is about it alone, or about several."""
    entry = JOURNAL_ENTRIES.c
    leg = and_(POSTINGS.c.entry == entry.name, POSTINGS.c.customer == customer)
    among_several = select(literal(1)).where(leg).correlate(JOURNAL_ENTRIES).exists()
    return or_(entry.customer == customer, and_(entry.customer.is_(None), among_several))


def _source_condition(source: str) -> ColumnElement[bool]:
    if source.endswith(_ANY_ID):
        return func.starts_with(JOURNAL_ENTRIES.c.source, source.removesuffix("-"))
    return JOURNAL_ENTRIES.c.source == source


def _with_legs(entries: Sequence[RowMapping]) -> tuple[RecordedEntry, ...]:
    names = [entry["name"] for entry in entries]
    query = select(POSTINGS).where(_in(POSTINGS.c.entry, names))
    rows = current_connection().execute(query.order_by(POSTINGS.c.entry, POSTINGS.c.leg))
    legs = {name: list(of) for name, of in groupby(rows.mappings(), key=lambda row: row["entry"])}
    return tuple(from_entry_row(entry, legs[entry["name"]]) for entry in entries)


def _balance_query(*, by_customer: bool) -> Select[tuple[object, ...]]:
    columns = POSTINGS.c
    customer = columns.customer if by_customer else null().label("customer")
    keys = [columns.ledger_account, columns.book, columns.unit]
    if by_customer:
        keys.append(columns.customer)
    debit = func.sum(case((columns.quantity > 0, columns.quantity), else_=0))
    credit = func.sum(case((columns.quantity < 0, -columns.quantity), else_=0))
    query = select(*keys[:3], customer, debit.label("debit"), credit.label("credit"))
    return query.group_by(*keys).order_by(columns.book, columns.ledger_account, columns.unit)

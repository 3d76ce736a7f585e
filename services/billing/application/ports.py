"""What the verbs of billing need from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.billing.domain.asset_scale import AssetScale
from services.billing.domain.billing_run import BillingRun, CustomerResult, RunTotals
from services.billing.domain.customer import Customer
from services.billing.domain.inputs import OpenInvoice, TradedTonnes
from services.billing.domain.invoice import CreditNote, Invoice, InvoiceState
from services.billing.domain.invoice_line import Billed
from services.billing.domain.parameters import Parameters
from services.billing.domain.tariff import TariffSegment
from services.kernel.finding import Finding
from services.kernel.identifiers import CustomerName, InvoiceName, JournalEntryName, RunName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month, Period
from services.kernel.service import CustomerClass, Service
from services.ledger.domain.journal import JournalEntry


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers are asked for; what is None does not matter. The class is that of a day."""

    day: date
    customer_class: CustomerClass | None = None
    parent: CustomerName | None = None


class Customers(Protocol):
    """The customers, with the history of their classes."""

    def add(self, customer: Customer) -> bool:
        """Write a new customer; False when the name is taken."""
        ...

    def find(self, name: CustomerName) -> Customer | None:
        """Read one."""
        ...

    def lock(self, name: CustomerName) -> Customer | None:
        """Lock and read one, until the transaction ends."""
        ...

    def save(self, customer: Customer) -> None:
        """Write the new facts and classes of a customer."""
        ...

    def list_customers(self, which: CustomerFilter, page: PageRequest) -> Page[Customer]:
        """Read a page, by name."""
        ...

    def read_all(self, names: Sequence[CustomerName]) -> tuple[Customer, ...]:
        """Read several, by name; those that do not exist are left out."""
        ...

    def anybody_served(self, period: Period) -> bool:
        """Tell whether anybody was served on some day of a period."""
        ...

    def joined_before(self, day: date) -> tuple[CustomerName, ...]:
        """Name every customer whose service started before a day, in order."""
        ...

    def to_bill(self, *, before: date) -> tuple[CustomerName, ...]:
        """Name those who joined before a day, and those billed though they no longer had, in order.

        A service that starts later than was believed leaves something to be given back.
        """
        ...


class AssetScales(Protocol):
    """Statements of scale; never changed."""

    def add_all(self, scales: Sequence[AssetScale]) -> None:
        """Write new versions."""
        ...

    def latest(
        self, customers: Sequence[CustomerName], *, years: Sequence[int]
    ) -> Mapping[tuple[CustomerName, int], AssetScale]:
        """Read the latest version of each customer and year."""
        ...

    def lock(self, customers: Sequence[CustomerName]) -> None:
        """Keep others from stating scales of these customers until the transaction ends."""
        ...

    def list_scales(
        self, *, customer: CustomerName | None, year: int | None, page: PageRequest
    ) -> Page[AssetScale]:
        """Read a page by customer, year and version."""
        ...


class BillingRuns(Protocol):
    """Runs, their chunks, and what each customer's part came to."""

    def lock_all(self) -> None:
        """Keep others from starting or issuing runs until the transaction ends.

        Of every month: what one run issues is what another has already billed.
        """
        ...

    def of_month(self, month: Month) -> tuple[BillingRun, ...]:
        """Read the runs of a month, by number."""
        ...

    def add(self, run: BillingRun, *, chunks: Sequence[Sequence[CustomerName]]) -> None:
        """Write a new run and the customers of each of its chunks."""
        ...

    def find(self, name: RunName) -> BillingRun | None:
        """Read one."""
        ...

    def lock(self, name: RunName) -> BillingRun | None:
        """Lock and read one, until the transaction ends."""
        ...

    def save(self, run: BillingRun) -> None:
        """Write where a run stands."""
        ...

    def list_runs(self, *, month: Month | None, page: PageRequest) -> Page[BillingRun]:
        """Read a page, by name."""
        ...

    def claim_chunk(self, name: RunName, *, chunk: int) -> tuple[CustomerName, ...] | None:
        """Claim a chunk and name its customers; None when it is claimed already."""
        ...

    def add_results(
        self, name: RunName, *, results: Sequence[CustomerResult], findings: Sequence[Finding]
    ) -> None:
        """Write what the customers of a chunk came to."""
        ...

    def count_chunk(self, name: RunName, *, totals: RunTotals) -> BillingRun | None:
        """Count a chunk as done and add its totals, locking the run until the transaction ends.

        None when the run is no longer CALCULATING: then nothing of the chunk may be kept.
        """
        ...

    def results(self, name: RunName) -> tuple[CustomerResult, ...]:
        """Read the results of every customer, by name."""
        ...

    def billed_months(self) -> frozenset[Month]:
        """Name the months that have an issued run."""
        ...


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which invoices or credit notes are asked for; what is None does not matter."""

    customer: CustomerName | None = None
    month: Month | None = None
    run: RunName | None = None
    state: InvoiceState | None = None
    issued_only: bool = False


class Documents(Protocol):
    """Invoices and credit notes with their lines."""

    def add_drafts(
        self, *, invoices: Sequence[Invoice], credit_notes: Sequence[CreditNote]
    ) -> None:
        """Write drafts with their lines."""
        ...

    def drop_drafts(self, run: RunName) -> None:
        """Delete the drafts of a superseded run."""
        ...

    def of_run(self, run: RunName) -> tuple[tuple[Invoice, ...], tuple[CreditNote, ...]]:
        """Read the documents of a run with their lines, by name."""
        ...

    def issue(self, run: RunName, *, month: Month, due_date: date, time: datetime) -> None:
        """Number the drafts of a run without a gap, by name, and turn them into ISSUED."""
        ...

    def billed(
        self, customers: Sequence[CustomerName]
    ) -> Mapping[CustomerName, tuple[Billed, ...]]:
        """Sum what was billed of every segment: issued lines, and credit notes that correct."""
        ...

    def open_invoices(
        self, customers: Sequence[CustomerName]
    ) -> Mapping[CustomerName, tuple[OpenInvoice, ...]]:
        """Read issued invoices with something left of their net, the newest first."""
        ...

    def find_invoice(self, name: InvoiceName) -> Invoice | None:
        """Read one invoice with its lines."""
        ...

    def list_invoices(self, which: DocumentFilter, page: PageRequest) -> Page[Invoice]:
        """Read a page of invoices with their lines, by name."""
        ...

    def list_credit_notes(self, which: DocumentFilter, page: PageRequest) -> Page[CreditNote]:
        """Read a page of credit notes with their lines, by name."""
        ...


class ParameterTable(Protocol):
    """Dated parameters with their source."""

    def in_force(self, day: date) -> Parameters:
        """Read the parameters of a day."""
        ...


@dataclass(frozen=True, slots=True)
class TariffRequest:
    """Which tariff is asked for: of a customer in a class, for a service, over some days."""

    customer: CustomerName
    customer_class: CustomerClass
    service: Service
    period: Period


class Tariffs(Protocol):
    """Tells by what a customer is charged: answered by pricing."""

    def __call__(
        self, *, requests: Sequence[TariffRequest]
    ) -> Mapping[TariffRequest, tuple[TariffSegment, ...]]:
        """Cut each request's days by tariff; days that no approved tariff covers are left out."""
        ...


class TradedTonnesOf(Protocol):
    """Tells what was traded for customers: answered by settlement."""

    def __call__(
        self, *, customers: Sequence[CustomerName], period: Period
    ) -> Sequence[TradedTonnes]:
        """Read the tonnes allocated to customers in the months of a period."""
        ...


class Books(Protocol):
    """The state of each month: answered by the ledger."""

    def first_month(self) -> Month | None:
        """Name the month that the books were opened with."""
        ...

    def first_open_month(self) -> Month | None:
        """Name the earliest open month."""
        ...

    def keep_open(self, month: Month) -> None:
        """Keep a month from closing until the transaction ends.

        Raises:
            MonthClosed, BooksNotOpen, MonthBeyondHorizon: it does not take entries.
        """
        ...


class Journal(Protocol):
    """Writes entries into the books: answered by the ledger's PostEntries."""

    def __call__(self, *, entries: Sequence[JournalEntry]) -> None:
        """Post them all, or none."""
        ...


class PostedEntries(Protocol):
    """Tells what stands in the books: answered by the ledger."""

    def digests(self, names: Sequence[JournalEntryName]) -> Mapping[JournalEntryName, str]:
        """Find the content digests of those entries that exist."""
        ...


class ChunkQueue(Protocol):
    """Defers the work of a run, in the transaction under way."""

    def bill_chunk(self, *, run: RunName, chunk: int) -> None:
        """Have a chunk computed after the transaction commits."""
        ...

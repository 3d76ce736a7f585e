"""Billing runs in PostgreSQL."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import RowMapping, Select, func, insert, select, text, update

from services.billing.domain.billing_run import BillingRun, CustomerResult, RunTotals
from services.billing.persistence.mapping import (
    from_run_row,
    to_finding_row,
    to_run_row,
    to_totals_row,
)
from services.billing.persistence.tables import (
    BILLING_RUNS,
    RUN_CHUNKS,
    RUN_FINDINGS,
    RUN_RESULTS,
)
from services.kernel.authority import RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import CustomerName, RunName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection

_RUN = BILLING_RUNS.c
_LOCK_ALL = text("SELECT pg_advisory_xact_lock(hashtextextended('billing runs', 0))")


class PostgresBillingRuns:
    """Reads, locks and writes runs on the current connection."""

    def lock_all(self) -> None:
        """Keep others from starting or issuing runs until the transaction ends.

        An advisory lock, since before the first run there is no row to lock.
        """
        current_connection().execute(_LOCK_ALL)

    def of_month(self, month: Month) -> tuple[BillingRun, ...]:
        """Read the runs of a month, by number."""
        return _all(select(BILLING_RUNS).where(_RUN.month == str(month)).order_by(_RUN.number))

    def add(self, run: BillingRun, *, chunks: Sequence[Sequence[CustomerName]]) -> None:
        """Write a new run and the customers of each of its chunks."""
        row = {**to_run_row(run), "done_count": 0, **to_totals_row(run.totals)}
        current_connection().execute(insert(BILLING_RUNS), row)
        rows = [
            {"run": run.name, "chunk": index, "customers": list(names), "is_done": False}
            for index, names in enumerate(chunks)
        ]
        if rows:
            current_connection().execute(insert(RUN_CHUNKS), rows)

    def find(self, name: RunName) -> BillingRun | None:
        """Read one."""
        return _one(select(BILLING_RUNS).where(_RUN.name == name))

    def lock(self, name: RunName) -> BillingRun | None:
        """Lock and read one, until the transaction ends.

        The lock lets through the key locks that foreign keys take: chunks that write charges at
        once would wait for each other here.
        """
        query = select(BILLING_RUNS).where(_RUN.name == name)
        return _one(query.with_for_update(key_share=True))

    def save(self, run: BillingRun) -> None:
        """Write where a run stands."""
        row = to_run_row(run)
        current_connection().execute(
            update(BILLING_RUNS).where(_RUN.name == run.name).values(**row)
        )

    def list_runs(self, *, month: Month | None, page: PageRequest) -> Page[BillingRun]:
        """Read a page, by month and number."""
        statement = select(BILLING_RUNS).order_by(_RUN.name).limit(page.size + 1)
        if month is not None:
            statement = statement.where(_RUN.month == str(month))
        if page.after is not None:
            statement = statement.where(_RUN.name > page.after[0])
        found = _all(statement)
        items = found[: page.size]
        return Page(items, (items[-1].name,) if len(found) > page.size else None)

    def claim_chunk(self, name: RunName, *, chunk: int) -> tuple[CustomerName, ...] | None:
        """Claim a chunk and name its customers; None when it is claimed already.

        A rival's claim makes this wait until the rival commits or dies.
        """
        claimed = current_connection().execute(
            update(RUN_CHUNKS)
            .where(RUN_CHUNKS.c.run == name, RUN_CHUNKS.c.chunk == chunk)
            .where(~RUN_CHUNKS.c.is_done)
            .values(is_done=True)
            .returning(RUN_CHUNKS.c.customers)
        )
        names = claimed.scalar_one_or_none()
        return None if names is None else tuple(map(CustomerName, names))

    def add_results(
        self, name: RunName, *, results: Sequence[CustomerResult], findings: Sequence[Finding]
    ) -> None:
        """Write what the customers of a chunk came to."""
        rows = [
            {
                "run": name,
                "customer": result.customer,
                "inputs_digest": result.inputs_digest,
                "lines_digest": result.lines_digest,
            }
            for result in results
        ]
        bulk_insert(RUN_RESULTS, rows)
        bulk_insert(RUN_FINDINGS, [to_finding_row(name, finding) for finding in findings])

    def count_chunk(self, name: RunName, *, totals: RunTotals) -> BillingRun | None:
        """Count a chunk as done and add its totals, locking the run until the transaction ends."""
        row = to_totals_row(totals)
        largest = row["largest_line_fen"]
        sums = {column: _RUN[column] + value for column, value in row.items()}
        counted = current_connection().execute(
            update(BILLING_RUNS)
            .where(_RUN.name == name, _RUN.state == RunState.CALCULATING.value)
            .values(
                **{
                    **sums,
                    "largest_line_fen": func.greatest(_RUN.largest_line_fen, largest),
                    "done_count": _RUN.done_count + 1,
                }
            )
        )
        return self.find(name) if counted.rowcount else None

    def results(self, name: RunName) -> tuple[CustomerResult, ...]:
        """Read the results of every customer, by name."""
        statement = select(RUN_RESULTS).where(RUN_RESULTS.c.run == name)
        rows = current_connection().execute(statement.order_by(RUN_RESULTS.c.customer)).mappings()
        return tuple(
            CustomerResult(CustomerName(row["customer"]), row["inputs_digest"], row["lines_digest"])
            for row in rows
        )

    def billed_months(self) -> frozenset[Month]:
        """Name the months that have an issued run."""
        issued = select(_RUN.month).where(_RUN.state == RunState.ISSUED.value).distinct()
        return frozenset(map(Month.parse, current_connection().execute(issued).scalars()))


def _one(statement: Select[*tuple[object, ...]]) -> BillingRun | None:
    found = _all(statement)
    return found[0] if found else None


def _all(statement: Select[*tuple[object, ...]]) -> tuple[BillingRun, ...]:
    rows = current_connection().execute(statement).mappings().all()
    names = [row["name"] for row in rows]
    wanted = select(RUN_FINDINGS).where(RUN_FINDINGS.c.run.in_(names))
    ordered = wanted.order_by(RUN_FINDINGS.c.run)
    found = current_connection().execute(ordered).mappings().all() if names else []
    by_run: dict[str, list[RowMapping]] = {
        run: list(group) for run, group in groupby(found, key=lambda row: row["run"])
    }
    return tuple(from_run_row(row, by_run.get(row["name"], [])) for row in rows)

"""Settlement runs in PostgreSQL: their state, chunks, signatures and findings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Select, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.kernel.authority import Approval, RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import RunName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import NameRange
from services.settlement.domain.contract import ContractState
from services.settlement.domain.run import RunKind, RunTotals, SettlementRun
from services.settlement.persistence.run_mapping import (
    from_approval_row,
    from_finding_row,
    from_run_row,
    from_totals,
    to_approval_rows,
    to_finding_rows,
    to_run_row,
    to_totals,
)
from services.settlement.persistence.tables.contracts import CONTRACTS
from services.settlement.persistence.tables.runs import APPROVALS, CHUNKS, FINDINGS, RUNS

# Serialises those who start runs of one month; released at the end of the transaction.
_LOCK_MONTH = text("SELECT pg_advisory_xact_lock(hashtext('settlement-runs'), hashtext(:month))")


class PostgresSettlementRuns:
    """Reads and writes runs on the current connection."""

    def lock_month(self, month: Month) -> None:
        """Let nobody else start a run of the month until the transaction ends."""
        current_connection().execute(_LOCK_MONTH, {"month": str(month)})

    def runs_of(self, month: Month) -> tuple[SettlementRun, ...]:
        """Read the runs of a month with their findings."""
        query = select(RUNS).where(RUNS.c.month == str(month))
        return tuple(_read(query.order_by(RUNS.c.kind, RUNS.c.number)))

    def add(self, run: SettlementRun) -> None:
        """Write a new one."""
        current_connection().execute(insert(RUNS).values(to_run_row(run)))

    def save(self, run: SettlementRun) -> None:
        """Write the new state of one, and the signatures and findings that are new."""
        connection = current_connection()
        connection.execute(update(RUNS).where(RUNS.c.name == run.name).values(to_run_row(run)))
        for table, rows in (
            (APPROVALS, to_approval_rows(run)),
            (FINDINGS, to_finding_rows(run)),
        ):
            if rows:
                known = [table.c.run, table.c.place]
                connection.execute(upsert(table).on_conflict_do_nothing(index_elements=known), rows)

    def find(self, name: RunName, *, lock: bool = False) -> SettlementRun | None:
        """Read one, and lock it if asked.

        The lock lets through the key locks that foreign keys take: chunks that write settlements
        at once would wait for each other here.
        """
        query = select(RUNS).where(RUNS.c.name == name)
        found = _read(query.with_for_update(key_share=True) if lock else query)
        return found[0] if found else None

    def list_runs(
        self, *, month: Month | None, kind: RunKind | None, page: PageRequest
    ) -> Page[SettlementRun]:
        """Read a page, newest first, without findings."""
        query = select(RUNS).order_by(RUNS.c.created_at.desc(), RUNS.c.name.desc())
        if month is not None:
            query = query.where(RUNS.c.month == str(month))
        if kind is not None:
            query = query.where(RUNS.c.kind == kind.value)
        if page.after is not None:
            last = select(RUNS.c.created_at).where(RUNS.c.name == page.after[0]).scalar_subquery()
            later = RUNS.c.created_at < last
            same = (RUNS.c.created_at == last) & (RUNS.c.name < page.after[0])
            query = query.where(later | same)
        rows = current_connection().execute(query.limit(page.size + 1)).mappings().all()
        runs = [from_run_row(row, approvals=(), findings=()) for row in rows]
        shown = tuple(runs[: page.size])
        return Page(shown, (shown[-1].name,) if len(runs) > page.size else None)

    def plan_chunks(self, run: SettlementRun, *, size: int) -> int:
        """Cut the contracts to settle into ranges of names of at most ``size``; at least one."""
        place = func.row_number().over(order_by=CONTRACTS.c.name).label("place")
        numbered = (
            select(CONTRACTS.c.name, place)
            .where(
                CONTRACTS.c.state != ContractState.DRAFT.value,
                CONTRACTS.c.window_start < run.month.end,
            )
            .subquery()
        )
        firsts = select(numbered.c.name).where((numbered.c.place - 1) % size == 0)
        names = current_connection().scalars(firsts.order_by(numbered.c.name)).all()
        starts = ["", *names[1:]]
        rows = [
            {"run": run.name, "chunk": chunk, "first_name": start, "end_name": end}
            for chunk, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True))
        ]
        current_connection().execute(insert(CHUNKS), rows)
        return len(rows)

    def chunk_ranges(self, run: RunName) -> tuple[NameRange, ...]:
        """Read the ranges in order."""
        query = select(CHUNKS.c.first_name, CHUNKS.c.end_name).where(CHUNKS.c.run == run)
        rows = current_connection().execute(query.order_by(CHUNKS.c.chunk))
        return tuple(NameRange(first, end) for first, end in rows)

    def claim_chunk(self, run: RunName, *, chunk: int) -> NameRange | None:
        """Claim a chunk in this transaction; None: done already, or the run gave way."""
        calculating = (
            select(RUNS.c.name)
            .where(RUNS.c.name == run, RUNS.c.state == RunState.CALCULATING.value)
            .exists()
        )
        query = select(CHUNKS.c.first_name, CHUNKS.c.end_name).where(
            CHUNKS.c.run == run,
            CHUNKS.c.chunk == chunk,
            CHUNKS.c.digest.is_(None),
            calculating,
        )
        # A rival waits here, and then sees the chunk done.
        row = current_connection().execute(query.with_for_update(of=CHUNKS)).first()
        return None if row is None else NameRange(row.first_name, row.end_name)

    def conclude_chunk(self, run: RunName, *, chunk: int, digest: str, totals: RunTotals) -> None:
        """Keep what a chunk came to."""
        which = (CHUNKS.c.run == run) & (CHUNKS.c.chunk == chunk)
        values = {"digest": digest, "totals": to_totals(totals)}
        current_connection().execute(update(CHUNKS).where(which).values(values))

    def chunk_results(self, run: RunName) -> tuple[tuple[str, RunTotals], ...] | None:
        """Read what the chunks came to, in order; None while one is missing."""
        query = select(CHUNKS.c.digest, CHUNKS.c.totals).where(CHUNKS.c.run == run)
        rows = current_connection().execute(query.order_by(CHUNKS.c.chunk)).all()
        if any(row.digest is None for row in rows):
            return None
        return tuple(
            (row.digest, from_totals(cast("Mapping[str, int]", row.totals))) for row in rows
        )

    def progress(self, run: RunName) -> tuple[int, int]:
        """Count the chunks done, and all."""
        query = select(func.count(CHUNKS.c.digest), func.count()).where(CHUNKS.c.run == run)
        done, total = current_connection().execute(query).one()
        return done, total


def _read(query: Select[*tuple[object, ...]]) -> list[SettlementRun]:
    rows = current_connection().execute(query).mappings().all()
    names = [row["name"] for row in rows]
    approvals, findings = _approvals(names), _findings(names)
    return [
        from_run_row(row, approvals=approvals[row["name"]], findings=findings[row["name"]])
        for row in rows
    ]


def _approvals(runs: Sequence[str]) -> Mapping[str, list[Approval]]:
    found: dict[str, list[Approval]] = defaultdict(list)
    query = select(APPROVALS).where(APPROVALS.c.run.in_(runs)).order_by(APPROVALS.c.place)
    for row in current_connection().execute(query).mappings():
        found[row["run"]].append(from_approval_row(row))
    return found


def _findings(runs: Sequence[str]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    query = select(FINDINGS).where(FINDINGS.c.run.in_(runs)).order_by(FINDINGS.c.place)
    for row in current_connection().execute(query).mappings():
        found[row["run"]].append(from_finding_row(row))
    return found

"""(b) A settlement run of 10,000 contracts with 12 trades each, against a bare COPY of its rows.

The service runs as anybody would run it: server, a worker for each of two cores, embedded
database on disk. What is timed
is the run from its start to CALCULATED, and the posting. Then the rows that it left (settlements
with their frozen explanations, their rows, entries and postings) are read, and written by COPY
into tables without indexes, triggers or row security, in the same database: from the values that
the driver gives, as any program that has such rows writes them; and from text that is ready for
COPY, which is as fast as the database can take them.
"""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import TypeAlias, TypeVar

import grpc
import psycopg
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf.message import Message
from psycopg import Copy
from psycopg.types.string import TextLoader
from tanheng.common.v1 import common_pb2
from tanheng.settlement.v1 import settlement_service_pb2 as pb
from tanheng.settlement.v1 import settlement_service_pb2_grpc as settlement
from tanheng.settlement.v1 import trade_service_pb2 as trade_pb
from tanheng.settlement.v1 import trade_service_pb2_grpc as trading

from benchmarks.calls import peak_mib
from services.runtime.database import libpq_url
from services.runtime.embedded_postgres import EmbeddedPostgres
from services.runtime.settings import Settings
from services.runtime.tokens import development_token

CONTRACTS, TRADES_EACH = 10_000, 12
_MONTH = "2025-01"
_DAYS = (2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17)  # trading days of the month
_BATCH = 5_000
_WRITTEN = (
    "settlement.settlements",
    "settlement.settlement_rows",
    "ledger.journal_entries",
    "ledger.postings",
)

Row: TypeAlias = tuple[object, ...]
Data = TypeVar("Data")

_SEED = """
INSERT INTO settlement.contracts
    (name, customer, side, instruments, window_start, window_end, volume_tonnes, gain_share_tiers,
     price_basis, fees_included, title, tax_inclusive, tax_treatment, share_timing, undelivered,
     quote, state, drafted_by, drafted_at, approved_by, approved_at)
SELECT format('contracts/c%s', lpad(n::text, 5, '0')), format('customers/p%s', n % 500), 'PURCHASE',
       ARRAY['CEA-2025'], '2025-01-01', '2026-01-01', 100000,
       '[["5", "0.3"], [null, "0.5"]]', 'EXECUTED', false, 'AGENT', false, 'OUT_OF_SCOPE',
       'MONTHLY', 'EXECUTED_ONLY', '', 'APPROVED', 'bench', now(), 'bench-2', now()
FROM generate_series(1, CONTRACTS) n;
INSERT INTO settlement.promised_prices
    (contract, effective_date, customer, place, end_date, price)
SELECT name, window_start, customer, 0, window_end, 75.00 FROM settlement.contracts;
"""


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Seconds of the run, the posting and the bare COPYs; rows written; peaks of memory."""

    calculating: float
    posting: float
    copying_values: float
    copying_text: float
    rows: int
    server_mib: float
    worker_mib: float

    @property
    def both(self) -> float:
        """The run with its posting."""
        return self.calculating + self.posting


def measure(folder: Path) -> RunFigures:
    """Run it all in a folder of its own."""
    with _service(folder) as (office, server):
        office.call(
            settlement.SettlementServiceStub(office.channel).OpenBooks,
            pb.OpenBooksRequest(first_month=_MONTH),
            "finance_controller",
        )
        database = libpq_url(EmbeddedPostgres(folder / "postgres").url)
        with psycopg.connect(database) as connection:
            connection.execute("SET app.scope = '*'")
            connection.execute(_SEED.replace("CONTRACTS", str(CONTRACTS)).encode())
        _trade(office)
        calculating, posting = _settle(office)
        values, ready, rows = _copy(database)
        server_mib, worker_mib = peak_mib(server.pid), _largest_child(server.pid, b"worker")
        return RunFigures(calculating, posting, values, ready, rows, server_mib, worker_mib)


@dataclass(slots=True)
class _Office:
    """Callers in the roles that the run needs."""

    channel: grpc.Channel
    settings: Settings

    def metadata(self, role: str, subject: str = "") -> tuple[tuple[str, str], ...]:
        token = development_token(
            settings=self.settings, subject=subject or role, roles=[role], customers=[]
        )
        return (("authorization", f"Bearer {token}"),)

    def call(
        self,
        method: Callable[..., Message],
        request: Message,
        role: str,
        subject: str = "",
    ) -> Message:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        return method(request, metadata=self.metadata(role, subject), timeout=290)


@contextmanager
def _service(folder: Path) -> Iterator[tuple[_Office, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "services", "serve", "--data-dir", str(folder), "--port", "0"]
    command += ["--workers", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        try:
            with grpc.insecure_channel(address) as channel:
                yield _Office(channel, Settings(data_dir=folder)), server
        finally:
            server.terminate()


def _trade(office: _Office) -> None:
    """Buy for each contract on twelve days, earmarked, and allocate."""
    stub = trading.TradeServiceStub(office.channel)
    rows = [(contract, day) for day in _DAYS for contract in range(1, CONTRACTS + 1)]
    for start in range(0, len(rows), _BATCH):
        request = trade_pb.RecordTradesRequest()
        for contract, day in rows[start : start + _BATCH]:
            _add_trade(request, contract, day)
        answer = office.call(stub.RecordTrades, request, "trader")
        assert not answer.rejections, answer.rejections[0]  # type: ignore[attr-defined]
    allocate = trade_pb.AllocateTradesRequest(month=_MONTH)
    office.call(stub.AllocateTrades, allocate, "finance_operator")


def _add_trade(request: trade_pb.RecordTradesRequest, contract: int, day: int) -> None:
    trade = request.trades.add(
        external_id=f"{contract}-{day}",
        venue="bench",
        mode="TRADE_MODE_LISTING",
        side="TRADE_SIDE_BUY",
        tonnes=100 + contract % 900,
        contract=f"contracts/c{contract:05d}",
        trader="bench",
    )
    trade.instrument.kind = common_pb2.INSTRUMENT_KIND_CEA
    trade.instrument.vintage = 2025
    trade.trade_date.year, trade.trade_date.month, trade.trade_date.day = 2025, 1, day
    trade.unit_price.value = f"{70 + (contract + day) % 9}.{contract % 90 + 10}"


def _settle(office: _Office) -> tuple[float, float]:
    """Run, sign and post; gives the seconds of the run and of the posting."""
    stub = settlement.SettlementServiceStub(office.channel)
    start = time.perf_counter()
    operation = office.call(
        stub.StartSettlementRun,
        pb.StartSettlementRunRequest(month=_MONTH, kind="SETTLEMENT_RUN_KIND_FINAL"),  # type: ignore[arg-type]
        "finance_operator",
    )
    run = _await(office, operation)
    calculating = time.perf_counter() - start
    office.call(
        stub.ReviewSettlementRun,
        pb.ReviewSettlementRunRequest(name=run.name, digest=run.digest),
        "finance_controller",
        "reviewer",
    )
    for role in ("finance_controller", "finance_director"):
        signing = pb.ApproveSettlementRunRequest(name=run.name, digest=run.digest)
        signed = office.call(stub.ApproveSettlementRun, signing, role)
        if not signed.awaiting_role:  # type: ignore[attr-defined]
            break
    start = time.perf_counter()
    posting = pb.PostSettlementRunRequest(name=run.name)
    office.call(stub.PostSettlementRun, posting, "finance_controller")
    return calculating, time.perf_counter() - start


def _await(office: _Office, operation: Message) -> pb.SettlementRun:
    stub = operations_pb2_grpc.OperationsStub(office.channel)  # type: ignore[no-untyped-call]
    request = operations_pb2.GetOperationRequest(name=operation.name)  # type: ignore[attr-defined]
    metadata = office.metadata("finance_operator")
    while True:
        found = stub.GetOperation(request, metadata=metadata, timeout=30)
        if found.done:
            run = pb.SettlementRun()
            assert found.response.Unpack(run), found
            return run
        time.sleep(0.02)


def _copy(database: str) -> tuple[float, float, int]:
    """COPY what the run wrote into bare tables, from values and from text, thrice each.

    Gives the median seconds of both, and the rows.
    """
    with psycopg.connect(database) as connection:
        connection.execute("SET app.scope = '*'")
        connection.adapters.register_loader("jsonb", TextLoader)
        values = {table: _values_of(connection, table) for table in _WRITTEN}
        texts = {table: _text_of(connection, table) for table in _WRITTEN}
    from_values = median(_copy_once(database, values, _copy_values) for _ in range(3))
    from_text = median(_copy_once(database, texts, Copy.write) for _ in range(3))
    return from_values, from_text, sum(map(len, values.values()))


def _values_of(connection: psycopg.Connection[Row], table: str) -> list[Row]:
    return connection.execute(f"TABLE {table}".encode()).fetchall()


def _text_of(connection: psycopg.Connection[Row], table: str) -> bytes:
    data = BytesIO()
    with connection.cursor().copy(f"COPY (TABLE {table}) TO STDOUT".encode()) as source:
        for piece in source:
            data.write(piece)
    return data.getvalue()


def _copy_values(target: Copy, rows: Iterable[Row]) -> None:
    for row in rows:
        target.write_row(row)


def _copy_once(
    database: str, written: Mapping[str, Data], copy: Callable[[Copy, Data], None]
) -> float:
    bare = {table: f"public.bare_{table.rpartition('.')[2]}" for table in written}
    with psycopg.connect(database) as connection:
        for table, name in bare.items():
            connection.execute(f"CREATE TABLE {name} AS TABLE {table} WITH NO DATA".encode())
        connection.commit()
        start = time.perf_counter()
        for table, name in bare.items():
            with connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as target:
                copy(target, written[table])
        connection.commit()
        seconds = time.perf_counter() - start
        for name in bare.values():
            connection.execute(f"DROP TABLE {name}".encode())
    return seconds


def _largest_child(pid: int, word: bytes) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return max(
        peak_mib(int(child))
        for child in children
        if word in Path(f"/proc/{child}/cmdline").read_bytes()
    )

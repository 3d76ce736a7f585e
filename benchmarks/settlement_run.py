"""(b) A settlement run of 10,000 contracts with 12 trades each, against a bare COPY of its rows.

The service runs as anybody would run it: server, a worker for each of two cores, embedded
database on disk. What is timed
is the run from its start to CALCULATED, and the posting. Then the rows that it left (settlements
with their frozen explanations, their rows, entries and postings) are read, and written by COPY
into tables without indexes, triggers or row security, in the same database.
"""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median

import grpc
import psycopg
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf.message import Message
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
    """Seconds of the run, the posting and the bare COPY; rows written; peaks of memory."""

    calculating: float
    posting: float
    copying: float
    rows: int
    server_mib: float
    worker_mib: float

    @property
    def ratio(self) -> float:
        """How many times the bare COPY takes the run with its posting."""
        return (self.calculating + self.posting) / self.copying


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
        copying, rows = _copy(database)
        worker = _largest_child(server.pid, b"worker")
        return RunFigures(calculating, posting, copying, rows, peak_mib(server.pid), worker)


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


def _copy(database: str) -> tuple[float, int]:
    """COPY what the run wrote into bare tables, thrice; gives the median seconds and the rows."""
    with psycopg.connect(database) as connection:
        connection.execute("SET app.scope = '*'")
        written = {table: _text_of(connection, table) for table in _WRITTEN}
    copies = [_copy_once(database, written) for _ in range(3)]
    return median(seconds for seconds, _ in copies), copies[0][1]


def _text_of(connection: psycopg.Connection[tuple[object, ...]], table: str) -> bytes:
    data = BytesIO()
    with connection.cursor().copy(f"COPY (TABLE {table}) TO STDOUT".encode()) as source:
        for piece in source:
            data.write(piece)
    return data.getvalue()


def _copy_once(database: str, written: Mapping[str, bytes]) -> tuple[float, int]:
    rows, bare = 0, {table: f"public.bare_{table.rpartition('.')[2]}" for table in written}
    with psycopg.connect(database) as connection:
        for table, name in bare.items():
            connection.execute(f"CREATE TABLE {name} AS TABLE {table} WITH NO DATA".encode())
        connection.commit()
        start = time.perf_counter()
        for table, name in bare.items():
            cursor = connection.cursor()
            with cursor.copy(f"COPY {name} FROM STDIN".encode()) as target:
                target.write(written[table])
            rows += cursor.rowcount
        connection.commit()
        seconds = time.perf_counter() - start
        for name in bare.values():
            connection.execute(f"DROP TABLE {name}".encode())
    return seconds, rows


def _largest_child(pid: int, word: bytes) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return max(
        peak_mib(int(child))
        for child in children
        if word in Path(f"/proc/{child}/cmdline").read_bytes()
    )

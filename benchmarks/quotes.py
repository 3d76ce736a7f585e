"""(e) QuoteGuarantee against Echoes of the same request behind the same stages.

A look (``validate_only``) against an Echo that stores nothing, a kept quote against one that
stores its answer. Compared are the server's own processor time, as with the other calls, under
eight callers at once; and how long one caller waits, who asks for one after another.
"""

import subprocess
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import grpc
from google.type.date_pb2 import Date
from tanheng.pricing.v1 import quote_pb2 as pb

from benchmarks.calls import cpu_seconds
from benchmarks.echo_server import LOOKING, STORING
from services.runtime.settings import Settings
from services.runtime.tokens import development_token

QUOTE = "/tanheng.pricing.v1.QuoteService/QuoteGuarantee"
FIXINGS = 26
_ROUNDS, _CALLS, _IN_FLIGHT, _ALONE = 5, 400, 8, 60
_FIRST = date(2025, 1, 9)


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls a second of one core of the server, and seconds that one caller waits; medians."""

    rate: float
    wait: float


@dataclass(frozen=True, slots=True)
class QuoteFigures:
    """A look and its Echo, a kept quote and its Echo."""

    look: Figures
    echo: Figures
    kept: Figures
    storing_echo: Figures


def measure(database_url: str, data_dir: Path) -> QuoteFigures:
    """Serve in a process of its own and call the four in turn, round by round."""
    command = [sys.executable, "-m", "benchmarks.echo_server", database_url, str(data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port = int(server.stdout.readline())
        token = development_token(
            settings=Settings(data_dir=data_dir),
            subject="bench",
            roles=["pricing_analyst"],
            customers=[],
        )
        look = quote_request(look=True)
        cases: dict[str, tuple[str, Callable[[], pb.QuoteGuaranteeRequest]]] = {
            "look": (QUOTE, lambda: look),
            "echo": (LOOKING, lambda: look),
            "kept": (QUOTE, quote_request),
            "storing_echo": (STORING, quote_request),
        }
        rates: dict[str, list[float]] = {name: [] for name in cases}
        waits: dict[str, list[float]] = {name: [] for name in cases}
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for path, make in cases.values():
                _load(channel, path, make, token, 50)
            for _ in range(_ROUNDS):
                for name, (path, make) in cases.items():
                    before = cpu_seconds(server.pid)
                    _load(channel, path, make, token, _CALLS)
                    rates[name].append(_CALLS / (cpu_seconds(server.pid) - before))
                for name, (path, make) in cases.items():
                    waits[name] += _waits(channel, path, make, token)
        server.stdin.close()
    medians = {name: Figures(median(rates[name]), median(waits[name])) for name in cases}
    return QuoteFigures(**medians)


def quote_request(*, look: bool = False) -> pb.QuoteGuaranteeRequest:
    """Ask for 26 weekly deliveries, half of every gain shared."""
    request = pb.QuoteGuaranteeRequest(
        side="GUARANTEE_SIDE_PURCHASE",  # type: ignore[arg-type]
        valuation_date=Date(year=2025, month=1, day=2),
        validate_only=look,
        request_id=str(uuid.uuid4()),
    )
    request.instrument.kind, request.instrument.vintage = 1, 2025  # type: ignore[assignment]
    request.gain_share_tiers.add().customer_share.value = "0.5"
    request.spot.value, request.carry_rate.value, request.volatility.value = "80", "0.02", "0.3"
    for week in range(FIXINGS):
        day = _FIRST + timedelta(weeks=week)
        delivered = Date(year=day.year, month=day.month, day=day.day)
        request.deliveries.add(date=delivered, planned_tonnes=10_000)
    return request


def _load(
    channel: grpc.Channel,
    path: str,
    make: Callable[[], pb.QuoteGuaranteeRequest],
    token: str,
    calls: int,
) -> None:
    """Make calls, a bounded number of them in flight."""
    stub: grpc.UnaryUnaryMultiCallable[pb.QuoteGuaranteeRequest, bytes]
    stub = channel.unary_unary(path, request_serializer=pb.QuoteGuaranteeRequest.SerializeToString)
    metadata = (("authorization", f"Bearer {token}"),)
    waiting: deque[grpc.Future[bytes]] = deque()
    for _ in range(calls):
        waiting.append(stub.future(make(), metadata=metadata, timeout=60))
        if len(waiting) >= _IN_FLIGHT:
            waiting.popleft().result()
    while waiting:
        waiting.popleft().result()


def _waits(
    channel: grpc.Channel, path: str, make: Callable[[], pb.QuoteGuaranteeRequest], token: str
) -> list[float]:
    """Make calls one after another; gives the seconds of each."""
    stub: grpc.UnaryUnaryMultiCallable[pb.QuoteGuaranteeRequest, bytes]
    stub = channel.unary_unary(path, request_serializer=pb.QuoteGuaranteeRequest.SerializeToString)
    metadata, waits = (("authorization", f"Bearer {token}"),), []
    for _ in range(_ALONE):
        request, start = make(), time.perf_counter()
        stub(request, metadata=metadata, timeout=60)
        waits.append(time.perf_counter() - start)
    return waits

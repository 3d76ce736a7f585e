"""(e) QuoteGuarantee against Echoes of the same request behind the same stages.

A look (``validate_only``) against an Echo that stores nothing, a kept quote against one that
stores its answer. As with the other calls, what is compared is the server's own processor time.
"""

import subprocess
import sys
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import grpc
from google.type.date_pb2 import Date
from tanheng.pricing.v1 import quote_pb2 as pb

from benchmarks.calls import cpu_seconds
from benchmarks.echo_server import LOOKING, STORING
from services.runtime.settings import Settings
from services.runtime.tokens import development_token

QUOTE = "/tanheng.pricing.v1.QuoteService/QuoteGuarantee"
FIXINGS = 26
_ROUNDS, _CALLS, _IN_FLIGHT = 5, 400, 8
_FIRST = date(2025, 1, 9)


@dataclass(frozen=True, slots=True)
class QuoteFigures:
    """Calls a second of one core of the server, the median of the rounds."""

    look: float
    echo: float
    kept: float
    storing_echo: float


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
        figures: dict[str, list[float]] = {name: [] for name in cases}
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for path, make in cases.values():
                _load(channel, path, make, token, 50)
            for _ in range(_ROUNDS):
                for name, (path, make) in cases.items():
                    before = cpu_seconds(server.pid)
                    _load(channel, path, make, token, _CALLS)
                    figures[name].append(_CALLS / (cpu_seconds(server.pid) - before))
        server.stdin.close()
    return QuoteFigures(**{name: sorted(rates)[_ROUNDS // 2] for name, rates in figures.items()})


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

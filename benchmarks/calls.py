"""(a) PreviewManagementFee against an Echo behind the same stages, and a bare Echo beside them.

The clients are written in Python too and take more time than the server, so calls a second of the
wall are bounded by them. What is compared is the server's own processor time for each call; its
inverse is the calls a second that one core of the server can answer.
"""

import os
import resource
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import grpc
from tanheng.billing.v1 import billing_service_pb2 as pb

from benchmarks.echo_server import BARE, STAGED
from services.runtime.settings import Settings
from services.runtime.tokens import development_token

PREVIEW = "/tanheng.billing.v1.BillingService/PreviewManagementFee"
_ROUNDS, _CALLS, _IN_FLIGHT = 5, 3_000, 32
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Calls a second of one core of the server, the median of the rounds; and peak memory."""

    preview: float
    staged_echo: float
    bare_echo: float
    peak_mib: float


def measure(database_url: str, data_dir: Path) -> CallFigures:
    """Serve in a process of its own and call the three methods in turn, round by round."""
    command = [sys.executable, "-m", "benchmarks.echo_server", database_url, str(data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port = int(server.stdout.readline())
        settings = Settings(data_dir=data_dir)
        token = development_token(
            settings=settings, subject="bench", roles=["finance_operator"], customers=[]
        )
        metadata = (("authorization", f"Bearer {token}"),)
        figures: dict[str, list[float]] = {PREVIEW: [], STAGED: [], BARE: []}
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for path in figures:
                _load(channel, path, metadata, 200)
            for _ in range(_ROUNDS):
                for path, rates in figures.items():
                    before = cpu_seconds(server.pid)
                    _load(channel, path, metadata, _CALLS)
                    rates.append(_CALLS / (cpu_seconds(server.pid) - before))
        peak = peak_mib(server.pid)
        server.stdin.close()
    medians = {path: sorted(rates)[_ROUNDS // 2] for path, rates in figures.items()}
    return CallFigures(medians[PREVIEW], medians[STAGED], medians[BARE], peak)


def _load(
    channel: grpc.Channel, path: str, metadata: tuple[tuple[str, str], ...], calls: int
) -> None:
    """Make calls, a bounded number of them in flight."""
    stub: grpc.UnaryUnaryMultiCallable[pb.PreviewManagementFeeRequest, bytes] = channel.unary_unary(
        path, request_serializer=pb.PreviewManagementFeeRequest.SerializeToString
    )
    request = fee_request()
    waiting: deque[grpc.Future[bytes]] = deque()
    for _ in range(calls):
        waiting.append(stub.future(request, metadata=metadata, timeout=60))
        if len(waiting) >= _IN_FLIGHT:
            waiting.popleft().result()
    while waiting:
        waiting.popleft().result()


def fee_request() -> pb.PreviewManagementFeeRequest:
    """Ask for a whole year by three tiers."""
    request = pb.PreviewManagementFeeRequest(charge_model="CHARGE_MODEL_GRADUATED", year=2025)  # type: ignore[arg-type]
    for up_to, price in (("1000000", "0.35"), ("5000000", "0.30"), ("", "0.25")):
        tier = request.tiers.add()
        tier.unit_price.value = price
        if up_to:
            tier.up_to.value = up_to
    request.scale_tonnes.value = "8200000"
    request.tax_rate.value = "0.06"
    return request


def cpu_seconds(pid: int) -> float:
    """Read the processor time that a process took so far, of user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_mib(pid: int) -> float:
    """Read the peak memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def ownpeak_mib() -> float:
    """Tell the peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

"""The line to the service: where it is, who calls, how long to wait, when to try again.

`TANHENG_ADDRESS` names the service, `TANHENG_TOKEN` the caller, `TANHENG_CA_FILE` the authority
that signed the service's certificate. Without a file, an address of this machine is called in
plain text and any other by TLS with the system's authorities.
"""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import grpc
from google.protobuf.message import Message

from clients.cli.errors import InputRefused, refusal_of

if TYPE_CHECKING:
    from grpc import UnaryStreamMultiCallable, UnaryUnaryMultiCallable

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEADLINE_SECONDS = 60.0
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.1
LOOPBACK = ("127.", "localhost:", "[::1]:", "unix:")

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the service is and who calls it."""

    address: str
    token: str = field(default="", repr=False)
    ca_file: Path | None = None

    @classmethod
    def from_environment(cls) -> "Target":
        """Read the environment of the command.

        Raises:
            InputRefused: the token has signs that cannot be sent.
        """
        ca_file = os.environ.get("TANHENG_CA_FILE", "")
        token = os.environ.get("TANHENG_TOKEN", "").strip()
        if not (token.isascii() and token.isprintable()):
            raise InputRefused("TANHENG_TOKEN holds what no token can; make it anew, on one line")
        return cls(
            os.environ.get("TANHENG_ADDRESS", "") or DEFAULT_ADDRESS,
            token,
            Path(ca_file) if ca_file else None,
        )


@dataclass(frozen=True, slots=True)
class Connection:
    """One open channel, called in one name."""

    channel: grpc.Channel
    token: str = field(repr=False)

    def call(self, method: "UnaryUnaryMultiCallable[Request, Answer]", request: Request) -> Answer:
        """Call a method; while the service is unavailable, again with the very same request.

        Raises:
            CallRefused: the service refused, or did not answer after all attempts.
        """
        for attempt in range(ATTEMPTS):
            try:
                return method(request, metadata=self._metadata(), timeout=DEADLINE_SECONDS)
            except grpc.RpcError as error:
                passing = error.code() is grpc.StatusCode.UNAVAILABLE
                if not passing or attempt == ATTEMPTS - 1:
                    raise refusal_of(error) from None
                time.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        raise AssertionError(method)

    def stream(
        self, method: "UnaryStreamMultiCallable[Request, Answer]", request: Request
    ) -> Iterator[Answer]:
        """Call a method that answers in parts.

        Raises:
            CallRefused: the service refused, or broke off.
        """
        try:
            yield from method(request, metadata=self._metadata(), timeout=DEADLINE_SECONDS)
        except grpc.RpcError as error:
            raise refusal_of(error) from None

    def in_the_name_of(self, token: str) -> "Connection":
        """Call through the same channel with another token."""
        return replace(self, token=token)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


@contextmanager
def connect(target: Target | None = None) -> Iterator[Connection]:
    """Open a channel, by default to where the environment says."""
    target = Target.from_environment() if target is None else target
    with _channel(target) as channel:
        yield Connection(channel, target.token)


def new_request_id() -> str:
    """Name a mutating call once, so that repeating it changes nothing."""
    return str(uuid.uuid4())


def _channel(target: Target) -> grpc.Channel:
    if target.ca_file is None and target.address.startswith(LOOPBACK):
        return grpc.insecure_channel(target.address)
    try:
        roots = None if target.ca_file is None else target.ca_file.read_bytes()
    except OSError as wrong:
        raise InputRefused(f"TANHENG_CA_FILE cannot be read: {wrong.strerror}") from None
    return grpc.secure_channel(target.address, grpc.ssl_channel_credentials(roots))

"""What is known of the call under way, beside the request."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import grpc
import structlog

from services.kernel.authority import Principal
from services.runtime.interceptors.policies import MethodPolicy

LOG = structlog.get_logger("tanheng.call")
CORRELATION_KEY = "x-request-id"
_LONGEST_CORRELATION = 128


class AuditSink(Protocol):
    """Keeps who did what. Answered by the audit room."""

    def __call__(
        self,
        *,
        principal: Principal,
        method: str,
        resource: str,
        outcome: str,
        request_digest: str,
        request_id: str,
        detail: str = "",
    ) -> None:
        """Write one record in the transaction under way."""
        ...


@dataclass(slots=True)
class Call:
    """One call: its method's policy, its correlation id, and how far it has come."""

    policy: MethodPolicy
    correlation: str
    principal: Principal | None = None
    reached_room: bool = False

    @property
    def error_domain(self) -> str:
        """Say who refuses: the room, or a stage before any room."""
        return f"{self.policy.room}.tanheng" if self.reached_room else "tanheng"


def metadata_value(context: grpc.ServicerContext, key: str) -> str:
    """Read one metadata value of the call; empty when it is not there."""
    for name, value in context.invocation_metadata() or ():
        if name == key:
            return value if isinstance(value, str) else ""
    return ""


@contextmanager
def logged(policy: MethodPolicy, context: grpc.ServicerContext) -> Iterator[Call]:
    """Give the call an id, and write one line about it when it ends. No secret is in the line."""
    correlation = _correlation(context)
    call = Call(policy=policy, correlation=correlation)
    with structlog.contextvars.bound_contextvars(request_id=correlation, method=policy.method):
        try:
            yield call
        finally:
            code = context.code()  # type: ignore[attr-defined]
            subject = call.principal.subject if call.principal else ""
            LOG.info("call", code=getattr(code, "name", "OK"), subject=subject)


def _correlation(context: grpc.ServicerContext) -> str:
    given = metadata_value(context, CORRELATION_KEY)
    usable = given.isascii() and given.isprintable() and len(given) <= _LONGEST_CORRELATION
    return given if given and usable else str(uuid.uuid4())

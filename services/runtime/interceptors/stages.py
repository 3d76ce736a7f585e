"""The stages between the wire and a servicer, in the order that ``serving`` names them."""

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message
from sqlalchemy import text

from services.kernel.authority import EVERY_CUSTOMER, Principal
from services.kernel.errors import Forbidden, InvalidInput
from services.runtime.deadline import until
from services.runtime.interceptors.call import LOG, AuditSink, Call, metadata_value
from services.runtime.interceptors.error_status import (
    DeadlineExceeded,
    InternalError,
    as_domain_error,
    cause_of,
    status_of,
)
from services.runtime.interceptors.validation import Malformed, RequestValidator
from services.runtime.tokens import TokenInvalid, TokenMissing, TokenVerifier
from services.runtime.unit_of_work import Transactions, acting_as, current_connection

LONGEST_CALL = 300.0
SCOPED_ROLES = frozenset({"customer", "staff"})
"""The roles that see the customers of their token; every other role sees all of them."""
_BEARER = "bearer "


class PermissionMissing(Forbidden):
    """None of the caller's roles may call the method."""

    reason = "PERMISSION_MISSING"


class CustomerOutOfScope(Forbidden):
    """The caller may not see the customer that the request names."""

    reason = "CUSTOMER_OUT_OF_SCOPE"


class RequestIdReused(InvalidInput):
    """The request id belongs to a request with another body."""

    reason = "REQUEST_ID_REUSED"


Servicer = Callable[[Message, grpc.ServicerContext], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """What the stages need of the house."""

    transactions: Transactions
    tokens: TokenVerifier
    permissions: Mapping[str, Collection[str]]
    validator: RequestValidator
    audit: AuditSink

    @contextmanager
    def errors(
        self, call: Call, request: Message | Malformed, context: grpc.ServicerContext
    ) -> Iterator[None]:
        """Turn what is raised inside into a status; keep refusals in the audit trail."""
        try:
            yield
        except Exception as raised:  # noqa: BLE001 - the one place that names every error
            error = as_domain_error(raised)
            if isinstance(error, InternalError):
                LOG.error("internal error", exc_info=raised)
            elif error is not raised:
                LOG.warning("refused by the database", reason=error.reason, **cause_of(raised))
            status = status_of(error, domain=call.error_domain)
            self._audit_refusal(call, request, error.reason)
        else:
            return
        context.abort_with_status(status)

    @contextmanager
    def deadline(self, context: grpc.ServicerContext) -> Iterator[None]:
        """Give the database no more time than the caller has."""
        remaining = _seconds_left(context)
        if remaining is not None and remaining <= 0:
            raise DeadlineExceeded("the deadline was over before the call began")
        with until(min(LONGEST_CALL, LONGEST_CALL if remaining is None else remaining)):
            yield

    @contextmanager
    def authentication(self, call: Call, context: grpc.ServicerContext) -> Iterator[Principal]:
        """Find out who calls, and act in that name.

        Raises:
            TokenMissing, TokenExpired, TokenInvalid.
        """
        header = metadata_value(context, "authorization")
        if not header:
            raise TokenMissing("send a token: metadata 'authorization' with 'Bearer <token>'")
        if not header.lower().startswith(_BEARER):
            raise TokenInvalid("metadata 'authorization' must be 'Bearer <token>'")
        call.principal = self.tokens.verify(header[len(_BEARER) :].strip())
        with acting_as(call.principal):
            yield call.principal

    @contextmanager
    def permission(
        self, call: Call, caller: Principal, request: Message | Malformed
    ) -> Iterator[None]:
        """Refuse a caller without the permission, or outside its customers; then act as permitted.

        A caller sees every customer only if a role that sees them all has the permission. Roles
        that the house does not know, as issuers put into every token, count for nothing.

        Raises:
            PermissionMissing, CustomerOutOfScope.
        """
        needed = call.policy.permission
        letting_in = {role for role in caller.roles if needed in self.permissions.get(role, ())}
        if not letting_in:
            raise PermissionMissing(
                f"{caller.subject} needs a role with the permission {needed}",
                metadata={"permission": needed, "roles": ",".join(sorted(caller.roles))},
            )
        everyone = frozenset({EVERY_CUSTOMER}) if letting_in - SCOPED_ROLES else caller.customers
        known = caller.roles & self.permissions.keys()
        principal = replace(caller, roles=known, customers=everyone)
        customer = _named_customer(request)
        seen = principal.sees_every_customer or customer in principal.customers
        if customer and not seen:
            raise CustomerOutOfScope(
                f"{customer} is not one of the customers that {principal.subject} may see",
                metadata={"customer": customer[:200]},
            )
        with acting_as(principal):
            yield

    def once(
        self, call: Call, request: Message, context: grpc.ServicerContext, servicer: Servicer
    ) -> Message:
        """Call within one transaction, at most once for each request id.

        The answer is stored with the effect; a repeat gets the stored answer. With
        ``validate_only`` everything is tried and nothing is kept.

        Raises:
            RequestIdReused: the id came before with another body.
        """
        if getattr(request, "validate_only", False):
            return self._rolled_back(request, context, servicer)
        key = _request_key(call, request)
        digest = _digest(request)
        with self.transactions():
            if not _claim(key, digest):
                return _stored_answer(key, digest, call.policy.method)
            answer = servicer(request, context)
            _store(key, answer)
            self._audit(call, _subject(request, answer), "OK", digest)
        return answer

    def audit_look(self, call: Call, request: Message) -> None:
        """Keep that somebody looked at what belongs to persons."""
        with self.transactions.apart():
            self._audit(call, _subject(request, request), "OK", _digest(request))

    def _rolled_back(
        self, request: Message, context: grpc.ServicerContext, servicer: Servicer
    ) -> Message:
        with self.transactions.tried():
            return servicer(request, context)

    def _audit_refusal(self, call: Call, request: Message | Malformed, reason: str) -> None:
        if call.principal is None or not (call.policy.mutates or reason in _DENIALS):
            return
        known = request if isinstance(request, Message) else None
        resource = "" if known is None else _subject(known, known)
        digest = b"" if known is None else _digest(known)
        try:
            with acting_as(call.principal), self.transactions.apart():
                self._audit(call, resource, reason, digest)
        except Exception as raised:  # noqa: BLE001 - the refusal itself must still be said
            LOG.error("a refusal could not be written to the audit trail", exc_info=raised)

    def _audit(self, call: Call, resource: str, outcome: str, digest: bytes) -> None:
        if call.principal is None:
            raise TypeError("only a known caller's doing is kept")
        self.audit(
            principal=call.principal,
            method=call.policy.method,
            resource=resource,
            outcome=outcome,
            request_digest=digest.hex(),
            request_id=call.correlation,
        )


def _seconds_left(context: grpc.ServicerContext) -> float | None:
    """Ask for the caller's deadline; None where there is none, which the stubs do not say."""
    return context.time_remaining()


_DENIALS = frozenset({"PERMISSION_MISSING", "CUSTOMER_OUT_OF_SCOPE", "ABOVE_AUTHORITY"})

_CLAIM = text(
    "INSERT INTO runtime.requests (subject, method, request_id, digest)"
    " VALUES (:subject, :method, :request_id, :digest) ON CONFLICT DO NOTHING"
)
_STORE = text(
    "UPDATE runtime.requests SET answer = :answer, answer_type = :answer_type"
    " WHERE subject = :subject AND method = :method AND request_id = :request_id"
)
_RECALL = text(
    "SELECT digest, answer, answer_type FROM runtime.requests"
    " WHERE subject = :subject AND method = :method AND request_id = :request_id"
)


def _request_key(call: Call, request: Message) -> dict[str, object]:
    """Name the request; one id in capitals and in small letters is the same, and the same body."""
    subject = call.principal.subject if call.principal else ""
    request_id = uuid.UUID(str(getattr(request, "request_id", "")))
    request.request_id = str(request_id)  # type: ignore[attr-defined]
    return {"subject": subject, "method": call.policy.method, "request_id": request_id}


def _claim(key: dict[str, object], digest: bytes) -> bool:
    """Claim the id; waits for a rival that holds it, and loses if the rival commits."""
    return current_connection().execute(_CLAIM, {**key, "digest": digest}).rowcount == 1


def _store(key: dict[str, object], answer: Message) -> None:
    values = {
        **key,
        "answer": answer.SerializeToString(),
        "answer_type": answer.DESCRIPTOR.full_name,
    }
    current_connection().execute(_STORE, values)


def _stored_answer(key: dict[str, object], digest: bytes, method: str) -> Message:
    row = current_connection().execute(_RECALL, key).one()
    if row.digest != digest:
        raise RequestIdReused(
            f"request_id {key['request_id']} came before to {method} with another content;"
            " use a new id for a new request",
            metadata={"request_id": str(key["request_id"])},
        )
    kind = message_factory.GetMessageClass(
        descriptor_pool.Default().FindMessageTypeByName(row.answer_type)
    )
    return kind.FromString(row.answer)


def _digest(request: Message) -> bytes:
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()


def _named_customer(request: Message | Malformed) -> str:
    """Find the customer that a request is about, by its field ``customer`` or its name."""
    customer = getattr(request, "customer", "")
    if isinstance(customer, str) and customer:
        return customer
    name = getattr(request, "name", "")
    return name if isinstance(name, str) and name.startswith("customers/") else ""


def _subject(request: Message, answer: Message) -> str:
    """Name what was touched: the answer's resource, else what the request names."""
    sources = ((answer, "name"), (request, "name"), (request, "parent"), (request, "customer"))
    for source, field in (*sources, (request, "month")):
        value = getattr(source, field, "")
        if isinstance(value, str) and value:
            return value
    return ""

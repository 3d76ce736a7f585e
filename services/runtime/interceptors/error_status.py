"""From an error of ours, or of the database, to a status with details that a program can read."""

import traceback
from collections.abc import Mapping

import grpc
import psycopg
import sqlalchemy.exc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from services.kernel import errors
from services.runtime.interceptors.messages_zh import SENTENCES

_CODES: Mapping[type[errors.DomainError], int] = {
    errors.InvalidInput: code_pb2.INVALID_ARGUMENT,
    errors.NotFound: code_pb2.NOT_FOUND,
    errors.AlreadyExists: code_pb2.ALREADY_EXISTS,
    errors.Refused: code_pb2.FAILED_PRECONDITION,
    errors.Conflict: code_pb2.ABORTED,
    errors.Forbidden: code_pb2.PERMISSION_DENIED,
    errors.Unauthenticated: code_pb2.UNAUTHENTICATED,
    errors.Unavailable: code_pb2.UNAVAILABLE,
}


class DatabaseUnavailable(errors.Unavailable):
    """The database does not answer, or is too busy; nothing was changed."""

    reason = "DATABASE_UNAVAILABLE"


class DeadlineExceeded(errors.DomainError):
    """The caller's time was over before the answer was there; nothing was changed."""

    reason = "DEADLINE_EXCEEDED"


class NotOffered(errors.DomainError):
    """The method belongs to a contract that is not ours, and is not offered here."""

    reason = "NOT_OFFERED"


class InternalError(errors.DomainError):
    """A mistake of ours."""

    reason = "INTERNAL"


class ConstraintRefused(errors.Refused):
    """The database refused what no rule before it had refused."""

    reason = "WRONG_STATE"


def as_domain_error(error: Exception) -> errors.DomainError:
    """Name any error: ours as it is, the database's by what it says, the rest as internal."""
    if isinstance(error, errors.DomainError):
        return error
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return DatabaseUnavailable("all connections to the database are in use; try again soon")
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return _database_error(error.orig)
    if isinstance(error, psycopg.Error):  # from COPY, which does not pass through SQLAlchemy
        return _database_error(error)
    return InternalError("something went wrong here; the log has it under the request id")


def cause_of(error: Exception) -> Mapping[str, str]:
    """Say for the log what the database, or its driver, said, and where of ours it was asked.

    Its first sentence only: the detail that follows may show a row.
    """
    origin = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    diagnostics = getattr(origin, "diag", None)
    said = getattr(diagnostics, "message_primary", None) or str(origin).partition("\n")[0]
    ours = [
        f"{frame.filename.rpartition('/services/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/services/" in frame.filename and "/site-packages/" not in frame.filename
    ]
    state = getattr(origin, "sqlstate", None) or type(origin).__name__
    return {"state": state, "said": said[:500], "at": " < ".join(reversed(ours[-3:]))}


# A status travels in HTTP/2 headers, of which clients take 8 KiB unless told otherwise: base64
# adds a third to the details, and the message is sent once more, percent-encoded.
_MOST_DETAILS = 3_900
_LONGEST_MESSAGE = 300
_LONGEST_DESCRIPTION = 200


def status_of(error: errors.DomainError, *, domain: str) -> grpc.Status:
    """Build the status of an error, with its details.

    Wrong fields are named as far as headers have room; ``violation_count`` counts all of them.
    """
    info = error_details_pb2.ErrorInfo(
        reason=error.reason,
        domain=domain,
        metadata={key: _clipped(value) for key, value in error.metadata.items()},
    )
    details: list[Message] = [info]
    if isinstance(error, errors.Refused):
        details.append(_precondition(error))
    if error.reason in SENTENCES:
        details.append(
            error_details_pb2.LocalizedMessage(locale="zh-CN", message=SENTENCES[error.reason])
        )
    if isinstance(error, errors.InvalidInput) and error.violations:
        info.metadata["violation_count"] = str(len(error.violations))
        room = _MOST_DETAILS - sum(detail.ByteSize() for detail in details)
        details.insert(1, _bad_request(error, room=room))
    packed = [_packed(detail) for detail in details]
    message = _clipped(error.message, _LONGEST_MESSAGE)
    return rpc_status.to_status(Status(code=_code(error), message=message, details=packed))


def _clipped(text: str, longest: int = _LONGEST_DESCRIPTION) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _code(error: errors.DomainError) -> int:
    if isinstance(error, DeadlineExceeded):
        return code_pb2.DEADLINE_EXCEEDED
    if isinstance(error, NotOffered):
        return code_pb2.UNIMPLEMENTED
    kinds = (code for kind, code in _CODES.items() if isinstance(error, kind))
    return next(kinds, code_pb2.INTERNAL)


def _bad_request(error: errors.InvalidInput, *, room: int) -> Message:
    request = error_details_pb2.BadRequest()
    for violation in error.violations:
        named = request.field_violations.add(
            field=_clipped(violation.field),
            description=_clipped(violation.description),
            reason=error.reason,
        )
        room -= named.ByteSize() + 4
        if room < 0:
            del request.field_violations[-1]
            break
    return request


def _precondition(error: errors.Refused) -> Message:
    violation = error_details_pb2.PreconditionFailure.Violation(
        type=error.reason,
        subject=_clipped(error.subject),
        description=_clipped(error.message, _LONGEST_MESSAGE),
    )
    return error_details_pb2.PreconditionFailure(violations=[violation])


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed


def _database_error(error: BaseException | None) -> errors.DomainError:
    """Tell by SQLSTATE: 57014 cancelled, 40 rolled back, 23 refused by a constraint, 22 data.

    22023 is no caller's data but a setting of ours, such as a role that the database has not, since
    it is of another release. The driver itself refuses text with NUL, without a state.
    """
    sqlstate = getattr(error, "sqlstate", None) or ""
    if sqlstate == "57014":
        return DeadlineExceeded("the deadline was over before the database answered")
    if isinstance(error, psycopg.OperationalError) or sqlstate[:2] in {"40", "53", "57"}:
        return DatabaseUnavailable("the database does not answer; the same call may succeed soon")
    if sqlstate == "23505":
        return errors.AlreadyExists(_constraint(error))
    if sqlstate[:2] == "23":
        return ConstraintRefused(
            f"the books refuse it by the constraint {_constraint(error)}",
            subject=_constraint(error),
        )
    if (isinstance(error, psycopg.DataError) or sqlstate[:2] == "22") and sqlstate != "22023":
        return errors.InvalidInput("a number or text of the request is beyond what can be kept")
    return InternalError("the database refused what it should not; the log has it")


def _constraint(error: BaseException | None) -> str:
    diagnostics = getattr(error, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or "unnamed"

"""Errors become statuses that a program can read."""

import grpc
import psycopg
import pytest
import sqlalchemy.exc
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status

from services.kernel import errors
from services.runtime.database import psycopg_url
from services.runtime.interceptors.error_status import (
    DatabaseUnavailable,
    DeadlineExceeded,
    InternalError,
    as_domain_error,
    cause_of,
    status_of,
)

_KINDS: list[tuple[errors.DomainError, grpc.StatusCode]] = [
    (errors.InvalidInput("x"), grpc.StatusCode.INVALID_ARGUMENT),
    (errors.NotFound("customers/x"), grpc.StatusCode.NOT_FOUND),
    (errors.AlreadyExists("customers/x"), grpc.StatusCode.ALREADY_EXISTS),
    (errors.Refused("x", subject="months/2025-03"), grpc.StatusCode.FAILED_PRECONDITION),
    (errors.WrongState("x", subject="runs/1"), grpc.StatusCode.FAILED_PRECONDITION),
    (errors.EtagChanged(resource="x", given="1", current="2"), grpc.StatusCode.ABORTED),
    (errors.Forbidden("x"), grpc.StatusCode.PERMISSION_DENIED),
    (errors.Unauthenticated("x"), grpc.StatusCode.UNAUTHENTICATED),
    (errors.Unavailable("x"), grpc.StatusCode.UNAVAILABLE),
    (DeadlineExceeded("x"), grpc.StatusCode.DEADLINE_EXCEEDED),
    (InternalError("x"), grpc.StatusCode.INTERNAL),
]


_KNOWN: dict[str, type[Message]] = {
    "google.rpc.ErrorInfo": error_details_pb2.ErrorInfo,
    "google.rpc.BadRequest": error_details_pb2.BadRequest,
    "google.rpc.PreconditionFailure": error_details_pb2.PreconditionFailure,
    "google.rpc.LocalizedMessage": error_details_pb2.LocalizedMessage,
}


def _details(error: errors.DomainError) -> list[Message]:
    return [_KNOWN[packed.TypeName()].FromString(packed.value) for packed in _status(error).details]


def _status(error: errors.DomainError) -> Status:
    metadata = dict(status_of(error, domain="billing.tanheng").trailing_metadata or ())
    packed = metadata["grpc-status-details-bin"]
    assert isinstance(packed, bytes)
    return Status.FromString(packed)


@pytest.mark.parametrize(("error", "code"), _KINDS, ids=lambda value: type(value).__name__)
def test_every_kind_has_its_code_and_its_reason(
    error: errors.DomainError, code: grpc.StatusCode
) -> None:
    assert status_of(error, domain="billing.tanheng").code is code
    info = _details(error)[0]
    assert isinstance(info, error_details_pb2.ErrorInfo)
    assert (info.reason, info.domain) == (error.reason, "billing.tanheng")


def test_names_every_wrong_field() -> None:
    wrong = (errors.FieldViolation("a", "is bad"), errors.FieldViolation("b.c", "is worse"))
    bad = _details(errors.InvalidInput("x", violations=wrong))[1]
    assert isinstance(bad, error_details_pb2.BadRequest)
    assert [(v.field, v.description) for v in bad.field_violations] == [
        ("a", "is bad"),
        ("b.c", "is worse"),
    ]


def test_names_the_resource_whose_state_refuses() -> None:
    failure = _details(errors.Refused("closed", subject="months/2025-03"))[1]
    assert isinstance(failure, error_details_pb2.PreconditionFailure)
    assert failure.violations[0].subject == "months/2025-03"


def test_speaks_chinese_where_a_sentence_is_known() -> None:
    last = _details(errors.NotFound("customers/x"))[-1]
    assert isinstance(last, error_details_pb2.LocalizedMessage)
    assert last.locale == "zh-CN"


def test_bounds_what_it_says() -> None:
    long = errors.Refused("x" * 10_000, subject="y" * 5_000, metadata={"a": "z" * 5_000})
    assert len(_status(long).message) <= 4000
    info = _details(long)[0]
    assert isinstance(info, error_details_pb2.ErrorInfo)
    assert max(map(len, info.metadata.values())) <= 1000


def _refused_by(kind: type[psycopg.Error]) -> sqlalchemy.exc.DBAPIError:
    wrapped = sqlalchemy.exc.DBAPIError.instance(
        "SELECT secret", {}, kind("says the database"), psycopg.Error
    )
    assert isinstance(wrapped, sqlalchemy.exc.DBAPIError)
    return wrapped


@pytest.mark.parametrize(
    ("raised", "named"),
    [
        (psycopg.errors.QueryCanceled, DeadlineExceeded),
        (psycopg.errors.AdminShutdown, DatabaseUnavailable),
        (psycopg.errors.DeadlockDetected, DatabaseUnavailable),
        (psycopg.errors.SerializationFailure, DatabaseUnavailable),
        (psycopg.errors.TooManyConnections, DatabaseUnavailable),
        (psycopg.errors.UniqueViolation, errors.AlreadyExists),
        (psycopg.errors.CheckViolation, errors.Refused),
        (psycopg.errors.RestrictViolation, errors.Refused),
        (psycopg.errors.NumericValueOutOfRange, errors.InvalidInput),
        (psycopg.errors.InvalidTextRepresentation, errors.InvalidInput),
        (psycopg.errors.InvalidParameterValue, InternalError),
        (psycopg.errors.InsufficientPrivilege, InternalError),
        (psycopg.errors.UndefinedTable, InternalError),
    ],
)
def test_names_what_the_database_says(
    raised: type[psycopg.Error], named: type[errors.DomainError]
) -> None:
    error = as_domain_error(_refused_by(raised))
    assert isinstance(error, named)
    assert "secret" not in error.message


def test_says_nothing_of_a_mistake_of_ours() -> None:
    error = as_domain_error(KeyError("password"))
    assert isinstance(error, InternalError)
    assert "password" not in error.message


def test_asks_for_patience_when_all_connections_are_in_use() -> None:
    assert isinstance(as_domain_error(sqlalchemy.exc.TimeoutError()), DatabaseUnavailable)


def test_keeps_for_the_log_what_the_database_said_and_no_row() -> None:
    refused = psycopg.errors.InvalidParameterValue("no such role\nDETAIL:  Failing row (1, li.wei)")
    cause = cause_of(sqlalchemy.exc.DataError("SELECT 1", {}, refused))
    assert cause == {"state": "22023", "said": "no such role", "at": ""}


def test_names_for_the_log_where_it_was_asked() -> None:
    with pytest.raises(sqlalchemy.exc.ArgumentError) as caught:
        psycopg_url("no address")
    assert "runtime/database.py:" in cause_of(caught.value)["at"]

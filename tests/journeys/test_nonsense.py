"""Nonsense for every method: always a named refusal, never an internal error."""

from collections.abc import Callable, Iterable, Iterator

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.bootstrap.contract import services_of_the_contract
from services.bootstrap.policy import permissions_by_role
from services.runtime.interceptors.policies import policies_of
from services.wire.pages import to_wire_token
from tests.support.client import Client, methods, reason_of
from tests.support.nonsense import messages
from tests.support.service import Service

# The service runs in this process: its threads draw random numbers while a strategy does.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Do not use the `random` module"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]
_MALFORMED = (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_MESSAGE")
_SERVING = b"\x08\x01"
_MISTAKES_OF_OURS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}
_POLICIES = policies_of(services_of_the_contract())
_PERMISSIONS = permissions_by_role(
    [*(policy.permission for policy in _POLICIES.values()), "operations.read"]
)


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service."""
    return Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )


def _role_for(path: str) -> str:
    permission = _POLICIES[path].permission
    return next(role for role in sorted(_PERMISSIONS) if permission in _PERMISSIONS[role])


@pytest.mark.parametrize("path", sorted(methods()))
def test_answers_nonsense_with_a_named_refusal(client: Client, path: str) -> None:
    role = _role_for(path)
    token = client.token_of(role, role, ())

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(request=messages(methods()[path].input_type))
    def tries(request: Message) -> None:
        code, reason = _outcome(lambda: client.send(path, request, token=token))
        assert code not in _MISTAKES_OF_OURS, f"{path}: {request} -> {code}"
        assert reason, f"{path}: a refusal without a reason: {code}"

    tries()


@pytest.mark.parametrize("path", sorted(methods()))
@settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(junk=st.binary(min_size=1, max_size=40))
def test_answers_bytes_that_are_no_message(client: Client, path: str, junk: bytes) -> None:
    role = _role_for(path)
    metadata = (("authorization", f"Bearer {client.token_of(role, role, ())}"),)
    streaming = methods()[path].server_streaming
    stub = client.channel.unary_stream if streaming else client.channel.unary_unary
    call: Callable[..., Iterable[bytes]] = stub(
        path, request_serializer=None, response_deserializer=None
    )

    def send() -> None:
        answer = call(b"\xff" + junk, metadata=metadata, timeout=30)
        if streaming:
            list(answer)

    code, reason = _outcome(send)
    assert code not in _MISTAKES_OF_OURS
    assert reason


def test_names_what_even_the_health_check_cannot_read(client: Client) -> None:
    check: Callable[[bytes], bytes] = client.channel.unary_unary(
        "/grpc.health.v1.Health/Check", request_serializer=bytes, response_deserializer=bytes
    )
    assert _outcome(lambda: check(b"\xff\xff")) == _MALFORMED
    assert check(b"") == _SERVING


def test_names_what_a_watch_of_health_cannot_read(client: Client) -> None:
    watch: Callable[..., Iterator[bytes]] = client.channel.unary_stream(
        "/grpc.health.v1.Health/Watch", request_serializer=bytes, response_deserializer=bytes
    )
    assert _outcome(lambda: next(watch(b"\xff\xff", timeout=30))) == _MALFORMED
    watching = watch(b"", timeout=30)
    assert next(watching) == _SERVING
    watching.cancel()  # type: ignore[attr-defined]  # it is a call too


def test_names_what_reflection_cannot_read(client: Client) -> None:
    ask: Callable[..., Iterator[bytes]] = client.channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        request_serializer=bytes,
        response_deserializer=bytes,
    )
    services = b"\x3a\x00"  # list_services
    answers = ask(iter([services, b"\xff\xff"]), timeout=30)
    assert b"tanheng.billing.v1.BillingService" in next(answers)
    assert _outcome(lambda: next(answers)) == _MALFORMED


_PLACES = (
    ("x",),
    ("customers/a", "9" * 30, "1"),
    ("customers/a", "2025", "-1"),
    ("customers/a", "", "1"),
    ("2025-99-99", "trades/x"),
    ("\u0663", "\u0663", "\u0663"),
    ("",) * 5,
)


@pytest.mark.parametrize("path", sorted(path for path in methods() if "/List" in path))
@pytest.mark.parametrize("place", _PLACES)
def test_goes_on_from_no_place_that_it_never_gave_out(
    client: Client, path: str, place: tuple[str, ...]
) -> None:
    role = _role_for(path)
    request = message_factory.GetMessageClass(methods()[path].input_type)()
    request.page_token = to_wire_token(request, place)  # type: ignore[attr-defined]
    token = client.token_of(role, role, ())
    code, _ = _outcome(lambda: client.send(path, request, token=token))
    assert code in {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT}


def _outcome(send: Callable[[], object]) -> tuple[grpc.StatusCode, str]:
    """Send; gives the code and the reason, which is OK where nothing was refused."""
    try:
        send()
    except grpc.RpcError as error:
        return error.code(), reason_of(error)
    return grpc.StatusCode.OK, "OK"

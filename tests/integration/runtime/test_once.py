"""The stage that makes a call happen once, on a real database and over real gRPC."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from google.type.date_pb2 import Date
from grpc_status import rpc_status
from sqlalchemy import text
from tanheng.billing.v1 import customer_service_pb2 as pb
from tanheng.common.v1 import common_pb2

from services.kernel.authority import SYSTEM, Principal
from services.kernel.errors import Refused
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as, current_connection
from tests.support.echo import CREATE, bearer, echo_server

_EFFECT = text("INSERT INTO runtime.occurrences (job, due_at) VALUES (:job, clock_timestamp())")


@dataclass
class Trail:
    """An audit trail in memory."""

    outcomes: list[str] = field(default_factory=list)

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
        """Remember the outcome."""
        del principal, method, resource, request_digest, request_id, detail
        self.outcomes.append(outcome)


@dataclass
class Bones:
    """A running echo, its database and its trail."""

    call: Callable[..., pb.Customer]
    transactions: Transactions
    trail: Trail

    def effects(self) -> int:
        """Count what was really done."""
        with acting_as(SYSTEM), self.transactions():
            count = current_connection().execute(text("SELECT count(*) FROM runtime.occurrences"))
            return int(count.scalar_one())


def _create(request: Message, context: grpc.ServicerContext) -> Message:
    del context
    assert isinstance(request, pb.CreateCustomerRequest)
    current_connection().execute(_EFFECT, {"job": request.customer_id})
    if request.customer_id == "refused":
        raise Refused("not now", subject="customers/refused")
    if request.customer_id == "broken":
        raise ZeroDivisionError
    return pb.Customer(name=f"customers/{request.customer_id}")


@pytest.fixture
def bones(fresh_database: str, tmp_path: Path) -> Iterator[Bones]:
    """Run the echo."""
    engine = open_engine(fresh_database, pool_size=20)
    transactions, trail = Transactions(engine), Trail()
    with echo_server(
        transactions=transactions, servicer=_create, audit=trail, data_dir=tmp_path
    ) as (address, settings):
        channel = grpc.insecure_channel(address)
        method: Callable[..., pb.Customer] = channel.unary_unary(
            CREATE,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=pb.Customer.FromString,
        )

        def call(request: Message, role: str = "admin") -> pb.Customer:
            return method(request, metadata=bearer(settings, role), timeout=30)

        yield Bones(call, transactions, trail)
        channel.close()
    engine.dispose()


def _request(customer_id: str, *, key: str = "", validate_only: bool = False) -> Message:
    return pb.CreateCustomerRequest(
        customer_id=customer_id,
        customer=pb.Customer(
            display_name="Sample",
            customer_class=common_pb2.CUSTOMER_CLASS_INTERNAL,
            kind=pb.CUSTOMER_KIND_THERMAL,
            service_start_date=Date(year=2025, month=1, day=1),
        ),
        request_id=key or str(uuid.uuid4()),
        validate_only=validate_only,
    )


def _reason(error: grpc.RpcError) -> str:
    status = rpc_status.from_call(cast("grpc.Call", error))  # a raised error is both
    assert status is not None
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return info.reason


def test_has_one_effect_and_one_answer_for_fifty_calls_with_one_request_id(bones: Bones) -> None:
    request = _request("hanchuan")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: bones.call(request), range(50)))
    assert {answer.name for answer in answers} == {"customers/hanchuan"}
    assert bones.effects() == 1
    assert bones.trail.outcomes == ["OK"]


def test_refuses_a_request_id_that_came_with_another_body(bones: Bones) -> None:
    key = str(uuid.uuid4())
    bones.call(_request("hanchuan", key=key))
    with pytest.raises(grpc.RpcError) as caught:
        bones.call(_request("xilaifeng", key=key))
    assert _reason(caught.value) == "REQUEST_ID_REUSED"
    assert bones.effects() == 1


def test_knows_a_request_id_again_however_it_is_spelt(bones: Bones) -> None:
    key = str(uuid.uuid4())
    bones.call(_request("hanchuan", key=key))
    assert bones.call(_request("hanchuan", key=key.upper())).name == "customers/hanchuan"
    assert bones.effects() == 1


def test_keeps_nothing_of_a_call_that_only_validates(bones: Bones) -> None:
    key = str(uuid.uuid4())
    assert bones.call(_request("hanchuan", key=key, validate_only=True)).name
    assert bones.effects() == 0
    bones.call(_request("hanchuan", key=key))
    assert bones.effects() == 1


def test_rolls_a_refusal_back_does_not_store_it_and_audits_it(bones: Bones) -> None:
    request = _request("refused")
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as caught:
            bones.call(request)
        assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert bones.effects() == 0
    assert bones.trail.outcomes == ["WRONG_STATE", "WRONG_STATE"]


def test_says_internal_for_a_mistake_of_ours_and_keeps_nothing(bones: Bones) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        bones.call(_request("broken"))
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert bones.effects() == 0


def test_denies_a_role_without_the_permission_before_it_looks_at_fields(bones: Bones) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        bones.call(pb.CreateCustomerRequest(), role="trader")
    assert _reason(caught.value) == "PERMISSION_MISSING"
    assert bones.trail.outcomes == ["PERMISSION_MISSING"]


def test_names_every_wrong_field_at_once(bones: Bones) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        bones.call(pb.CreateCustomerRequest(customer_id="Not An Id", request_id="no uuid"))
    status = rpc_status.from_call(cast("grpc.Call", caught.value))
    assert status is not None
    request = error_details_pb2.BadRequest()
    assert status.details[1].Unpack(request)
    fields = {violation.field for violation in request.field_violations}
    assert {"customer_id", "request_id", "customer"} <= fields

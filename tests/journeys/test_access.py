"""Who may call what: every method in every role, held against a table that a person can sign."""

import csv
from pathlib import Path

import grpc
import pytest
from google.protobuf import message_factory
from tanheng.billing.v1 import billing_service_pb2

from services.bootstrap.policy import ROLES
from services.runtime.tokens import development_token
from tests.support.client import Client, methods, reason_of
from tests.support.service import Service

TABLE = Path(__file__).parents[1] / "examples" / "access.csv"


def signed_table() -> dict[str, frozenset[str]]:
    """Read which roles may call each method."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["method"]: frozenset(role for role in ROLES if row[role] == "yes") for row in rows}


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service."""
    return Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )


def test_the_table_names_every_method() -> None:
    assert set(signed_table()) == set(methods())


@pytest.mark.parametrize("path", sorted(methods()))
def test_lets_in_just_the_roles_of_the_table(client: Client, path: str) -> None:
    reasons = {role: _reason(client, path, role) for role in ROLES}
    assert not {"TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED"} & set(reasons.values())
    allowed = {role for role, reason in reasons.items() if reason != "PERMISSION_MISSING"}
    assert allowed == signed_table()[path]


@pytest.mark.parametrize("path", sorted(methods()))
def test_refuses_callers_that_it_does_not_know(client: Client, path: str) -> None:
    request = message_factory.GetMessageClass(methods()[path].input_type)()
    for token, reason in (("", "TOKEN_MISSING"), ("not.a.token", "TOKEN_INVALID")):
        with pytest.raises(grpc.RpcError) as caught:
            client.send(path, request, token=token)
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert reason_of(caught.value) == reason


def _reason(client: Client, path: str, role: str) -> str:
    request = message_factory.GetMessageClass(methods()[path].input_type)()
    try:
        client.send(path, request, token=client.token_of(role, role, ()))
    except grpc.RpcError as error:
        return reason_of(error)
    return ""


@pytest.mark.parametrize("other", ["offline_access", "trader", "hr", "system"])
def test_a_customer_with_another_role_sees_no_more_invoices(
    module_service: Service, other: str
) -> None:
    token = _token(module_service, "customer", other)
    request = billing_service_pb2.ListInvoicesRequest(customer="customers/somebody-else")
    client = Client(module_service.address, lambda *_: token)
    with pytest.raises(grpc.RpcError) as caught:
        client.send(client.path("billing.BillingService/ListInvoices"), request, token=token)
    assert reason_of(caught.value) == "CUSTOMER_OUT_OF_SCOPE"


def _token(service: Service, *roles: str) -> str:
    own = ["customers/plant-01"]
    return development_token(
        settings=service.settings, subject="two-hats", roles=list(roles), customers=own
    )

"""CustomerService, AssetScaleService and previews: messages in, rows behind."""

from decimal import Decimal

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.billing.v1 import asset_scale_service_pb2 as scales
from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.billing.v1 import customer_service_pb2 as customers
from tanheng.common.v1 import common_pb2

from services.billing.domain.customer import CustomerKind
from services.kernel.authority import Principal
from services.kernel.errors import AlreadyExists, EtagChanged, InvalidInput, NotFound
from services.kernel.service import CustomerClass
from services.kernel.tiers import Tier
from services.runtime.unit_of_work import acting_as
from tests.integration.billing.conftest import CONTEXT, BillingDesk

HANCHUAN = "customers/hanchuan"


def read(desk: BillingDesk, name: str = HANCHUAN) -> customers.Customer:
    return desk.customers.GetCustomer(customers.GetCustomerRequest(name=name), CONTEXT)


def update(
    desk: BillingDesk, customer: customers.Customer, *paths: str, day: Date | None = None
) -> customers.Customer:
    request = customers.UpdateCustomerRequest(
        customer=customer, update_mask=FieldMask(paths=paths), class_effective_date=day
    )
    return desk.customers.UpdateCustomer(request, CONTEXT)


def test_a_customer_comes_back_as_it_was_registered(desk: BillingDesk) -> None:
    found = read(desk)
    assert (found.display_name, found.etag) == ("Invented hanchuan", "1")
    assert found.kind == customers.CustomerKind.Value(f"CUSTOMER_KIND_{CustomerKind.THERMAL}")
    assert [each.effective_date.year for each in found.class_history] == [2025]


def test_a_name_is_registered_once(desk: BillingDesk) -> None:
    with pytest.raises(AlreadyExists):
        desk.join("hanchuan")


def test_only_masked_fields_change(desk: BillingDesk) -> None:
    changed = customers.Customer(
        name=HANCHUAN, display_name="New name", registry_account="R-1", etag="1"
    )
    found = update(desk, changed, "registry_account")
    assert (found.display_name, found.registry_account, found.etag) == (
        "Invented hanchuan",
        "R-1",
        "2",
    )
    with pytest.raises(EtagChanged):
        update(desk, changed, "display_name")


def test_an_end_of_service_is_set_and_forgotten(desk: BillingDesk) -> None:
    ends = Date(year=2025, month=6, day=1)
    customer = customers.Customer(name=HANCHUAN, service_end_date=ends)
    assert update(desk, customer).service_end_date == ends
    found = update(desk, customers.Customer(name=HANCHUAN), "service_end_date")
    assert not found.HasField("service_end_date")


@pytest.mark.parametrize("path", ["name", "etag", "display_name"])
def test_a_mask_that_changes_nothing_sensible_is_refused(desk: BillingDesk, path: str) -> None:
    with pytest.raises(InvalidInput):
        update(desk, customers.Customer(name=HANCHUAN), path)


def test_lists_customers_by_class_and_page(desk: BillingDesk) -> None:
    for plant in ("a", "b"):
        desk.join(plant)
    desk.join("outsider", external=True)
    internal = common_pb2.CUSTOMER_CLASS_INTERNAL
    request = customers.ListCustomersRequest(customer_class=internal, page_size=2)
    first = desk.customers.ListCustomers(request, CONTEXT)
    request.page_token = first.next_page_token
    rest = desk.customers.ListCustomers(request, CONTEXT)
    names = [each.name for each in (*first.customers, *rest.customers)]
    assert names == ["customers/a", "customers/b", HANCHUAN]


def test_a_class_change_cuts_the_year_of_the_preview(desk: BillingDesk) -> None:
    flat = (Tier(None, Decimal("0.40")),)
    desk.price(customer_class=CustomerClass.EXTERNAL, tiers=flat)
    external = customers.Customer(name=HANCHUAN, customer_class=common_pb2.CUSTOMER_CLASS_EXTERNAL)
    update(desk, external, day=Date(year=2025, month=7, day=1))
    request = wire.PreviewManagementFeeRequest(customer=HANCHUAN, year=2025)
    answer = desk.billing.PreviewManagementFee(request, CONTEXT)
    nets = [line.net.units * 100 + line.net.nanos // 10**7 for line in answer.lines]
    assert nets == [round(235_000_000 * 181 / 365), round(328_000_000 * 184 / 365)]
    desk.bill("2025-01")


def test_a_batch_of_scales_names_what_became_of_each_row(desk: BillingDesk) -> None:
    def row(customer: str, tonnes: str, year: int = 2025) -> scales.AssetScaleRow:
        return scales.AssetScaleRow(
            customer=customer,
            year=year,
            basis=scales.SCALE_BASIS_ALLOCATED,
            tonnes=WireDecimal(value=tonnes),
            status=scales.SCALE_STATUS_FINAL,
        )

    rows = [
        row(HANCHUAN, "5"),
        row(HANCHUAN, "5"),
        row(HANCHUAN, "five"),
        row(HANCHUAN, "5", year=7),
        row("customers/nobody", "5"),
    ]
    request = scales.SetAssetScalesRequest(asset_scales=rows)
    answer = desk.scales.SetAssetScales(request, CONTEXT)
    results = [scales.AssetScaleOutcome.Result.Name(each.result) for each in answer.outcomes]
    assert answer.accepted_count == 2
    assert [result.removeprefix("RESULT_") for result in results] == [
        "RECORDED",
        "ALREADY_RECORDED",
        "REFUSED",
        "REFUSED",
        "REFUSED",
    ]
    assert [each.field for each in answer.outcomes[2:]] == ["tonnes", "year", "customer"]


def test_lists_every_version_of_a_scale(desk: BillingDesk) -> None:
    desk.state("hanchuan", "5000000", final=True)
    request = scales.ListAssetScalesRequest(customer=HANCHUAN, page_size=1)
    first = desk.scales.ListAssetScales(request, CONTEXT)
    request.page_token = first.next_page_token
    rest = desk.scales.ListAssetScales(request, CONTEXT)
    assert [each.version for each in (*first.asset_scales, *rest.asset_scales)] == [1, 2]
    assert rest.next_page_token == ""


def test_a_caller_finds_no_customer_but_its_own(desk: BillingDesk) -> None:
    plant = Principal("plant", frozenset({"customer"}), frozenset({"customers/other"}))
    with acting_as(plant), pytest.raises(NotFound):
        read(desk)

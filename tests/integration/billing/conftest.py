"""Billing on a real PostgreSQL, with pricing and the ledger behind its ports."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.billing.v1 import asset_scale_service_pb2 as scales
from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.billing.v1 import customer_service_pb2 as customers
from tanheng.billing.v1 import invoice_pb2
from tanheng.common.v1 import common_pb2

from services.bootstrap import billing, ledger, pricing
from services.bootstrap.platform import Platform, build_platform
from services.kernel.authority import SYSTEM, Principal
from services.kernel.identifiers import FeeScheduleName, RunName
from services.kernel.period import Month
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.tariff import Tariff
from services.runtime.settings import Settings
from services.runtime.unit_of_work import acting_as
from tests.builders.billing import INTERNAL_TIERS

CONTEXT = cast("grpc.ServicerContext", None)
EVERYONE = frozenset({"*"})


def person(subject: str, *roles: str) -> Principal:
    """Someone who sees every customer."""
    return Principal(subject, frozenset(roles), EVERYONE)


OPERATOR = person("operator", "finance_operator")
REVIEWER = person("reviewer", "finance_controller")
CONTROLLER = person("controller", "finance_controller")
DIRECTOR = person("director", "finance_director")


def _wire_day(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


@dataclass
class BillingDesk:
    """Billing's servicers, and what they stand on."""

    platform: Platform
    revisions: int = field(default=0)

    def __post_init__(self) -> None:
        """Assemble the servicers."""
        self.customers = billing.customer_servicer(self.platform)
        self.scales = billing.asset_scale_servicer(self.platform)
        self.billing = billing.billing_servicer(self.platform)
        self.bill_chunk = billing.bill_chunk(self.platform)

    def open_books(self, month: str = "2025-01") -> None:
        """Open the books."""
        ledger.open_books(self.platform)(first_month=Month.parse(month))

    def join(self, plant: str, *, start: date = date(2025, 1, 1), external: bool = False) -> None:
        """Register a plant."""
        classes = common_pb2.CUSTOMER_CLASS_INTERNAL, common_pb2.CUSTOMER_CLASS_EXTERNAL
        customer = customers.Customer(
            display_name=f"Invented {plant}",
            customer_class=classes[external],
            kind=customers.CUSTOMER_KIND_THERMAL,
            service_start_date=_wire_day(start),
        )
        request = customers.CreateCustomerRequest(customer=customer, customer_id=plant)
        self.customers.CreateCustomer(request, CONTEXT)

    def change(self, plant: str, *, service_start_date: date) -> None:
        """Correct the first day served of a plant."""
        found = self.customers.GetCustomer(
            customers.GetCustomerRequest(name=f"customers/{plant}"), CONTEXT
        )
        found.service_start_date.CopyFrom(_wire_day(service_start_date))
        mask = FieldMask(paths=["service_start_date"])
        request = customers.UpdateCustomerRequest(customer=found, update_mask=mask)
        self.customers.UpdateCustomer(request, CONTEXT)

    def state(self, plant: str, tonnes: str, *, final: bool = False, year: int = 2025) -> None:
        """State a scale."""
        status = scales.SCALE_STATUS_FINAL if final else scales.SCALE_STATUS_ESTIMATED
        request = scales.SetAssetScaleRequest(
            customer=f"customers/{plant}",
            year=year,
            basis=scales.SCALE_BASIS_ALLOCATED,
            tonnes=WireDecimal(value=tonnes),
            status=status,
        )
        self.scales.SetAssetScale(request, CONTEXT)

    def price(
        self,
        service: Service = Service.DAILY_MANAGEMENT,
        *,
        customer_class: CustomerClass = CustomerClass.INTERNAL,
        tiers: tuple[Tier, ...] = INTERNAL_TIERS,
        effective: date = date(2025, 1, 1),
    ) -> None:
        """Put a tariff in force."""
        verbs = pricing.fee_schedule_verbs(self.platform)
        self.revisions += 1
        short = f"{service}-{customer_class}".lower().replace("_", "-")
        name = FeeScheduleName(f"feeSchedules/{short}")
        if self.revisions == 1 or effective.month == 1:
            schedule = FeeSchedule(
                name=name, service=service, customer_class=customer_class, display_name=short
            )
            verbs.create_fee_schedule(schedule=schedule)
        terms = Tariff(
            effective_date=effective,
            charge_model=ChargeModel.GRADUATED if tiers else None,
            tiers=tiers,
            tax_rate=Decimal("0.06"),
        )
        with acting_as(OPERATOR):
            revision = verbs.create_fee_schedule_revision(
                schedule=name, revision_id=f"r{self.revisions}", tariff=terms
            )
        with acting_as(DIRECTOR):
            verbs.approve_fee_schedule_revision(name=revision.name)

    def start(self, month: str) -> str:
        """Start a run; returns its name."""
        with acting_as(OPERATOR):
            request = wire.StartBillingRunRequest(month=month)
            operation = self.billing.StartBillingRun(request, CONTEXT)
        progress = common_pb2.RunProgress()
        operation.metadata.Unpack(progress)
        return progress.resource

    def calculate(self, month: str) -> wire.BillingRun:
        """Start a run and do the work of its jobs."""
        name = self.start(month)
        for chunk in range(self.progress(name).total_count):
            self.bill_chunk(run=RunName(name), chunk=chunk)
        return self.run(name)

    def run(self, name: str) -> wire.BillingRun:
        """Read a run."""
        return self.billing.GetBillingRun(wire.GetBillingRunRequest(name=name), CONTEXT)

    def progress(self, name: str) -> common_pb2.RunProgress:
        """Read how far a run has come."""
        progress = common_pb2.RunProgress()
        self.billing.operation(name.rpartition("/")[2]).metadata.Unpack(progress)
        return progress

    def sign(self, run: wire.BillingRun) -> None:
        """Review and approve, above the limit by a director too."""
        with acting_as(REVIEWER):
            review = wire.ReviewBillingRunRequest(name=run.name, digest=run.digest)
            self.billing.ReviewBillingRun(review, CONTEXT)
        with acting_as(CONTROLLER):
            approval = wire.ApproveBillingRunRequest(name=run.name, digest=run.digest)
            signed = self.billing.ApproveBillingRun(approval, CONTEXT)
        if signed.awaiting_role == "finance_director":
            with acting_as(DIRECTOR):
                self.billing.ApproveBillingRun(approval, CONTEXT)

    def issue(self, run: wire.BillingRun) -> wire.BillingRun:
        """Issue the documents of a run."""
        with acting_as(CONTROLLER):
            request = wire.IssueInvoicesRequest(billing_run=run.name)
            return self.billing.IssueInvoices(request, CONTEXT)

    def bill(self, month: str) -> wire.BillingRun:
        """Bill a month to issued invoices."""
        run = self.calculate(month)
        self.sign(run)
        return self.issue(run)

    def invoices(self, **which: str) -> list[invoice_pb2.Invoice]:
        """Read invoices."""
        request = wire.ListInvoicesRequest(page_size=1000, **which)  # type: ignore[arg-type]
        return list(self.billing.ListInvoices(request, CONTEXT).invoices)


@pytest.fixture
def desk(fresh_database: str, tmp_path: Path) -> Iterator[BillingDesk]:
    """Open books, an internal tariff, and one plant with a scale."""
    with opened_desk(fresh_database, tmp_path) as desk:
        yield desk


@contextmanager
def opened_desk(database: str, folder: Path) -> Iterator[BillingDesk]:
    """Give such a desk in a database of one's own."""
    settings = Settings(data_dir=folder)
    platform = build_platform(settings=settings, database_url=database, threads=4)
    with acting_as(SYSTEM):
        desk = BillingDesk(platform)
        desk.open_books()
        desk.price()
        desk.join("hanchuan")
        desk.state("hanchuan", "8200000")
        yield desk
    platform.engine.dispose()

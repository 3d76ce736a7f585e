"""The runs of a month: allocated, started, reviewed, approved, issued and posted, in that order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tanheng.billing.v1 import billing_service_pb2, billing_service_pb2_grpc
from tanheng.common.v1 import common_pb2
from tanheng.settlement.v1 import (
    settlement_service_pb2,
    settlement_service_pb2_grpc,
    trade_service_pb2,
    trade_service_pb2_grpc,
)

from clients.cli.connection import Connection, new_request_id
from clients.cli.errors import RunBlocked
from clients.cli.operations import wait_for

BillingRun: TypeAlias = billing_service_pb2.BillingRun
SettlementRun: TypeAlias = settlement_service_pb2.SettlementRun
Run: TypeAlias = BillingRun | SettlementRun
Kind: TypeAlias = settlement_service_pb2.SettlementRunKind.ValueType

PROVISIONAL = settlement_service_pb2.SETTLEMENT_RUN_KIND_PROVISIONAL
OVER = {
    common_pb2.RUN_STATE_REJECTED,
    common_pb2.RUN_STATE_SUPERSEDED,
    common_pb2.RUN_STATE_FAILED,
}


class Side(StrEnum):
    """Which of a month's runs are meant."""

    BILLING = "billing"
    SETTLEMENT = "settlement"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MonthRuns:
    """The work of one month, in the name of whoever holds the connection."""

    connection: Connection
    month: str

    def allocate(self) -> trade_service_pb2.AllocateTradesResponse:
        """Give each contract its part of the month's trades."""
        stub = trade_service_pb2_grpc.TradeServiceStub(self.connection.channel)
        request = trade_service_pb2.AllocateTradesRequest(
            month=self.month, request_id=new_request_id()
        )
        return self.connection.call(stub.AllocateTrades, request)

    def bill(self) -> BillingRun:
        """Start a billing run and wait for it."""
        request = billing_service_pb2.StartBillingRunRequest(
            month=self.month, request_id=new_request_id()
        )
        operation = self.connection.call(self._billing.StartBillingRun, request)
        return wait_for(
            self.connection, operation, BillingRun(), label=f"billing run of {self.month}"
        )

    def settle(
        self, kind: Kind = settlement_service_pb2.SETTLEMENT_RUN_KIND_FINAL
    ) -> SettlementRun:
        """Start a settlement run and wait for it."""
        request = settlement_service_pb2.StartSettlementRunRequest(
            month=self.month, kind=kind, request_id=new_request_id()
        )
        operation = self.connection.call(self._settlement.StartSettlementRun, request)
        return wait_for(
            self.connection, operation, SettlementRun(), label=f"settlement run of {self.month}"
        )

    def current(self, side: Side) -> list[Run]:
        """Find the newest billing run and the newest settlement run that count and are not over.

        Raises:
            RunBlocked: there is none.
        """
        found: list[Run] = []
        if side is not Side.SETTLEMENT:
            found += _newest(self._billing_runs())
        if side is not Side.BILLING:
            found += _newest(self._settlement_runs())
        if not found:
            raise RunBlocked(
                f"{self.month} has no run that is not over",
                way_out=f"tanheng month run {self.month}",
            )
        return found

    def review(self, run: Run) -> Run:
        """Sign a run as its reviewer, over the digest that it has now."""
        if isinstance(run, BillingRun):
            billing = billing_service_pb2.ReviewBillingRunRequest(
                name=run.name, digest=run.digest, request_id=new_request_id()
            )
            return self.connection.call(self._billing.ReviewBillingRun, billing)
        settlement = settlement_service_pb2.ReviewSettlementRunRequest(
            name=run.name, digest=run.digest, request_id=new_request_id()
        )
        return self.connection.call(self._settlement.ReviewSettlementRun, settlement)

    def approve(self, run: Run) -> Run:
        """Sign a run as its approver, over the digest that it has now."""
        if isinstance(run, BillingRun):
            billing = billing_service_pb2.ApproveBillingRunRequest(
                name=run.name, digest=run.digest, request_id=new_request_id()
            )
            return self.connection.call(self._billing.ApproveBillingRun, billing)
        settlement = settlement_service_pb2.ApproveSettlementRunRequest(
            name=run.name, digest=run.digest, request_id=new_request_id()
        )
        return self.connection.call(self._settlement.ApproveSettlementRun, settlement)

    def conclude(self, run: Run) -> Run:
        """Issue the invoices of an approved billing run, or post an approved settlement run."""
        if isinstance(run, BillingRun):
            billing = billing_service_pb2.IssueInvoicesRequest(
                billing_run=run.name, request_id=new_request_id()
            )
            return self.connection.call(self._billing.IssueInvoices, billing)
        settlement = settlement_service_pb2.PostSettlementRunRequest(
            name=run.name, request_id=new_request_id()
        )
        return self.connection.call(self._settlement.PostSettlementRun, settlement)

    def close(self) -> settlement_service_pb2.Month:
        """Close the month for good."""
        request = settlement_service_pb2.CloseMonthRequest(
            month=self.month, request_id=new_request_id()
        )
        return self.connection.call(self._settlement.CloseMonth, request)

    def show(self) -> settlement_service_pb2.Month:
        """Read where the month stands."""
        request = settlement_service_pb2.GetMonthRequest(name=f"months/{self.month}")
        return self.connection.call(self._settlement.GetMonth, request)

    @property
    def _billing(self) -> "billing_service_pb2_grpc.BillingServiceStub":
        return billing_service_pb2_grpc.BillingServiceStub(self.connection.channel)

    @property
    def _settlement(self) -> "settlement_service_pb2_grpc.SettlementServiceStub":
        return settlement_service_pb2_grpc.SettlementServiceStub(self.connection.channel)

    def _billing_runs(self) -> list[Run]:
        request = billing_service_pb2.ListBillingRunsRequest(month=self.month, page_size=1000)
        return list(self.connection.call(self._billing.ListBillingRuns, request).billing_runs)

    def _settlement_runs(self) -> list[Run]:
        request = settlement_service_pb2.ListSettlementRunsRequest(month=self.month, page_size=1000)
        answer = self.connection.call(self._settlement.ListSettlementRuns, request)
        return [run for run in answer.settlement_runs if run.kind != PROVISIONAL]


def _newest(runs: list[Run]) -> list[Run]:
    standing = [run for run in runs if run.state not in OVER]
    return [max(standing, key=_age)] if standing else []


def _age(run: Run) -> tuple[int, int]:
    return (run.create_time.seconds, run.create_time.nanos)

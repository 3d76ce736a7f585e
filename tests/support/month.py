"""A small invented group, and its month run through the wire, step by step.

Every step has a request id derived from what it does, so a step that was cut off can be repeated.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from tests.support.client import Client, Json

_RETRIED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
_PATIENCE_SECONDS = 300.0
Answer = TypeVar("Answer")

ALLOWANCE: Json = {"kind": "INSTRUMENT_KIND_CEA", "vintage": 2025}


def day(text: str) -> Json:
    """Write "2025-01-31" as a day of the wire."""
    year, month, number = text.split("-")
    return {"year": int(year), "month": int(month), "day": int(number)}


def yuan(text: str) -> Json:
    """Write "12.34" as an amount of the wire."""
    whole, _, fen = text.partition(".")
    return {"currency_code": "CNY", "units": whole, "nanos": int((fen or "0").ljust(9, "0"))}


def number(text: str) -> Json:
    """Write "57.68" as a decimal of the wire."""
    return {"value": text}


@dataclass(frozen=True, slots=True)
class GroupOffice:
    """The people of the carbon company, each in a role, at their desks."""

    client: Client

    def do(self, method: str, request: Json, *, role: str, subject: str = "", key: str) -> Message:
        """Do one step, again and again while the service is away."""
        return patiently(
            lambda: self.client.call(method, request, role=role, subject=subject, key=key)
        )

    def finish(self, operation: Message) -> Message:
        """Wait for a run."""
        return patiently(lambda: self.client.finish(operation, role="finance_operator"))

    def set_up(self, *, plants: int) -> None:
        """Register plants, scales, a tariff, and a guaranteed purchase price for each."""
        self._set_up_tariff()
        for index in range(1, plants + 1):
            self._set_up_plant(f"plant-{index:02d}", scale=1_000_000 * index)
        request = {"first_month": "2025-01"}
        self.do(
            "settlement.SettlementService/OpenBooks", request, role="finance_controller", key="open"
        )

    def run_month(self, month: str, *, plants: int) -> None:
        """Trade, allocate, bill, settle and close one month."""
        self.trade(month, plants=plants)
        self.do(
            "settlement.TradeService/AllocateTrades",
            {"month": month},
            role="finance_operator",
            key=f"allocate {month}",
        )
        self.bill(month)
        self.settle(month)
        self.close(month)

    def trade(self, month: str, *, plants: int) -> None:
        """Buy in the market for all plants together, on three days."""
        trades = [
            {
                "external_id": f"{month}-{number_of_day}",
                "venue": "national",
                "mode": "TRADE_MODE_LISTING",
                "instrument": ALLOWANCE,
                "side": "TRADE_SIDE_BUY",
                "trade_date": day(f"{month}-{number_of_day}"),
                "tonnes": 1_001 * plants,
                "unit_price": number("74.80"),
                "trader": "trader",
            }
            for number_of_day in _trading_days(month)
        ]
        answer = self.do(
            "settlement.TradeService/RecordTrades",
            {"trades": trades},
            role="trader",
            key=f"trade {month}",
        )
        assert not answer.rejections, answer  # type: ignore[attr-defined]

    def bill(self, month: str) -> Message:
        """Run the billing of a month to issued invoices."""
        service = "billing.BillingService"
        operation = self.do(
            f"{service}/StartBillingRun",
            {"month": month},
            role="finance_operator",
            key=f"bill {month}",
        )
        run = self.finish(operation)
        self._sign(service, "BillingRun", run)
        return self.do(
            f"{service}/IssueInvoices",
            {"billing_run": run.name},  # type: ignore[attr-defined]
            role="finance_controller",
            subject="controller-2",
            key=f"issue {month}",
        )

    def settle(self, month: str) -> Message:
        """Run the settlement of a month to posted entries."""
        service = "settlement.SettlementService"
        request = {"month": month, "kind": "SETTLEMENT_RUN_KIND_FINAL"}
        operation = self.do(
            f"{service}/StartSettlementRun", request, role="finance_operator", key=f"settle {month}"
        )
        run = self.finish(operation)
        self._sign(service, "SettlementRun", run)
        return self.do(
            f"{service}/PostSettlementRun",
            {"name": run.name},  # type: ignore[attr-defined]
            role="finance_controller",
            subject="controller-2",
            key=f"post {month}",
        )

    def close(self, month: str) -> Message:
        """Close a month."""
        return self.do(
            "settlement.SettlementService/CloseMonth",
            {"month": month},
            role="finance_controller",
            key=f"close {month}",
        )

    def _sign(self, service: str, noun: str, run: Message) -> None:
        signing = {"name": run.name, "digest": run.digest}  # type: ignore[attr-defined]
        key = f"{run.name}"  # type: ignore[attr-defined]
        self.do(
            f"{service}/Review{noun}",
            signing,
            role="finance_controller",
            subject="controller-1",
            key=f"review {key}",
        )
        signed = self.do(
            f"{service}/Approve{noun}",
            signing,
            role="finance_controller",
            subject="controller-2",
            key=f"approve {key}",
        )
        if signed.awaiting_role == "finance_director":  # type: ignore[attr-defined]
            self.do(
                f"{service}/Approve{noun}", signing, role="finance_director", key=f"direct {key}"
            )

    def _set_up_tariff(self) -> None:
        service = "pricing.FeeScheduleService"
        schedule = {
            "service": "SERVICE_DAILY_MANAGEMENT",
            "customer_class": "CUSTOMER_CLASS_INTERNAL",
            "display_name": "Daily management, internal (invented)",
        }
        request: Json = {"fee_schedule": schedule, "fee_schedule_id": "daily-internal"}
        self.do(f"{service}/CreateFeeSchedule", request, role="pricing_analyst", key="schedule")
        revision = {
            "effective_date": day("2025-01-01"),
            "charge_model": "CHARGE_MODEL_GRADUATED",
            "tiers": [
                {"up_to": number("1000000"), "unit_price": number("0.35")},
                {"up_to": number("5000000"), "unit_price": number("0.30")},
                {"unit_price": number("0.25")},
            ],
            "tax_rate": number("0.06"),
        }
        request = {
            "parent": "feeSchedules/daily-internal",
            "fee_schedule_revision": revision,
            "fee_schedule_revision_id": "r2025",
        }
        self.do(
            f"{service}/CreateFeeScheduleRevision", request, role="pricing_analyst", key="revision"
        )
        name = "feeSchedules/daily-internal/revisions/r2025"
        self.do(
            f"{service}/ApproveFeeScheduleRevision",
            {"name": name},
            role="finance_director",
            key="approve revision",
        )

    def _set_up_plant(self, plant: str, *, scale: int) -> None:
        customer = {
            "display_name": f"Invented plant {plant}",
            "customer_class": "CUSTOMER_CLASS_INTERNAL",
            "kind": "CUSTOMER_KIND_THERMAL",
            "service_start_date": day("2025-01-01"),
        }
        request: Json = {"customer": customer, "customer_id": plant}
        self.do("billing.CustomerService/CreateCustomer", request, role="admin", key=plant)
        request = {
            "customer": f"customers/{plant}",
            "year": 2025,
            "basis": "SCALE_BASIS_ALLOCATED",
            "tonnes": number(str(scale)),
            "status": "SCALE_STATUS_ESTIMATED",
            "source": "invented",
        }
        self.do(
            "billing.AssetScaleService/SetAssetScale",
            request,
            role="finance_operator",
            key=f"scale {plant}",
        )
        self._set_up_contract(plant)

    def _set_up_contract(self, plant: str) -> None:
        contract = {
            "customer": f"customers/{plant}",
            "side": "GUARANTEE_SIDE_PURCHASE",
            "instruments": [ALLOWANCE],
            "delivery_window": {"start_date": day("2025-01-01"), "end_date": day("2026-01-01")},
            "volume_tonnes": 100_000,
            "promised_price": number("75.00"),
            "gain_share_tiers": [
                {"up_to_gain_per_tonne": number("5"), "customer_share": number("0.3")},
                {"customer_share": number("0.5")},
            ],
            "price_basis": "PRICE_BASIS_EXECUTED",
            "title": "TITLE_AGENT",
            "tax_treatment": "TAX_TREATMENT_OUT_OF_SCOPE",
            "share_timing": "SHARE_TIMING_MONTHLY",
            "undelivered": "UNDELIVERED_EXECUTED_ONLY",
        }
        service = "settlement.ContractService"
        request: Json = {"contract": contract, "contract_id": f"{plant}-2025"}
        self.do(
            f"{service}/CreateContract", request, role="finance_operator", key=f"contract {plant}"
        )
        request = {"name": f"contracts/{plant}-2025"}
        self.do(
            f"{service}/ApproveContract", request, role="finance_controller", key=f"approve {plant}"
        )


def patiently(step: Callable[[], Answer]) -> Answer:
    """Repeat a step while the service is away."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return step()
        except grpc.RpcError as error:
            if error.code() not in _RETRIED or time.monotonic() > end:
                raise
            time.sleep(0.1)


def _trading_days(month: str) -> tuple[str, ...]:
    """Three working days of each month of 2025 that are no holiday in China."""
    odd = {
        "2025-09": ("09", "10", "11"),
        "2025-10": ("14", "15", "16"),
        "2025-12": ("09", "10", "11"),
    }
    return odd.get(
        month,
        ("07", "08", "09")
        if month in {"2025-01", "2025-04", "2025-05", "2025-07", "2025-09"}
        else ("11", "12", "13"),
    )

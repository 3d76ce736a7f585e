"""From a closed month to awards that each person sees alone, over gRPC."""

import csv
from decimal import Decimal
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message
from tanheng.incentives.v1 import incentive_run_pb2 as wire

from tests.support.client import Client, Json, reason_of
from tests.support.month import GroupOffice, day, number, yuan
from tests.support.service import Service

PRICES = Path(__file__).parents[2] / "samples" / "group" / "prices" / "cea-composite.csv"
SERVICE = "incentives.IncentiveService"
LIMIT: Json = {"numerator": 3, "denominator": 10, "source": "an invented statute"}


def two_thirds() -> Json:
    return {"numerator": 2, "denominator": 3, "source": "an invented statute"}


def person(staff_id: str, coefficient: str, pay: str, *, executive: bool = False) -> Json:
    return {
        "staff_id": staff_id,
        "subject": f"login-{staff_id}",
        "role": "trader",
        "coefficient": number(coefficient),
        "individual_score": number("1"),
        "days_in_post": 365,
        "executive": executive,
        "annual_pay": yuan(pay),
    }


def client_of(service: Service) -> Client:
    def token_of(role: str, subject: str, customers: tuple[str, ...]) -> str:
        return service.token(role, subject=subject, customers=customers)

    return Client(service.address, token_of)


def draft_scheme(client: Client) -> None:
    scheme = {
        "display_name": "an invented desk",
        "kind": "PLAN_KIND_EXCESS_PROFIT",
        "effective_period": {"start_date": day("2025-01-01"), "end_date": day("2026-01-01")},
        "annual_target": yuan("120000"),
        "rules": {
            "excess_tiers": [{"pool_share": number("0.1")}],
            "pool_limit": LIMIT,
            "executives_limit": LIMIT,
            "deferral_weights": [50, 30, 20],
        },
        "benchmarks": [
            {
                "instrument_kind": "INSTRUMENT_KIND_CEA",
                "price_series": "priceSeries/cea-composite",
                "kind": "BENCHMARK_KIND_TWAP",
                "tax_inclusive": True,
            }
        ],
    }
    request: Json = {"scheme": scheme, "scheme_id": "desk"}
    client.call("incentives.SchemeService/CreateScheme", request, role="hr")
    people = [person("s-1", "3", "600000", executive=True), person("s-2", "2", "300000")]
    request = {"scheme": "schemes/desk", "assignments": people}
    client.call("incentives.SchemeService/SetAssignments", request, role="hr")
    request = {"name": "schemes/desk"}
    client.call("incentives.SchemeService/ApproveScheme", request, role="finance_director")


def import_prices(client: Client) -> None:
    series = {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "cneeex"}
    request: Json = {"price_series": series, "price_series_id": "cea-composite"}
    client.call("pricing.PriceService/CreatePriceSeries", request, role="pricing_analyst")
    with PRICES.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["date"].startswith("2025-01")]
    request = {
        "series": "priceSeries/cea-composite",
        "source": "invented",
        "rows": [
            {"date": day(row["date"]), "close": number(row["close"]), "quality": 1} for row in rows
        ],
    }
    client.call("pricing.PriceService/ImportPrices", request, role="pricing_analyst")


def start(client: Client, cycle: str = "2025-01") -> Message:
    request = {"scheme": "schemes/desk", "cycle": cycle}
    operation = client.call(f"{SERVICE}/StartIncentiveRun", request, role="hr")
    return client.finish(operation, role="hr")


def sign(client: Client, verb: str, run: Message, *, role: str) -> Message:
    request = {"name": run.name, "digest": run.digest}  # type: ignore[attr-defined]
    return client.call(f"{SERVICE}/{verb}IncentiveRun", request, role=role)


def awards_of(client: Client, *, role: str, subject: str = "") -> dict[str, int]:
    answer = client.call(f"{SERVICE}/ListAwards", {}, role=role, subject=subject)
    return {award.staff_id: award.amount.units for award in answer.awards}  # type: ignore[attr-defined]


def assert_worked_margins(run: Message) -> None:
    """3,003 t for each plant at 74.80, promised 75.00, in a month whose closes average 94.70."""
    values: dict[int, list[Decimal]] = {}
    for metric in run.metrics:  # type: ignore[attr-defined]
        values.setdefault(metric.kind, []).append(Decimal(metric.value.value))
    assert values[wire.METRIC_KIND_DRIFT] == [Decimal("-59159.1")] * 2
    assert values[wire.METRIC_KIND_SKILL] == [Decimal("59759.7")] * 2
    assert values[wire.METRIC_KIND_GAIN_SHARE] == [Decimal("180.18")] * 2
    fees, house = (
        sum(values[wire.METRIC_KIND_FEE_INCOME]),
        sum(values[wire.METRIC_KIND_GUARANTEE_RESULT]),
    )
    result = run.result  # type: ignore[attr-defined]
    assert fees + house + 2 * Decimal("59159.1") == result.units + Decimal(result.nanos).scaleb(-9)


def test_rewards_a_closed_month_and_shows_each_person_their_own(service: Service) -> None:
    client = client_of(service)
    office = GroupOffice(client)
    office.set_up(plants=2)
    office.run_month("2025-01", plants=2)
    draft_scheme(client)

    blocked = start(client)
    findings = {(f.reason, f.subject) for f in blocked.findings}  # type: ignore[attr-defined]
    assert findings == {("PRICE_MISSING", f"contracts/plant-0{n}-2025") for n in (1, 2)}
    sign(client, "Review", blocked, role="finance_controller")
    with pytest.raises(grpc.RpcError) as refusal:
        sign(client, "Approve", blocked, role="finance_director")
    assert reason_of(refusal.value) == "BLOCKING_FINDINGS"

    import_prices(client)
    run = start(client)
    assert run.name == "incentiveRuns/desk-2025-01-2"  # type: ignore[attr-defined]
    assert_worked_margins(run)
    assert awards_of(client, role="staff", subject="login-s-1") == {}
    sign(client, "Review", run, role="finance_controller")
    approved = sign(client, "Approve", run, role="finance_director")
    awarded = approved.awarded.units  # type: ignore[attr-defined]
    everybody = awards_of(client, role="hr")
    assert 0 < everybody["s-1"] <= awarded * 3 // 10 < everybody["s-2"]
    own = awards_of(client, role="staff", subject="login-s-2")
    assert own == {"s-2": everybody["s-2"]}
    assert awards_of(client, role="staff", subject="somebody") == {}

    request: Json = {"name": run.name}  # type: ignore[attr-defined]
    posted = client.call(f"{SERVICE}/PostIncentiveRun", request, role="finance_director")
    assert posted.journal_entry.startswith("journalEntries/")  # type: ignore[attr-defined]
    assert {b"award,s-1", b"award,s-2"} <= set(reported(client, posted))


def reported(client: Client, run: Message) -> list[bytes]:
    """The first two cells of each line of a run's report."""
    request = {"run": run.name, "format": "REPORT_FORMAT_CSV"}  # type: ignore[attr-defined]
    report = client.call(f"{SERVICE}/ExportReport", request, role="hr")
    return [b",".join(line.split(b",")[:2]) for line in report.data.splitlines()]  # type: ignore[attr-defined]


def test_refuses_a_month_that_is_open(service: Service) -> None:
    client = client_of(service)
    request: Json = {"first_month": "2025-01"}
    client.call("settlement.SettlementService/OpenBooks", request, role="finance_controller")
    draft_scheme(client)
    with pytest.raises(grpc.RpcError) as refusal:
        start(client, "2025-Q1")
    assert reason_of(refusal.value) == "WRONG_STATE"
    assert "months/2025-01" in str(refusal.value.details())


def test_previews_the_worked_pool_to_the_fen(service: Service) -> None:
    request: Json = {
        "result": yuan("10000000"),
        "rules": {
            "excess_tiers": [{"pool_share": number("0.1")}],
            "pool_limit": LIMIT,
            "executives_limit": LIMIT,
            "person_cap": two_thirds(),
        },
        "assignments": [
            person("s-1", "50", "90000000", executive=True),
            person("s-2", "30", "525000"),
            person("s-3", "20", "375000"),
        ],
    }
    answer = client_of(service).call(f"{SERVICE}/PreviewPool", request, role="hr")
    amounts = [award.amount for award in answer.awards]  # type: ignore[attr-defined]
    assert [(a.units, a.nanos) for a in amounts] == [
        (257_142, 850_000_000),
        (350_000, 0),
        (250_000, 0),
    ]
    assert answer.unallocated.units == 142_857  # type: ignore[attr-defined]

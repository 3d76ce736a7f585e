"""The worked figures of the management fee, through the preview and through a billed year."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.billing.domain.amounts import round_fen, sum_amounts
from services.billing.domain.asset_scale import ScaleStatus
from services.billing.domain.charges import charge_customer
from services.billing.domain.fee_preview import FeePreview, preview_fee
from services.billing.domain.invoice_line import InvoiceLine, LineKind
from services.billing.domain.segments import fee_segments
from services.billing.domain.tariff import Tariff, TariffSegment, check_tariff
from services.kernel.money import money
from services.kernel.period import Month, Period, year_period
from services.kernel.service import CustomerClass
from services.kernel.tiers import ChargeModel, Tier
from tests.builders.billing import a_scale, a_year, billed_by, the_inputs

Case = dict[str, Any]
DATA = yaml.safe_load((Path(__file__).parent / "management_fee.yaml").read_text(encoding="utf-8"))
CASES: list[Case] = DATA["cases"]
YEAR = year_period(2025)


def tariff_of(written: Case, number: int) -> Tariff:
    tiers = [
        Tier(
            None if tier[0] is None else Decimal(tier[0]),
            Decimal(tier[1]),
            money(tier[2]) if len(tier) > 2 else None,
        )
        for tier in written["tiers"]
    ]
    tariff = Tariff(
        rule_version=f"r{number}",
        charge_model=ChargeModel(written["model"]),
        tiers=tuple(tiers),
        minimum_annual=money(written["minimum"]) if "minimum" in written else None,
        tax_rate=Decimal(written.get("tax_rate", "0")),
        tax_inclusive=written.get("tax_inclusive", False),
    )
    check_tariff(tariff)
    return tariff


def served_of(case: Case) -> Period:
    return Period(*map(date.fromisoformat, case["served"])) if "served" in case else YEAR


def pieces_of(case: Case) -> tuple[TariffSegment, ...]:
    served, written = served_of(case), case["segments"]
    starts = [date.fromisoformat(each["from"]) for each in written[1:]]
    cuts = [served.start, *starts, served.end]
    return tuple(
        TariffSegment(
            Period(cuts[index], cuts[index + 1]),
            CustomerClass(each.get("class", "INTERNAL")),
            tariff_of(each["tariff"], index),
        )
        for index, each in enumerate(written)
    )


def preview_of(case: Case, scale: str) -> FeePreview:
    pieces = pieces_of(case)
    return preview_fee(
        year=2025, served=served_of(case), pieces=pieces, scale_tonnes=Decimal(scale)
    )


def fen(amounts: list[str]) -> list[int]:
    return [round_fen(Decimal(amount)) for amount in amounts]


def having(*keys: str) -> list[Any]:
    found = [case for case in CASES if set(keys) <= set(case)]
    assert found, keys
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", having("annual"))
def test_annual_amounts_are_as_worked_out(case: Case) -> None:
    assert [preview_of(case, case["scale"]).annual_fen] == fen([case["annual"]])


@pytest.mark.parametrize("case", having("months"))
def test_months_are_as_worked_out(case: Case) -> None:
    preview = preview_of(case, case["scale"])
    assert [str(each.month) for each in preview.months] == list(case["months"])
    assert [each.amounts.net_fen for each in preview.months] == fen(list(case["months"].values()))


@pytest.mark.parametrize("case", having("total"))
def test_months_add_up_to_the_days_served(case: Case) -> None:
    preview = preview_of(case, case["scale"])
    assert [sum(each.amounts.net_fen for each in preview.months)] == fen([case["total"]])


@pytest.mark.parametrize("case", having("lines"))
def test_segments_are_as_worked_out(case: Case) -> None:
    preview = preview_of(case, case["scale"])
    assert [line.amounts.net_fen for line in preview.lines] == fen(case["lines"])


@pytest.mark.parametrize("case", having("final_lines"))
def test_segments_on_the_final_scale_are_as_worked_out(case: Case) -> None:
    preview = preview_of(case, case["final_scale"])
    assert [line.amounts.net_fen for line in preview.lines] == fen(case["final_lines"])


@pytest.mark.parametrize("case", having("says"))
def test_explanations_say_what_a_reader_should_know(case: Case) -> None:
    steps = preview_of(case, case["scale"]).explanation.steps
    assert case["says"] in {step.label for step in steps}


@pytest.mark.parametrize("case", having("total_of_one_line"))
def test_tax_of_one_line_is_as_worked_out(case: Case) -> None:
    (segment,) = fee_segments(pieces_of(case))
    expected = case["total_of_one_line"]
    taxed = segment.tariff.taxation.of(round_fen(Decimal(case["annual"])))
    assert [taxed.net_fen, taxed.tax_fen, taxed.gross_fen] == fen(list(expected.values()))


@pytest.mark.parametrize("case", having("true_up"))
def test_a_final_scale_trues_a_billed_year_up_as_worked_out(case: Case) -> None:
    pieces = pieces_of(case)
    lines: list[InvoiceLine] = []
    for number in range(1, 13):
        year = a_year(*pieces, scale=a_scale(case["scale"]))
        month = the_inputs(year, month=str(Month(2025, number)), billed=billed_by(lines))
        lines += charge_customer(month).lines
    final = a_scale(case["final_scale"], version=2, status=ScaleStatus.FINAL)
    trued = a_year(*pieces, scale=final)
    new_year = a_year(year=2026, scale=a_scale(case["final_scale"]))
    late = the_inputs(trued, new_year, month="2026-02", billed=billed_by(lines))
    true_ups = [x for x in charge_customer(late).lines if x.kind is LineKind.TRUE_UP]
    assert [sum_amounts(x.amounts for x in true_ups).net_fen] == fen([case["true_up"]])
    assert [str(line.corrects_month) for line in true_ups] == ["2025-12"]

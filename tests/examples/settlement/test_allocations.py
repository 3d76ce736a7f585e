"""The worked allocations of allocations.yaml, and the published sale of 2022."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.identifiers import ContractName
from services.kernel.money import money, to_minor
from services.kernel.tax import tax_within
from services.settlement.domain.allocating import allocate
from services.settlement.domain.trade import TradeMode, TradeSide
from services.settlement.domain.trade_checks import rejections
from tests.builders.trades import contract, draft, facts, inputs, trade

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[2] / "samples" / "published"
CASES = yaml.safe_load((HERE / "allocations.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_allocates_as_worked_by_hand(case: dict[str, Any]) -> None:
    contracts = [contract(name, left) for name, left in case["remaining"].items()]
    bundle = case["bundle"]
    bought = trade(tonnes=bundle["tonnes"], amount=money(bundle["amount"]))
    trades = [bought]
    if earmark := case.get("earmark"):
        name = ContractName(f"contracts/{earmark['contract']}")
        trades.append(trade(contracts, external_id="e", tonnes=earmark["tonnes"], contract=name))
    allocated = allocate(inputs(trades, contracts)).allocations
    parts = {
        (part.owner.contract or "pool").removeprefix("contracts/"): part.figures
        for part in allocated
        if part.bundle.trade is None
    }
    assert {name: part.tonnes for name, part in parts.items()} == {
        name: part["tonnes"] for name, part in case["parts"].items()
    }
    for name, part in case["parts"].items():
        if "amount" in part:
            assert parts[name].amount_fen == to_minor(money(part["amount"]))
    assert sum(part.amount_fen for part in parts.values()) == to_minor(money(bundle["amount"]))


def test_records_and_taxes_the_disclosed_sale_to_the_fen() -> None:
    with (PUBLISHED / "disclosed_sale_2022-12-20.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    sale = draft(
        mode=TradeMode(row["mode"]),
        side=TradeSide.SELL,
        trade_date=date.fromisoformat(row["trade_date"]),
        tonnes=int(row["volume_tonnes"]),
        unit_price=Decimal(row["unit_price_cny_tax_inclusive"]),
    )
    assert rejections(sale, facts=facts(sale)) == ()
    recorded = trade(
        mode=sale.mode,
        side=sale.side,
        trade_date=sale.trade_date,
        tonnes=sale.tonnes,
        unit_price=sale.unit_price,
    )
    taxed = tax_within(recorded.amount, Decimal("0.06"))
    assert recorded.amount == money(row["gross_cny"])
    assert taxed.net == money(row["net_of_6_percent_vat_cny"])
    assert taxed.tax == money("992012.20")

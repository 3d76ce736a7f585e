"""The worked month-end provisions of provisions.csv."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from services.kernel.identifiers import ContractName
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.settlement.domain.provision import OpenPromise, provision_for

CASES = list(
    csv.DictReader((Path(__file__).parent / "provisions.csv").open(encoding="utf-8", newline=""))
)


def _promise(case: dict[str, str]) -> OpenPromise:
    return OpenPromise(
        contract=ContractName("contracts/hanchuan-2025"),
        side=GuaranteeSide(case["side"]),
        promised_price=Decimal(case["promised_price"]),
        forward_price=Decimal(case["forward_price"]),
        remaining_tonnes=int(case["remaining_tonnes"]),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_provides_as_worked_by_hand(case: dict[str, str]) -> None:
    assert _promise(case).provision == money(case["provision"])


def test_never_lets_one_contract_pay_for_another() -> None:
    assert provision_for(map(_promise, CASES)) == money("440000.01")

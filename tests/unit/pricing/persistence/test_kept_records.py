"""Whatever pricing keeps whole as JSON holds no binary number, whose last digits would change."""

import json

import msgspec
import pytest

from services.kernel.money import Money
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.guarantee.quote import GuaranteeQuote
from services.pricing.domain.portfolio.position import PromisedFrom
from services.pricing.domain.portfolio.scenario import Scenario
from services.pricing.domain.portfolio.valuation import (
    Assumptions,
    PortfolioFigures,
    ScenarioFigures,
)
from services.pricing.domain.quoting.custody import CustodyCover
from services.pricing.domain.quoting.quote import QuoteInputs


@pytest.mark.parametrize(
    "kind",
    [
        QuoteInputs,
        GuaranteeQuote,
        CustodyCover,
        Assumptions,
        PortfolioFigures,
        ScenarioFigures,
        Scenario,
        PromiseTerms,
        PromisedFrom,
    ],
)
def test_holds_no_binary_number(kind: type[object]) -> None:
    assert '"number"' not in _schema(kind)


def test_would_see_one() -> None:
    assert '"number"' in _schema(tuple[float, ...])


def _schema(kind: type[object]) -> str:
    return json.dumps(msgspec.json.schema(kind, schema_hook=_of_amounts))


def _of_amounts(kind: type[object]) -> dict[str, object]:
    assert kind is Money
    return {"type": "array"}

"""Worked replays of guarantees, from ``replays.yaml``, by the verb on a memory of prices."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.kernel.period import Period
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.promise_rule import PromiseRule, PromiseRuleKind
from services.pricing.domain.replay import Replayed
from services.pricing.domain.replay_plan import Execution, ReplayTerms, ReplayWindow
from tests.builders.pricing import CEA, calendar
from tests.support.replays import replay_on

SHEET = yaml.safe_load(Path(__file__).with_name("replays.yaml").read_text("utf-8"))
WINDOW = Period(date(2025, 1, 1), date(2026, 1, 1))
BEFORE = calendar().trading_days(Period(date(2024, 12, 1), date(2025, 1, 1)))
WITHIN = calendar().trading_days(WINDOW)


def replayed(case: Mapping[str, Any]) -> Replayed:
    before, within = case["before"], case["window"]
    closes = [
        *zip(BEFORE[-len(before) :], before, strict=True),
        *zip(WITHIN[:: len(WITHIN) // len(within)], within, strict=False),
    ]
    cap = case.get("loss_cap")
    terms = ReplayTerms(
        promise=PromiseTerms(
            side=GuaranteeSide(case["side"]),
            gain_share_tiers=tuple(
                GainShareTier(None if bound is None else Decimal(bound), Decimal(share))
                for bound, share in case.get("tiers", ())
            ),
            loss_cap_per_tonne=None if cap is None else Decimal(cap),
        ),
        execution=Execution(case.get("execution", "EVEN")),
        execution_days=case.get("execution_days", 0),
    )
    rule = PromiseRule(kind=PromiseRuleKind(case["rule"]["kind"]), days=case["rule"].get("days", 0))
    verb = replay_on(dict(closes))
    known = verb(series=CEA, windows=[ReplayWindow(WINDOW, case["tonnes"])], rule=rule, terms=terms)
    return known.windows[0]


@pytest.mark.parametrize("case", SHEET["replays"], ids=lambda case: str(case["name"]))
def test_a_promise_would_have_come_to_so_much(case: Mapping[str, Any]) -> None:
    found = replayed(case)
    assert found.promise.price == Decimal(case["promised_price"])
    assert found.benchmark.shown == Decimal(case["benchmark"])
    for term in ("drift", "skill", "share", "relief", "house", "customer"):
        assert getattr(found, term) == money(case.get(term, "0.00")), term

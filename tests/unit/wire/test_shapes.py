"""Instruments, tiers, signatures and findings, there and back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money as WireMoney
from hypothesis import given
from hypothesis import strategies as st
from tanheng.common.v1 import common_pb2

from services.kernel.authority import Approval, RunState
from services.kernel.errors import InvalidInput
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.finding import Finding, Severity
from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide, Instrument, InstrumentKind
from services.kernel.tiers import ChargeModel, Tier
from services.wire.authority import to_wire_approval, to_wire_run_state
from services.wire.explanation import to_wire_explanation
from services.wire.finding import to_wire_finding
from services.wire.gain_share import from_wire_gain_share_tiers, to_wire_gain_share_tiers
from services.wire.instrument import (
    from_wire_instrument,
    from_wire_side,
    to_wire_instrument,
    to_wire_side,
)
from services.wire.tiers import (
    from_wire_charge_model,
    from_wire_tiers,
    to_wire_charge_model,
    to_wire_tiers,
)
from tests.unit.wire.values import amounts, decimals, names

CEA, CCER = common_pb2.INSTRUMENT_KIND_CEA, common_pb2.INSTRUMENT_KIND_CCER
_years = st.integers(2019, 2060)
_instruments = st.one_of(
    st.builds(Instrument, st.just(InstrumentKind.CEA), _years),
    st.builds(Instrument, st.just(InstrumentKind.CCER), _years, names),
)
_tiers = st.lists(st.builds(Tier, st.none() | decimals, decimals, st.none() | amounts), max_size=5)
_gain_tiers = st.lists(st.builds(GainShareTier, st.none() | decimals, decimals), max_size=5)


@given(_instruments)
def test_reads_back_an_instrument(instrument: Instrument) -> None:
    assert from_wire_instrument(to_wire_instrument(instrument), "instrument") == instrument


@given(_tiers)
def test_reads_back_tiers(tiers: list[Tier]) -> None:
    assert from_wire_tiers(to_wire_tiers(tiers), "tiers") == tuple(tiers)


@given(_gain_tiers)
def test_reads_back_tiers_of_a_gain_share(tiers: list[GainShareTier]) -> None:
    assert from_wire_gain_share_tiers(to_wire_gain_share_tiers(tiers)) == tuple(tiers)


@pytest.mark.parametrize("side", GuaranteeSide)
def test_reads_back_a_side(side: GuaranteeSide) -> None:
    assert from_wire_side(to_wire_side(side)) is side


@pytest.mark.parametrize("model", ChargeModel)
def test_reads_back_a_charge_model(model: ChargeModel) -> None:
    assert from_wire_charge_model(to_wire_charge_model(model)) is model


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        (common_pb2.Instrument(vintage=2024), "instrument.kind"),
        (common_pb2.Instrument(kind=CEA, vintage=2024, project="p"), "instrument.project"),
        (common_pb2.Instrument(kind=CCER, vintage=2024), "instrument.project"),
    ],
)
def test_names_what_is_wrong_with_an_instrument(wire: common_pb2.Instrument, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_wire_instrument(wire, "instrument")
    assert refusal.value.violations[0].field == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (common_pb2.Tier(), "tiers[1].unit_price"),
        (common_pb2.Tier(up_to=WireDecimal(value="x")), "tiers[1].up_to"),
        (
            common_pb2.Tier(unit_price=WireDecimal(value="1"), flat_amount=WireMoney()),
            "tiers[1].flat_amount",
        ),
    ],
)
def test_names_the_tier_that_is_wrong(wrong: common_pb2.Tier, field: str) -> None:
    right = common_pb2.Tier(unit_price=WireDecimal(value="0.35"))
    with pytest.raises(InvalidInput) as refusal:
        from_wire_tiers([right, wrong], "tiers")
    assert refusal.value.violations[0].field == field


def test_writes_a_signature() -> None:
    moment = datetime(2025, 4, 3, 9, 30, tzinfo=UTC)
    wire = to_wire_approval(Approval("li.wei", "reviewer", "d1", moment))
    assert (wire.principal, wire.role, wire.digest) == ("li.wei", "reviewer", "d1")
    assert wire.time.ToDatetime(tzinfo=UTC) == moment
    assert to_wire_run_state(RunState.APPROVED) == common_pb2.RUN_STATE_APPROVED


def test_writes_a_finding_and_an_explanation() -> None:
    finding = to_wire_finding(Finding(Severity.SUBJECT_HELD, "SCALE_MISSING", "customers/a", "m"))
    assert finding.severity == common_pb2.SEVERITY_SUBJECT_HELD
    step = ExplanationStep("fee", "0.35 × 10", {"tonnes": str(Decimal(10))})
    wire = to_wire_explanation(Explanation((step,), "v1"))
    assert dict(wire.steps[0].inputs) == {"tonnes": "10"}

"""A chunk is settled once, and the last one concludes the run."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from services.kernel.authority import RunState, SignOff
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ContractName
from services.kernel.period import Month
from services.settlement.application.settle_chunk import SettleChunk
from services.settlement.application.settlement_ports import Delivered, NameRange
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.run import RunKind, SettlementRun, run_name
from services.settlement.domain.trade import TradeSide
from tests.builders.settlement import contract, delivered
from tests.fakes.settlement import (
    FoundInTrades,
    MemoryContracts,
    MemoryRuns,
    MemorySettlements,
    MemorySource,
    approved,
)
from tests.fakes.trades import no_transaction

MARCH = Month(2025, 3)
NAME = run_name(MARCH, RunKind.FINAL, 1)
FIRST = approved(contract(name=ContractName("contracts/a")))
SECOND = approved(contract(name=ContractName("contracts/b")))
STALE = Finding(Severity.RUN_BLOCKING, "ALLOCATION_STALE", "months/2025-03", "changed")


def _source(amount: str = "4488000.00") -> MemorySource:
    months = {MARCH: delivered(MARCH, 60_000, amount)}
    each = Delivered(months, {"CEA-2024": 60_000}, touched=True)
    return MemorySource({FIRST.name: each, SECOND.name: each})


@dataclass(slots=True)
class Bench:
    """A run of two chunks over two contracts."""

    source: MemorySource = field(default_factory=_source)
    trades: FoundInTrades = field(default_factory=FoundInTrades)
    settlements: MemorySettlements = field(default_factory=MemorySettlements)
    contracts: MemoryContracts = field(
        default_factory=lambda: MemoryContracts({FIRST.name: FIRST, SECOND.name: SECOND})
    )
    runs: MemoryRuns = field(
        default_factory=lambda: MemoryRuns(
            ranges=(NameRange("", "contracts/b"), NameRange("contracts/b"))
        )
    )

    def start(self) -> None:
        run = SettlementRun(
            month=MARCH,
            kind=RunKind.FINAL,
            number=1,
            maker="operator",
            created_at=datetime(2025, 4, 1, tzinfo=UTC),
            sign_off=SignOff(NAME, RunState.CALCULATING, maker="operator", digest=""),
        )
        self.runs.add(run)

    def settle(self, *chunks: int) -> SettlementRun:
        settle_chunk = SettleChunk(
            unit_of_work=no_transaction,
            runs=self.runs,
            settlements=self.settlements,
            contracts=self.contracts,
            source=self.source,
            trades=self.trades,
        )
        for chunk in chunks:
            settle_chunk(run=NAME, chunk=chunk)
        return self.runs.kept[NAME]


def _settled(bench: Bench, *chunks: int) -> SettlementRun:
    bench.start()
    return bench.settle(*chunks)


def test_concludes_the_run_with_its_last_chunk() -> None:
    bench = Bench()
    assert _settled(bench, 0).state is RunState.CALCULATING
    run = bench.settle(1)
    assert run.state is RunState.CALCULATED
    assert (run.totals.settlements, run.totals.house) == (2, 1_680_000)
    assert [s.contract for s in bench.settlements.kept] == [FIRST.name, SECOND.name]


def test_does_a_chunk_once() -> None:
    bench = Bench()
    once = _settled(bench, 0, 1)
    assert bench.settle(0, 1, 1) == once
    assert len(bench.settlements.kept) == 2


def test_comes_to_the_same_digest_in_whichever_order_chunks_are_done() -> None:
    assert _settled(Bench(), 0, 1).digest == _settled(Bench(), 1, 0).digest


def test_comes_to_another_digest_when_one_fen_differs() -> None:
    assert _settled(Bench(), 0, 1).digest != _settled(Bench(_source("4488000.01")), 0, 1).digest


def test_does_nothing_for_a_run_that_gave_way() -> None:
    bench = Bench()
    bench.start()
    bench.runs.save(bench.runs.kept[NAME].superseded())
    assert bench.settle(0, 1).state is RunState.SUPERSEDED
    assert bench.settlements.kept == []


def test_names_what_trades_and_drafts_are_missing() -> None:
    draft = contract(name=ContractName("contracts/draft"))
    bench = Bench(trades=FoundInTrades((STALE,)))
    bench.contracts.add(draft)
    bench.contracts.traded = frozenset({date(2025, 3, 3)})
    findings = _settled(bench, 0, 1).findings
    assert [(f.reason, f.subject) for f in findings] == [
        ("ALLOCATION_STALE", "months/2025-03"),
        ("APPROVAL_MISSING", "contracts/draft"),
    ]


def test_names_the_state_of_its_inputs_only_if_they_stood_still() -> None:
    bench = Bench()
    bench.start()
    bench.runs.save(
        replace(bench.runs.kept[NAME], inputs_version=bench.source.version(month=MARCH))
    )
    assert bench.settle(0).inputs_version
    bench.source.state += 1
    assert bench.settle(1).inputs_version == ""


def test_keeps_the_pools_part_with_the_run() -> None:
    source = _source()
    moved = PoolMovement(
        instrument_code="CEA-2024", side=TradeSide.BUY, tonnes=1, amount=7_200, fees=0
    )
    source.pooled = (moved,)
    bench = Bench(source)
    run = _settled(bench, 0, 1)
    assert bench.settlements.pooled == [moved]
    assert run.digest != _settled(Bench(), 0, 1).digest

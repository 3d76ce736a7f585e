"""Calculates a run that was started: measure, size, correct, split, and sign-off's digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.ports import Assignments, Awards, Runs, Schemes
from services.incentives.application.start_incentive_run import GRANTED
from services.incentives.domain.award import Grants, grant_pool
from services.incentives.domain.correction import (
    CorrectionLine,
    apply_corrections,
    correction_line,
)
from services.incentives.domain.digests import run_digest
from services.incentives.domain.measurement import Measurement
from services.incentives.domain.metric import COMPANY, Metric, MetricKind
from services.incentives.domain.pool import PoolSize, size_pool
from services.incentives.domain.run import Award, IncentiveRun, outcome_of
from services.incentives.domain.scheme import Scheme
from services.kernel.authority import RunState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import RunName
from services.kernel.money import Money, sum_money, zero
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculateRun:
    """Calculates a run, once: a repeat finds it calculated and changes nothing."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    assignments: Assignments
    runs: Runs
    awards: Awards
    measure_cycle: MeasureCycle

    def __call__(self, *, run: RunName) -> None:
        """Write the outcome and the awards. Awards of a run with blocking findings are none."""
        with self.unit_of_work():
            started = self.runs.get(run, lock=True)
            if started.state is not RunState.CALCULATING:
                return
            scheme = self.schemes.get(started.scheme)
            measurement = self.measure_cycle(cycle=started.cycle, scheme=scheme)
            size = _size(started, scheme, measurement.result)
            lines, flaws = self._corrections(started, scheme)
            surrender = scheme.surrender_finding(started.cycle, started.on_time_surrender)
            findings = (*flaws, *((surrender,) if surrender else ()))
            pool, applied = apply_corrections(size.pool, lines)
            blocked = _blocks((*measurement.findings, *findings))
            grants = self._grants(started, scheme, zero() if blocked else pool)
            outcome = outcome_of(
                measurement=_with_gate(measurement, started),
                size=size,
                target=scheme.target_of(started.cycle.month_count),
                grants=grants,
                corrections=applied,
                findings=findings,
            )
            digest = run_digest(started, scheme=scheme, outcome=outcome, grants=grants.grants)
            self.runs.save(started.calculated(outcome, digest=digest))
            if not blocked:
                self.awards.add_all([Award(run, started.cycle, g) for g in grants.grants])

    def _grants(self, run: IncentiveRun, scheme: Scheme, pool: Money) -> Grants:
        return grant_pool(
            pool,
            assignments=self.assignments.of_version(scheme.name, run.assignments_version),
            rules=scheme.rules,
            cycle_months=run.cycle.month_count,
            cycle=run.cycle,
        )

    def _corrections(
        self, run: IncentiveRun, scheme: Scheme
    ) -> tuple[list[CorrectionLine], list[Finding]]:
        """Compare every granted run of the scheme with what the books now say of its months."""
        granted = [r for r in self.runs.of_scheme(scheme.name) if r.state in GRANTED]
        lines: list[CorrectionLine] = []
        findings: list[Finding] = []
        for earlier in granted:
            if earlier.name == run.name:
                continue
            now = self.measure_cycle(cycle=earlier.cycle, scheme=scheme)
            findings.extend(now.findings)
            line = correction_line(
                run=earlier.name,
                frozen_result=earlier.outcome.result,
                current_result=now.result,
                granted_pool=_granted_pool(earlier, granted),
                current_pool=_size(earlier, scheme, now.result).pool,
            )
            if line is not None:
                lines.append(line)
        return lines, findings


def _size(run: IncentiveRun, scheme: Scheme, result: Money) -> PoolSize:
    return size_pool(
        result=result,
        target=scheme.target_of(run.cycle.month_count),
        kind=scheme.kind,
        rules=scheme.rules,
        on_time_surrender=run.on_time_surrender,
    )


def _granted_pool(run: IncentiveRun, granted: Sequence[IncentiveRun]) -> Money:
    """A run's own pool, with the lines about it that later granted runs have."""
    moved = (
        line.amount
        for later in granted
        for line in later.outcome.corrections
        if line.run == run.name
    )
    return run.outcome.own_pool + sum_money(moved)


def _with_gate(measurement: Measurement, run: IncentiveRun) -> Measurement:
    rate = run.on_time_surrender
    if rate is None:
        return measurement
    words = {"evidence": run.surrender_evidence}
    metric = Metric(MetricKind.ON_TIME_SURRENDER, COMPANY, rate, words)
    return Measurement(measurement.result, (*measurement.metrics, metric), measurement.findings)


def _blocks(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.RUN_BLOCKING for finding in findings)

"""Settlement runs and settlements from rows and to rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from sqlalchemy import RowMapping

from services.kernel.authority import Approval, RunState, SignOff
from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.runtime.database import copy_text
from services.settlement.domain.guarantee import Figure
from services.settlement.domain.run import RunKind, RunTotals, SettlementRun
from services.settlement.domain.settlement import Settlement, SettlementRow


def to_run_row(run: SettlementRun) -> dict[str, object]:
    """Write a run without its signatures and findings."""
    return {
        "name": run.name,
        "month": str(run.month),
        "kind": run.kind.value,
        "number": run.number,
        "state": run.state.value,
        "maker": run.maker,
        "created_at": run.created_at,
        "posted_at": run.posted_at,
        "digest": run.digest,
        "inputs_version": run.inputs_version,
        "failure": run.failure,
        **to_totals(run.totals),
    }


def to_totals(totals: RunTotals) -> dict[str, int]:
    """Write sums."""
    return cast("dict[str, int]", asdict(totals))


def from_totals(stored: Mapping[str, int]) -> RunTotals:
    """Read sums."""
    return RunTotals(
        settlements=stored["settlements"],
        tonnes=stored["tonnes"],
        gain=stored["gain"],
        share=stored["share"],
        relief=stored["relief"],
        gross=stored["gross"],
        largest_line=stored["largest_line"],
        sum_of_lines=stored["sum_of_lines"],
    )


def to_approval_rows(run: SettlementRun) -> list[dict[str, object]]:
    """Write signatures, in order."""
    return [
        {"run": run.name, "place": place, **asdict(approval)}
        for place, approval in enumerate(run.sign_off.approvals)
    ]


def to_finding_rows(run: SettlementRun) -> list[dict[str, object]]:
    """Write findings, in order."""
    return [
        {"run": run.name, "place": place, **asdict(finding), "severity": finding.severity.value}
        for place, finding in enumerate(run.findings)
    ]


def from_run_row(
    row: RowMapping, *, approvals: Sequence[Approval], findings: Sequence[Finding]
) -> SettlementRun:
    """Read a run."""
    return SettlementRun(
        month=Month.parse(row["month"]),
        kind=RunKind(row["kind"]),
        number=row["number"],
        maker=row["maker"],
        created_at=row["created_at"],
        posted_at=row["posted_at"],
        failure=row["failure"],
        inputs_version=row["inputs_version"],
        totals=RunTotals(
            settlements=row["settlements"],
            tonnes=row["tonnes"],
            gain=row["gain"],
            share=row["share"],
            relief=row["relief"],
            gross=row["gross"],
            largest_line=row["largest_line"],
            sum_of_lines=row["sum_of_lines"],
        ),
        findings=tuple(findings),
        sign_off=SignOff(
            run=row["name"],
            state=RunState(row["state"]),
            maker=row["maker"],
            digest=row["digest"],
            approvals=tuple(approvals),
        ),
    )


def from_approval_row(row: RowMapping) -> Approval:
    """Read a signature."""
    return Approval(row["principal"], row["role"], row["digest"], row["time"])


def from_finding_row(row: RowMapping) -> Finding:
    """Read a finding."""
    return Finding(
        Severity(row["severity"]), row["reason"], row["subject"], row["message"], row["way_out"]
    )


SETTLEMENT_COLUMNS = (
    *("name", "run", "month", "contract", "customer"),
    *Figure._fields,
    *("custody", "inputs"),
)
ROW_COLUMNS = (
    *("contract", "run", "origin_month", "customer"),
    *Figure._fields,
    *("gain_net", "share_net", "tax"),
)


def to_settlement_line(settlement: Settlement) -> str:
    """Write a settlement without its rows as a line of COPY."""
    figure = "\t".join(map(str, settlement.figure))
    return (
        f"{settlement.name}\t{settlement.run}\t{settlement.month}\t{settlement.contract}"
        f"\t{settlement.customer}\t{figure}\t{_custody_text(settlement.custody)}"
        f"\t{copy_text(settlement.inputs)}"
    )


def to_row_lines(settlement: Settlement) -> list[str]:
    """Write the rows of a settlement as lines of COPY."""
    contract, run, customer = settlement.contract, settlement.run, settlement.customer
    return [
        f"{contract}\t{run}\t{origin}\t{customer}\t" + "\t".join(map(str, (*moved, *taxed)))
        for origin, moved, *taxed in settlement.rows
    ]


def from_settlement_row(row: RowMapping, origin_rows: Sequence[SettlementRow]) -> Settlement:
    """Read a settlement; ``origin_rows`` are in order."""
    return Settlement(
        run=row["run"],
        month=Month.parse(row["month"]),
        contract=row["contract"],
        customer=row["customer"],
        figure=_from_figure(row),
        rows=tuple(origin_rows),
        inputs=row["inputs"],
        custody=row["custody"],
    )


def from_origin_row(row: RowMapping) -> SettlementRow:
    """Read one row of a settlement."""
    moved = _from_figure(row)
    return SettlementRow(
        Month.parse(row["origin_month"]), moved, row["gain_net"], row["share_net"], row["tax"]
    )


def _from_figure(row: RowMapping) -> Figure:
    return Figure(*(row[word] for word in Figure._fields))


def _custody_text(custody: Mapping[str, int]) -> str:
    """Write a map of codes, which need no escaping, as JSON."""
    return "{" + ",".join(f'"{code}":{tonnes}' for code, tonnes in custody.items()) + "}"

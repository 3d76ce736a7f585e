"""Customers, scales and runs from rows and to rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping

from services.billing.domain.amounts import Amounts
from services.billing.domain.asset_scale import (
    AssetScale,
    ScaleBasis,
    ScaleStatement,
    ScaleStatus,
)
from services.billing.domain.billing_run import BillingRun, RunTotals
from services.billing.domain.customer import (
    ClassChange,
    Customer,
    CustomerFacts,
    CustomerKind,
)
from services.kernel.authority import Approval, RunState, SignOff
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import CustomerName, RunName
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Month
from services.kernel.service import CustomerClass

Row = Mapping[str, object]


def to_customer_row(customer: Customer) -> Row:
    """Write a customer without its classes."""
    facts = customer.facts
    return {
        "name": customer.name,
        "display_name": facts.display_name,
        "kind": facts.kind.value,
        "parent": facts.parent,
        "tax_number": facts.tax_number,
        "registry_account": facts.registry_account,
        "service_start_date": facts.service_start_date,
        "service_end_date": facts.service_end_date,
        "version": customer.version,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    }


def to_class_rows(customer: Customer) -> list[Row]:
    """Write the classes of a customer."""
    return [
        {
            "customer": customer.name,
            "effective_date": change.effective_date,
            "customer_class": change.customer_class.value,
        }
        for change in customer.class_changes
    ]


def from_customer_row(row: RowMapping, classes: Sequence[RowMapping]) -> Customer:
    """Read a customer; ``classes`` are all of its own, by date."""
    facts = CustomerFacts(
        display_name=row["display_name"],
        kind=CustomerKind(row["kind"]),
        service_start_date=row["service_start_date"],
        service_end_date=row["service_end_date"],
        parent=CustomerName(row["parent"]) if row["parent"] else None,
        tax_number=row["tax_number"],
        registry_account=row["registry_account"],
    )
    return Customer(
        name=CustomerName(row["name"]),
        facts=facts,
        class_changes=tuple(
            ClassChange(each["effective_date"], CustomerClass(each["customer_class"]))
            for each in classes
        ),
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def to_scale_row(scale: AssetScale) -> Row:
    """Write a version of a scale."""
    statement = scale.statement
    return {
        "customer": statement.customer,
        "year": statement.year,
        "version": scale.version,
        "basis": statement.basis.value,
        "tonnes": statement.tonnes,
        "status": statement.status.value,
        "source": statement.source,
        "recorded_at": scale.recorded_at,
    }


def from_scale_row(row: RowMapping) -> AssetScale:
    """Read a version of a scale."""
    statement = ScaleStatement(
        customer=CustomerName(row["customer"]),
        year=row["year"],
        basis=ScaleBasis(row["basis"]),
        tonnes=row["tonnes"],
        status=ScaleStatus(row["status"]),
        source=row["source"],
    )
    return AssetScale(statement, row["version"], row["recorded_at"])


def to_run_row(run: BillingRun) -> Row:
    """Write a run without its totals, which the chunks count."""
    return {
        "name": run.name,
        "month": str(run.month),
        "number": run.number,
        "series": run.series,
        "state": run.state.value,
        "maker": run.sign_off.maker,
        "digest": run.sign_off.digest,
        "approvals": [_to_approval(each) for each in run.sign_off.approvals],
        "chunk_count": run.chunk_count,
        "created_at": run.created_at,
        "approval_limit_fen": to_minor(run.approval_limit),
        "failure": run.failure,
    }


def to_totals_row(totals: RunTotals) -> Mapping[str, int]:
    """Write totals."""
    return {
        "invoice_count": totals.invoice_count,
        "credit_note_count": totals.credit_note_count,
        "net_fen": totals.amounts.net_fen,
        "tax_fen": totals.amounts.tax_fen,
        "gross_fen": totals.amounts.gross_fen,
        "largest_line_fen": totals.largest_line_fen,
        "sum_of_lines_fen": totals.sum_of_lines_fen,
    }


def from_run_row(row: RowMapping, findings: Sequence[RowMapping]) -> BillingRun:
    """Read a run with its findings."""
    name = RunName(row["name"])
    approvals = tuple(_from_approval(each) for each in row["approvals"])
    return BillingRun(
        name=name,
        month=Month.parse(row["month"]),
        number=row["number"],
        series=row["series"],
        sign_off=SignOff(name, RunState(row["state"]), row["maker"], row["digest"], approvals),
        chunk_count=row["chunk_count"],
        done_count=row["done_count"],
        created_at=row["created_at"],
        approval_limit=from_minor(row["approval_limit_fen"]),
        totals=RunTotals(
            row["invoice_count"],
            row["credit_note_count"],
            Amounts(row["net_fen"], row["tax_fen"], row["gross_fen"]),
            row["largest_line_fen"],
            row["sum_of_lines_fen"],
        ),
        findings=tuple(sorted(_from_finding(each) for each in findings)),
        failure=row["failure"],
    )


def to_finding_row(run: RunName, finding: Finding) -> Row:
    """Write a finding; its subject is a customer."""
    return {
        "run": run,
        "severity": finding.severity.value,
        "reason": finding.reason,
        "customer": finding.subject,
        "message": finding.message,
        "way_out": finding.way_out,
    }


def _from_finding(row: RowMapping) -> Finding:
    severity = Severity(row["severity"])
    return Finding(severity, row["reason"], row["customer"], row["message"], row["way_out"])


def _to_approval(approval: Approval) -> Mapping[str, str]:
    return {
        "principal": approval.principal,
        "role": approval.role,
        "digest": approval.digest,
        "time": approval.time.isoformat(),
    }


def _from_approval(each: Mapping[str, str]) -> Approval:
    time = datetime.fromisoformat(each["time"])
    return Approval(each["principal"], each["role"], each["digest"], time)

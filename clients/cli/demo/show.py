"""What the demo shows at the end: March, the quarter's incentives, the published figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Console, RenderableType
from tanheng.audit.v1 import audit_service_pb2, audit_service_pb2_grpc
from tanheng.billing.v1 import billing_service_pb2, invoice_pb2
from tanheng.ledger.v1 import journal_pb2
from tanheng.settlement.v1 import settlement_service_pb2

from clients.cli.commands.audit import PROOF_COLUMNS
from clients.cli.commands.incentives import RUN_COLUMNS
from clients.cli.commands.ledger import get_trial_balance, trial_balance_tables
from clients.cli.commands.lists import list_invoices
from clients.cli.commands.month import MONTH_COLUMNS
from clients.cli.commands.settlement import (
    ROW_COLUMNS,
    SETTLEMENT_COLUMNS,
    list_settlements,
)
from clients.cli.demo.cast import Cast, Person
from clients.cli.demo.published import Compared
from clients.cli.incentive_report import IncentiveReport, read_report
from clients.cli.incentive_runs import IncentiveRun
from clients.cli.messages import Plain, plain
from clients.cli.runs import MonthRuns
from clients.cli.tables import columns, columns_of_text, nested_table, table_of, thousands

INVOICE_COLUMNS = columns(
    Customer="customer",
    State="state",
    Net="totals.net",
    Tax="totals.tax",
    Gross="totals.gross",
    Due="due_date",
)


@dataclass(frozen=True, slots=True)
class Results:
    """All that is shown."""

    month: settlement_service_pb2.Month
    invoices: Sequence[invoice_pb2.Invoice]
    settlements: Sequence[settlement_service_pb2.Settlement]
    balance: journal_pb2.TrialBalance
    incentives: IncentiveRun
    report: IncentiveReport
    compared: Sequence[Compared]
    proof: audit_service_pb2.VerifyAuditTrailResponse

    def as_plain(self) -> Plain:
        """Write it for programs."""
        return {
            "month": plain(self.month),
            "invoices": [plain(each) for each in self.invoices],
            "settlements": [plain(each) for each in self.settlements],
            "trial_balance": plain(self.balance),
            "incentive_run": plain(self.incentives),
            "incentive_report": self.report.as_plain(),
            "published": [_plain_compared(each) for each in self.compared],
            "audit": plain(self.proof),
        }

    def show(self, console: Console) -> None:
        """Print the tables."""
        month = self.month.month
        pairs = [(each, row) for each in self.settlements for row in each.rows]
        console.print(table_of(f"Month {month}", [self.month], MONTH_COLUMNS))
        console.print(table_of(f"Invoices of {month}", self.invoices, INVOICE_COLUMNS))
        console.print(
            nested_table(f"Settlements of {month}", pairs, SETTLEMENT_COLUMNS, ROW_COLUMNS)
        )
        for table in trial_balance_tables(self.balance):
            console.print(table)
        console.print(table_of("Incentive run", [self.incentives], RUN_COLUMNS))
        for table in self.report.tables():
            console.print(table)
        console.print(_compared_table(self.compared))
        console.print(table_of("Audit trail, verified", [self.proof], PROOF_COLUMNS))


def gather(
    month: str, last_day: str, run: IncentiveRun, compared: Sequence[Compared], cast: Cast
) -> Results:
    """Ask for everything that is shown, each by somebody who may see it."""
    controller = cast.acting(Person.CONTROLLER)
    invoices = billing_service_pb2.ListInvoicesRequest(month=month)
    settlements = settlement_service_pb2.ListSettlementsRequest(month=month)
    auditor = cast.acting(Person.AUDITOR)
    audit = audit_service_pb2_grpc.AuditServiceStub(auditor.channel)
    return Results(
        month=MonthRuns(controller, month).show(),
        invoices=list_invoices(controller, invoices),
        settlements=list_settlements(controller, settlements),
        balance=get_trial_balance(controller, {"as_of_date": last_day}),
        incentives=run,
        report=read_report(cast.acting(Person.HR), run.name),
        compared=compared,
        proof=auditor.call(audit.VerifyAuditTrail, audit_service_pb2.VerifyAuditTrailRequest()),
    )


def _compared_table(compared: Sequence[Compared]) -> RenderableType:
    rows = [
        (
            each.what,
            thousands(Decimal(each.published)),
            thousands(Decimal(each.answered)),
            "yes" if each.agrees else "NO",
        )
        for each in compared
    ]
    return columns_of_text("Published figures", ("Figure", "Published", "Answered", "Agree"), rows)


def _plain_compared(each: Compared) -> Plain:
    return {
        "what": each.what,
        "published": each.published,
        "answered": each.answered,
        "agrees": each.agrees,
    }

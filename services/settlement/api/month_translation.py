"""Months of the books, us → wire."""

from tanheng.settlement.v1 import settlement_service_pb2 as pb

from services.ledger.domain.months import month_name
from services.settlement.domain.month_close import CloseChecklist, MonthStatus, Waiver
from services.wire.dates import to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.finding import to_wire_finding


def to_wire_month(status: MonthStatus) -> pb.Month:
    """Write a month; without a checklist where nobody looked."""
    books, checklist = status.books, status.checklist
    waivers = () if checklist is None else checklist.waivers
    return pb.Month(
        name=month_name(books.month),
        month=str(books.month),
        state=to_wire_enum(books.state, pb.Month.State),
        blockers=[to_wire_finding(blocker) for blocker in status.blockers],
        checklist=None if checklist is None else _to_wire_checklist(checklist),
        waivers=[_to_wire_waiver(waiver) for waiver in waivers],
        close_time=None if books.closed_at is None else to_wire_time(books.closed_at),
    )


def _to_wire_waiver(waiver: Waiver) -> pb.Waiver:
    return pb.Waiver(
        reason=waiver.reason,
        subject=waiver.subject,
        justification=waiver.justification,
        principal=waiver.principal,
        time=to_wire_time(waiver.time),
    )


def _to_wire_checklist(checklist: CloseChecklist) -> pb.CloseChecklist:
    return pb.CloseChecklist(
        traded_tonnes=checklist.traded_tonnes,
        allocated_tonnes=checklist.allocated_tonnes,
        settled_tonnes=checklist.settled_tonnes,
        posted_tonnes=checklist.posted_tonnes,
        tonnes_agree=checklist.tonnes_agree,
        billing_issued=not checklist.unbilled,
        books_agree=not checklist.book_differences,
        held_count=len(checklist.held),
    )

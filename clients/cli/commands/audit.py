"""`tanheng audit`: who did what, and the proof that nobody changed the record of it."""

from typing import Annotated

import typer
from tanheng.audit.v1 import audit_service_pb2, audit_service_pb2_grpc

from clients.cli.connection import connect
from clients.cli.errors import RunBlocked
from clients.cli.options import from_options, span
from clients.cli.output import AsJson, Output
from clients.cli.pages import every_page
from clients.cli.tables import columns

app = typer.Typer(no_args_is_help=True, help="The audit trail (role auditor).")

RECORD_COLUMNS = columns(
    At="record_time",
    Who="principal",
    Roles="roles",
    Method="method",
    Resource="resource",
    Outcome="outcome",
)
PROOF_COLUMNS = columns(
    Verified="verified_count",
    Head="head_position",
    Head_hash="head_hash",
    First_broken="first_broken.audit_record",
    Flaw="first_broken.flaw",
)

StartOption = Annotated[str, typer.Option(help="The first day.")]
EndOption = Annotated[str, typer.Option(help="The day after the last day.")]


class TrailBroken(RunBlocked):
    """The audit trail is not what was written."""

    reason = "AUDIT_TRAIL_BROKEN"


@app.command(name="list")
def list_records(
    *,
    start: StartOption = "",
    end: EndOption = "",
    principal: Annotated[str, typer.Option(help="Only by this subject.")] = "",
    resource: Annotated[str, typer.Option(help="Only about this resource.")] = "",
    as_json: AsJson = False,
) -> None:
    """List audit records in order."""
    record = {"principal": principal, "resource": resource, **span(start, end)}
    request = from_options(audit_service_pb2.ListAuditRecordsRequest(), record)
    with connect() as connection:
        stub = audit_service_pb2_grpc.AuditServiceStub(connection.channel)
        pages = every_page(connection, stub.ListAuditRecords, request)
        found = [each for page in pages for each in page.audit_records]
    Output(as_json).many("audit_records", found, "Audit trail", RECORD_COLUMNS)


@app.command()
def verify(*, start: StartOption = "", end: EndOption = "", as_json: AsJson = False) -> None:
    """Prove the chain of records; ends with exit code 6 at the first broken link."""
    request = from_options(audit_service_pb2.VerifyAuditTrailRequest(), span(start, end))
    with connect() as connection:
        stub = audit_service_pb2_grpc.AuditServiceStub(connection.channel)
        answer = connection.call(stub.VerifyAuditTrail, request)
    Output(as_json).one(answer, "Audit trail", PROOF_COLUMNS)
    if answer.HasField("first_broken"):
        raise TrailBroken(
            f"{answer.first_broken.audit_record}: {answer.first_broken.message}",
            way_out="compare with the head hash that was kept elsewhere",
        )

"""The books, read over gRPC."""

from google.api.httpbody_pb2 import HttpBody
from google.type.date_pb2 import Date
from tanheng.ledger.v1 import ledger_service_pb2, ledger_service_pb2_grpc

from services.bootstrap import ledger
from services.kernel.authority import SYSTEM
from services.runtime.unit_of_work import acting_as
from tests.builders.ledger import JANUARY, an_entry
from tests.support.service import Service


def post(service: Service, count: int) -> None:
    platform = service.house.platform
    with acting_as(SYSTEM):
        ledger.open_books(platform)(first_month=JANUARY)
        ledger.post_entries(platform)(entries=[an_entry(f"invoices/i{n}") for n in range(count)])


def export(service: Service, kind: ledger_service_pb2.JournalFormat.ValueType) -> list[HttpBody]:
    stub = ledger_service_pb2_grpc.LedgerServiceStub(service.channel)
    request = ledger_service_pb2.ExportJournalRequest(month="2025-01", format=kind)
    return list(stub.ExportJournal(request, metadata=service.as_role("auditor")))


def test_a_long_journal_comes_in_pieces_that_make_one_file(service: Service) -> None:
    post(service, 1_500)
    pieces = export(service, ledger_service_pb2.JOURNAL_FORMAT_CSV)
    assert len(pieces) > 5
    assert max(len(piece.data) for piece in pieces) <= 256 * 1024
    assert b"".join(piece.data for piece in pieces).count(b"\r\n") == 1 + 4 * 1_500
    workbook = export(service, ledger_service_pb2.JOURNAL_FORMAT_XLSX)
    assert workbook[0].data.startswith(b"PK")


def test_the_trial_balance_of_one_customer_shows_its_side_alone(service: Service) -> None:
    post(service, 2)
    stub = ledger_service_pb2_grpc.LedgerServiceStub(service.channel)
    request = ledger_service_pb2.GetTrialBalanceRequest(
        as_of_date=Date(year=2025, month=1, day=31), customer="customers/hanchuan"
    )
    controller = service.as_role("finance_controller")
    lines = stub.GetTrialBalance(request, metadata=controller).lines
    assert [(line.display_name, line.balance.units) for line in lines][:2] == [
        ("Receivables from customers", 200),
        ("Service fee revenue", -200),
    ]
    request.customer = "customers/nobody"
    assert not stub.GetTrialBalance(request, metadata=controller).lines

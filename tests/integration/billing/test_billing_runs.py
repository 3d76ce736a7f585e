"""A month from a run to issued, posted invoices; on a real PostgreSQL."""

from datetime import date

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money
from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.common.v1 import common_pb2

from services.kernel.authority import DigestChanged, MakerIsChecker, Principal
from services.kernel.errors import WrongState
from services.kernel.identifiers import RunName
from services.kernel.service import Service
from services.ledger.domain.months import MonthClosed
from services.runtime.unit_of_work import acting_as, current_connection
from tests.integration.billing.conftest import CONTEXT, OPERATOR, BillingDesk


def fen(amount: Money) -> int:
    return amount.units * 100 + amount.nanos // 10_000_000


def test_bills_a_month_from_a_run_to_issued_invoices(desk: BillingDesk) -> None:
    run = desk.bill("2025-01")
    assert run.state == common_pb2.RUN_STATE_ISSUED
    (invoice,) = desk.invoices()
    assert (invoice.name, invoice.number) == ("invoices/2025-01-hanchuan", "INV-2025-000001")
    assert (fen(invoice.totals.net), fen(invoice.totals.gross)) == (19_958_904, 21_156_438)
    assert (invoice.due_date.month, invoice.due_date.day) == (3, 2)
    assert "2,350,000.00 × 31 ÷ 365" in invoice.lines[0].explanation.steps[-1].formula


def test_posts_what_it_issues_to_both_books(desk: BillingDesk) -> None:
    desk.bill("2025-01")
    with desk.platform.unit_of_work():
        rows = current_connection().execute(
            sa.text("SELECT ledger_account, quantity FROM ledger.postings ORDER BY leg")
        )
        found = {account.rpartition("/")[2]: quantity for account, quantity in rows}
    assert found == {
        "receivables": 21_156_438,
        "fee-revenue": -19_958_904,
        "vat-payable": -1_197_534,
        "customer-fees": 19_958_904,
        "customer-input-vat": 1_197_534,
        "customer-payables": -21_156_438,
    }


def test_months_follow_one_another_to_the_fen(desk: BillingDesk) -> None:
    nets = [fen(desk.bill(f"2025-{number:02d}").totals.net) for number in range(1, 5)]
    assert nets == [19_958_904, 18_027_397, 19_958_904, 19_315_069]


def test_does_a_chunk_once(desk: BillingDesk) -> None:
    run = desk.calculate("2025-01")
    assert not desk.bill_chunk(run=RunName(run.name), chunk=0)
    assert len(desk.invoices()) == 1
    assert desk.run(run.name) == run


def test_a_run_started_again_supersedes_and_drops_the_drafts_before_it(desk: BillingDesk) -> None:
    first = desk.calculate("2025-01")
    desk.state("hanchuan", "5000000")
    second = desk.calculate("2025-01")
    assert desk.run(first.name).state == common_pb2.RUN_STATE_SUPERSEDED
    assert (second.name, second.number) == ("billingRuns/2025-01-2", 2)
    (invoice,) = desk.invoices()
    assert fen(invoice.totals.net) == round(155_000_000 * 31 / 365)


def test_keeps_nothing_of_a_chunk_whose_run_gave_way(desk: BillingDesk) -> None:
    first = desk.start("2025-01")
    desk.start("2025-01")
    assert not desk.bill_chunk(run=RunName(first), chunk=0)
    assert desk.invoices() == []


def test_refuses_to_issue_when_an_input_changed_after_the_approval(desk: BillingDesk) -> None:
    run = desk.calculate("2025-01")
    desk.sign(run)
    desk.state("hanchuan", "5000000")
    with pytest.raises(DigestChanged):
        desk.issue(run)
    again = desk.calculate("2025-01")
    desk.sign(again)
    assert desk.issue(again).state == common_pb2.RUN_STATE_ISSUED


def test_refuses_to_issue_when_a_customer_joined_after_the_approval(desk: BillingDesk) -> None:
    run = desk.calculate("2025-01")
    desk.sign(run)
    desk.join("dabieshan")
    with pytest.raises(DigestChanged):
        desk.issue(run)


def test_refuses_to_start_again_what_is_approved_and_unchanged(desk: BillingDesk) -> None:
    desk.sign(desk.calculate("2025-01"))
    with pytest.raises(WrongState, match="issue its invoices"):
        desk.start("2025-01")


def test_nobody_reviews_what_they_started(desk: BillingDesk) -> None:
    run = desk.calculate("2025-01")
    with acting_as(OPERATOR), pytest.raises(MakerIsChecker):
        desk.billing.ReviewBillingRun(wire.ReviewBillingRunRequest(name=run.name), CONTEXT)


def test_a_director_signs_a_run_above_the_limit(desk: BillingDesk) -> None:
    desk.state("hanchuan", "900000000")
    run = desk.bill("2025-01")
    roles = [approval.role for approval in run.approvals]
    assert roles == ["reviewer", "finance_controller", "finance_director"]


def test_bills_months_in_order(desk: BillingDesk) -> None:
    with pytest.raises(WrongState, match="before 2025-01"):
        desk.start("2025-02")
    desk.bill("2025-01")
    desk.bill("2025-02")
    with pytest.raises(WrongState, match="2025-02 is billed"):
        desk.start("2025-01")
    with pytest.raises(MonthClosed):
        desk.start("2024-12")


def test_a_customer_without_a_scale_is_held_and_billed_when_it_is_known(desk: BillingDesk) -> None:
    desk.join("dabieshan")
    run = desk.bill("2025-01")
    assert [(f.reason, f.subject) for f in run.findings] == [
        ("SCALE_MISSING", "customers/dabieshan")
    ]
    desk.state("dabieshan", "1000000")
    again = desk.bill("2025-01")
    assert (again.invoice_count, list(again.findings)) == (1, [])
    names = [invoice.name for invoice in desk.invoices(customer="customers/dabieshan")]
    assert names == ["invoices/2025-01-2-dabieshan"]


def test_a_run_after_the_issue_owes_nothing(desk: BillingDesk) -> None:
    desk.bill("2025-01")
    again = desk.bill("2025-01")
    assert (again.invoice_count, fen(again.totals.gross)) == (0, 0)
    assert len(desk.invoices()) == 1


def test_a_customer_without_an_approved_tariff_is_held(desk: BillingDesk) -> None:
    desk.join("outsider", external=True)
    desk.state("outsider", "1000000")
    run = desk.calculate("2025-01")
    assert [(f.reason, f.subject) for f in run.findings] == [
        ("PRICE_MISSING", "customers/outsider")
    ]
    assert run.invoice_count == 1


def test_does_not_charge_days_before_the_books_were_opened(desk: BillingDesk) -> None:
    desk.join("early", start=date(2024, 7, 1))
    desk.state("early", "1000000")
    run = desk.calculate("2025-01")
    assert (list(run.findings), run.invoice_count) == ([], 2)


def test_lists_services_without_a_charge_at_zero(desk: BillingDesk) -> None:
    desk.price(Service.VALUE_ADDED, tiers=())
    desk.bill("2025-01")
    (invoice,) = desk.invoices()
    assert [(line.service, fen(line.gross)) for line in invoice.lines] == [
        (common_pb2.SERVICE_DAILY_MANAGEMENT, 21_156_438),
        (common_pb2.SERVICE_VALUE_ADDED, 0),
    ]


def test_a_final_scale_below_the_estimate_becomes_credit_notes(desk: BillingDesk) -> None:
    desk.bill("2025-01")
    desk.bill("2025-02")
    desk.state("hanchuan", "1000000", final=True)
    run = desk.bill("2025-03")
    answer = desk.billing.ListCreditNotes(wire.ListCreditNotesRequest(), CONTEXT)
    credited = [(note.number, note.invoice, fen(note.totals.net)) for note in answer.credit_notes]
    assert (run.invoice_count, run.credit_note_count) == (0, 2)
    to_date = round(35_000_000 * 90 / 365)
    assert sum(net for *_, net in credited) == to_date - 19_958_904 - 18_027_397
    assert credited[0] == ("CN-2025-000001", "invoices/2025-02-hanchuan", -18_027_397)
    april = desk.bill("2025-04")
    assert fen(april.totals.net) == round(35_000_000 * 120 / 365) - to_date


def test_a_final_scale_after_the_year_is_trued_up_in_the_next_open_month(
    desk: BillingDesk,
) -> None:
    for number in range(1, 13):
        desk.bill(f"2025-{number:02d}")
    desk.state("hanchuan", "8650000", final=True)
    desk.state("hanchuan", "8650000", year=2026)
    desk.bill("2026-01")
    invoice = desk.invoices(month="2026-01")[0]
    (true_up,) = (line for line in invoice.lines if line.corrects_month)
    assert (fen(true_up.net), true_up.corrects_month) == (11_250_000, "2025-12")


def test_a_service_that_turns_out_to_start_later_is_credited_by_the_next_run(
    desk: BillingDesk,
) -> None:
    desk.bill("2025-01")
    desk.change("hanchuan", service_start_date=date(2025, 6, 1))
    run = desk.bill("2025-02")
    assert (run.invoice_count, run.credit_note_count) == (0, 1)
    assert fen(run.totals.net) == -19_958_904


def test_a_caller_sees_only_the_rows_of_its_customers(desk: BillingDesk) -> None:
    desk.join("dabieshan")
    desk.state("dabieshan", "1000000")
    desk.bill("2025-01")
    plant = Principal("plant", frozenset({"customer"}), frozenset({"customers/dabieshan"}))
    with acting_as(plant):
        assert [each.customer for each in desk.invoices()] == ["customers/dabieshan"]

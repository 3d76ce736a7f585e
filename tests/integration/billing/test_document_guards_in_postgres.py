"""What the database refuses to invoices and credit notes, whatever the code forgets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.billing.conftest import BillingDesk, opened_desk
from tests.support.tampering import assert_refused, copy_of

_INVOICES, _NOTES, _LINES = "billing.invoices", "billing.credit_notes", "billing.document_lines"
_INVOICE, _NOTE = "UPDATE billing.invoices SET", "UPDATE billing.credit_notes SET"
_RUN = "UPDATE billing.billing_runs SET"
_ISSUED, _DRAFT = "state = 'ISSUED'", "state = 'DRAFT'"
_OF_ISSUED = "document LIKE '%2025-01%'"


@pytest.fixture(scope="module", autouse=True)
def desk(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BillingDesk]:
    """January is billed, February corrects it by a credit note; March has drafts of both."""
    with opened_desk(module_database, tmp_path_factory.mktemp("billing")) as desk:
        desk.bill("2025-01")
        desk.state("hanchuan", "1000000", final=True)
        desk.bill("2025-02")
        desk.join("yangluo")
        desk.state("yangluo", "4100000")
        desk.state("hanchuan", "100000", final=True)
        desk.calculate("2025-03")
        yield desk


def _issue(table: str) -> str:
    return f"UPDATE {table} SET state = 'ISSUED', number = 'X-1', issued_at = now() WHERE {_DRAFT}"  # noqa: S608  our own words


@pytest.mark.parametrize(
    "statement",
    [
        f"{_INVOICE} net_fen = net_fen + 1, gross_fen = gross_fen + 1",
        f"{_INVOICE} net_fen = 0, tax_fen = 0, gross_fen = 0 WHERE {_DRAFT}",
        f"{_INVOICE} due_date = '2099-01-01' WHERE {_ISSUED}",
        f"{_INVOICE} issued_at = now() WHERE {_ISSUED}",
        f"{_INVOICE} state = 'DRAFT', number = NULL WHERE {_ISSUED}",
        f"{_INVOICE} number = 'X-1' WHERE {_ISSUED}",
        f"{_INVOICE} run = 'billingRuns/x' WHERE {_ISSUED}",
        f"{_INVOICE} state = 'PAID', number = 'X-1' WHERE {_DRAFT}",
        f"{_NOTE} purpose = 'CONCESSION'",
        f"{_NOTE} invoice = 'invoices/x' WHERE {_ISSUED}",
        "DELETE FROM billing.invoices WHERE state = 'ISSUED'",
        "DELETE FROM billing.credit_notes WHERE state = 'ISSUED'",
        f"TRUNCATE {_INVOICES}, {_NOTES}",
        f"TRUNCATE {_LINES}",
        "UPDATE billing.document_lines SET explanation = '{}'",
        "UPDATE billing.line_parts SET own_fen = 0",
        "TRUNCATE billing.line_parts",
        "DELETE FROM billing.document_lines WHERE document LIKE '%2025-01%'",
        "UPDATE billing.document_numbers SET last_number = 1, series = 'X'",
        "UPDATE billing.document_numbers SET last_number = last_number - 1",
        "DELETE FROM billing.document_numbers",
    ],
)
def test_never_changes_a_document(module_database: str, statement: str) -> None:
    said = "never change|never goes|append-only|counted forwards|is issued"
    assert_refused(module_database, statement, match=said)


def test_takes_an_issued_invoice_back_by_no_step(module_database: str) -> None:
    void = f"{_INVOICE} state = 'VOID' WHERE {_ISSUED}"
    again = f"{_INVOICE} state = 'ISSUED' WHERE state = 'VOID'"
    assert_refused(module_database, void, again, match="never goes")


@pytest.mark.parametrize("table", [_INVOICES, _NOTES])
def test_begins_no_document_but_as_a_draft_of_a_run_under_way(
    module_database: str, table: str
) -> None:
    issued = copy_of(table, {"name": "invoices/x", "number": "X-1"}, where=_ISSUED)
    assert_refused(module_database, issued, match="does not begin so")
    draft = copy_of(table, {"name": "invoices/x"}, where=_DRAFT)
    assert_refused(module_database, draft, match="takes no more rows")


@pytest.mark.parametrize(
    "statement",
    [
        copy_of(_LINES, {"line": 99}, where=_OF_ISSUED),
        copy_of(_LINES, {"document": "invoices/x"}),
        copy_of(_LINES, {"line": 99, "customer": "customers/x"}, where="document LIKE '%2025-03%'"),
        copy_of("billing.line_parts", {"part": 99}, where=_OF_ISSUED),
    ],
)
def test_adds_no_line_to_what_is_issued_or_another_customers(
    module_database: str, statement: str
) -> None:
    assert_refused(module_database, statement, match="is of no draft of that customer")


@pytest.mark.parametrize("table", [_INVOICES, _NOTES])
def test_issues_nothing_that_is_not_approved(module_database: str, table: str) -> None:
    assert_refused(module_database, _issue(table), match="was not approved with these lines")


def _signed(state: str, *principals: str) -> str:
    signatures = ", ".join(
        f"jsonb_build_object('principal', '{who}', 'digest', digest)" for who in principals
    )
    approvals = f"approvals = jsonb_build_array({signatures})"
    return f"{_RUN} state = '{state}', {approvals} WHERE month = '2025-03'"


_APPROVED = (_signed("REVIEWED", "anybody"), _signed("APPROVED", "anybody", "somebody"))


def test_issues_nothing_with_other_lines_than_were_approved(module_database: str) -> None:
    of_draft = f"document IN (SELECT name FROM {_INVOICES} WHERE {_DRAFT})"  # noqa: S608  our own words
    amounts = {"line": 99, "net_fen": 100, "tax_fen": 0, "gross_fen": 100}
    steps = (copy_of(_LINES, amounts, where=of_draft), *_APPROVED, _issue(_INVOICES))
    assert_refused(module_database, *steps, match="was not approved with these lines")


def test_takes_back_no_more_than_an_invoice_has_left(fresh_database: str, tmp_path: Path) -> None:
    amounts = {"net_fen": -(10**12), "tax_fen": 0, "gross_fen": -(10**12)}
    draft = {"state": "DRAFT", "number": None, "issued_at": None, "name": "creditNotes/x"}
    with opened_desk(fresh_database, tmp_path) as desk:
        desk.bill("2025-01")
        desk.state("hanchuan", "1000000", final=True)
        desk.bill("2025-02")
        run = desk.start("2025-03")
    steps = (
        copy_of(_NOTES, {**draft, **amounts, "run": run}),
        copy_of(_LINES, {"document": "creditNotes/x", **amounts}, where="net_fen < 0"),
        f"{_RUN} state = 'CALCULATED', digest = 'x' WHERE month = '2025-03'",
        *_APPROVED,
        _issue(_NOTES),
    )
    assert_refused(fresh_database, *steps, match="takes back more than its invoice has left")

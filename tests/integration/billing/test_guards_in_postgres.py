"""What the database refuses to billing, whatever the code forgets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.billing.conftest import BillingDesk, opened_desk
from tests.support.tampering import (
    assert_refused,
    assert_refused_to_the_app,
    copy_of,
    do_as_owner,
)

_RUNS, _SET = "billing.billing_runs", "UPDATE billing.billing_runs SET"
_ISSUED, _CALCULATED = "WHERE month = '2025-01'", "WHERE month = '2025-02'"
_EARLIER = ("CALCULATING", "CALCULATED", "REVIEWED", "APPROVED", "SUPERSEDED", "FAILED")


@pytest.fixture(scope="module", autouse=True)
def desk(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BillingDesk]:
    """January is billed; a run of February is calculated."""
    folder: Path = tmp_path_factory.mktemp("billing")
    with opened_desk(module_database, folder) as desk:
        desk.join("yangluo")
        desk.state("yangluo", "4100000")
        desk.bill("2025-01")
        desk.calculate("2025-02")
        yield desk


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{_SET} state = '{state}' {_ISSUED}" for state in _EARLIER),
        f"{_SET} state = 'APPROVED' {_CALCULATED}",
        f"{_SET} state = 'ISSUED' {_CALCULATED}",
        f"{_SET} state = 'CALCULATING' {_CALCULATED}",
        f"{_SET} net_fen = net_fen + 1 {_CALCULATED}",
        f"{_SET} digest = 'x' {_CALCULATED}",
        f"{_SET} maker = 'nobody' {_CALCULATED}",
        f"{_SET} approval_limit_fen = 10000000000 {_CALCULATED}",
        f"{_SET} approvals = '[]' {_ISSUED}",
        "DELETE FROM billing.billing_runs",
        f"TRUNCATE {_RUNS} CASCADE",
        copy_of(_RUNS, {"name": "billingRuns/x", "number": 7}),
        copy_of(_RUNS, {"name": "billingRuns/x", "number": 7, "state": "PAID"}),
        "UPDATE billing.run_chunks SET is_done = false",
        "UPDATE billing.run_chunks SET customers = '{}'",
        "DELETE FROM billing.run_chunks",
    ],
)
def test_lets_a_run_go_forwards_only(module_database: str, statement: str) -> None:
    said = "never goes|never changes|does not begin|append-only|never said again"
    assert_refused(module_database, statement, match=said)


@pytest.mark.parametrize("table", ["billing.run_results", "billing.run_findings"])
def test_adds_nothing_to_a_run_that_is_calculated(module_database: str, table: str) -> None:
    values = {
        "billing.run_results": "name, 'customers/x', 'x', 'x'",
        "billing.run_findings": "name, 'WARNING', 'X', 'customers/x', 'x', 'x'",
    }
    statement = f"INSERT INTO {table} SELECT {values[table]} FROM billing.billing_runs"  # noqa: S608  our own words
    assert_refused(module_database, statement, match="takes no more rows")


def _signed(state: str, *principals: str, digest: str = "digest") -> str:
    signatures = ", ".join(
        f"jsonb_build_object('principal', {who}, 'digest', {digest})" for who in principals
    )
    signed = f"state = '{state}', approvals = jsonb_build_array({signatures})"
    return f"{_SET} {signed} {_CALCULATED}"


_REVIEW = _signed("REVIEWED", "'anybody'")


@pytest.mark.parametrize(
    "statements",
    [
        (f"{_SET} state = 'REVIEWED' {_CALCULATED}",),
        (_signed("REVIEWED", "maker"),),
        (_signed("REVIEWED", "'anybody'", digest="'x'"),),
        (_signed("CALCULATED", "'anybody'"),),
        (_REVIEW, f"{_SET} state = 'APPROVED' {_CALCULATED}"),
        (_REVIEW, _signed("APPROVED", "'anybody'", "'anybody'")),
        (_REVIEW, _signed("APPROVED", "'somebody'", "'another'")),
        (_REVIEW, _signed("REVIEWED")),
    ],
)
def test_issues_nothing_that_is_not_signed(
    module_database: str, statements: tuple[str, ...]
) -> None:
    assert_refused(module_database, *statements, match="is not signed so")


def test_approves_nothing_that_is_blocked(fresh_database: str, tmp_path: Path) -> None:
    """Even where the approver is not shown the finding."""
    with opened_desk(fresh_database, tmp_path) as desk:
        desk.bill("2025-01")
        desk.calculate("2025-02")
    scoped = "SELECT set_config('app.scope', '', true)"
    blocking = (
        "INSERT INTO billing.run_findings SELECT name, 'RUN_BLOCKING', 'X', 'customers/x', 'x', 'x'"
        " FROM billing.billing_runs WHERE month = '2025-02'"
    )
    switch = "ALTER TABLE billing.run_findings {} TRIGGER billing_run_findings_in_time"
    do_as_owner(fresh_database, switch.format("DISABLE"), blocking, switch.format("ENABLE"))
    approve = _signed("APPROVED", "'anybody'", "'somebody'")
    assert_refused(fresh_database, scoped, _REVIEW, approve, match="has blocking findings")


_CUSTOMER = "UPDATE billing.customers SET"


@pytest.mark.parametrize(
    "statement",
    [
        f"{_CUSTOMER} name = 'customers/x' WHERE name = 'customers/yangluo'",
        f"{_CUSTOMER} created_at = now()",
        "UPDATE billing.customer_classes SET effective_date = '2024-01-01'",
        "DELETE FROM billing.customer_classes",
        "DELETE FROM billing.customers",
        copy_of("billing.asset_scales", {"version": 7}),
        copy_of("billing.asset_scales", {"version": 2, "recorded_at": "2000-01-01"}),
    ],
)
def test_keeps_customers_and_each_version_of_a_scale(module_database: str, statement: str) -> None:
    said = "never changes|append-only|does not follow"
    assert_refused(module_database, statement, match=said)


def test_lets_the_service_set_no_parameter(module_database: str) -> None:
    limit = copy_of("billing.parameters", {"effective_date": "2025-01-01", "value": 10**15})
    assert_refused_to_the_app(module_database, limit, match="permission denied")


_CLOSE = (
    "UPDATE ledger.months SET state = 'CLOSED', closed_at = now(), closed_by = 'x'"
    " WHERE month = '{}'"
)


def test_issues_nothing_in_a_closed_month(module_database: str) -> None:
    closed = (_CLOSE.format("2025-01"), _CLOSE.format("2025-02"))
    signed = (_REVIEW, _signed("APPROVED", "'anybody'", "'somebody'"))
    issue = f"{_SET} state = 'ISSUED' {_CALCULATED}"
    assert_refused(module_database, *signed, *closed, issue, match="are not open for")

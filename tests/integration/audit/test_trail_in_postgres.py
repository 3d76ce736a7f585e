"""The audit trail on a real PostgreSQL, and every way to cheat on it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from services.audit.application.ports import RecordFilter
from services.audit.domain.chain import Flaw
from services.kernel.authority import SYSTEM, Principal
from services.kernel.page import PageRequest
from services.runtime.database import psycopg_url
from services.runtime.unit_of_work import acting_as, current_connection
from tests.integration.audit.conftest import Trail
from tests.support.tampering import assert_refused, assert_refused_to_the_app

Elsewhere = Callable[[Callable[[], object]], None]


def resources(trail: Trail, which: RecordFilter | None = None) -> list[str]:
    page = trail.list_records(which=which or RecordFilter(), page=PageRequest(100))
    return [item.stored.record.resource for item in page.items]


def test_lists_what_was_recorded_in_the_order_of_the_chain(trail: Trail) -> None:
    for name in "abc":
        trail.record(f"customers/{name}")
    assert resources(trail) == ["customers/a", "customers/b", "customers/c"]
    assert trail.verify().verified_count == 3


def test_pages_go_on_where_the_last_one_ended(trail: Trail) -> None:
    for name in "abc":
        trail.record(f"customers/{name}")
    first = trail.list_records(which=RecordFilter(), page=PageRequest(2))
    rest = trail.list_records(which=RecordFilter(), page=PageRequest(2, first.next_after))
    assert [item.seal.position for item in first.items + rest.items] == [1, 2, 3]
    assert rest.next_after is None


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (RecordFilter(principal="wang"), 2),
        (RecordFilter(principal="li"), 0),
        (RecordFilter(resource="customers/a"), 1),
        (RecordFilter(resource="customers/-"), 2),
        (RecordFilter(resource="invoices/-"), 0),
    ],
)
def test_finds_records_by_principal_and_resource(
    trail: Trail, which: RecordFilter, expected: int
) -> None:
    trail.record("customers/a")
    trail.record("customers/b")
    assert len(resources(trail, which)) == expected


def test_a_record_is_kept_or_dropped_with_its_transaction(trail: Trail) -> None:
    def record_and_fail() -> None:
        with trail.unit_of_work():
            trail.record("customers/dropped")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        record_and_fail()
    assert resources(trail) == []


def test_a_record_that_commits_after_a_later_one_is_sealed_all_the_same(
    trail: Trail, on_another_thread: Elsewhere
) -> None:
    with trail.unit_of_work():
        trail.record("customers/slow")
        on_another_thread(lambda: trail.record("customers/quick"))
        on_another_thread(trail.seal)
    on_another_thread(lambda: trail.record("customers/last"))
    assert resources(trail) == ["customers/quick", "customers/slow", "customers/last"]
    assert trail.verify().first_broken is None


def test_many_sealers_at_once_make_one_chain(trail: Trail) -> None:
    def record_and_seal(number: int) -> None:
        with acting_as(SYSTEM):
            trail.record(f"customers/c{number}")
            trail.seal()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(record_and_seal, range(40)))
    verification = trail.verify()
    assert verification.first_broken is None
    assert verification.verified_count == 40


_LATER = "SET recorded_at = recorded_at + interval '1 microsecond'"
_WITH_ITS_SEAL = (
    "WITH gone AS (DELETE FROM audit.records WHERE number = 2)"
    " DELETE FROM audit.seals WHERE number = 2"
)
_AN_OLD_ONE = (
    "INSERT INTO audit.records (transaction, recorded_at, principal, roles, method, resource,"
    " outcome, request_digest, request_id, detail) SELECT 3, recorded_at, principal, roles, method,"
    " resource, outcome, request_digest, request_id, detail FROM audit.records WHERE number = 1"
)


@pytest.mark.parametrize(
    ("statement", "flaw", "number"),
    [
        ("UPDATE audit.records SET outcome = 'OK!' WHERE number = 2", Flaw.CHANGED, 2),
        (f"UPDATE audit.records {_LATER} WHERE number = 3", Flaw.CHANGED, 3),
        ("UPDATE audit.records SET roles = '{admin}' WHERE number = 1", Flaw.CHANGED, 1),
        ("DELETE FROM audit.records WHERE number = 2", Flaw.REMOVED, 2),
        (_WITH_ITS_SEAL, Flaw.LINK_BROKEN, 3),
        ("UPDATE audit.seals SET number = 5 - number WHERE number > 1", Flaw.LINK_BROKEN, 3),
        (_AN_OLD_ONE, Flaw.SLIPPED_IN, 4),
    ],
)
def test_even_an_edit_by_the_owner_is_found(
    trail: Trail, statement: str, flaw: Flaw, number: int
) -> None:
    for name in "abc":
        trail.record(f"customers/{name}")
    assert trail.verify().first_broken is None
    if "5 - number" in statement:
        trail.tamper("ALTER TABLE audit.seals DROP CONSTRAINT seals_number_key")
    trail.tamper(statement)
    broken = trail.verify().first_broken
    assert broken is not None
    assert (broken.flaw, broken.number) == (flaw, number)


def test_a_cut_off_end_shows_in_the_head(trail: Trail) -> None:
    for name in "abc":
        trail.record(f"customers/{name}")
    remembered = trail.verify().head
    trail.tamper(
        "DELETE FROM audit.seals WHERE position = 3", "DELETE FROM audit.records WHERE number = 3"
    )
    after = trail.verify()
    assert after.first_broken is None
    assert after.head != remembered


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit.records SET detail = 'x'", "DELETE FROM audit.seals", "TRUNCATE audit.records"],
)
def test_the_triggers_stop_even_the_owner(trail: Trail, statement: str) -> None:
    trail.record()
    trail.seal()
    owner = create_engine(psycopg_url(trail.url))
    with pytest.raises(DBAPIError, match="append-only"), owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()


_RECORD = (
    "INSERT INTO audit.records ({0}recorded_at, principal, roles, method, resource, outcome,"
    " request_digest, request_id, detail) {1} SELECT {2}recorded_at, 'li', roles, method, resource,"
    " outcome, request_digest, request_id, detail FROM audit.records LIMIT 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        _RECORD.format("number, ", "OVERRIDING SYSTEM VALUE", "-1, "),
        _RECORD.format("transaction, ", "", "3, "),
    ],
)
def test_the_app_role_cannot_choose_the_place_of_a_record(trail: Trail, statement: str) -> None:
    trail.record()
    assert_refused_to_the_app(trail.url, statement, match="permission denied")


@pytest.mark.parametrize(("position", "number"), [(1, 7), (3, 2)])
def test_takes_no_seal_that_is_linked_to_nothing(trail: Trail, position: int, number: int) -> None:
    trail.record()
    if position > 1:
        trail.seal()
        trail.record()
    seal = f"INSERT INTO audit.seals VALUES ({position}, {number}, now(), 'x', 'x', 0)"  # noqa: S608  our own words
    assert_refused(trail.url, seal, match="is linked to nothing")


PLANT = Principal("plant", frozenset({"customer"}), frozenset({"customers/plant"}))


def _record_as(trail: Trail, principal: Principal) -> None:
    trail.record_action(
        principal=principal,
        method="/tanheng.billing.v1.BillingService/ListInvoices",
        resource="customers/plant",
        outcome="CUSTOMER_OUT_OF_SCOPE",
        request_digest="00ff",
        request_id="r-2",
    )


def test_shows_a_customer_no_record_of_others(trail: Trail) -> None:
    trail.record()
    with acting_as(PLANT), trail.unit_of_work():
        _record_as(trail, PLANT)
        seen = current_connection().scalars(text("SELECT principal FROM audit.records"))
        assert seen.all() == ["plant"]


def test_takes_no_record_in_the_name_of_another(trail: Trail) -> None:
    with acting_as(PLANT), pytest.raises(DBAPIError, match="row-level security"):
        _record_as(trail, SYSTEM)

"""What the database refuses to the memory of requests and of the clock."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.kernel.authority import SYSTEM, Principal
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as, current_connection
from tests.support.tampering import assert_refused, assert_refused_to_the_app, do_as_owner

_PLANT = Principal("plant", frozenset({"customer"}), frozenset({"customers/plant"}))
_ADD = "INSERT INTO runtime.requests (subject, method, request_id, digest"
_CLAIM = text(
    "INSERT INTO runtime.requests (subject, method, request_id, digest)"
    " VALUES (:subject, 'm', :request_id, '')"
)
_ANSWER = text("UPDATE runtime.requests SET answer = 'a', answer_type = 't' WHERE answer IS NULL")
_READ = text("SELECT subject FROM runtime.requests")


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    """Two callers each had an answer; a job of the clock was done."""
    engine = open_engine(module_database, pool_size=2)
    for principal in (SYSTEM, _PLANT):
        with acting_as(principal), Transactions(engine)():
            claim = {"subject": principal.subject, "request_id": uuid.uuid4()}
            current_connection().execute(_CLAIM, claim)
            current_connection().execute(_ANSWER)
    do_as_owner(module_database, "INSERT INTO runtime.occurrences VALUES ('close', now())")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runtime.requests SET answer = 'b'",
        "UPDATE runtime.requests SET answer = NULL",
        "UPDATE runtime.requests SET digest = 'b'",
        "DELETE FROM runtime.requests",
        "TRUNCATE runtime.requests",
        "DELETE FROM runtime.occurrences",
        "TRUNCATE runtime.occurrences",
    ],
)
@pytest.mark.usefixtures("engine")
def test_never_forgets_or_changes_what_may_be_asked_again(
    module_database: str, statement: str
) -> None:
    assert_refused(module_database, statement, match="append-only")


@pytest.mark.parametrize(
    "statement",
    [
        f"{_ADD}, answer, answer_type) VALUES ('x', 'm', gen_random_uuid(), '', 'a', 't')",
        f"{_ADD}, recorded_at) VALUES ('x', 'm', gen_random_uuid(), '', '2000-01-01')",
        "INSERT INTO runtime.occurrences VALUES ('x', now(), '2000-01-01')",
    ],
)
@pytest.mark.usefixtures("engine")
def test_takes_no_answer_before_its_request_and_none_dated_back(
    module_database: str, statement: str
) -> None:
    assert_refused_to_the_app(module_database, statement, match="permission denied")


def test_shows_nobody_the_answers_of_another(engine: Engine) -> None:
    with acting_as(_PLANT), Transactions(engine)():
        assert set(current_connection().scalars(_READ)) == {"plant"}


def test_claims_no_request_in_the_name_of_another(engine: Engine) -> None:
    claim = {"subject": "system", "request_id": uuid.uuid4()}
    with acting_as(_PLANT), Transactions(engine)(), pytest.raises(DBAPIError, match="row-level"):
        current_connection().execute(_CLAIM, claim)

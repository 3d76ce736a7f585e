"""What a record keeps of a request."""

from services.audit.domain.record import LONGEST_TEXT, record_of, storable
from services.kernel.authority import Principal
from tests.builders.audit import NOON


def test_roles_are_kept_in_order() -> None:
    record = record_of(
        principal=Principal("wang", frozenset({"hr", "auditor"})),
        method="m",
        resource="r",
        outcome="OK",
        request_digest="",
        request_id="",
        detail="",
        recorded_at=NOON,
    )
    assert record.roles == ("auditor", "hr")


def test_characters_that_the_database_cannot_hold_are_marked() -> None:
    assert storable("a\0b\ud800c") == "a�b�c"


def test_a_long_text_is_cut() -> None:
    assert len(storable("x" * 10_000)) == LONGEST_TEXT

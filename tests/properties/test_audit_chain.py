"""Whatever single thing is changed in the trail, verification finds it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.audit.domain.chain import Head, Link, seal_records, verify_links
from services.audit.domain.record import AuditRecord
from tests.builders.audit import a_stored_record

Tampering = Callable[[Link], Link | None]


def _in_record(edit: Callable[[AuditRecord], AuditRecord]) -> Tampering:
    def tamper(link: Link) -> Link:
        assert link.stored is not None
        return replace(link, stored=replace(link.stored, record=edit(link.stored.record)))

    return tamper


def _in_text(field: str) -> Tampering:
    def edit(record: AuditRecord) -> AuditRecord:
        return replace(record, **{field: f"{getattr(record, field)}x"})  # type: ignore[arg-type]

    return _in_record(edit)


TEXTS = (
    "principal",
    "method",
    "resource",
    "outcome",
    "request_digest",
    "request_id",
    "detail",
)
TAMPERINGS: list[Tampering] = [
    *(_in_text(field) for field in TEXTS),
    _in_record(lambda record: replace(record, roles=(*record.roles, "admin"))),
    _in_record(
        lambda record: replace(record, recorded_at=record.recorded_at + timedelta(microseconds=1))
    ),
    lambda link: replace(link, stored=None),
    lambda link: replace(link, seal=replace(link.seal, position=link.seal.position + 1)),
    lambda link: replace(link, seal=replace(link.seal, number=link.seal.number + 100)),
    lambda link: replace(link, seal=replace(link.seal, record_digest="0" * 64)),
    lambda link: replace(link, seal=replace(link.seal, hash="0" * 64)),
]


@given(st.integers(1, 20), st.sampled_from(TAMPERINGS), st.data())
def test_any_single_tampering_is_found_at_its_place(
    count: int, tamper: Tampering, data: st.DataObject
) -> None:
    records = [a_stored_record(number) for number in range(1, count + 1)]
    seals = seal_records(Head(), records)
    chain: list[Link | None] = [
        Link(seal, record) for seal, record in zip(seals, records, strict=True)
    ]
    index = data.draw(st.integers(0, count - 1))
    chain[index] = tamper(chain[index])  # type: ignore[arg-type]
    found = verify_links(Head(), [link for link in chain if link is not None])
    assert found.first_broken is not None
    assert found.verified_count == index


@given(st.permutations(range(6)))
def test_any_other_order_of_seals_is_found(order: list[int]) -> None:
    records = [a_stored_record(number) for number in range(1, 7)]
    seals = seal_records(Head(), records)
    moved = [Link(seals[index], records[index]) for index in order]
    intact = verify_links(Head(), moved).first_broken is None
    assert intact == (order == sorted(order))

"""The chain of hashes, link by link."""

from dataclasses import replace

from services.audit.domain.chain import Flaw, Head, Link, Seal, seal_records, verify_links
from tests.builders.audit import a_stored_record

RECORDS = [a_stored_record(number) for number in (1, 2, 5)]


def links(seals: tuple[Seal, ...] | None = None) -> list[Link]:
    sealed = seals or seal_records(Head(), RECORDS)
    return [Link(seal, record) for seal, record in zip(sealed, RECORDS, strict=True)]


def flaw_at(changed: list[Link]) -> tuple[Flaw, int] | None:
    broken = verify_links(Head(), changed).first_broken
    return None if broken is None else (broken.flaw, broken.number)


def test_an_untouched_chain_is_intact_up_to_its_head() -> None:
    seals = seal_records(Head(), RECORDS)
    verification = verify_links(Head(), links(seals))
    assert verification.first_broken is None
    assert verification.verified_count == 3
    assert verification.head == Head(3, seals[-1].hash)


def test_sealing_in_two_goes_gives_the_same_chain() -> None:
    first = seal_records(Head(), RECORDS[:1])
    rest = seal_records(Head(1, first[0].hash), RECORDS[1:])
    assert first + rest == seal_records(Head(), RECORDS)


def test_a_changed_field_names_its_record() -> None:
    chain = links()
    edited = replace(RECORDS[1], record=replace(RECORDS[1].record, outcome="MONTH_CLOSED"))
    chain[1] = replace(chain[1], stored=edited)
    assert flaw_at(chain) == (Flaw.CHANGED, 2)


def test_a_removed_record_is_missed() -> None:
    chain = links()
    chain[1] = replace(chain[1], stored=None)
    assert flaw_at(chain) == (Flaw.REMOVED, 2)


def test_a_record_removed_with_its_seal_leaves_a_gap() -> None:
    chain = links()
    del chain[1]
    assert flaw_at(chain) == (Flaw.LINK_BROKEN, 5)


def test_records_that_change_places_are_found() -> None:
    chain = links()
    one, two = chain[0].seal, chain[1].seal
    chain[0] = Link(replace(two, position=1), chain[1].stored)
    chain[1] = Link(replace(one, position=2), RECORDS[0])
    assert flaw_at(chain) == (Flaw.LINK_BROKEN, 2)


def test_a_stretch_is_linked_to_the_seal_before_it() -> None:
    seals = seal_records(Head(), RECORDS)
    assert verify_links(Head(1, seals[0].hash), links(seals)[1:]).first_broken is None
    assert verify_links(Head(1, "f" * 64), links(seals)[1:]).first_broken is not None

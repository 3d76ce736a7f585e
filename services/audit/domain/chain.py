"""The chain: each seal fixes one record, and by its hash everything before it.

hash = SHA-256(position, number, recorded_at, digest of the record, hash of the seal before).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.audit.domain.record import StoredRecord
from services.kernel.digest import digest_of

NO_HASH = "0" * 64
"""What the first seal is linked to."""


class Flaw(StrEnum):
    """What can be wrong with a link of the chain."""

    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    SLIPPED_IN = "SLIPPED_IN"
    LINK_BROKEN = "LINK_BROKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The place of a record in the chain, from position 1, and the hash up to there."""

    position: int
    number: int
    recorded_at: datetime
    record_digest: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    position: int = 0
    hash: str = NO_HASH


@dataclass(frozen=True, slots=True)
class Link:
    """A seal and the record under its number, if that is still there."""

    seal: Seal
    stored: StoredRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    """The first place where the chain does not hold; position 0 for a record slipped in."""

    number: int
    position: int
    flaw: Flaw
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How far the chain holds, and what breaks it, if anything does."""

    head: Head
    verified_count: int
    first_broken: BrokenLink | None = None


def seal_records(head: Head, records: Sequence[StoredRecord]) -> tuple[Seal, ...]:
    """Link records to the end of a chain, in the order given."""
    seals: list[Seal] = []
    for record in records:
        seal = _seal(head, record)
        seals.append(seal)
        head = Head(seal.position, seal.hash)
    return tuple(seals)


def verify_links(start: Head, links: Iterable[Link]) -> Verification:
    """Compute a stretch of chain again, from the link before it up to the first that is broken."""
    head, count = start, 0
    for link in links:
        broken = _flaw_of(head, link)
        if broken is not None:
            return Verification(head=head, verified_count=count, first_broken=broken)
        head, count = Head(link.seal.position, link.seal.hash), count + 1
    return Verification(head=head, verified_count=count)


def slipped_in(number: int) -> BrokenLink:
    """Name a record that has no seal though everything of its time was sealed."""
    return BrokenLink(
        number=number,
        position=0,
        flaw=Flaw.SLIPPED_IN,
        message=f"record {number} was added behind the seals: no seal names it",
    )


def _seal(head: Head, stored: StoredRecord) -> Seal:
    position, digest = head.position + 1, stored.digest
    return Seal(
        position=position,
        number=stored.number,
        recorded_at=stored.record.recorded_at,
        record_digest=digest,
        hash=_hash(position, stored.number, stored.record.recorded_at, digest, head.hash),
    )


def _hash(position: int, number: int, recorded_at: datetime, digest: str, before: str) -> str:
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest_of((position, number, moment, digest, before))


def _flaw_of(head: Head, link: Link) -> BrokenLink | None:
    """Look at the link first, then at its record: a seal that was changed accuses no record."""
    seal = link.seal
    expected = _hash(
        head.position + 1, seal.number, seal.recorded_at, seal.record_digest, head.hash
    )
    if seal.position != head.position + 1 or seal.hash != expected:
        return _broken(seal, Flaw.LINK_BROKEN, f"it is not linked to position {head.position}")
    if link.stored is None:
        return _broken(seal, Flaw.REMOVED, "it was sealed and is not there any more")
    if link.stored.digest != seal.record_digest:
        return _broken(seal, Flaw.CHANGED, "its fields are not those that were sealed")
    return None


def _broken(seal: Seal, flaw: Flaw, what: str) -> BrokenLink:
    message = f"record {seal.number} at position {seal.position}: {what}"
    return BrokenLink(number=seal.number, position=seal.position, flaw=flaw, message=message)

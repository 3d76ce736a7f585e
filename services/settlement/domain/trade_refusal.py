"""Refusing one trade for the same reasons that refuse a row of a batch."""

from collections.abc import Sequence
from typing import NoReturn

from services.kernel.errors import FieldViolation, InvalidInput, NotFound, Refused
from services.settlement.domain.remark import Remark


class InvalidTrade(InvalidInput):
    """A rule of the market, or of its owners, refuses the trade."""


class PriceMissing(Refused):
    """The price that the rule needs is not known."""

    reason = "PRICE_MISSING"


class PriceNotFinal(Refused):
    """The price that the rule gives may still change."""

    reason = "PRICE_NOT_FINAL"


class VolumeExceeded(Refused):
    """The trade exceeds what its contract has left."""

    reason = "VOLUME_EXCEEDED"


def refuse(remarks: Sequence[Remark], *, subject: str) -> NoReturn:
    """Raise what the remarks come to: what is wrong in itself first, all of it at once.

    Raises:
        InvalidTrade, NotFound, PriceMissing, PriceNotFinal, VolumeExceeded.
    """
    by_reason = {remark.reason: remark for remark in remarks}
    stateful = {kind.reason: kind for kind in (PriceMissing, PriceNotFinal, VolumeExceeded)}
    wrong = [remark for remark in remarks if remark.reason not in {*stateful, "RESOURCE_NOT_FOUND"}]
    if wrong:
        violations = tuple(FieldViolation(each.field, _told(each)) for each in wrong)
        text = "; ".join(f"{each.field}: {_told(each)}" for each in wrong)
        raise InvalidTrade(text, violations=violations)
    if "RESOURCE_NOT_FOUND" in by_reason:
        raise NotFound(by_reason["RESOURCE_NOT_FOUND"].message.split(" ", 1)[0])
    [first, *_] = remarks
    raise stateful[first.reason](f"{first.field}: {first.message}", subject=subject)


def _told(remark: Remark) -> str:
    return f"{remark.reason}: {remark.message}"

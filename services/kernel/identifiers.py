"""Names of resources. The full name, ``customers/hanchuan``, is the identifier everywhere.

One spelling on the wire, in the books and in the domain, so that sorting by name means the same
everywhere ("earlier" in a split is by resource name).
"""

import re
from typing import NewType

from services.kernel.errors import FieldViolation, InvalidInput

CustomerName = NewType("CustomerName", str)
ContractName = NewType("ContractName", str)
TradeName = NewType("TradeName", str)
PriceSeriesName = NewType("PriceSeriesName", str)
FeeScheduleName = NewType("FeeScheduleName", str)
RevisionName = NewType("RevisionName", str)
InvoiceName = NewType("InvoiceName", str)
RunName = NewType("RunName", str)
SettlementName = NewType("SettlementName", str)
JournalEntryName = NewType("JournalEntryName", str)
LedgerAccountName = NewType("LedgerAccountName", str)
SchemeName = NewType("SchemeName", str)
AwardName = NewType("AwardName", str)
QuoteName = NewType("QuoteName", str)
ValuationName = NewType("ValuationName", str)

RESOURCE_ID = re.compile(r"[a-z][a-z0-9-]{0,62}")


class InvalidName(InvalidInput):
    """The text is not the name of a resource of that collection."""


def named(collection: str, resource_id: str) -> str:
    """Put a collection and an id together: ``customers`` and ``hanchuan``.

    Raises:
        InvalidName: the id does not match ``[a-z][a-z0-9-]{0,62}``.
    """
    if RESOURCE_ID.fullmatch(resource_id) is None:
        wrong = f"{resource_id!r} is not an id; write small letters, digits and hyphens"
        raise InvalidName(wrong, violations=(FieldViolation(f"{collection}_id", wrong),))
    return f"{collection}/{resource_id}"


def id_of(name: str) -> str:
    """Take the last segment of a resource name."""
    return name.rsplit("/", 1)[-1]

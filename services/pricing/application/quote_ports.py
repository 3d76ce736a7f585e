"""What the verbs of quotes need from outside."""

from dataclasses import dataclass
from typing import Protocol

from services.kernel.identifiers import QuoteName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.page import Page, PageRequest
from services.pricing.domain.quoting.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter:
    """Which quotes are asked for; what is None does not matter."""

    side: GuaranteeSide | None = None
    kind: InstrumentKind | None = None
    creator: str | None = None


class Quotes(Protocol):
    """The quotes that are kept; never changed."""

    def add(self, quote: Quote) -> None:
        """Write a new one."""
        ...

    def find(self, name: QuoteName) -> Quote | None:
        """Read one."""
        ...

    def list_quotes(self, which: QuoteFilter, page: PageRequest) -> Page[Quote]:
        """Read a page by name."""
        ...

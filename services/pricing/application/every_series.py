"""Read every price series there is, for verbs that choose among them."""

from services.kernel.page import PageRequest
from services.pricing.application.ports import PriceSeriesCatalogue
from services.pricing.domain.price_series import PriceSeries

_PAGE = 1_000


def every_series(catalogue: PriceSeriesCatalogue) -> tuple[PriceSeries, ...]:
    """Read them all, by name; call it within a unit of work."""
    page = catalogue.list_series(PageRequest(_PAGE))
    found = list(page.items)
    while page.next_after is not None:
        page = catalogue.list_series(PageRequest(_PAGE, page.next_after))
        found += page.items
    return tuple(found)

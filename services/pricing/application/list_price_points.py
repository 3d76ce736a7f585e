"""ListPricePoints."""

from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import Page, PageRequest, PageTokenInvalid
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.price_point import PricePoint


@dataclass(frozen=True, slots=True)
class KnownPoints:
    """A page of points, and the moment that it is about."""

    page: Page[PricePoint]
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPricePoints:
    """Lists the points of a series by day, each in the version known at a moment."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    clock: Clock

    def __call__(
        self,
        *,
        series: PriceSeriesName,
        period: Period | None,
        known_at: datetime | None,
        page: PageRequest,
    ) -> KnownPoints:
        """Read a page. Later pages keep the moment of the first, which their key carries.

        Raises:
            NotFound: there is no such series.
            PageTokenInvalid: the key of the page is not one of this list.
        """
        place, carried = _place_of(page)
        moment = carried or known_at or self.clock.now()
        with self.unit_of_work():
            if self.series.find(series) is None:
                raise NotFound(series)
            found = self.points.list_points(series, period, place, known_at=moment)
        following = (*found.next_after, moment.isoformat()) if found.next_after else None
        return KnownPoints(Page(found.items, following), moment)


def _place_of(page: PageRequest) -> tuple[PageRequest, datetime | None]:
    """Take the day to go on after, and the moment of the first page, out of a key."""
    if page.after is None:
        return page, None
    try:
        day, moment = page.after
        place = PageRequest(page.size, (date.fromisoformat(day).isoformat(),))
        return place, datetime.fromisoformat(moment)
    except ValueError:
        raise PageTokenInvalid from None

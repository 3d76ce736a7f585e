"""ListPriceDependents."""

from dataclasses import dataclass
from datetime import datetime

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import (
    PriceDependents,
    PricePoints,
    PriceSeriesCatalogue,
)
from services.pricing.domain.average_price import check_span
from services.pricing.domain.price_dependent import PriceDependent, in_order
from services.pricing.domain.superseded_day import SupersededDay, superseded_days


@dataclass(frozen=True, slots=True)
class DependentsOfPrices:
    """A page of what uses prices, and the days that changed, where changes were asked for."""

    page: Page[PriceDependent]
    superseded: tuple[SupersededDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPriceDependents:
    """Lists what uses prices of a series in a span of days, by kind and name."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    dependents: PriceDependents
    clock: Clock

    def __call__(
        self,
        *,
        series: PriceSeriesName,
        period: Period,
        changed_since: datetime | None,
        page: PageRequest,
    ) -> DependentsOfPrices:
        """Read a page. With ``changed_since`` only what uses a day superseded after that moment.

        Raises:
            NotFound: there is no such series.
            SpanTooLong: more days than one answer may cover.
        """
        check_span(period)
        superseded: tuple[SupersededDay, ...] = ()
        with self.unit_of_work():
            found = self.series.find(series)
            if found is None:
                raise NotFound(series)
            if changed_since is not None:
                superseded = self._superseded(series, period, changed_since)
            users = list(self.dependents(series=found, span=period))
        if changed_since is not None:
            days = [day.date for day in superseded]
            users = [user for user in users if user.uses_any(days)]
        return DependentsOfPrices(_cut(in_order(users), page), superseded)

    def _superseded(
        self, series: PriceSeriesName, period: Period, since: datetime
    ) -> tuple[SupersededDay, ...]:
        """Compare what was known at a moment with what is known now."""
        before = self.points.known(series, period, known_at=since)
        now = self.points.known(series, period, known_at=self.clock.now())
        old = {point.figures.date: point.figures for point in before}
        return superseded_days(
            new=[point.figures for point in now], old=old, newest=max(old, default=None)
        )


def _cut(users: tuple[PriceDependent, ...], page: PageRequest) -> Page[PriceDependent]:
    rest = users if page.after is None else [user for user in users if user.key > page.after]
    shown = tuple(rest[: page.size])
    return Page(shown, shown[-1].key if len(rest) > page.size else None)

"""The verb that replays guarantees, on closes held in memory."""

from collections.abc import Mapping
from datetime import date

from services.pricing.application.ports import PointOrigin
from services.pricing.application.replay_guarantee import ReplayGuarantee
from tests.builders.pricing import CEA, calendar, figures, series
from tests.fakes.pricing import MemoryPricePoints, MemoryPriceSeries, SetClock, at_once


def replay_on(closes: Mapping[date, str]) -> ReplayGuarantee:
    """Build the verb over one series with these closes."""
    catalogue, points, clock = MemoryPriceSeries(), MemoryPricePoints(), SetClock()
    catalogue.add(series())
    days = [figures(day.isoformat(), close) for day, close in sorted(closes.items())]
    points.add_versions(CEA, days, origin=PointOrigin("invented", clock.now()))
    return ReplayGuarantee(
        unit_of_work=at_once, series=catalogue, points=points, calendar=calendar(), clock=clock
    )

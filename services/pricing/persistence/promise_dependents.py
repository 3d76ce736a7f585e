"""Quotes and valuations that took their market from a series, in PostgreSQL."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Date, Select, cast, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from services.kernel.period import Period
from services.pricing.application.read_markets import LOOKED_BACK
from services.pricing.domain.price_dependent import DependentKind, PriceDependent
from services.pricing.domain.price_series import PriceSeries
from services.pricing.persistence.quote_tables import QUOTES, VALUATIONS
from services.runtime.unit_of_work import current_connection

_DAY = timedelta(days=1)


class PostgresPromiseDependents:
    """Names them, by the two years of prices up to their day that they look at."""

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        """Name those that looked at a day of a span."""
        set_by = QUOTES.c.inputs["provenance"]["volatility_set_by"].astext
        quotes = select(QUOTES.c.name, QUOTES.c.valuation_date).where(set_by == series.name)
        for name, days in _looking(quotes, span, "valuation_date"):
            yield PriceDependent(
                kind=DependentKind.QUOTE,
                name=name,
                days=days,
                use="took its volatility from the series",
                way_out="quote again; a quote that is kept never changes",
            )
        markets = VALUATIONS.c.assumptions["markets"]
        named = markets.contains(cast(literal([{"series": series.name}], JSONB), JSONB))
        valuations = select(VALUATIONS.c.name, VALUATIONS.c.as_of).where(named)
        for name, days in _looking(valuations, span, "as_of"):
            yield PriceDependent(
                kind=DependentKind.VALUATION,
                name=name,
                days=days,
                use="took spot, volatility and history from the series",
                way_out="value the contracts again",
            )


def _looking(
    query: Select[tuple[object, ...]], span: Period, day: str
) -> Iterator[tuple[str, Period]]:
    """Cut to those whose look back reaches into the span."""
    column = query.selected_columns[day]
    query = query.where(
        column >= literal(span.start, Date), column < literal(span.end + LOOKED_BACK, Date)
    )
    for row in current_connection().execute(query).mappings():
        last: date = row[day]
        yield row["name"], Period(last - LOOKED_BACK, last + _DAY)

"""Price series in PostgreSQL."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import Page, PageRequest
from services.pricing.domain.price_series import PriceSeries
from services.pricing.persistence.mapping import from_series_row, to_series_row
from services.pricing.persistence.tables import PRICE_SERIES
from services.runtime.unit_of_work import current_connection


class PostgresPriceSeries:
    """Writes and reads series on the current connection."""

    def add(self, series: PriceSeries) -> bool:
        """Add a series; False when one of that name is there already."""
        statement = insert(PRICE_SERIES).values(to_series_row(series)).on_conflict_do_nothing()
        added = current_connection().execute(statement.returning(PRICE_SERIES.c.name))
        return added.first() is not None

    def find(self, name: PriceSeriesName) -> PriceSeries | None:
        """Read one."""
        query = select(PRICE_SERIES).where(PRICE_SERIES.c.name == name)
        row = current_connection().execute(query).mappings().first()
        return None if row is None else from_series_row(row)

    def lock(self, name: PriceSeriesName) -> None:
        """Keep other imports into the series waiting until this unit of work ends."""
        query = select(PRICE_SERIES.c.name).where(PRICE_SERIES.c.name == name)
        current_connection().execute(query.with_for_update(key_share=True))

    def list_series(self, page: PageRequest) -> Page[PriceSeries]:
        """Read a page, by name."""
        query = select(PRICE_SERIES).order_by(PRICE_SERIES.c.name).limit(page.size + 1)
        if page.after is not None:
            query = query.where(PRICE_SERIES.c.name > page.after[-1])
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_series_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].name,) if len(rows) > page.size else None)

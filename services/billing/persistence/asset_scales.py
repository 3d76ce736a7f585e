"""Statements of scale in PostgreSQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from services.billing.domain.asset_scale import AssetScale
from services.billing.persistence.mapping import from_scale_row, to_scale_row
from services.billing.persistence.tables import ASSET_SCALES, CUSTOMERS
from services.kernel.identifiers import CustomerName
from services.kernel.page import Page, PageRequest, PageTokenInvalid
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection

_SCALE = ASSET_SCALES.c
_LARGEST = 2**31 - 1  # of a column of year or version


class PostgresAssetScales:
    """Reads and writes scales on the current connection."""

    def add_all(self, scales: Sequence[AssetScale]) -> None:
        """Write new versions."""
        bulk_insert(ASSET_SCALES, [to_scale_row(scale) for scale in scales])

    def latest(
        self, customers: Sequence[CustomerName], *, years: Sequence[int]
    ) -> Mapping[tuple[CustomerName, int], AssetScale]:
        """Read the latest version of each customer and year."""
        statement = (
            select(ASSET_SCALES)
            .ext(distinct_on(_SCALE.customer, _SCALE.year))
            .where(_SCALE.customer.in_(customers), _SCALE.year.in_(years))
            .order_by(_SCALE.customer, _SCALE.year, _SCALE.version.desc())
        )
        rows = current_connection().execute(statement).mappings()
        found = [from_scale_row(row) for row in rows]
        return {(each.statement.customer, each.statement.year): each for each in found}

    def lock(self, customers: Sequence[CustomerName]) -> None:
        """Lock the customers' rows, by name: one statement of a scale at a time."""
        rows = select(CUSTOMERS.c.name).where(CUSTOMERS.c.name.in_(customers))
        current_connection().execute(rows.order_by(CUSTOMERS.c.name).with_for_update())

    def list_scales(
        self, *, customer: CustomerName | None, year: int | None, page: PageRequest
    ) -> Page[AssetScale]:
        """Read a page by customer, year and version.

        Raises:
            PageTokenInvalid.
        """
        key = (_SCALE.customer, _SCALE.year, _SCALE.version)
        statement = select(ASSET_SCALES).order_by(*key).limit(page.size + 1)
        if customer is not None:
            statement = statement.where(_SCALE.customer == customer)
        if year is not None:
            statement = statement.where(_SCALE.year == year)
        if page.after is not None:
            statement = statement.where(tuple_(*key) > tuple_(*_place(page.after)))
        found = [from_scale_row(row) for row in current_connection().execute(statement).mappings()]
        items = tuple(found[: page.size])
        return Page(items, _key(items[-1]) if len(found) > page.size else None)


def _key(scale: AssetScale) -> tuple[str, ...]:
    return scale.statement.customer, str(scale.statement.year), str(scale.version)


def _place(after: tuple[str, ...]) -> tuple[str, int, int]:
    try:
        customer, year, version = after
        place = customer, int(year), int(version)
    except ValueError:
        raise PageTokenInvalid from None
    if not (0 <= place[1] <= _LARGEST and 0 <= place[2] <= _LARGEST):
        raise PageTokenInvalid
    return place

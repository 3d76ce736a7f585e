"""Quotes in PostgreSQL, append-only."""

from collections.abc import Mapping

from sqlalchemy import RowMapping, insert, select

from services.kernel.identifiers import QuoteName
from services.kernel.page import Page, PageRequest
from services.pricing.application.quote_ports import QuoteFilter
from services.pricing.domain.guarantee.quote import GuaranteeQuote
from services.pricing.domain.quoting.custody import CustodyCover
from services.pricing.domain.quoting.quote import PricedInputs, Quote, QuoteInputs
from services.pricing.persistence.quote_tables import QUOTES
from services.runtime.frozen_json import from_json
from services.runtime.unit_of_work import current_connection

_ADD = insert(QUOTES)
_COLUMNS = QUOTES.c


class PostgresQuotes:
    """Writes and reads quotes on the current connection."""

    def add(self, quote: Quote) -> None:
        """Write a new one."""
        current_connection().execute(_ADD, to_row(quote))

    def find(self, name: QuoteName) -> Quote | None:
        """Read one."""
        query = select(QUOTES).where(_COLUMNS.name == name)
        row = current_connection().execute(query).mappings().first()
        return None if row is None else from_row(row)

    def list_quotes(self, which: QuoteFilter, page: PageRequest) -> Page[Quote]:
        """Read a page by name."""
        query = select(QUOTES).order_by(_COLUMNS.name).limit(page.size + 1)
        if page.after is not None:
            query = query.where(_COLUMNS.name > page.after[0])
        if which.side is not None:
            query = query.where(_COLUMNS.side == which.side.value)
        if which.kind is not None:
            query = query.where(_COLUMNS.kind == which.kind.value)
        if which.creator is not None:
            query = query.where(_COLUMNS.creator == which.creator)
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].name,) if len(rows) > page.size else None)


def to_row(quote: Quote) -> Mapping[str, object]:
    """Write a quote with everything that it was priced from."""
    inputs, figures = quote.priced.inputs, quote.priced.figures
    return {
        "name": quote.name,
        "valuation_date": inputs.inquiry.valuation_date,
        "side": inputs.inquiry.terms.side.value,
        "kind": inputs.instrument.kind.value,
        "creator": quote.creator,
        "created_at": quote.created_at,
        "expires_at": quote.expires_at,
        "model": figures.model,
        "model_version": figures.model_version,
        "inputs": inputs,
        "figures": figures,
        "custody": quote.priced.custody,
    }


def from_row(row: RowMapping) -> Quote:
    """Read a quote; nothing is computed again."""
    custody = row["custody"]
    return Quote(
        name=QuoteName(row["name"]),
        priced=PricedInputs(
            inputs=from_json(QuoteInputs, row["inputs"]),
            figures=from_json(GuaranteeQuote, row["figures"]),
            custody=None if custody is None else from_json(CustodyCover, custody),
        ),
        creator=row["creator"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )

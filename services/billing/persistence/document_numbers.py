"""Numbers without a gap: one series a year, its row locked until the documents are issued."""

from datetime import date, datetime

from sqlalchemy import text

from services.kernel.identifiers import RunName
from services.runtime.unit_of_work import current_connection

_COUNT_INVOICES = text("SELECT count(*) FROM billing.invoices WHERE run = :run")
_COUNT_CREDIT_NOTES = text("SELECT count(*) FROM billing.credit_notes WHERE run = :run")
# The row of the series stays locked until the commit: whoever issues next waits, and a roll-back
# gives the numbers back. A sequence would leave gaps.
_TAKE = text(
    """
    INSERT INTO billing.document_numbers AS series (series, last_number) VALUES (:series, :count)
    ON CONFLICT (series) DO UPDATE SET last_number = series.last_number + :count
    RETURNING last_number
    """
)
_ISSUE_INVOICES = text(
    """
    UPDATE billing.invoices AS document
    SET state = 'ISSUED', due_date = :due_date, issued_at = :time,
        number = :series || '-' || lpad((:before + place.ordinal)::text, 6, '0')
    FROM (
        SELECT name, row_number() OVER (ORDER BY name) AS ordinal
        FROM billing.invoices WHERE run = :run
    ) AS place
    WHERE document.name = place.name
    """
)
_ISSUE_CREDIT_NOTES = text(
    """
    UPDATE billing.credit_notes AS document
    SET state = 'ISSUED', issued_at = :time,
        number = :series || '-' || lpad((:before + place.ordinal)::text, 6, '0')
    FROM (
        SELECT name, row_number() OVER (ORDER BY name) AS ordinal
        FROM billing.credit_notes WHERE run = :run
    ) AS place
    WHERE document.name = place.name
    """
)


def issue_invoices(*, run: RunName, year: int, due_date: date, time: datetime) -> None:
    """Number and issue the invoices of a run, by name: ``INV-2025-000001``, …."""
    count = current_connection().execute(_COUNT_INVOICES, {"run": run}).scalar_one()
    if count:
        series = f"INV-{year}"
        before = _before(series, count)
        values = {"run": run, "series": series, "before": before}
        current_connection().execute(
            _ISSUE_INVOICES, {**values, "due_date": due_date, "time": time}
        )


def issue_credit_notes(*, run: RunName, year: int, time: datetime) -> None:
    """Number and issue the credit notes of a run, by name: ``CN-2025-000001``, …."""
    count = current_connection().execute(_COUNT_CREDIT_NOTES, {"run": run}).scalar_one()
    if count:
        series = f"CN-{year}"
        values = {"run": run, "series": series, "before": _before(series, count), "time": time}
        current_connection().execute(_ISSUE_CREDIT_NOTES, values)


def _before(series: str, count: int) -> int:
    """Take some numbers of a series; returns the last one before them."""
    taken = current_connection().execute(_TAKE, {"series": series, "count": count})
    last: int = taken.scalar_one()
    return last - count

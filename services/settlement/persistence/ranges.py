"""Ranges of contract names in SQL."""

from sqlalchemy import ColumnElement, and_, true

from services.settlement.application.settlement_ports import NameRange


def within(column: ColumnElement[str], names: NameRange) -> ColumnElement[bool]:
    """Tell whether a name lies in a range."""
    begins = column >= names.first if names.first else true()
    return begins if names.end is None else and_(begins, column < names.end)

"""The chart of accounts in PostgreSQL."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from services.ledger.domain.chart import LedgerAccount
from services.ledger.persistence.mapping import from_account_row
from services.ledger.persistence.tables import LEDGER_ACCOUNTS
from services.runtime.unit_of_work import current_connection


class PostgresLedgerAccounts:
    """Reads the chart on the current connection."""

    def list_accounts(self, *, as_of_date: date) -> tuple[LedgerAccount, ...]:
        """Read the accounts in force on a day, by book and number."""
        columns = LEDGER_ACCOUNTS.c
        in_force = (
            select(LEDGER_ACCOUNTS)
            .ext(distinct_on(columns.name))
            .where(columns.effective_date <= as_of_date)
            .order_by(columns.name, columns.effective_date.desc())
            .subquery()
        )
        query = select(in_force).order_by(in_force.c.book, in_force.c.number)
        rows = current_connection().execute(query).mappings()
        return tuple(from_account_row(row) for row in rows)

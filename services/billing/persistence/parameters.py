"""Dated parameters in PostgreSQL."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from services.billing.domain.parameters import Parameters
from services.billing.persistence.tables import PARAMETERS
from services.kernel.money import from_minor
from services.runtime.unit_of_work import current_connection


class PostgresParameters:
    """Reads parameters on the current connection."""

    def in_force(self, day: date) -> Parameters:
        """Read the parameters of a day: of each name the latest that is effective."""
        statement = (
            select(PARAMETERS.c.name, PARAMETERS.c.value)
            .ext(distinct_on(PARAMETERS.c.name))
            .where(PARAMETERS.c.effective_date <= day)
            .order_by(PARAMETERS.c.name, PARAMETERS.c.effective_date.desc())
        )
        values = {row.name: int(row.value) for row in current_connection().execute(statement)}
        return Parameters(values["payment_days"], from_minor(values["approval_limit_fen"]))

"""Fee schedules in PostgreSQL."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kernel.identifiers import FeeScheduleName
from services.kernel.page import Page, PageRequest
from services.kernel.service import CustomerClass, Service
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.persistence.mapping import from_schedule_row, to_schedule_row
from services.pricing.persistence.tables import FEE_SCHEDULES
from services.runtime.unit_of_work import current_connection


class PostgresFeeSchedules:
    """Writes and reads schedules on the current connection."""

    def add(self, schedule: FeeSchedule) -> bool:
        """Add a schedule; False when one of that name is there already."""
        statement = insert(FEE_SCHEDULES).values(to_schedule_row(schedule))
        statement = statement.on_conflict_do_nothing()
        added = current_connection().execute(statement.returning(FEE_SCHEDULES.c.name))
        return added.first() is not None

    def find(self, name: FeeScheduleName) -> FeeSchedule | None:
        """Read one."""
        query = select(FEE_SCHEDULES).where(FEE_SCHEDULES.c.name == name)
        row = current_connection().execute(query).mappings().first()
        return None if row is None else from_schedule_row(row)

    def list_schedules(
        self,
        page: PageRequest,
        *,
        service: Service | None = None,
        customer_class: CustomerClass | None = None,
    ) -> Page[FeeSchedule]:
        """Read a page by name, of a service or a class if asked."""
        query = select(FEE_SCHEDULES).order_by(FEE_SCHEDULES.c.name).limit(page.size + 1)
        if service is not None:
            query = query.where(FEE_SCHEDULES.c.service == service.value)
        if customer_class is not None:
            query = query.where(FEE_SCHEDULES.c.customer_class == customer_class.value)
        if page.after is not None:
            query = query.where(FEE_SCHEDULES.c.name > page.after[-1])
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_schedule_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].name,) if len(rows) > page.size else None)

"""Revisions and their approvals in PostgreSQL, both append-only."""

from collections.abc import Sequence

from sqlalchemy import Select, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, insert

from services.kernel.identifiers import CustomerName, FeeScheduleName, RevisionName
from services.kernel.page import Page, PageRequest
from services.kernel.service import CustomerClass, Service
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, RevisionApproval
from services.pricing.persistence.mapping import from_revision_row, to_revision_row
from services.pricing.persistence.tables import (
    FEE_SCHEDULE_REVISIONS,
    FEE_SCHEDULES,
    REVISION_APPROVALS,
)
from services.runtime.unit_of_work import current_connection

_COLUMNS = FEE_SCHEDULE_REVISIONS.c


class PostgresFeeScheduleRevisions:
    """Writes and reads revisions on the current connection."""

    def add(self, revision: FeeScheduleRevision) -> bool:
        """Add a draft; False when a revision of that name is there already."""
        statement = insert(FEE_SCHEDULE_REVISIONS).values(to_revision_row(revision))
        statement = statement.on_conflict_do_nothing()
        added = current_connection().execute(statement.returning(_COLUMNS.name))
        return added.first() is not None

    def approve(self, name: RevisionName, approval: RevisionApproval) -> bool:
        """Write down an approval; False when there is one already."""
        statement = insert(REVISION_APPROVALS).values(
            revision=name, approver=approval.approver, approved_at=approval.approved_at
        )
        statement = statement.on_conflict_do_nothing()
        written = current_connection().execute(statement.returning(REVISION_APPROVALS.c.revision))
        return written.first() is not None

    def find(self, name: RevisionName) -> FeeScheduleRevision | None:
        """Read one."""
        query = _with_approvals().where(_COLUMNS.name == name)
        row = current_connection().execute(query).mappings().first()
        return None if row is None else from_revision_row(row)

    def list_revisions(
        self, schedule: FeeScheduleName, page: PageRequest
    ) -> Page[FeeScheduleRevision]:
        """Read a page of a schedule's revisions, by name."""
        query = _with_approvals().where(_COLUMNS.schedule == schedule)
        if page.after is not None:
            query = query.where(_COLUMNS.name > page.after[-1])
        query = query.order_by(_COLUMNS.name).limit(page.size + 1)
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_revision_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].name,) if len(rows) > page.size else None)

    def approved(
        self,
        *,
        service: Service,
        customer_class: CustomerClass,
        customers: Sequence[CustomerName],
    ) -> tuple[FeeScheduleRevision, ...]:
        """Read the approved revisions for all of a class, and the overrides for some customers."""
        theirs = _COLUMNS.customer == any_(bindparam(None, list(customers), type_=ARRAY(TEXT)))
        query = (
            _with_approvals()
            .join(FEE_SCHEDULES, FEE_SCHEDULES.c.name == _COLUMNS.schedule)
            .where(
                FEE_SCHEDULES.c.service == service.value,
                FEE_SCHEDULES.c.customer_class == customer_class.value,
                or_(_COLUMNS.customer.is_(None), theirs),
                REVISION_APPROVALS.c.approver.is_not(None),
            )
            .order_by(_COLUMNS.name)
        )
        rows = current_connection().execute(query).mappings()
        return tuple(from_revision_row(row) for row in rows)


def _with_approvals() -> Select[tuple[object, ...]]:
    approvals = REVISION_APPROVALS.c
    return select(FEE_SCHEDULE_REVISIONS, approvals.approver, approvals.approved_at).outerjoin_from(
        FEE_SCHEDULE_REVISIONS, REVISION_APPROVALS, approvals.revision == _COLUMNS.name
    )

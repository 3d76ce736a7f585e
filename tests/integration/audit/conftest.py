"""An audit trail on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, text

from services.audit.application.list_audit_records import ListAuditRecords
from services.audit.application.record import RecordAction
from services.audit.application.seal_records import SealRecords
from services.audit.application.verify_audit_trail import VerifyAuditTrail
from services.audit.persistence.records import PostgresAuditRecords
from services.audit.persistence.seals import PostgresSeals
from services.kernel.authority import SYSTEM, Principal
from services.runtime.database import open_engine, psycopg_url
from services.runtime.unit_of_work import Transactions, acting_as
from tests.fakes.ledger import SteppingClock

WANG = Principal("wang", frozenset({"finance_operator"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The verbs of the audit trail, joined to one database, and the owner who may cheat."""

    engine: Engine
    url: str
    unit_of_work: Transactions
    record_action: RecordAction
    seal: SealRecords
    list_records: ListAuditRecords
    verify: VerifyAuditTrail

    def record(self, resource: str = "customers/hanchuan", outcome: str = "OK") -> None:
        self.record_action(
            principal=WANG,
            method="/tanheng.billing.v1.CustomerService/CreateCustomer",
            resource=resource,
            outcome=outcome,
            request_digest="00ff",
            request_id="r-1",
        )

    def tamper(self, *statements: str) -> None:
        """Change the trail as its owner, with the triggers switched off."""
        owner = create_engine(psycopg_url(self.url))
        tables = ("audit.records", "audit.seals")
        with owner.begin() as connection:
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement))
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        owner.dispose()


@pytest.fixture
def trail(fresh_database: str) -> Iterator[Trail]:
    engine = open_engine(fresh_database, pool_size=6)
    work, records, seals = Transactions(engine), PostgresAuditRecords(), PostgresSeals()
    seal = SealRecords(unit_of_work=work, seals=seals)
    with acting_as(SYSTEM):
        yield Trail(
            engine=engine,
            url=fresh_database,
            unit_of_work=work,
            record_action=RecordAction(
                unit_of_work=work,
                records=records,
                clock=SteppingClock(datetime(2025, 3, 1, tzinfo=UTC)),
            ),
            seal=seal,
            list_records=ListAuditRecords(unit_of_work=work, records=records, seal_records=seal),
            verify=VerifyAuditTrail(unit_of_work=work, seals=seals, seal_records=seal),
        )
    engine.dispose()


@pytest.fixture
def on_another_thread() -> Callable[[Callable[[], object]], None]:
    """Run something in a thread, so in a transaction of its own, to its end."""

    def run(work: Callable[[], object]) -> None:
        def as_system() -> None:
            with acting_as(SYSTEM):
                work()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(as_system).result(30)

    return run

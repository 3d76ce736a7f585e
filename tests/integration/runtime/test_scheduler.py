"""The clock on a real database: many schedulers, and each occasion once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import text

from services.kernel.authority import SYSTEM
from services.kernel.period import SHANGHAI
from services.runtime.database import open_engine
from services.runtime.scheduler import (
    KEPT_DAYS,
    Clockwork,
    Occasion,
    act_once,
    forget_old_memories,
    latest_due,
)
from services.runtime.unit_of_work import (
    Transactions,
    acting_as,
    current_connection,
    current_principal,
)

DUE = datetime(2025, 4, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def transactions(module_database: str) -> Iterator[Transactions]:
    engine = open_engine(module_database, pool_size=8)
    yield Transactions(engine)
    engine.dispose()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The name of an occasion of this test alone."""
    return str(request.node.name)


def _occurrences(transactions: Transactions, name: str) -> int:
    with acting_as(SYSTEM), transactions():
        counted = text("SELECT count(*) FROM runtime.occurrences WHERE job = :name")
        return int(current_connection().scalar(counted, {"name": name}) or 0)


def test_acts_once_for_each_time_it_is_due(transactions: Transactions, name: str) -> None:
    acted: list[str] = []
    occasion = Occasion(name=name, cron="0 9 * * *", act=lambda: acted.append("!"))
    assert act_once(transactions, occasion=occasion, due_at=DUE)
    assert not act_once(transactions, occasion=occasion, due_at=DUE)
    assert act_once(transactions, occasion=occasion, due_at=DUE + timedelta(days=1))
    assert len(acted) == 2


def test_lets_one_of_many_rivals_act(transactions: Transactions, name: str) -> None:
    start, acted = threading.Barrier(6), list[int]()
    occasion = Occasion(name=name, cron="0 9 * * *", act=lambda: acted.append(1))

    def compete(_: int) -> bool:
        start.wait()
        return act_once(transactions, occasion=occasion, due_at=DUE)

    with ThreadPoolExecutor(6) as rivals:
        assert sum(rivals.map(compete, range(6))) == 1
    assert acted == [1]


def test_acts_again_when_it_failed(transactions: Transactions, name: str) -> None:
    def fail() -> None:
        raise RuntimeError("not yet")

    broken = Occasion(name=name, cron="0 9 * * *", act=fail)
    with pytest.raises(RuntimeError, match="not yet"):
        act_once(transactions, occasion=broken, due_at=DUE)
    assert _occurrences(transactions, name) == 0
    mended = Occasion(name=name, cron="0 9 * * *", act=lambda: None)
    assert act_once(transactions, occasion=mended, due_at=DUE)


def test_acts_in_the_name_of_the_service(transactions: Transactions, name: str) -> None:
    names: list[str] = []
    act = lambda: names.append(current_principal().subject)  # noqa: E731
    act_once(transactions, occasion=Occasion(name=name, cron="0 9 * * *", act=act), due_at=DUE)
    assert names == [SYSTEM.subject]


def test_forgets_what_is_older_than_a_quarter(transactions: Transactions, name: str) -> None:
    occasion = Occasion(name=name, cron="0 9 * * *", act=lambda: None)
    now = datetime.now(UTC)
    for age in (KEPT_DAYS - 1, KEPT_DAYS + 1):
        act_once(transactions, occasion=occasion, due_at=now - timedelta(days=age))
    with acting_as(SYSTEM):
        forget_old_memories(transactions)()
    assert _occurrences(transactions, name) == 1


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2025-04-01 10:29", None),
        ("2025-04-01 10:30", "2025-04-01 10:30"),
        ("2025-04-01 10:34", "2025-04-01 10:30"),
        ("2025-04-01 11:29", "2025-04-01 10:30"),
        ("2025-04-01 11:31", None),
    ],
)
def test_makes_up_for_what_was_due_within_the_hour(moment: str, due: str | None) -> None:
    evening = CronTrigger.from_crontab("30 18 * * *", timezone=SHANGHAI)
    found = latest_due(evening, now=datetime.fromisoformat(f"{moment}+00:00"))
    assert found == (None if due is None else datetime.fromisoformat(f"{due}+00:00"))


def test_takes_the_last_of_several_times_within_the_hour() -> None:
    often = CronTrigger.from_crontab("*/10 * * * *", timezone=SHANGHAI)
    found = latest_due(often, now=datetime(2025, 4, 1, 10, 45, tzinfo=UTC))
    assert found == datetime(2025, 4, 1, 10, 40, tzinfo=UTC)


def test_runs_by_the_clock_and_stops(transactions: Transactions, name: str) -> None:
    acted = threading.Event()
    minute = datetime.now(SHANGHAI) - timedelta(minutes=2)
    occasion = Occasion(name=name, cron=f"{minute:%M} {minute:%H} * * *", act=acted.set)
    clock = Clockwork(transactions=transactions, occasions=(occasion,), heartbeats=())
    clock.start()
    clock._act_once(occasion, CronTrigger.from_crontab(occasion.cron, timezone=SHANGHAI))
    clock.stop()
    assert acted.is_set()
    assert _occurrences(transactions, name) == 1

"""The clock: APScheduler decides when, a unique row (job, due time) decides once.

Any number of schedulers may run; only one of them gets the row, and what it defers is deferred in
the same transaction. What was missed, since no scheduler ran or it failed, is looked for again
every five minutes and made up for within the hour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from services.kernel.authority import SYSTEM
from services.kernel.period import SHANGHAI
from services.runtime.unit_of_work import Transactions, acting_as, current_connection

LOG = structlog.get_logger("tanheng.clock")
KEPT_DAYS = 90
LATEST = timedelta(hours=1)
"""So long after its time what is due is still done."""

_LOOKS_AGAIN_MINUTES = 5

_CLAIM = text(
    "INSERT INTO runtime.occurrences (job, due_at) VALUES (:job, :due_at) ON CONFLICT DO NOTHING"
)
_FORGET = (
    text("DELETE FROM runtime.occurrences WHERE due_at < :before"),
    text("DELETE FROM runtime.requests WHERE recorded_at < :before"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A job of the clock: its name, its times as a cron line in Shanghai, and what it does."""

    name: str
    cron: str
    act: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Something repeated each few seconds, safe to do from several places at once."""

    name: str
    seconds: float
    act: Callable[[], None]


class Clockwork:
    """Runs occasions and heartbeats in threads of its own."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        occasions: tuple[Occasion, ...],
        heartbeats: tuple[Heartbeat, ...],
    ) -> None:
        """Wind it up; nothing runs before ``start``."""
        self._transactions = transactions
        self._scheduler = BackgroundScheduler(timezone=SHANGHAI)
        for occasion in occasions:
            trigger = CronTrigger.from_crontab(occasion.cron, timezone=SHANGHAI)
            self._scheduler.add_job(
                self._act_once,
                OrTrigger([trigger, IntervalTrigger(minutes=_LOOKS_AGAIN_MINUTES)]),
                args=[occasion, trigger],
                id=occasion.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=int(LATEST.total_seconds()),
            )
        for beat in heartbeats:
            every = IntervalTrigger(seconds=beat.seconds)
            self._scheduler.add_job(
                _act_as_system, every, args=[beat], id=beat.name, coalesce=True, max_instances=1
            )

    def start(self) -> None:
        """Start."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop, after what is under way."""
        self._scheduler.shutdown(wait=True)

    def _act_once(self, occasion: Occasion, trigger: CronTrigger) -> None:
        due = latest_due(trigger, now=datetime.now(UTC))
        if due is not None:
            act_once(self._transactions, occasion=occasion, due_at=due)


def latest_due(trigger: CronTrigger, *, now: datetime) -> datetime | None:
    """Find the last time that something was due; None if that is more than an hour ago."""
    due: datetime | None = None
    coming: datetime | None = trigger.get_next_fire_time(None, now - LATEST)
    while coming is not None and coming <= now:
        due, coming = coming, trigger.get_next_fire_time(coming, now)
    return due


def act_once(transactions: Transactions, *, occasion: Occasion, due_at: datetime) -> bool:
    """Do what is due, if no other scheduler has; tells whether it was this one."""
    with acting_as(SYSTEM), transactions():
        claim = {"job": occasion.name, "due_at": due_at}
        won = current_connection().execute(_CLAIM, claim).rowcount == 1
        if won:
            LOG.info("due", occasion=occasion.name, due_at=due_at.isoformat())
            occasion.act()
    return won


def forget_old_memories(transactions: Transactions) -> Callable[[], None]:
    """Build the daily work that forgets request ids and occurrences after 90 days."""

    def forget() -> None:
        before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
        with transactions():
            for statement in _FORGET:
                current_connection().execute(statement, {"before": before})

    return forget


def _act_as_system(beat: Heartbeat) -> None:
    with acting_as(SYSTEM):
        beat.act()

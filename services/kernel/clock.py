"""What time it is, as a thing that is handed in: the domain never looks at a clock."""

from datetime import date, datetime
from typing import Protocol

from services.kernel.period import SHANGHAI


class Clock(Protocol):
    """Tells the time. Only ``application`` and ``runtime`` hold one."""

    def now(self) -> datetime:
        """Tell the present moment, with its zone (UTC)."""
        ...


def shanghai_day(moment: datetime) -> date:
    """Find the calendar day, in Shanghai, of a moment."""
    return moment.astimezone(SHANGHAI).date()

"""The clock of the machine."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """Tell the present moment in UTC."""
        return datetime.now(UTC)

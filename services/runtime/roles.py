"""The two roles that the house acts as in the database; neither owns anything or may log in."""

from typing import Final

APP_ROLE: Final = "tanheng_app"
"""Is shown the rows of customers within the caller's scope."""

EVERYONE_ROLE: Final = "tanheng_everyone"
"""Has what the app role has, and is shown the rows of every customer.

Callers that see every customer act as this one: a policy without a condition costs nothing for
each row, and leaves the planner its statistics.
"""

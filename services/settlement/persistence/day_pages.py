"""Where a page of rows ordered by trade date and name goes on."""

from datetime import date

from services.kernel.page import PageTokenInvalid


def place_of(after: tuple[str, ...]) -> tuple[date, str]:
    """Take the day and the name that a page goes on after.

    Raises:
        PageTokenInvalid: the place is not one of such a list.
    """
    try:
        day, name = after
        return date.fromisoformat(day), name
    except ValueError:
        raise PageTokenInvalid from None

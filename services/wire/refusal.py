"""How a translation refuses: wrong fields, by their path from the request down."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.kernel.errors import FieldViolation, InvalidInput


def refused(field: str, description: str) -> InvalidInput:
    """Build the error of one wrong field."""
    return InvalidInput(f"{field}: {description}", violations=(FieldViolation(field, description),))


@contextmanager
def under(path: str) -> Iterator[None]:
    """Lead what a noun refuses by its own fields to the place in the request that it came from."""
    try:
        yield
    except InvalidInput as wrong:
        wrong.violations = tuple(
            FieldViolation(f"{path}.{each.field}", each.description) for each in wrong.violations
        )
        first = next(iter(wrong.violations), None)
        if first is not None:
            wrong.message = f"{first.field}: {first.description}"
            wrong.args = (wrong.message,)
        raise

"""How a translation refuses: one wrong field, by its path."""

from services.kernel.errors import FieldViolation, InvalidInput


def refused(field: str, description: str) -> InvalidInput:
    """Build the error of one wrong field."""
    return InvalidInput(f"{field}: {description}", violations=(FieldViolation(field, description),))

"""A limit that a law sets: an exact fraction with the text that it comes from."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.kernel.errors import FieldViolation, InvalidInput


class InvalidLimit(InvalidInput):
    """The limit is not a fraction from 0 to 1."""


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """A part of something, 0 to 1, with its source and the day it is in force from.

    ``source_verified`` tells whether somebody checked the figure in the source itself.
    """

    numerator: int
    denominator: int
    source: str
    effective_date: date | None = None
    source_verified: bool = False

    def __post_init__(self) -> None:
        """Refuse anything below zero or above one."""
        if self.denominator < 1 or not 0 <= self.numerator <= self.denominator:
            wrong = f"{self.numerator}/{self.denominator} is not a part from 0 to 1"
            raise InvalidLimit(
                f"numerator: {wrong}", violations=(FieldViolation("numerator", wrong),)
            )

    def __str__(self) -> str:
        """Write the fraction."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def fraction(self) -> Fraction:
        """The part, exactly."""
        return Fraction(self.numerator, self.denominator)

    def floor_of(self, units: int) -> int:
        """The most whole units that are not above this part of some; never below zero."""
        return max(0, units) * self.numerator // self.denominator

"""What is traded: an allowance of one vintage, or a credit of one project and vintage."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from services.kernel.errors import FieldViolation, InvalidInput


class InstrumentKind(StrEnum):
    """Allowance of the national market, or credit of the voluntary one. One unit is one tCO2e."""

    CEA = "CEA"
    CCER = "CCER"


class GuaranteeSide(StrEnum):
    """PURCHASE: a price to buy at is promised. SALE: a floor to sell at is promised."""

    PURCHASE = "PURCHASE"
    SALE = "SALE"


class InvalidInstrument(InvalidInput):
    """An allowance names no project; a credit must."""


@dataclass(frozen=True, slots=True, order=True)
class Instrument:
    """One instrument. ``vintage`` is the year; ``project`` is empty for an allowance."""

    kind: InstrumentKind
    vintage: int
    project: str = ""

    def __post_init__(self) -> None:
        """Refuse an allowance with a project and a credit without one."""
        if (self.kind is InstrumentKind.CCER) != bool(self.project):
            wrong = f"is {self.project!r}; only CCER names a project"
            if self.kind is InstrumentKind.CCER:
                wrong = "is empty; a CCER names the project that it comes from"
            raise InvalidInstrument(
                f"project {wrong}", violations=(FieldViolation("project", wrong),)
            )

    @property
    def code(self) -> str:
        """Write it in one word: ``CEA-2024`` or ``CCER-2024-project``. Sorting is by this."""
        return _code(self.kind, self.vintage, self.project)

    @classmethod
    def parse(cls, code: str) -> "Instrument":
        """Read a code written by ``code``."""
        kind, vintage, *project = code.split("-", 2)
        return cls(InstrumentKind(kind), int(vintage), project[0] if project else "")


@lru_cache(maxsize=4096)
def _code(kind: InstrumentKind, vintage: int, project: str) -> str:
    return "-".join(part for part in (kind.value, str(vintage), project) if part)

"""What a run found missing or wrong: a result with a name, never a silent zero."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding stops: the whole run, one customer's lines, or nothing."""

    RUN_BLOCKING = "RUN_BLOCKING"
    SUBJECT_HELD = "SUBJECT_HELD"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding: its reason, the resource it is about, what is wrong, and the way out."""

    severity: Severity
    reason: str
    subject: str
    message: str
    way_out: str = ""

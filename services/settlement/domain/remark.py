"""What is wrong, or noteworthy, with one row of a batch: a result with a name, not an error."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """The field it is about, a reason in capitals, and a sentence with the value and the bound."""

    field: str
    reason: str
    message: str

"""How a figure came about: steps that a reader can follow with a pencil."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One step: what is computed, the formula with its numbers, and the inputs by name."""

    label: str
    formula: str
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps of a figure in order, and the version of the rule that was applied."""

    steps: tuple[ExplanationStep, ...] = ()
    rule_version: str = ""

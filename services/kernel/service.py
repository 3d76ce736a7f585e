"""What is charged for, and to whom: the two words that a tariff is found by."""

from enum import StrEnum


class CustomerClass(StrEnum):
    """Whether a customer belongs to the group. Tariffs differ by it."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


class FeeService(StrEnum):
    """A service that fees are charged for, or that is listed at zero."""

    DAILY_MANAGEMENT = "DAILY_MANAGEMENT"
    COMPLIANCE_TRADING = "COMPLIANCE_TRADING"
    CCER_DEVELOPMENT = "CCER_DEVELOPMENT"
    CCER_CUSTODY = "CCER_CUSTODY"
    VALUE_ADDED = "VALUE_ADDED"

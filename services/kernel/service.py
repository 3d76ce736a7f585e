"""What the carbon company does, and for whom: the two words that choose a tariff."""

from enum import StrEnum


class CustomerClass(StrEnum):
    """Whether a customer belongs to the group. Their tariffs differ."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


class Service(StrEnum):
    """A service with a price of its own. Only daily management is charged by scale."""

    DAILY_MANAGEMENT = "DAILY_MANAGEMENT"
    COMPLIANCE_TRADING = "COMPLIANCE_TRADING"
    CCER_DEVELOPMENT = "CCER_DEVELOPMENT"
    CCER_CUSTODY = "CCER_CUSTODY"
    VALUE_ADDED = "VALUE_ADDED"

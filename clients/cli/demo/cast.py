"""Who does what in the demo: one person per role, and two controllers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from clients.cli.connection import Connection
from clients.cli.service import Bearer, make_tokens, unsettled_environment


class Person(StrEnum):
    """The people of the demo; their names say what they do."""

    ADMIN = "demo-admin"
    ANALYST = "demo-analyst"
    OPERATOR = "demo-operator"
    TRADER = "demo-trader"
    TRADE_REVIEWER = "demo-trade-reviewer"
    CONTROLLER = "demo-controller"
    SECOND_CONTROLLER = "demo-second-controller"
    DIRECTOR = "demo-director"
    HR = "demo-hr"
    AUDITOR = "demo-auditor"


ROLES: Mapping[Person, str] = {
    Person.ADMIN: "admin",
    Person.ANALYST: "pricing_analyst",
    Person.OPERATOR: "finance_operator",
    Person.TRADER: "trader",
    Person.TRADE_REVIEWER: "trade_reviewer",
    Person.CONTROLLER: "finance_controller",
    Person.SECOND_CONTROLLER: "finance_controller",
    Person.DIRECTOR: "finance_director",
    Person.HR: "hr",
    Person.AUDITOR: "auditor",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The people, each with a token of their own."""

    connection: Connection
    tokens: Mapping[Person, str] = field(repr=False)

    def acting(self, person: Person) -> Connection:
        """Call the service in the name of one of them."""
        return self.connection.in_the_name_of(self.tokens[person])


def assemble_cast(connection: Connection, data_dir: Path) -> Cast:
    """Make a token for everyone."""
    bearers = [Bearer(person.value, [ROLES[person]]) for person in Person]
    made = make_tokens(data_dir, bearers, environment=unsettled_environment())
    return Cast(connection, dict(zip(Person, made, strict=True)))

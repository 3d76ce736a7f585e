"""SetAssignments: say who takes part in a scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.incentives.application.ports import Assignments, Schemes
from services.incentives.domain.assignment import (
    Assignment,
    InvalidAssignments,
    check_assignments,
)
from services.kernel.errors import FieldViolation
from services.kernel.identifiers import SchemeName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssignments:
    """Replaces the people of a scheme by a new version; runs keep the version they took."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    assignments: Assignments

    def __call__(self, *, scheme: SchemeName, people: Sequence[Assignment]) -> int:
        """Write them; returns their version, from 1.

        Raises:
            NotFound: there is no such scheme.
            InvalidAssignments: they do not fit together, or are in another plan too.
        """
        with self.unit_of_work():
            found = self.schemes.get(scheme, lock=True)
            check_assignments(people, rules=found.rules)
            _refuse_two_plans(people, self.assignments.staff_in_other_schemes(found))
            version = self.assignments.newest_version(scheme) + 1
            self.assignments.add(scheme, version=version, people=people)
        return version


def _refuse_two_plans(people: Sequence[Assignment], elsewhere: frozenset[str]) -> None:
    wrong = tuple(
        FieldViolation(
            f"assignments[{index}].staff_id",
            f"{person.staff_id} takes part in another scheme of the same days; nobody is in two"
            " plans, so say in_other_plan or leave the person out",
        )
        for index, person in enumerate(people)
        if person.staff_id in elsewhere and not person.in_other_plan
    )
    if wrong:
        raise InvalidAssignments(f"{wrong[0].field}: {wrong[0].description}", violations=wrong)

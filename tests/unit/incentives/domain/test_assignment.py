"""Who takes part."""

import pytest

from services.incentives.domain.assignment import InvalidAssignments, check_assignments
from services.kernel.money import money
from tests.builders.incentives import limit, person, rules


def test_leaves_out_who_is_less_than_a_year_in_post() -> None:
    yearly = rules(minimum_days=365)
    assert person("s-1", days=364).weight(yearly) == 0
    assert person("s-1", 2, days=365).weight(yearly) == 730


def test_refuses_more_people_than_the_law_allows() -> None:
    few = rules(participants_limit=limit(3, 10), staff_count=9)  # floor(2.7) = 2
    with pytest.raises(InvalidAssignments, match="3 people"):
        check_assignments([person(f"s-{n}") for n in range(3)], rules=few)


def test_names_every_person_that_is_wrong_at_once() -> None:
    people = [person("s-1", -1), person("s-1"), person("s-2", annual_pay=money("-1"))]
    with pytest.raises(InvalidAssignments) as refusal:
        check_assignments(people, rules=rules())
    fields = [violation.field for violation in refusal.value.violations]
    assert fields == [
        "assignments[0].coefficient",
        "assignments[1].staff_id",
        "assignments[2].annual_pay",
    ]
    assert refusal.value.violations[2].description.startswith("-1.00 CNY is not an amount")


def test_needs_the_pay_of_who_is_capped_by_it() -> None:
    with pytest.raises(InvalidAssignments, match="annual_pay"):
        check_assignments([person("s-1")], rules=rules(person_cap=limit(2, 3)))


def test_caps_a_quarter_by_a_quarter_of_the_pay() -> None:
    paid = person("s-1", annual_pay=money("600000"))
    assert paid.cap(rules(person_cap=limit(2, 3)), cycle_months=3) == 100_000_00

"""A closed figure corrected later becomes a line of the next cycle."""

from services.kernel.money import money, zero
from services.kernel.period import Month
from tests.builders.incentives import MARCH
from tests.unit.incentives.application.conftest import Office

SECOND_QUARTER = (Month(2025, 4), Month(2025, 5), Month(2025, 6))


def close_second_quarter(office: Office, fees: str) -> None:
    office.close(*SECOND_QUARTER)
    office.figures.fees.update({month: money(fees) for month in SECOND_QUARTER})


def test_claws_back_what_a_corrected_month_no_longer_earns(office: Office) -> None:
    first = office.grant()
    close_second_quarter(office, "100000")
    office.figures.fees[MARCH] = money("40000")
    second = office.grant("2025-Q2")
    (line,) = second.outcome.corrections
    assert (line.run, line.amount) == (first.name, money("-6000"))
    assert second.outcome.pool == money("14000")


def test_tops_up_and_never_counts_the_same_correction_twice(office: Office) -> None:
    office.grant()
    close_second_quarter(office, "100000")
    office.figures.fees[MARCH] = money("160000")
    assert office.grant("2025-Q2").outcome.pool == money("26000")
    third = tuple(month for month in (Month(2025, 7), Month(2025, 8), Month(2025, 9)))
    office.close(*third)
    office.figures.fees.update({month: money("100000") for month in third})
    run = office.grant("2025-Q3")
    assert run.outcome.pool == money("20000")
    assert [line.amount for line in run.outcome.corrections] == [zero()]


def test_carries_on_what_an_empty_pool_could_not_give_back(office: Office) -> None:
    office.grant()
    close_second_quarter(office, "0")
    office.figures.fees[MARCH] = money("0")
    assert office.grant("2025-Q2").outcome.pool == zero()
    third = (Month(2025, 7), Month(2025, 8), Month(2025, 9))
    office.close(*third)
    office.figures.fees.update({month: money("100000") for month in third})
    run = office.grant("2025-Q3")
    assert run.outcome.pool == money("10000")

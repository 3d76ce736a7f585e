"""Corrections of earlier cycles."""

from services.incentives.domain.correction import (
    CorrectionLine,
    apply_corrections,
    correction_line,
)
from services.kernel.identifiers import RunName
from services.kernel.money import money


def line(granted: str, current: str, run: str = "incentiveRuns/a") -> CorrectionLine:
    found = correction_line(
        run=RunName(run),
        frozen_result=money("10"),
        current_result=money("20"),
        granted_pool=money(granted),
        current_pool=money(current),
    )
    assert found is not None
    return found


def test_claws_back_what_was_granted_too_much() -> None:
    pool, (applied,) = apply_corrections(money("500"), [line("300", "100")])
    assert (pool, applied.amount) == (money("300"), money("-200"))


def test_tops_up_what_was_granted_too_little() -> None:
    pool, (applied,) = apply_corrections(money("500"), [line("100", "300")])
    assert (pool, applied.amount) == (money("700"), money("200"))


def test_never_takes_more_than_is_there_and_leaves_the_rest_for_later() -> None:
    pool, (applied,) = apply_corrections(money("50"), [line("300", "100")])
    assert (pool, applied.amount) == (money("0"), money("-50"))


def test_adds_top_ups_before_it_takes_claw_backs() -> None:
    lines = [line("300", "0", "incentiveRuns/a"), line("0", "250", "incentiveRuns/b")]
    pool, applied = apply_corrections(money("0"), lines)
    assert pool == money("0")
    assert [correction.amount for correction in applied] == [money("-250"), money("250")]


def test_says_nothing_where_nothing_moved() -> None:
    same = correction_line(
        run=RunName("incentiveRuns/a"),
        frozen_result=money("10"),
        current_result=money("10"),
        granted_pool=money("3"),
        current_pool=money("3"),
    )
    assert same is None

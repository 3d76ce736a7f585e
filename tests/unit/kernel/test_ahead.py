"""Making things before they are wanted."""

import sys
import threading
from collections.abc import Iterator

import pytest

from services.kernel.ahead import ahead


def test_makes_something_of_every_part_in_order() -> None:
    assert list(ahead(str, iter(range(10)))) == [str(number) for number in range(10)]
    assert list(ahead(str, [])) == []


def test_makes_the_next_while_one_is_used() -> None:
    made = threading.Event()

    def make(part: int) -> int:
        if part == 2:
            made.set()
        return part

    coming = ahead(make, [1, 2], most=1)
    assert next(coming) == 1
    assert made.wait(timeout=5)
    coming.close()


def test_takes_parts_in_the_thread_of_the_user_and_makes_in_another() -> None:
    takers, makers = set[int](), set[int]()

    def parts() -> Iterator[int]:
        for number in range(5):
            takers.add(threading.get_ident())
            yield number

    assert list(ahead(lambda _: makers.add(threading.get_ident()), parts())) == [None] * 5
    assert takers == {threading.get_ident()}
    assert len(makers) == 1
    assert takers.isdisjoint(makers)


def test_raises_what_making_one_raised_in_its_place() -> None:
    coming = ahead(lambda part: 1 // part, [1, 0, 1])
    assert next(coming) == 1
    with pytest.raises(ZeroDivisionError):
        next(coming)


def test_takes_no_more_than_it_was_allowed() -> None:
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    coming = ahead(str, parts(), most=3)
    next(coming)
    coming.close()
    assert len(taken) == 4


def test_switches_threads_sooner_only_while_anybody_makes_things_ahead() -> None:
    usual = sys.getswitchinterval()
    one, other = ahead(str, range(9)), ahead(str, range(9))
    next(one)
    next(other)
    assert sys.getswitchinterval() < usual
    one.close()
    assert sys.getswitchinterval() < usual
    assert list(other) == [str(number) for number in range(1, 9)]
    assert sys.getswitchinterval() == usual

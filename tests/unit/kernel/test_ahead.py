"""Making things before they are wanted."""

import threading
from collections.abc import Iterator

import pytest

from services.kernel.ahead import ahead


def test_gives_every_item_in_order() -> None:
    assert list(ahead(iter(range(10)))) == list(range(10))
    assert list(ahead([])) == []


def test_makes_the_next_item_while_one_is_used() -> None:
    made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    coming = ahead(items())
    assert next(coming) == 1
    assert made.wait(timeout=5)
    coming.close()  # type: ignore[attr-defined]  # a generator


def test_raises_what_making_an_item_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("no second")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(LookupError):
        next(coming)


def test_makes_no_more_than_it_was_allowed() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    coming = ahead(items(), most=3)
    next(coming)
    coming.close()  # type: ignore[attr-defined]  # a generator
    assert len(made) <= 4

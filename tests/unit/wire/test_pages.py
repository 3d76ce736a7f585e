"""Pages: sizes are bounded, and a token goes with its query only."""

import base64

import pytest
from google.longrunning.operations_pb2 import ListOperationsRequest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidInput
from services.kernel.page import PageTokenInvalid
from services.wire.pages import DEFAULT_SIZE, LARGEST_SIZE, from_wire_page, to_wire_token

_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
_keys = st.lists(_texts, min_size=1, max_size=4).map(tuple)


def _query(*, token: str = "", about: str = "march", size: int = 0) -> ListOperationsRequest:
    return ListOperationsRequest(filter=about, page_token=token, page_size=size)


@given(_keys)
def test_goes_on_after_the_last_item_of_the_same_query(after: tuple[str, ...]) -> None:
    token = to_wire_token(_query(), after)
    assert from_wire_page(_query(token=token)).after == after


@given(_keys)
def test_lets_a_reader_change_the_size_on_the_way(after: tuple[str, ...]) -> None:
    token = to_wire_token(_query(size=5), after)
    assert from_wire_page(_query(token=token, size=7)).size == 7


@given(_keys)
def test_refuses_a_token_of_another_query(after: tuple[str, ...]) -> None:
    token = to_wire_token(_query(about="april"), after)
    with pytest.raises(PageTokenInvalid):
        from_wire_page(_query(token=token))


@given(st.text(min_size=1, max_size=60))
def test_refuses_any_text_that_is_no_token(text: str) -> None:
    with pytest.raises(PageTokenInvalid):
        from_wire_page(_query(token=text))


@pytest.mark.parametrize("text", ["[]", "null", "1", '["a"]', '{"a": 1}', '["a", "b", "c"]'])
def test_refuses_a_token_made_up_by_hand(text: str) -> None:
    with pytest.raises(PageTokenInvalid):
        from_wire_page(_query(token=base64.urlsafe_b64encode(text.encode()).decode()))


@pytest.mark.parametrize("after", [[], [1], ["a", None], "a", {"a": "b"}, None])
def test_refuses_a_token_whose_place_is_no_place(after: object) -> None:
    right = to_wire_token(_query(), ("a",))
    digest = base64.urlsafe_b64decode(right).decode().split('"')[1]
    text = f'["{digest}", {str(after).replace("None", "null")}]'.replace("'", '"')
    with pytest.raises(PageTokenInvalid):
        from_wire_page(_query(token=base64.urlsafe_b64encode(text.encode()).decode()))


@pytest.mark.parametrize("key", ["\\u0000", "a\\u0000", "\\ud800"])
def test_refuses_a_token_with_what_no_database_could_compare(key: str) -> None:
    right = to_wire_token(_query(), ("a",))
    text = base64.urlsafe_b64decode(right).decode().replace('"a"', f'"{key}"')
    with pytest.raises(PageTokenInvalid):
        from_wire_page(_query(token=base64.urlsafe_b64encode(text.encode()).decode()))


@pytest.mark.parametrize(("asked", "given_"), [(0, DEFAULT_SIZE), (7, 7), (5000, LARGEST_SIZE)])
def test_bounds_the_size(asked: int, given_: int) -> None:
    assert from_wire_page(_query(size=asked)).size == given_


def test_refuses_a_size_below_zero() -> None:
    with pytest.raises(InvalidInput, match="page_size: -1 is below zero"):
        from_wire_page(_query(size=-1))


def test_writes_no_token_at_the_end() -> None:
    assert to_wire_token(_query(), None) == ""

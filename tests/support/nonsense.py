"""Messages that no sane client sends, and some that one nearly might."""

from collections.abc import Mapping

from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from hypothesis import strategies as st

_TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "2025-03",
            "2025-13",
            "customers/hanchuan",
            "customers/../etc",
            "contracts/none",
            "priceSeries/none",
            "feeSchedules/none",
            "feeSchedules/none/revisions/none",
            "months/2025-03",
            "billingRuns/2025-03-1",
            "settlementRuns/none",
            "schemes/none",
            "5f0c1d1e-6f2e-4a53-9b0e-0f3a3c1f9a11",
            "hanchuan",
            "2025-Q1",
            "CNY",
            "57.68",
            "-0.5",
            "NaN",
            "1e400",
            "Infinity",
            "' OR 1=1 --",
            "nul\x00nul",
            "碳衡",
            "x" * 11_000,
        ]
    ),
    st.text(max_size=20),
)
_INTEGERS = st.sampled_from([0, 1, -1, 5, 12, 31, 2025, 2**31 - 1, -(2**31)])
_LONGS = st.one_of(_INTEGERS, st.sampled_from([2**63 - 1, -(2**63), 10**12, 999_999_999]))
_UNSIGNED = st.sampled_from([0, 1, 2**32 - 1])
_DEEPEST = 4
_SCALARS: Mapping[int, st.SearchStrategy[object]] = {
    FieldDescriptor.TYPE_STRING: _TEXTS,
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_ENUM: st.sampled_from([0, 1, 2, 3, 99, -1]),
    FieldDescriptor.TYPE_INT64: _LONGS,
    FieldDescriptor.TYPE_UINT32: _UNSIGNED,
    FieldDescriptor.TYPE_UINT64: _UNSIGNED,
    FieldDescriptor.TYPE_BYTES: st.binary(max_size=20),
}


def messages(descriptor: Descriptor, depth: int = 0) -> st.SearchStrategy[Message]:
    """Build a strategy for messages of a kind, each field set or not."""
    kind = message_factory.GetMessageClass(descriptor)
    fields = [field for field in descriptor.fields if _reachable(field, depth)]
    values = {field.name: st.none() | _values(field, depth) for field in fields}
    return st.fixed_dictionaries(values).map(
        lambda chosen: kind(**{name: value for name, value in chosen.items() if value is not None})
    )


def _reachable(field: FieldDescriptor, depth: int) -> bool:
    if field.message_type is None:
        return True
    return depth < _DEEPEST and not field.message_type.GetOptions().map_entry


def _values(field: FieldDescriptor, depth: int) -> st.SearchStrategy[object]:
    one = _one(field, depth)
    return st.lists(one, max_size=3) if field.is_repeated else one


def _one(field: FieldDescriptor, depth: int) -> st.SearchStrategy[object]:
    if field.message_type is not None:
        return messages(field.message_type, depth + 1)
    return _SCALARS.get(field.type, _INTEGERS)

"""Every wrong field of a request at once: the contract's rules, and one walk over shared words.

The rules of the contract (protovalidate) cannot reach into ``google.type`` messages, months and
resource names; a walk, planned once per message type, does. Rules between fields come later, in
the domain, each with a reason of its own.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import cast

import protovalidate
from google.api import resource_pb2
from google.protobuf.descriptor import (
    Descriptor,
    EnumDescriptor,
    FieldDescriptor,
    FileDescriptor,
    ServiceDescriptor,
)
from google.protobuf.message import Message
from protovalidate import Violation
from tanheng.common.v1 import rows_pb2

from services.kernel.errors import FieldViolation, InvalidInput
from services.wire.dates import date_flaw, month_flaw, range_flaw, time_flaw
from services.wire.money import money_flaw
from services.wire.numbers import decimal_flaw

_LONGEST_TEXT = 10_000
_MOST_VIOLATIONS = 1_000
_LONGEST_SHOWN = 80
_ID = "then lower-case letters, digits and hyphens, 63 in all at most"
_CYCLE = "is no cycle; write 2025, 2025-Q1 or 2025-03"
_DIGEST = "is no digest; copy the 64 digits and letters that the run shows"
_WORDS_OF_PATTERNS = {
    "^[a-z][a-z0-9-]{0,62}$": f"is no id; write a lower-case letter, {_ID}",
    "^[a-z0-9][a-z0-9-]{0,62}$": f"is no staff number; write a letter or digit, {_ID}",
    "^[12][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?$": _CYCLE,
    "^([12][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?)?$": _CYCLE,
    "^[0-9a-f]{64}$": _DIGEST,
    "^([0-9a-f]{64})?$": _DIGEST,
    "^((0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$": "is no day of a year; write it as 12-31",
}
"""The patterns of the contract that no walk knows, said in words."""
_SEGMENT = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"


class InvalidFields(InvalidInput):
    """One or more fields are wrong in themselves."""

    reason = "INVALID_FIELDS"


class MalformedMessage(InvalidInput):
    """The bytes are not a message of the contract."""

    reason = "MALFORMED_MESSAGE"


@dataclass(frozen=True, slots=True)
class Malformed:
    """What stands for a request whose bytes could not be read."""

    why: str


class RequestValidator:
    """Refuses requests with wrong fields, naming all of them."""

    def __init__(self, services: Iterable[ServiceDescriptor]) -> None:
        """Learn the resource names of the contract that the services belong to."""
        self._patterns = resource_patterns(service.file for service in services)
        self._plans: dict[str, tuple[_Step, ...]] = {}

    def validate(self, request: Message | Malformed) -> None:
        """Check a request.

        Raises:
            MalformedMessage: the bytes could not be read at all.
            InvalidFields: with one violation per wrong field.
        """
        if isinstance(request, Malformed):
            raise MalformedMessage(
                f"the request is not a message of this contract ({request.why}); check your client"
            )
        own = tuple(self._walk(request, ""))
        by_rule = _rule_violations(request, said={flaw.field for flaw in own})
        found = islice((*by_rule, *own), _MOST_VIOLATIONS)
        flaws = tuple(dict.fromkeys(found))
        if flaws:
            more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
            first = flaws[0]
            raise InvalidFields(f"{first.field}: {first.description}{more}", violations=flaws)

    def _walk(self, message: Message, path: str) -> Iterator[FieldViolation]:
        for step in self._plan(cast("Descriptor", message.DESCRIPTOR)):
            value = getattr(message, step.field)
            if step.repeated:
                for index, item in enumerate(value):
                    yield from self._look(step, item, f"{path}{step.field}[{index}]")
            elif not isinstance(value, Message) or message.HasField(step.field):
                yield from self._look(step, value, f"{path}{step.field}")

    def _look(self, step: "_Step", value: object, path: str) -> Iterator[FieldViolation]:
        descend = step.descend and isinstance(value, Message)
        below = list(self._walk(value, f"{path}.")) if descend else []  # type: ignore[arg-type]
        yield from below
        flaw = step.check(value) if step.check is not None and not below else None
        if flaw is not None:
            yield FieldViolation(path, flaw)

    def _plan(self, descriptor: Descriptor) -> "tuple[_Step, ...]":
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            by_row = descriptor.GetOptions().Extensions[rows_pb2.judged_by_row]
            look = _row_step if by_row else partial(_step, patterns=self._patterns)
            steps = (look(field) for field in descriptor.fields)
            plan = tuple(step for step in steps if step is not None)
            self._plans[descriptor.full_name] = plan
        return plan


def _rule_violations(request: Message, *, said: Container[str]) -> Iterator[FieldViolation]:
    """Name what breaks a rule; a pattern is not shown where the walk says it in words."""
    for violation in protovalidate.collect_violations(request):
        path = _path(violation)
        if violation.proto.rule_id != "string.pattern" or path not in said:
            yield FieldViolation(path, _choice_flaw(request, violation) or _flaw(violation))


def _choice_flaw(request: Message, violation: Violation) -> str | None:
    """Say of a choice that was not made, or is unknown, what there is to choose from."""
    if violation.proto.rule_id not in {"enum.not_in", "enum.defined_only"}:
        return None
    enum = _enum_of(request, violation)
    if enum is None:
        return None
    prefix = enum.values[0].name.removesuffix("UNSPECIFIED")
    names = ", ".join(value.name.removeprefix(prefix) for value in enum.values[1:])
    found = violation.field_value
    return f"{'is unset' if found == 0 else f'{found} is none of them'}; choose one of {names}"


def _enum_of(request: Message, violation: Violation) -> EnumDescriptor | None:
    descriptor = cast("Descriptor | None", request.DESCRIPTOR)
    enum: EnumDescriptor | None = None
    found = violation.proto.field
    for element in () if found is None else found.elements:
        field = descriptor.fields_by_name.get(element.field_name) if descriptor else None
        if field is None:
            return None
        descriptor, enum = field.message_type, field.enum_type
    return enum


def _flaw(violation: Violation) -> str:
    """Say what is wrong, and with which value where that is short enough to be shown."""
    value, message = violation.field_value, violation.proto.message
    if value == "" and violation.proto.rule_id in {"string.pattern", "string.min_len"}:
        return "is unset, and required"
    if violation.proto.rule_id == "string.pattern":
        message = _WORDS_OF_PATTERNS.get(message.partition("`")[2].rstrip("`"), message)
    if violation.proto.rule_id == "required" or not isinstance(value, str | int):
        return message
    shown = repr(value if isinstance(value, int) else value[:_LONGEST_SHOWN])
    return f"{shown} {message.removeprefix('value ')}"


def _path(violation: Violation) -> str:
    path = ""
    found = violation.proto.field
    for element in () if found is None else found.elements:
        path += f".{element.field_name}" if path else element.field_name
        subscript = element.subscript
        if subscript is not None:
            path += f"[{subscript.value}]"
    return path


Check = Callable[[object], str | None]
Patterns = Mapping[str, "_NamePattern"]


@dataclass(frozen=True, slots=True)
class _Step:
    """What to look at in one field: a check of its value, or the fields below."""

    field: str
    repeated: bool
    check: Check | None
    descend: bool


_MESSAGE_CHECKS: dict[str, Check] = {
    "google.type.Decimal": lambda value: decimal_flaw(value.value),  # type: ignore[attr-defined]
    "google.type.Date": date_flaw,  # type: ignore[dict-item]
    "google.type.Money": money_flaw,  # type: ignore[dict-item]
    "google.protobuf.Timestamp": time_flaw,  # type: ignore[dict-item]
    "tanheng.common.v1.DateRange": range_flaw,  # type: ignore[dict-item]
}
_LEAVES = frozenset(_MESSAGE_CHECKS) - {"tanheng.common.v1.DateRange"}


def _step(field: FieldDescriptor, patterns: Patterns) -> _Step | None:
    """Plan one field; None where there is nothing to look at."""
    if field.type == FieldDescriptor.TYPE_STRING:
        return _Step(field.name, field.is_repeated, _text_check(field, patterns), descend=False)
    kind = field.message_type
    if kind is None or kind.GetOptions().map_entry:
        return None
    check = _MESSAGE_CHECKS.get(kind.full_name)
    return _Step(field.name, field.is_repeated, check, descend=kind.full_name not in _LEAVES)


def _row_step(field: FieldDescriptor) -> _Step | None:
    """Plan one field of a row that its method judges: only text that no table can hold is wrong."""
    if field.type != FieldDescriptor.TYPE_STRING:
        return None
    return _Step(field.name, field.is_repeated, _storable, descend=False)


def _storable(value: object) -> str | None:
    text = str(value)
    if "\x00" in text:
        return "contains a NUL character; remove it"
    if len(text) > _LONGEST_TEXT:
        return f"is longer than {_LONGEST_TEXT} characters"
    return None


def _text_check(field: FieldDescriptor, patterns: Patterns) -> Check:
    reference: resource_pb2.ResourceReference = field.GetOptions().Extensions[
        resource_pb2.resource_reference  # type: ignore[index]  # a plain descriptor in its stub
    ]
    pattern = patterns.get(reference.type or reference.child_type)
    is_month = field.name == "month" or field.name.endswith("_month")

    def check(value: object) -> str | None:
        text = str(value)
        flaw = _storable(value)
        if flaw is not None:
            return flaw
        if text and is_month:
            return month_flaw(text)
        return pattern.flaw(text) if text and pattern is not None else None

    return check


class _NamePattern:
    """The patterns of a resource in the contract, ``customers/{customer}``, as an expression."""

    def __init__(self, written: tuple[str, ...]) -> None:
        self._written = " or ".join(written)
        shapes = (
            re.sub(r"\{[^}]+\}", _SEGMENT, re.escape(text).replace(r"\{", "{").replace(r"\}", "}"))
            for text in written
        )
        self._expression = re.compile("|".join(shapes))

    def flaw(self, text: str) -> str | None:
        if self._expression.fullmatch(text):
            return None
        return f"{text[:80]!r} is not a name; write it as {self._written}"


def resource_patterns(files: Iterable[FileDescriptor]) -> Patterns:
    """Collect the name patterns of every resource that the files, or what they import, declare."""
    pending, seen = list(files), set[str]()
    patterns: dict[str, tuple[str, ...]] = {}
    while pending:
        file = pending.pop()
        if file.name in seen:
            continue
        seen.add(file.name)
        pending.extend(file.dependencies)
        for message in file.message_types_by_name.values():
            resource: resource_pb2.ResourceDescriptor = message.GetOptions().Extensions[
                resource_pb2.resource  # type: ignore[index]  # a plain descriptor in its stub
            ]
            if resource.type:
                patterns[resource.type] = tuple(resource.pattern)
    return {kind: _NamePattern(written) for kind, written in patterns.items()}

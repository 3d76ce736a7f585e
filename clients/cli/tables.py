"""Messages as tables: one column per field path, numbers to the right with thousands separated."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markup import escape
from rich.table import Table
from tanheng.common.v1.common_pb2 import DateRange

from clients.cli import spelling
from clients.cli.messages import Plain, plain

SHOWN_DECIMALS = 6
NOTHING = "–"
LEAST_TEXT = 8
NUMBER = re.compile(r"-?\d+(\.\d+)?")
NAMES = frozenset({"seed", "year"})
"""Whole numbers that name something: nobody reads them by thousands."""
PRICE = re.compile(r"price|average|^(old_|new_|previous_)?close$|^low$|^high$|^value(_per_tonne)?$")
"""Fields whose figures are CNY, or CNY per tonne: shown with two decimals at least."""
AMOUNT = re.compile(r"-?\d+\.\d{2}")

Cell: TypeAlias = tuple[str, bool]
"""The text of a cell, and whether it is a number."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the path of the field under it, such as ``totals.net``."""

    heading: str
    path: str

    def cell(self, message: Message) -> Cell:
        """Take the text of the field, and whether it is a number."""
        value: object = message
        *parents, _last = path = self.path.split(".")
        for depth, name in enumerate(path):
            if not isinstance(value, Message) or _is_unset(value, name):
                return NOTHING, False
            if depth == len(parents):
                return _text(value, name)
            value = getattr(value, name)
        return NOTHING, False

    def exists_in(self, message: Message) -> bool:
        """Tell whether messages of this kind have the field at all."""
        kind: object = message.DESCRIPTOR
        for name in self.path.split("."):
            fields = getattr(kind, "fields_by_name", {})
            if name not in fields:
                return False
            kind = fields[name].message_type
        return True


def columns(**paths: str) -> tuple[Column, ...]:
    """Name columns by their headings: ``columns(Net="totals.net")``; _ is a space."""
    return tuple(Column(heading.replace("_", " "), path) for heading, path in paths.items())


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells under headings, laid out for the width there is.

    A number over two lines may be read as another, so text is folded first; where that is not
    enough, or there is one row alone, rows stand upright, a heading and its cell to a line.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Choose a layout when the width is known."""
        room = options.max_width - 3 * len(self.headings) - 1
        widths = [self._width(index) for index in range(len(self.headings))]
        numbers = [self._is_number(index) for index in range(len(widths))]
        least = (
            widths
            if len(self.rows) == 1
            else [
                width if number else min(width, LEAST_TEXT)
                for width, number in zip(widths, numbers, strict=True)
            ]
        )
        fits = sum(least) <= room or not self.rows
        yield self._table(numbers) if fits else self._upright()

    def _width(self, index: int) -> int:
        return max(cell_len(text) for text in (self.headings[index], *self._column(index)))

    def _column(self, index: int) -> list[str]:
        return [row[index][0] for row in self.rows]

    def _is_number(self, index: int) -> bool:
        return any(row[index][1] for row in self.rows)

    def _table(self, numbers: Sequence[bool]) -> Table:
        table = _titled(self.title)
        for heading, number in zip(self.headings, numbers, strict=True):
            justify: JustifyMethod = "right" if number else "left"
            table.add_column(heading, justify=justify, overflow="fold", no_wrap=number)
        for row in self.rows:
            table.add_row(*(escape(text) for text, _ in row))
        return table

    def _upright(self) -> Table:
        table = _titled(self.title)
        table.show_header = False
        table.add_column(style="bold cyan", no_wrap=True)
        table.add_column(overflow="fold")
        for row in self.rows:
            for heading, (text, _) in zip(self.headings, row, strict=True):
                table.add_row(heading, escape(text))
            table.add_section()
        return table


def table_of(title: str, messages: Iterable[Message], shown: Sequence[Column]) -> Sheet:
    """Lay messages out, one a row; a column of numbers stands to the right."""
    return _laid_out(title, shown, [[each.cell(message) for each in shown] for message in messages])


def nested_table(
    title: str,
    pairs: Iterable[tuple[Message, Message]],
    outer: Sequence[Column],
    inner: Sequence[Column],
) -> Sheet:
    """Lay out parts of messages: columns of the whole first, then those of the part."""
    rows = [
        [each.cell(whole) for each in outer] + [each.cell(part) for each in inner]
        for whole, part in pairs
    ]
    return _laid_out(title, [*outer, *inner], rows)


def columns_of_text(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Lay out rows that are text already."""
    lines = [list(row) for row in rows]
    table = _titled(title)
    for index, heading in enumerate(headings):
        cells = [row[index] for row in lines if row[index]]
        right = bool(cells) and all(NUMBER.fullmatch(cell.replace(",", "")) for cell in cells)
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in lines:
        table.add_row(*(escape(_with_thousands(text)) for text in row))
    return table


def thousands(number: Decimal) -> str:
    """Write a number with its thousands separated."""
    return f"{number:,f}"


def _laid_out(title: str, shown: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Sheet:
    return Sheet(title, [column.heading for column in shown], rows)


def _titled(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", header_style="bold cyan")


def _is_unset(message: Message, name: str) -> bool:
    field = message.DESCRIPTOR.fields_by_name[name]
    return bool(field.has_presence) and not message.HasField(name)


def _text(message: Message, name: str) -> Cell:
    value: object = getattr(message, name)
    if isinstance(value, Money):
        return _money(value), True
    if isinstance(value, WireDecimal):
        return _decimal(value, is_price=bool(PRICE.search(name))), True
    if isinstance(value, DateRange):
        ends = (value.start_date, value.end_date)
        return " to ".join(spelling.write_date(day) for day in ends), False
    if isinstance(value, Timestamp):
        return value.ToDatetime().strftime("%Y-%m-%d %H:%M:%SZ"), False
    shown = plain(message)
    single = shown.get(name) if isinstance(shown, dict) else shown
    if isinstance(single, int) and not isinstance(single, bool):
        return str(single) if name in NAMES else f"{single:,}", True
    return _joined(single), False


def _money(amount: Money) -> str:
    number, _, currency = spelling.write_money(amount).partition(" ")
    return " ".join(part for part in (thousands(Decimal(number)), currency) if part)


def _decimal(value: WireDecimal, *, is_price: bool) -> str:
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return value.value
    short = round(number, SHOWN_DECIMALS)
    text = thousands(short if short != number else number)
    whole, point, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}" if point or is_price else whole


def _with_thousands(text: str) -> str:
    return thousands(Decimal(text)) if AMOUNT.fullmatch(text) else text


def _joined(value: Plain) -> str:
    match value:
        case None | "" | [] | "UNSPECIFIED":
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_joined(item) for item in value)
        case dict():
            return ", ".join(f"{key} {_joined(item)}" for key, item in value.items())
        case _:
            return str(value)

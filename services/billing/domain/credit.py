"""How lines that come to less than nothing are laid on invoices: the newest first."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice_line import InvoiceLine, LinePart
from services.kernel.identifiers import InvoiceName


@dataclass(frozen=True, slots=True)
class Credit:
    """The lines that reduce one invoice."""

    invoice: InvoiceName
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class Credits:
    """The credits of a customer's month, and the net (negative) that found no invoice."""

    credits: tuple[Credit, ...]
    carried_net_fen: int


def credit_lines(lines: Sequence[InvoiceLine], *, open_invoices: Sequence[OpenInvoice]) -> Credits:
    """Lay lines on invoices, newest first, never above what is left of their net.

    Lines that charge stand on the first credit note, and make room for as much more. A line is cut
    where the room of an invoice ends. Without any invoice nothing is credited, and all is carried.
    """
    charging = tuple(line for line in lines if line.charges)
    giving = deque(line for line in lines if not line.charges)
    credits_made: list[Credit] = []
    for invoice in open_invoices:
        if not giving:
            break
        if invoice.open_net_fen <= 0:
            continue
        room = invoice.open_net_fen + sum(line.amounts.net_fen for line in charging)
        credits_made.append(Credit(invoice.name, (*charging, *_take(giving, room))))
        charging = ()
    carried = sum(line.amounts.net_fen for line in (*charging, *giving))
    return Credits(tuple(credits_made), carried)


def _take(giving: deque[InvoiceLine], room: int) -> list[InvoiceLine]:
    """Take lines from the front until ``room`` fen of net are used up."""
    taken: list[InvoiceLine] = []
    while giving and room > 0:
        line = giving.popleft()
        if -line.amounts.net_fen > room:
            line, rest = _cut(line, room)
            giving.appendleft(rest)
        taken.append(line)
        room += line.amounts.net_fen
    return taken


def _cut(line: InvoiceLine, net_fen: int) -> tuple[InvoiceLine, InvoiceLine]:
    """Cut a line that gives back in two, the first of ``-net_fen``; each is taxed by itself.

    The rest stands on the part that gives back most, so that parts still sum to their lines.
    """
    own = line.taxation.own_of_net(-net_fen)
    rest = line.own_fen - own
    most = min(range(len(line.parts)), key=lambda index: line.parts[index].own_fen)
    parts = [
        LinePart(part.key, part.own_fen - rest) if index == most else part
        for index, part in enumerate(line.parts)
    ]
    first = replace(line, amounts=line.taxation.of(own), parts=tuple(parts))
    last = replace(
        line,
        amounts=line.taxation.of(rest),
        parts=(LinePart(line.parts[most].key, rest),),
    )
    return first, last

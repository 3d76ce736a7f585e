"""What lines become: an invoice that is never negative, or credit notes."""

from decimal import Decimal

from services.billing.domain.amounts import Taxation, sum_amounts
from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice import Documents, draft_documents
from services.billing.domain.invoice_line import (
    BilledKey,
    ChargeKind,
    InvoiceLine,
    LineKind,
    LinePart,
)
from services.kernel.explanation import Explanation
from services.kernel.identifiers import InvoiceName, RunName
from services.kernel.period import Month
from services.kernel.service import Service
from tests.builders.billing import HANCHUAN, SIX_PERCENT

MARCH = Month(2025, 3)
THIRTEEN_PERCENT = Taxation(Decimal("0.13"), inclusive=False)


def a_line(*own_fen: int, taxation: Taxation = SIX_PERCENT) -> InvoiceLine:
    parts = tuple(
        LinePart(BilledKey(Service.DAILY_MANAGEMENT, ChargeKind.SCALE, 2025, f"s{index}"), fen)
        for index, fen in enumerate(own_fen)
    )
    return InvoiceLine(
        kind=LineKind.MANAGEMENT_FEE,
        service=Service.DAILY_MANAGEMENT,
        description="fee",
        quantity_tonnes=None,
        unit_price=None,
        taxation=taxation,
        amounts=taxation.of(sum(own_fen)),
        service_period=MARCH.period,
        corrects_month=None,
        explanation=Explanation(),
        rule_version="r",
        parts=parts,
    )


def an_open(month: int, net_fen: int) -> OpenInvoice:
    name = InvoiceName(f"invoices/2025-{month:02d}-hanchuan")
    return OpenInvoice(name, Month(2025, month), net_fen)


def drafted(*lines: InvoiceLine, on: tuple[OpenInvoice, ...] = (), series: int = 1) -> Documents:
    return draft_documents(
        lines,
        customer=HANCHUAN,
        month=MARCH,
        run=RunName("billingRuns/2025-03-1"),
        series=series,
        open_invoices=on,
    )


def test_lines_become_one_invoice() -> None:
    documents = drafted(a_line(10_000), a_line(-4_000))
    assert documents.invoice is not None
    assert (documents.invoice.name, documents.invoice.totals.net_fen) == (
        "invoices/2025-03-hanchuan",
        6_000,
    )


def test_lines_below_nothing_become_credit_notes_on_the_newest_invoices_first() -> None:
    documents = drafted(a_line(-15_000), on=(an_open(2, 10_000), an_open(1, 10_000)))
    assert documents.invoice is None
    assert [(note.invoice, note.totals.net_fen) for note in documents.credit_notes] == [
        ("invoices/2025-02-hanchuan", -10_000),
        ("invoices/2025-01-hanchuan", -5_000),
    ]


def test_a_credit_note_never_exceeds_what_is_left_of_its_invoice() -> None:
    documents = drafted(a_line(-15_000), on=(an_open(2, 10_000),))
    assert [note.totals.net_fen for note in documents.credit_notes] == [-10_000]
    assert documents.carried_net_fen == -5_000


def test_what_finds_no_invoice_is_carried_whole() -> None:
    documents = drafted(a_line(2_000), a_line(-15_000))
    assert (documents.all, documents.carried_net_fen) == ((), -13_000)


def test_lines_that_charge_make_room_on_the_first_credit_note() -> None:
    documents = drafted(a_line(2_000), a_line(-12_000), on=(an_open(2, 10_000),))
    (note,) = documents.credit_notes
    assert (len(note.lines), note.totals.net_fen) == (2, -10_000)


def test_parts_of_a_cut_line_still_sum_to_their_lines() -> None:
    line = a_line(4_000, -19_000)
    documents = drafted(line, on=(an_open(2, 10_000), an_open(1, 10_000)))
    cut = [each for note in documents.credit_notes for each in note.lines]
    assert [sum(part.own_fen for part in each.parts) for each in cut] == [-10_000, -5_000]
    by_key = {
        key: sum(p.own_fen for each in cut for p in each.parts if p.key == key)
        for key in {part.key for part in line.parts}
    }
    assert by_key == {part.key: part.own_fen for part in line.parts}


def test_a_line_with_the_tax_inside_is_cut_at_the_net_that_is_left() -> None:
    inside = Taxation(Decimal("0.06"), inclusive=True)
    documents = drafted(a_line(-15_000, taxation=inside), on=(an_open(2, 9_999), an_open(1, 9_999)))
    nets = [note.totals.net_fen for note in documents.credit_notes]
    assert nets[0] == -9_999
    gross = sum_amounts(note.totals for note in documents.credit_notes).gross_fen
    assert gross == -15_000


def test_lines_whose_net_and_gross_differ_in_sign_are_an_invoice_and_credit_notes() -> None:
    cases = (
        (a_line(9_950, taxation=THIRTEEN_PERCENT), a_line(-10_000)),
        (a_line(10_000), a_line(-9_950, taxation=THIRTEEN_PERCENT)),
    )
    for charging, giving in cases:
        documents = drafted(charging, giving, on=(an_open(2, 50_000),))
        assert documents.invoice is not None
        assert documents.invoice.lines == (charging,)
        assert [note.lines for note in documents.credit_notes] == [(giving,)]


def test_a_first_credit_note_that_would_charge_leaves_what_charges_to_an_invoice() -> None:
    charging, giving = a_line(2_000, taxation=THIRTEEN_PERCENT), a_line(-9_000)
    documents = drafted(charging, giving, on=(an_open(2, 10), an_open(1, 9_000)))
    assert documents.invoice is not None
    assert documents.invoice.lines == (charging,)
    assert [note.totals.net_fen for note in documents.credit_notes] == [-10, -8_990]


def test_a_later_run_of_the_month_makes_no_invoice_of_zeros() -> None:
    assert drafted(a_line(0), series=2).all == ()
    assert drafted(a_line(0), series=1).invoice is not None


def test_a_later_run_of_the_month_names_its_documents_apart() -> None:
    documents = drafted(a_line(100), series=2)
    assert documents.invoice is not None
    assert documents.invoice.name == "invoices/2025-03-2-hanchuan"

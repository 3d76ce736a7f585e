"""What holds of every fee: months add up, running again owes nothing, order does not matter."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.amounts import Taxation, round_fen
from services.billing.domain.asset_scale import ScaleStatus
from services.billing.domain.charges import charge_customer
from services.billing.domain.fee_preview import preview_fee
from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice import draft_documents
from services.billing.domain.invoice_line import InvoiceLine
from services.billing.domain.tariff import Tariff
from services.kernel.identifiers import InvoiceName, RunName
from services.kernel.money import from_minor, round_money, to_minor
from services.kernel.period import Month, Period
from services.kernel.tax import taxed
from services.kernel.tiers import ChargeModel, Tier
from tests.builders.billing import (
    HANCHUAN,
    YEAR,
    a_piece,
    a_scale,
    a_tariff,
    a_year,
    billed_by,
    the_inputs,
)

scales = st.decimals(0, 20_000_000, places=3)
prices = st.decimals(0, 10, places=6)
rates = st.decimals(0, 1, places=4)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    bounds = sorted(draw(st.sets(st.integers(1, 10_000_000), max_size=3)))
    tiers = tuple(Tier(bound, draw(prices)) for bound in [*map(Decimal, bounds), None])
    models = [ChargeModel.GRADUATED, ChargeModel.VOLUME]
    return a_tariff(
        *tiers,
        model=draw(st.sampled_from(models)),
        tax_rate=str(draw(rates)),
        tax_inclusive=draw(st.booleans()),
    )


@given(own=st.integers(-(10**12), 10**12), rate=rates, inclusive=st.booleans())
def test_taxes_as_the_shared_rule_does(own: int, rate: Decimal, *, inclusive: bool) -> None:
    ours = Taxation(rate, inclusive).of(own)
    shared = taxed(from_minor(own), rate=rate, inclusive=inclusive)
    assert (ours.net_fen, ours.tax_fen, ours.gross_fen) == tuple(
        map(to_minor, (shared.net, shared.tax, shared.gross))
    )


@given(cny=st.decimals(-(10**9), 10**9, places=6))
def test_rounds_as_the_shared_rule_does(cny: Decimal) -> None:
    assert round_fen(cny) == to_minor(round_money(cny))


@given(tariff=tariffs(), scale=scales, start=st.integers(0, 363), days=st.integers(1, 364))
def test_months_add_up_to_the_days_served(
    tariff: Tariff, scale: Decimal, start: int, days: int
) -> None:
    first = YEAR.start + timedelta(days=start)
    served = Period(first, min(first + timedelta(days=days), YEAR.end))
    preview = preview_fee(
        year=2025, served=served, pieces=(a_piece(tariff, served),), scale_tonnes=scale
    )
    whole = round_fen(tariff.annual_amount(scale) * served.days / 365)
    assert sum(tariff.taxation.own(each.amounts) for each in preview.months) == whole


@given(
    stated=st.lists(st.tuples(scales, st.booleans()), min_size=1, max_size=12),
    tariff=tariffs(),
    turn=st.integers(1, 11),
)
def test_whatever_was_estimated_the_year_comes_to_its_last_scale(
    stated: list[tuple[Decimal, bool]], tariff: Tariff, turn: int
) -> None:
    later = Month(2025, turn).end
    pieces = (
        a_piece(tariff, Period(YEAR.start, later)),
        a_piece(a_tariff(rule_version="later"), Period(later, YEAR.end)),
    )
    lines: list[InvoiceLine] = []
    for number in range(1, 13):
        version = min(number, len(stated))
        tonnes, final = stated[version - 1]
        status = ScaleStatus.FINAL if final else ScaleStatus.ESTIMATED
        year = a_year(*pieces, scale=a_scale(str(tonnes), version=version, status=status))
        inputs = the_inputs(year, month=f"2025-{number:02d}", billed=billed_by(lines))
        lines += charge_customer(inputs).lines
    billed = sum(each.own_fen for each in billed_by(lines))
    assert billed == sum(fee_fen(piece.tariff, stated[-1][0], piece.period) for piece in pieces)


def fee_fen(tariff: Tariff, scale: Decimal, period: Period) -> int:
    return round_fen(tariff.annual_amount(scale) * period.days / 365)


@given(
    charges=st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=5),
    left=st.lists(st.integers(1, 10**7), max_size=4),
    inclusive=st.booleans(),
)
def test_documents_take_all_lines_and_no_more_than_is_left(
    charges: list[int], left: list[int], *, inclusive: bool
) -> None:
    tariff = a_tariff(tax_inclusive=inclusive)
    year = a_year(a_piece(tariff), scale=a_scale())
    (pattern,) = charge_customer(the_inputs(year, month="2025-01")).lines
    lines = [_worth(pattern, own) for own in charges]
    open_invoices = [
        OpenInvoice(InvoiceName(f"invoices/{index}"), Month(2025, 1), fen)
        for index, fen in enumerate(left)
    ]
    documents = draft_documents(
        lines,
        customer=HANCHUAN,
        month=Month(2025, 2),
        run=RunName("billingRuns/2025-02-1"),
        series=1,
        open_invoices=open_invoices,
    )
    for document in documents.all:
        assert all(
            sum(part.own_fen for part in line.parts) == line.own_fen for line in document.lines
        )
    if documents.invoice is not None:
        assert documents.invoice.totals.gross_fen >= 0
    for note, invoice in zip(documents.credit_notes, open_invoices, strict=False):
        assert note.invoice == invoice.name
        assert -invoice.open_net_fen <= note.totals.net_fen <= 0


@given(
    charges=st.lists(st.tuples(st.integers(-(10**6), 10**6), rates), min_size=1, max_size=5),
    left=st.lists(st.integers(0, 10**5), max_size=4),
)
def test_documents_of_several_tax_rates_are_never_of_the_wrong_sign(
    charges: list[tuple[int, Decimal]], left: list[int]
) -> None:
    (pattern,) = charge_customer(the_inputs(a_year(scale=a_scale()), month="2025-01")).lines
    lines = [_worth(replace(pattern, taxation=Taxation(rate, False)), own) for own, rate in charges]
    documents = draft_documents(
        lines,
        customer=HANCHUAN,
        month=Month(2025, 2),
        run=RunName("billingRuns/2025-02-1"),
        series=1,
        open_invoices=[
            OpenInvoice(InvoiceName(f"invoices/{index}"), Month(2025, 1), fen)
            for index, fen in enumerate(left)
        ],
    )
    if documents.invoice is not None:
        assert min(documents.invoice.totals.net_fen, documents.invoice.totals.gross_fen) >= 0
    for note in documents.credit_notes:
        assert max(note.totals.net_fen, note.totals.gross_fen) <= 0
    net = sum(document.totals.net_fen for document in documents.all)
    assert net + documents.carried_net_fen == sum(line.amounts.net_fen for line in lines)


def _worth(line: InvoiceLine, own_fen: int) -> InvoiceLine:
    (part,) = line.parts
    return replace(
        line,
        amounts=line.taxation.of(own_fen),
        parts=(replace(part, own_fen=own_fen),),
    )

"""How figures of a guarantee came about: sentences with numbers, made only when somebody reads."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.instrument import GuaranteeSide
from services.settlement.domain.frozen_inputs import SettlementInputs
from services.settlement.domain.guarantee import (
    MILLION,
    NOTHING,
    RULE_VERSION,
    Figure,
    GuaranteeTerms,
    MonthOfOrigin,
    figures_to_date,
    reference_amount,
    undelivered_tonnes,
)
from services.settlement.domain.settlement import moves


def explain(
    terms: GuaranteeTerms, months: Sequence[MonthOfOrigin], figures: Sequence[Figure]
) -> Explanation:
    """Explain the figure after each month, and what the month moves."""
    steps: list[ExplanationStep] = []
    delivered, before = [0] * len(terms.prices), NOTHING
    for origin, figure in zip(months, figures, strict=True):
        for delivery in origin.deliveries:
            delivered[delivery.price] += delivery.tonnes
        steps += _steps(terms, origin, delivered, figure)
        steps.append(_moved_step(origin, before, figure))
        before = figure
    return Explanation(tuple(steps), RULE_VERSION)


def explain_settlement(inputs: SettlementInputs) -> Explanation:
    """Explain a settlement from its frozen inputs, row by row of months of origin."""
    figures = figures_to_date(inputs.terms, inputs.months)
    explained = explain(inputs.terms, inputs.months, figures)
    rows = [
        _row_step(origin, moved, inputs.posted.get(origin.month, NOTHING))
        for origin, moved in zip(inputs.months, moves(figures), strict=True)
    ]
    return Explanation((*explained.steps, *rows), inputs.rule_version)


def _steps(
    terms: GuaranteeTerms, origin: MonthOfOrigin, delivered: Sequence[int], figure: Figure
) -> Iterator[ExplanationStep]:
    month = str(origin.month)
    yield from _amount_steps(terms, origin, delivered, figure)
    undelivered = figure.tonnes - sum(delivered)
    counted = (*delivered[:-1], delivered[-1] + undelivered)
    promised = " + ".join(
        f"round({_micro(price)} x {tonnes:,})"
        for price, tonnes in zip(terms.prices, counted, strict=True)
    )
    yield ExplanationStep(
        f"{month} promised amount to date",
        f"{promised} = {fen(figure.promised)}",
        {"tonnes": str(figure.tonnes)},
    )
    first, second = figure.promised, figure.amount
    if terms.side is GuaranteeSide.SALE:
        first, second = second, first
    yield ExplanationStep(
        f"{month} gain to date", f"{fen(first)} - {fen(second)} = {fen(figure.gain)}"
    )
    yield _share_step(terms, month, figure)
    if terms.loss_cap is not None:
        yield ExplanationStep(
            f"{month} relief to date",
            f"max({fen(figure.gain)}, -round({_micro(terms.loss_cap)} x {figure.tonnes:,}))"
            f" - {fen(figure.gain)} = {fen(figure.relief)}",
        )


def _amount_steps(
    terms: GuaranteeTerms, origin: MonthOfOrigin, delivered: Sequence[int], figure: Figure
) -> Iterator[ExplanationStep]:
    month = str(origin.month)
    parts = origin.deliveries
    tonnes, amount = sum(d.tonnes for d in parts), sum(d.amount for d in parts)
    fees = sum(d.fees for d in parts)
    word = "cost" if terms.side is GuaranteeSide.PURCHASE else "proceeds"
    counted = "counted" if terms.fees_included else "not counted"
    yield ExplanationStep(
        f"{month} {word} to date",
        f"{fen(figure.amount)} for {figure.tonnes:,} t",
        {"tonnes": str(tonnes), word: fen(amount), f"fees ({counted})": fen(fees)},
    )
    if terms.reference is not None and origin.month >= terms.maturity:
        total = sum(delivered)
        yield ExplanationStep(
            f"{month} undelivered tonnes at the reference price",
            f"round({_micro(terms.reference.price)} x"
            f" {undelivered_tonnes(terms.reference, total):,})"
            f" = {fen(reference_amount(terms.reference, total))}",
        )


def _share_step(terms: GuaranteeTerms, month: str, figure: Figure) -> ExplanationStep:
    if figure.accrued:
        earned = f"{_bands(terms, figure)} = {fen(figure.accrued)}"
        text = f"{earned} accrued; payable from {terms.maturity} on"
    elif figure.gain <= 0:
        text = "no gain, no share = 0.00"
    else:
        text = f"{_bands(terms, figure)} = {fen(figure.share)}"
    return ExplanationStep(f"{month} gain share to date", text)


def _bands(terms: GuaranteeTerms, figure: Figure) -> str:
    """Write the parts of the gain that fall in each tier, with the tier's share."""
    left, below, parts = figure.gain * 10_000, 0, []
    for band in terms.bands:
        upper = left if band.end is None else min(left, band.end * figure.tonnes)
        if upper <= below:
            break
        parts.append(f"{_micro(band.share)} x {_micro(upper - below)}")
        below = upper
    return f"round({' + '.join(parts)})" if parts else "no tier"


def _moved_step(origin: MonthOfOrigin, before: Figure, figure: Figure) -> ExplanationStep:
    return ExplanationStep(
        f"{origin.month} net to house",
        f"{fen(figure.house)} - {fen(before.house)} = {fen(figure.house - before.house)}",
        {
            "difference": fen(figure.gain - before.gain),
            "gain_share": fen(figure.share - before.share),
            "relief": fen(figure.relief - before.relief),
        },
    )


def _row_step(origin: MonthOfOrigin, moved: Figure, posted: Figure) -> ExplanationStep:
    row = moved.less(posted)
    return ExplanationStep(
        f"row of {origin.month}",
        f"moves {fen(moved.house)}, of which {fen(posted.house)} is posted: {fen(row.house)}",
        {
            "difference": fen(row.gain),
            "gain_share": fen(row.share),
            "relief": fen(row.relief),
        },
    )


def fen(units: int) -> str:
    """Write fen as CNY: ``1,234.56``."""
    sign, rest = ("-", -units) if units < 0 else ("", units)
    return f"{sign}{rest // 100:,}.{rest % 100:02d}"


def _micro(value: int) -> str:
    """Write millionths plainly, with two decimals at least."""
    number = Decimal(value).scaleb(-6) if value % MILLION else Decimal(value // MILLION)
    text = f"{number:,f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"

"""The inputs of one settlement, frozen as text: enough to compute and to explain it again.

A run writes ten thousand of them, so the text is made once, and sentences only when somebody
reads. Numbers are whole: fen, and millionths of CNY per tonne.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from services.kernel.instrument import GuaranteeSide
from services.kernel.period import Month
from services.settlement.domain.guarantee import (
    RULE_VERSION,
    Band,
    Delivery,
    Figure,
    GuaranteeTerms,
    MonthOfOrigin,
)
from services.settlement.domain.settlement import Taxation


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementInputs:
    """What a settlement was computed from; ``custody`` in tonnes to date by instrument code."""

    terms: GuaranteeTerms
    taxation: Taxation | None
    months: Sequence[MonthOfOrigin]
    posted: Mapping[Month, Figure]
    custody: Mapping[str, int]
    rule_version: str = RULE_VERSION


class _FrozenTerms(TypedDict):
    rule: str
    side: str
    prices: list[int]
    bands: list[tuple[int | None, int]]
    fees: bool
    cap: int | None
    at_maturity: bool
    maturity: str
    tax: tuple[str, bool] | None


class _Frozen(TypedDict):
    terms: _FrozenTerms
    months: list[tuple[str, list[tuple[int, int, int, int]]]]
    posted: list[tuple[str, tuple[int, ...]]]
    custody: dict[str, int]


def freeze_terms(terms: GuaranteeTerms, taxation: Taxation | None) -> str:
    """Write the terms; the same for every month of a contract."""
    frozen: _FrozenTerms = {
        "rule": RULE_VERSION,
        "side": terms.side.value,
        "prices": list(terms.prices),
        "bands": [(band.end, band.share) for band in terms.bands],
        "fees": terms.fees_included,
        "cap": terms.loss_cap,
        "at_maturity": terms.share_at_maturity,
        "maturity": str(terms.maturity),
        "tax": None if taxation is None else (str(taxation.rate), taxation.inclusive),
    }
    return json.dumps(frozen, separators=(",", ":"))


def freeze(frozen_terms: str, inputs: SettlementInputs) -> str:
    """Write everything, in one fixed order, so that equal inputs are equal texts."""
    months = [
        (str(origin.month), [(d.price, d.tonnes, d.amount, d.fees) for d in origin.deliveries])
        for origin in inputs.months
    ]
    posted = [(str(month), inputs.posted[month]) for month in sorted(inputs.posted)]
    custody = dict(sorted(inputs.custody.items()))
    rest = json.dumps(
        {"months": months, "posted": posted, "custody": custody}, separators=(",", ":")
    )
    return f'{{"terms":{frozen_terms},{rest[1:]}'


def thaw(text: str) -> SettlementInputs:
    """Read what ``freeze`` wrote."""
    frozen: _Frozen = json.loads(text)
    terms = frozen["terms"]
    tax = terms["tax"]
    return SettlementInputs(
        terms=_thaw_terms(terms),
        taxation=None if tax is None else Taxation(Decimal(tax[0]), tax[1]),
        months=[
            MonthOfOrigin(Month.parse(month), tuple(Delivery(*parts) for parts in deliveries))
            for month, deliveries in frozen["months"]
        ],
        posted={Month.parse(month): Figure(*parts) for month, parts in frozen["posted"]},
        custody=frozen["custody"],
        rule_version=terms["rule"],
    )


def _thaw_terms(terms: _FrozenTerms) -> GuaranteeTerms:
    return GuaranteeTerms(
        side=GuaranteeSide(terms["side"]),
        prices=tuple(terms["prices"]),
        bands=tuple(Band(end, share) for end, share in terms["bands"]),
        fees_included=terms["fees"],
        loss_cap=terms["cap"],
        share_at_maturity=terms["at_maturity"],
        maturity=Month.parse(terms["maturity"]),
    )

"""The inputs of one settlement, frozen as text: enough to compute and to explain it again.

A run writes ten thousand of them, so the text is made once, and sentences only when somebody
reads. Numbers are whole: fen, and millionths of CNY per tonne.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
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
    prices = ",".join(map(str, terms.prices))
    bands = ",".join([f"[{_optional(band.end)},{band.share}]" for band in terms.bands])
    tax = "null" if taxation is None else f'["{taxation.rate}",{_truth(taxation.inclusive)}]'
    return (
        f'{{"rule":"{RULE_VERSION}","side":"{terms.side}","prices":[{prices}],"bands":[{bands}],'
        f'"fees":{_truth(terms.fees_included)},"cap":{_optional(terms.loss_cap)},'
        f'"at_maturity":{_truth(terms.share_at_maturity)},"maturity":"{terms.maturity}","tax":{tax}}}'
    )


def freeze(frozen_terms: str, inputs: SettlementInputs) -> str:
    """Write everything, in one fixed order, so that equal inputs are equal texts."""
    months = ",".join([f'["{month}",[{_rows(parts)}]]' for month, parts in inputs.months])
    posted = ",".join(
        [f'["{month}",{_whole(inputs.posted[month])}]' for month in sorted(inputs.posted)]
    )
    custody = ",".join([f'"{code}":{tonnes}' for code, tonnes in sorted(inputs.custody.items())])
    return (
        f'{{"terms":{frozen_terms},"months":[{months}],"posted":[{posted}],'
        f'"custody":{{{custody}}}}}'
    )


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


# JSON written by hand: numbers, codes and months need no escaping, and ten thousand are written.


def _rows(deliveries: Sequence[Delivery]) -> str:
    return ",".join(map(_whole, deliveries))


def _whole(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _optional(number: int | None) -> str:
    return "null" if number is None else str(number)


def _truth(value: bool) -> str:  # noqa: FBT001 - the one thing it writes
    return "true" if value else "false"


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

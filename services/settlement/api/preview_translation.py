"""Previews of settlements, wire ⇄ us."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tanheng.settlement.v1 import contract_service_pb2 as contract_pb
from tanheng.settlement.v1 import settlement_service_pb2 as pb

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.money import Money, zero
from services.settlement.api.amounts import to_wire_average, to_wire_fen
from services.settlement.api.contract_translation import from_wire_default
from services.settlement.domain.contract import ShareTiming, Undelivered
from services.settlement.domain.preview import (
    Fill,
    MonthOfFills,
    PureTerms,
    SettledMonth,
    SettlementPreview,
)
from services.wire.dates import from_wire_month, from_wire_optional_date
from services.wire.explanation import to_wire_explanation
from services.wire.gain_share import from_wire_gain_share_tiers
from services.wire.instrument import from_wire_side
from services.wire.money import from_wire_money
from services.wire.numbers import from_wire_decimal, from_wire_optional_decimal

_OF_A_CONTRACT: Final = frozenset({"contract", "month"})
_OF_FILLS: Final = ("side", "promised_price", "months")


def names_contract(request: pb.PreviewSettlementRequest) -> bool:
    """Tell whether the request is about a contract, and not about terms and fills.

    Raises:
        FieldsExcludeEachOther: it is about both.
        InvalidInput: what the form needs is missing; every missing field is named.
    """
    given = {field.name for field, _ in request.ListFields()}
    of_contract, of_fills = given & _OF_A_CONTRACT, sorted(given - _OF_A_CONTRACT)
    if of_contract and of_fills:
        text = f"contract and month exclude {', '.join(of_fills)}; give one or the other"
        violations = tuple(FieldViolation(name, text) for name in of_fills)
        raise FieldsExcludeEachOther(text, violations=violations)
    missing = tuple(_missing(given, needed=_OF_A_CONTRACT if of_contract else _OF_FILLS))
    if missing:
        raise InvalidInput(f"{missing[0].field} {missing[0].description}", violations=missing)
    return bool(of_contract)


def from_wire_terms(request: pb.PreviewSettlementRequest) -> PureTerms:
    """Read the terms that somebody asks about."""
    return PureTerms(
        side=from_wire_side(request.side),
        promised_price=from_wire_decimal(request.promised_price, "promised_price"),
        gain_share_tiers=from_wire_gain_share_tiers(request.gain_share_tiers),
        loss_cap_per_tonne=_optional(request, "loss_cap_per_tonne"),
        fees_included=request.fees_included,
        share_timing=from_wire_default(
            request.share_timing, contract_pb.ShareTiming, ShareTiming.MONTHLY
        ),
        window_end=from_wire_optional_date(request, "window_end"),
        undelivered=from_wire_default(
            request.undelivered, contract_pb.Undelivered, Undelivered.EXECUTED_ONLY
        ),
        volume_tonnes=request.volume_tonnes or None,
        reference_price=_optional(request, "reference_price"),
    )


def from_wire_fills(request: pb.PreviewSettlementRequest) -> tuple[MonthOfFills, ...]:
    """Read the months with their fills, in the order given."""
    return tuple(
        MonthOfFills(
            from_wire_month(month.month),
            tuple(
                Fill(
                    fill.tonnes,
                    from_wire_money(fill.amount, f"months[{index}].fills[{place}].amount"),
                    _fees(fill, f"months[{index}].fills[{place}].fees"),
                )
                for place, fill in enumerate(month.fills)
            ),
        )
        for index, month in enumerate(request.months)
    )


def to_wire_preview(preview: SettlementPreview) -> pb.PreviewSettlementResponse:
    """Write a preview."""
    figure = preview.figure
    return pb.PreviewSettlementResponse(
        months=[_to_wire_month(month) for month in preview.months],
        totals=pb.SettlementTotals(
            tonnes=figure.tonnes,
            average_price=to_wire_average(figure.amount, figure.tonnes),
            difference=to_wire_fen(figure.gain),
            gain_share=to_wire_fen(figure.share),
            relief=to_wire_fen(figure.relief),
            net_to_house=to_wire_fen(figure.house),
            customer_amount=to_wire_fen(preview.customer_amount),
        ),
        explanation=to_wire_explanation(preview.explanation),
    )


def _to_wire_month(month: SettledMonth) -> pb.SettledMonth:
    moved, figure = month.moved, month.figure
    return pb.SettledMonth(
        month=str(month.month),
        tonnes=moved.tonnes,
        average_price=to_wire_average(figure.amount, figure.tonnes),
        difference=to_wire_fen(moved.gain),
        gain_share=to_wire_fen(moved.share),
        relief=to_wire_fen(moved.relief),
        net_to_house=to_wire_fen(moved.house),
        cumulative_tonnes=figure.tonnes,
        cumulative_amount=to_wire_fen(figure.amount),
        promised_amount=to_wire_fen(figure.promised),
    )


def _missing(
    given: set[str], *, needed: frozenset[str] | tuple[str, ...]
) -> Iterator[FieldViolation]:
    for name in sorted(needed):
        if name not in given:
            yield FieldViolation(
                name, "is missing; give contract and month, or side, promised_price and months"
            )


def _optional(request: pb.PreviewSettlementRequest, field: str) -> Decimal | None:
    return from_wire_optional_decimal(request, field)


def _fees(fill: pb.Fill, field: str) -> Money:
    return from_wire_money(fill.fees, field) if fill.HasField("fees") else zero()

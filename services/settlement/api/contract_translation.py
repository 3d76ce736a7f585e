"""Contracts, wire ⇄ us."""

from enum import StrEnum
from typing import TypeVar

from tanheng.settlement.v1 import contract_service_pb2 as pb

from services.kernel.identifiers import ContractName, CustomerName, PriceSeriesName, named
from services.kernel.tonnes import Tonnes
from services.settlement.application.settlement_ports import ContractFilter
from services.settlement.domain.contract import (
    Contract,
    ContractState,
    PriceBasis,
    PromisedPrice,
    ShareTiming,
    TaxTreatment,
    Title,
    Undelivered,
)
from services.wire.dates import from_wire_period, to_wire_date, to_wire_period, to_wire_time
from services.wire.enums import WireEnum, from_wire_enum, to_wire_enum
from services.wire.gain_share import from_wire_gain_share_tiers, to_wire_gain_share_tiers
from services.wire.instrument import (
    from_wire_instrument,
    from_wire_side,
    to_wire_instrument,
    to_wire_side,
)
from services.wire.numbers import from_wire_decimal, from_wire_optional_decimal, to_wire_decimal

Word = TypeVar("Word", bound=StrEnum)


def from_wire_contract(value: pb.Contract, contract_id: str) -> Contract:
    """Read a contract to draft.

    Raises:
        InvalidInput: a field is wrong; the path names it.
    """
    window = from_wire_period(value.delivery_window, "contract.delivery_window")
    price = from_wire_decimal(value.promised_price, "contract.promised_price")
    return Contract(
        name=ContractName(named("contracts", contract_id)),
        customer=CustomerName(value.customer),
        side=from_wire_side(value.side, "contract.side"),
        instruments=tuple(
            from_wire_instrument(each, f"contract.instruments[{index}]")
            for index, each in enumerate(value.instruments)
        ),
        delivery_window=window,
        volume_tonnes=Tonnes(value.volume_tonnes),
        promised_prices=(PromisedPrice(window.start, price),),
        gain_share_tiers=from_wire_gain_share_tiers(
            value.gain_share_tiers, "contract.gain_share_tiers"
        ),
        price_basis=from_wire_default(value.price_basis, pb.PriceBasis, PriceBasis.EXECUTED),
        price_series=_series(value.price_series),
        fees_included=value.fees_included,
        title=from_wire_default(value.title, pb.Title, Title.AGENT),
        tax_inclusive=value.tax_inclusive,
        tax_treatment=from_wire_default(
            value.tax_treatment, pb.TaxTreatment, TaxTreatment.OUT_OF_SCOPE
        ),
        tax_rate=from_wire_optional_decimal(value, "tax_rate"),
        share_timing=from_wire_default(value.share_timing, pb.ShareTiming, ShareTiming.MONTHLY),
        undelivered=from_wire_default(value.undelivered, pb.Undelivered, Undelivered.EXECUTED_ONLY),
        reference_days=value.reference_days or None,
        reference_series=_series(value.reference_series),
        loss_cap_per_tonne=from_wire_optional_decimal(value, "loss_cap_per_tonne"),
        quote=value.quote,
    )


def to_wire_contract(contract: Contract) -> pb.Contract:
    """Write a contract."""
    wire = _to_wire_terms(contract)
    wire.state = to_wire_enum(contract.state, pb.Contract.State)
    wire.drafted_by = contract.drafted_by
    wire.approved_by = contract.approved_by
    wire.etag = contract.etag
    if contract.drafted_at is not None:
        wire.create_time.CopyFrom(to_wire_time(contract.drafted_at))
    if contract.approved_at is not None:
        wire.approve_time.CopyFrom(to_wire_time(contract.approved_at))
    return wire


def from_wire_contract_filter(request: pb.ListContractsRequest) -> ContractFilter:
    """Read which contracts are asked for."""
    return ContractFilter(
        customer=CustomerName(request.customer) if request.customer else None,
        state=(
            from_wire_enum(ContractState, request.state, pb.Contract.State, "state")
            if request.state
            else None
        ),
        side=from_wire_side(request.side) if request.side else None,
    )


def from_wire_default(value: int, wire_enum: WireEnum[int], default: Word) -> Word:
    """Read a word that has a default when it is not said."""
    if value == 0:
        return default
    return from_wire_enum(type(default), value, wire_enum, wire_enum.DESCRIPTOR.name)


def _to_wire_terms(contract: Contract) -> pb.Contract:
    rate, cap = contract.tax_rate, contract.loss_cap_per_tonne
    return pb.Contract(
        name=contract.name,
        customer=contract.customer,
        side=to_wire_side(contract.side),
        instruments=[to_wire_instrument(each) for each in contract.instruments],
        delivery_window=to_wire_period(contract.delivery_window),
        volume_tonnes=contract.volume_tonnes,
        promised_price=to_wire_decimal(contract.promised_price),
        promised_prices=[
            pb.DatedPrice(
                effective_date=to_wire_date(promised.effective_date),
                price=to_wire_decimal(promised.price),
            )
            for promised in contract.promised_prices
        ],
        gain_share_tiers=to_wire_gain_share_tiers(contract.gain_share_tiers),
        price_basis=to_wire_enum(contract.price_basis, pb.PriceBasis),
        price_series=contract.price_series or "",
        fees_included=contract.fees_included,
        title=to_wire_enum(contract.title, pb.Title),
        tax_inclusive=contract.tax_inclusive,
        tax_treatment=to_wire_enum(contract.tax_treatment, pb.TaxTreatment),
        tax_rate=None if rate is None else to_wire_decimal(rate),
        share_timing=to_wire_enum(contract.share_timing, pb.ShareTiming),
        undelivered=to_wire_enum(contract.undelivered, pb.Undelivered),
        reference_days=contract.reference_days or 0,
        reference_series=contract.reference_series or "",
        loss_cap_per_tonne=None if cap is None else to_wire_decimal(cap),
        quote=contract.quote,
    )


def _series(name: str) -> PriceSeriesName | None:
    return PriceSeriesName(name) if name else None

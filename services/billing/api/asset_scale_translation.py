"""Asset scales on the wire."""

from tanheng.billing.v1 import asset_scale_service_pb2 as wire

from services.billing.application.set_asset_scales import ScaleOutcome
from services.billing.domain.asset_scale import (
    AssetScale,
    ScaleBasis,
    ScaleStatement,
    ScaleStatus,
)
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.identifiers import CustomerName
from services.wire.dates import to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.numbers import from_wire_decimal, to_wire_decimal

_Result = wire.AssetScaleOutcome.Result


def from_wire_statement(value: wire.SetAssetScaleRequest | wire.AssetScaleRow) -> ScaleStatement:
    """Read a statement of scale.

    Raises:
        InvalidInput: a field is missing or wrong.
    """
    return ScaleStatement(
        customer=CustomerName(value.customer),
        year=value.year,
        basis=from_wire_enum(ScaleBasis, value.basis, wire.ScaleBasis, "basis"),
        tonnes=from_wire_decimal(value.tonnes, "tonnes"),
        status=from_wire_enum(ScaleStatus, value.status, wire.ScaleStatus, "status"),
        source=value.source,
    )


def from_wire_row(row: wire.AssetScaleRow) -> ScaleStatement | InvalidInput:
    """Read a row of a batch: a statement, or what is wrong with it."""
    try:
        return from_wire_statement(row)
    except InvalidInput as error:
        return error


def to_wire_scale(scale: AssetScale) -> wire.AssetScale:
    """Write a version of a scale."""
    statement = scale.statement
    return wire.AssetScale(
        name=scale.name,
        customer=statement.customer,
        year=statement.year,
        basis=to_wire_enum(statement.basis, wire.ScaleBasis),
        tonnes=to_wire_decimal(statement.tonnes),
        status=to_wire_enum(statement.status, wire.ScaleStatus),
        source=statement.source,
        version=scale.version,
        recorded_time=to_wire_time(scale.recorded_at),
    )


def to_wire_outcome(row: int, outcome: ScaleOutcome | InvalidInput) -> wire.AssetScaleOutcome:
    """Write what became of a row."""
    if isinstance(outcome, InvalidInput):
        field = outcome.violations[0].field if outcome.violations else ""
        return _refused(row, field, outcome)
    if outcome.scale is None:
        assert outcome.refusal is not None, "an outcome has a scale or a refusal"
        return _refused(row, "customer", outcome.refusal)
    return wire.AssetScaleOutcome(
        row=row,
        result=_Result.RESULT_RECORDED if outcome.is_new else _Result.RESULT_ALREADY_RECORDED,
        asset_scale=to_wire_scale(outcome.scale),
    )


def _refused(row: int, field: str, error: DomainError) -> wire.AssetScaleOutcome:
    return wire.AssetScaleOutcome(
        row=row,
        result=_Result.RESULT_REFUSED,
        field=field,
        reason=error.reason,
        message=error.message,
    )

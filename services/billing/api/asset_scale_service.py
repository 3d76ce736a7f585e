"""AssetScaleService on the wire."""

from dataclasses import dataclass

import grpc
from tanheng.billing.v1 import asset_scale_service_pb2 as wire
from tanheng.billing.v1 import asset_scale_service_pb2_grpc

from services.billing.api.asset_scale_translation import (
    from_wire_row,
    from_wire_statement,
    to_wire_outcome,
    to_wire_scale,
)
from services.billing.application.list_asset_scales import ListAssetScales
from services.billing.application.set_asset_scales import SetAssetScale, SetAssetScales
from services.billing.domain.asset_scale import ScaleStatement
from services.kernel.identifiers import CustomerName
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetScaleServicer(asset_scale_service_pb2_grpc.AssetScaleServiceServicer):
    """Translates in, calls one verb, translates out."""

    set_asset_scale: SetAssetScale
    set_asset_scales: SetAssetScales
    list_asset_scales: ListAssetScales

    def SetAssetScale(  # noqa: N802 - the contract's name
        self,
        request: wire.SetAssetScaleRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.AssetScale:
        """State a scale."""
        return to_wire_scale(self.set_asset_scale(statement=from_wire_statement(request)))

    def SetAssetScales(  # noqa: N802 - the contract's name
        self,
        request: wire.SetAssetScalesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.SetAssetScalesResponse:
        """State many scales."""
        rows = [from_wire_row(row) for row in request.asset_scales]
        statements = [row for row in rows if isinstance(row, ScaleStatement)]
        recorded = iter(self.set_asset_scales(statements=statements))
        outcomes = [
            to_wire_outcome(index, next(recorded) if isinstance(row, ScaleStatement) else row)
            for index, row in enumerate(rows)
        ]
        refused = wire.AssetScaleOutcome.Result.RESULT_REFUSED
        accepted = sum(outcome.result != refused for outcome in outcomes)
        return wire.SetAssetScalesResponse(accepted_count=accepted, outcomes=outcomes)

    def ListAssetScales(  # noqa: N802 - the contract's name
        self,
        request: wire.ListAssetScalesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListAssetScalesResponse:
        """Show a page of scales."""
        page = self.list_asset_scales(
            customer=CustomerName(request.customer) if request.customer else None,
            year=request.year or None,
            page=from_wire_page(request),
        )
        return wire.ListAssetScalesResponse(
            asset_scales=[to_wire_scale(scale) for scale in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

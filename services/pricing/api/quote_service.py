"""QuoteService: translate in, call one verb, translate out."""

from dataclasses import dataclass

import grpc
from tanheng.pricing.v1 import (
    management_modes_pb2,
    quote_service_pb2,
    replay_pb2,
)

from services.kernel.identifiers import PriceSeriesName
from services.pricing.api.management_translation import from_wire_plan, to_wire_comparison
from services.pricing.api.promise_service import PromiseServicer, PromiseVerbs
from services.pricing.api.replay_translation import (
    from_wire_replay_terms,
    from_wire_rule,
    from_wire_windows,
    to_wire_replay,
)
from services.pricing.api.transfer_price_translation import (
    from_wire_transfer_terms,
    to_wire_transfer_price,
)
from services.pricing.application.compare_management_modes import CompareManagementModes
from services.pricing.application.quote_transfer_price import QuoteTransferPrice
from services.pricing.application.replay_guarantee import ReplayGuarantee
from services.wire.dates import from_wire_date, from_wire_optional_time, from_wire_period
from services.wire.instrument import from_wire_instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteVerbs:
    """What the service can do."""

    replay_guarantee: ReplayGuarantee
    compare_management_modes: CompareManagementModes
    quote_transfer_price: QuoteTransferPrice


class QuoteServicer(PromiseServicer):
    """Answers QuoteService: promises, and what they and ways of working would have been worth."""

    def __init__(self, verbs: QuoteVerbs, promises: PromiseVerbs) -> None:
        """Keep the verbs."""
        super().__init__(promises)
        self._verbs = verbs

    def ReplayGuarantee(  # noqa: N802 - the contract's name
        self,
        request: replay_pb2.ReplayGuaranteeRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> replay_pb2.ReplayGuaranteeResponse:
        """Replay a guarantee on prices of the past."""
        known = self._verbs.replay_guarantee(
            series=PriceSeriesName(request.series),
            windows=from_wire_windows(request),
            rule=from_wire_rule(request.promise_rule),
            terms=from_wire_replay_terms(request),
            known_at=from_wire_optional_time(request, "known_at"),
        )
        return to_wire_replay(known)

    def CompareManagementModes(  # noqa: N802 - the contract's name
        self,
        request: management_modes_pb2.CompareManagementModesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> management_modes_pb2.CompareManagementModesResponse:
        """Compare unified with decentralised management."""
        known = self._verbs.compare_management_modes(
            series=PriceSeriesName(request.series),
            window=from_wire_period(request.window, "window"),
            plan=from_wire_plan(request),
            known_at=from_wire_optional_time(request, "known_at"),
        )
        return to_wire_comparison(known)

    def QuoteTransferPrice(  # noqa: N802 - the contract's name
        self,
        request: quote_service_pb2.QuoteTransferPriceRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> quote_service_pb2.QuoteTransferPriceResponse:
        """Find the price of an internal transfer."""
        known = self._verbs.quote_transfer_price(
            instrument=from_wire_instrument(request.instrument, "instrument"),
            day=from_wire_date(request.trade_date, "trade_date"),
            terms=from_wire_transfer_terms(request),
            known_at=from_wire_optional_time(request, "known_at"),
        )
        return to_wire_transfer_price(known)

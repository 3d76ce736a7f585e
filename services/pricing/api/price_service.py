"""PriceService: translate in, call one verb, translate out."""

from dataclasses import dataclass

import grpc
from tanheng.pricing.v1 import price_service_pb2, price_service_pb2_grpc

from services.kernel.identifiers import PriceSeriesName
from services.pricing.api.average_translation import (
    from_wire_volatility_method,
    to_wire_average,
    to_wire_volatility,
)
from services.pricing.api.price_dependent_translation import (
    to_wire_dependent,
    to_wire_imported,
    to_wire_superseded,
)
from services.pricing.api.price_point_translation import to_wire_point
from services.pricing.api.price_row_translation import from_wire_rows
from services.pricing.api.price_series_translation import from_wire_series, to_wire_series
from services.pricing.application.compute_average import ComputeAverage
from services.pricing.application.create_price_series import CreatePriceSeries
from services.pricing.application.estimate_volatility import EstimateVolatility
from services.pricing.application.get_price_series import GetPriceSeries
from services.pricing.application.import_prices import ImportPrices
from services.pricing.application.list_price_dependents import ListPriceDependents
from services.pricing.application.list_price_points import ListPricePoints
from services.pricing.application.list_price_series import ListPriceSeries
from services.pricing.domain.average_price import AverageKind
from services.wire.dates import (
    from_wire_optional_period,
    from_wire_optional_time,
    from_wire_period,
    to_wire_time,
)
from services.wire.enums import from_wire_enum
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceVerbs:
    """What the service can do."""

    create_price_series: CreatePriceSeries
    get_price_series: GetPriceSeries
    list_price_series: ListPriceSeries
    import_prices: ImportPrices
    list_price_points: ListPricePoints
    compute_average: ComputeAverage
    list_price_dependents: ListPriceDependents
    estimate_volatility: EstimateVolatility


class PriceServicer(price_service_pb2_grpc.PriceServiceServicer):
    """Answers PriceService."""

    def __init__(self, verbs: PriceVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def CreatePriceSeries(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.CreatePriceSeriesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.PriceSeries:
        """Open a series."""
        series = from_wire_series(request.price_series, series_id=request.price_series_id)
        return to_wire_series(self._verbs.create_price_series(price_series=series))

    def GetPriceSeries(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.GetPriceSeriesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.PriceSeries:
        """Read a series."""
        return to_wire_series(self._verbs.get_price_series(name=PriceSeriesName(request.name)))

    def ListPriceSeries(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.ListPriceSeriesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.ListPriceSeriesResponse:
        """List the series."""
        page = self._verbs.list_price_series(page=from_wire_page(request))
        return price_service_pb2.ListPriceSeriesResponse(
            price_series=[to_wire_series(series) for series in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ImportPrices(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.ImportPricesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.ImportPricesResponse:
        """Import a batch."""
        imported = self._verbs.import_prices(
            series=PriceSeriesName(request.series),
            rows=from_wire_rows(request.rows),
            source=request.source,
        )
        return to_wire_imported(imported)

    def ListPricePoints(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.ListPricePointsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.ListPricePointsResponse:
        """List the points."""
        known = self._verbs.list_price_points(
            series=PriceSeriesName(request.series),
            period=from_wire_optional_period(request, "date_range"),
            known_at=from_wire_optional_time(request, "known_at"),
            page=from_wire_page(request),
        )
        return price_service_pb2.ListPricePointsResponse(
            price_points=[to_wire_point(point) for point in known.page.items],
            next_page_token=to_wire_token(request, known.page.next_after),
            known_at=to_wire_time(known.known_at),
        )

    def ComputeAverage(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.ComputeAverageRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.ComputeAverageResponse:
        """Average a series."""
        known = self._verbs.compute_average(
            series=PriceSeriesName(request.series),
            period=from_wire_period(request.date_range, "date_range"),
            kind=from_wire_enum(AverageKind, request.kind, price_service_pb2.AverageKind, "kind"),
            known_at=from_wire_optional_time(request, "known_at"),
            listed_only=request.listed_only,
        )
        return to_wire_average(known)

    def ListPriceDependents(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.ListPriceDependentsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.ListPriceDependentsResponse:
        """List what uses prices."""
        found = self._verbs.list_price_dependents(
            series=PriceSeriesName(request.series),
            period=from_wire_period(request.date_range, "date_range"),
            changed_since=from_wire_optional_time(request, "changed_since"),
            page=from_wire_page(request),
        )
        return price_service_pb2.ListPriceDependentsResponse(
            price_dependents=[to_wire_dependent(each) for each in found.page.items],
            next_page_token=to_wire_token(request, found.page.next_after),
            superseded=to_wire_superseded(found.superseded),
        )

    def EstimateVolatility(  # noqa: N802 - the contract's name
        self,
        request: price_service_pb2.EstimateVolatilityRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> price_service_pb2.EstimateVolatilityResponse:
        """Estimate a volatility."""
        known = self._verbs.estimate_volatility(
            series=PriceSeriesName(request.series),
            period=from_wire_period(request.date_range, "date_range"),
            known_at=from_wire_optional_time(request, "known_at"),
        )
        return to_wire_volatility(known, method=from_wire_volatility_method(request.method))

"""Measured figures → the wire, by page."""

from tanheng.incentives.v1 import incentive_service_pb2

from services.incentives.api.run_translation import to_wire_metric
from services.incentives.application.list_metrics import MeasuredPage, MetricLevel
from services.wire.finding import to_wire_finding
from services.wire.pages import to_wire_token

_LEVELS = {
    incentive_service_pb2.METRIC_LEVEL_COMPANY: MetricLevel.COMPANY,
    incentive_service_pb2.METRIC_LEVEL_CONTRACT: MetricLevel.CONTRACT,
}


def from_wire_level(level: int) -> MetricLevel | None:
    """Read a level; not said is None, for both."""
    return _LEVELS.get(incentive_service_pb2.MetricLevel.ValueType(level))


def to_wire_metrics(
    request: incentive_service_pb2.ListMetricsRequest, measured: MeasuredPage
) -> incentive_service_pb2.ListMetricsResponse:
    """Write a page of figures, and what could not be measured."""
    return incentive_service_pb2.ListMetricsResponse(
        metrics=[to_wire_metric(metric) for metric in measured.page.items],
        next_page_token=to_wire_token(request, measured.page.next_after),
        findings=[to_wire_finding(finding) for finding in measured.findings],
    )

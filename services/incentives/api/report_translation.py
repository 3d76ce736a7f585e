"""A report → a file in pieces."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from google.api import httpbody_pb2
from tanheng.incentives.v1 import incentive_service_pb2 as wire

from services.incentives.domain.report import Report
from services.runtime.documents import CSV_TYPE, XLSX_TYPE, Row, csv_chunks, xlsx_chunks

_Writer = Callable[[Sequence[str], Iterable[Row]], Iterator[bytes]]
_WRITERS: Mapping[int, tuple[str, _Writer]] = {
    wire.REPORT_FORMAT_CSV: (CSV_TYPE, csv_chunks),
    wire.REPORT_FORMAT_XLSX: (
        XLSX_TYPE,
        lambda header, rows: xlsx_chunks("incentives", header, rows),
    ),
}


def to_wire_report(
    report: Report, file_format: wire.ReportFormat.ValueType
) -> Iterator[httpbody_pb2.HttpBody]:
    """Write a report in pieces; each says the type of the whole."""
    content_type, write = _WRITERS[file_format]
    for piece in write(report.header, report.rows):
        yield httpbody_pb2.HttpBody(content_type=content_type, data=piece)

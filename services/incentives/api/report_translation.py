"""A report → comma-separated text in chunks."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from google.api import httpbody_pb2

from services.incentives.domain.report import Report

CONTENT_TYPE = "text/csv; charset=utf-8"
_CHUNK_BYTES = 64 * 1024
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def to_wire_report(report: Report) -> Iterator[httpbody_pb2.HttpBody]:
    """Write a report as one table with its header; at least one chunk."""
    data = _csv_bytes((report.header, *report.rows))
    for start in range(0, len(data), _CHUNK_BYTES):
        chunk = data[start : start + _CHUNK_BYTES]
        yield httpbody_pb2.HttpBody(content_type=CONTENT_TYPE, data=chunk)


def _csv_bytes(lines: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_as_text(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    """Keep a spreadsheet from reading text as a formula; numbers stay numbers."""
    risky = cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{cell}" if risky and not _NUMBER.fullmatch(cell) else cell

"""Findings of a run."""

from tanheng.common.v1 import common_pb2

from services.kernel.finding import Finding
from services.wire.enums import to_wire_enum


def to_wire_finding(finding: Finding) -> common_pb2.Finding:
    """Write a finding."""
    return common_pb2.Finding(
        severity=to_wire_enum(finding.severity, common_pb2.Severity),
        reason=finding.reason,
        subject=finding.subject,
        message=finding.message,
        way_out=finding.way_out,
    )

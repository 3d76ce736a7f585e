"""Nested words ⇄ JSON documents: rules, limits, explanations, findings, signatures."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from services.incentives.domain.legal_limit import LegalLimit
from services.kernel.authority import Approval
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.finding import Finding, Severity


class LimitDocument(TypedDict):
    """A legal limit."""

    numerator: int
    denominator: int
    source: str
    effective_date: str | None
    source_verified: bool


class StepDocument(TypedDict):
    """One step of an explanation."""

    label: str
    formula: str
    inputs: Mapping[str, str]


class ExplanationDocument(TypedDict):
    """An explanation."""

    steps: list[StepDocument]
    rule_version: str


class FindingDocument(TypedDict):
    """A finding."""

    severity: str
    reason: str
    subject: str
    message: str
    way_out: str


class ApprovalDocument(TypedDict):
    """A signature."""

    principal: str
    role: str
    digest: str
    time: str


def to_limit(limit: LegalLimit | None) -> LimitDocument | None:
    """Write a limit."""
    if limit is None:
        return None
    return {
        "numerator": limit.numerator,
        "denominator": limit.denominator,
        "source": limit.source,
        "effective_date": limit.effective_date.isoformat() if limit.effective_date else None,
        "source_verified": limit.source_verified,
    }


def from_limit(document: LimitDocument) -> LegalLimit:
    """Read a limit."""
    day = document["effective_date"]
    return LegalLimit(
        numerator=document["numerator"],
        denominator=document["denominator"],
        source=document["source"],
        effective_date=date.fromisoformat(day) if day else None,
        source_verified=document["source_verified"],
    )


def from_optional_limit(document: LimitDocument | None) -> LegalLimit | None:
    """Read a limit that may not be set."""
    return None if document is None else from_limit(document)


def to_explanation(explanation: Explanation) -> ExplanationDocument:
    """Write an explanation."""
    return {
        "steps": [
            {"label": step.label, "formula": step.formula, "inputs": dict(step.inputs)}
            for step in explanation.steps
        ],
        "rule_version": explanation.rule_version,
    }


def from_explanation(document: ExplanationDocument) -> Explanation:
    """Read an explanation."""
    steps = (ExplanationStep(s["label"], s["formula"], s["inputs"]) for s in document["steps"])
    return Explanation(tuple(steps), document["rule_version"])


def to_findings(findings: Iterable[Finding]) -> list[FindingDocument]:
    """Write findings."""
    return [
        {
            "severity": finding.severity.value,
            "reason": finding.reason,
            "subject": finding.subject,
            "message": finding.message,
            "way_out": finding.way_out,
        }
        for finding in findings
    ]


def from_findings(documents: Iterable[FindingDocument]) -> tuple[Finding, ...]:
    """Read findings."""
    return tuple(
        Finding(Severity(d["severity"]), d["reason"], d["subject"], d["message"], d["way_out"])
        for d in documents
    )


def to_approvals(approvals: Iterable[Approval]) -> list[ApprovalDocument]:
    """Write signatures."""
    return [
        {
            "principal": approval.principal,
            "role": approval.role,
            "digest": approval.digest,
            "time": approval.time.isoformat(),
        }
        for approval in approvals
    ]


def from_approvals(documents: Iterable[ApprovalDocument]) -> tuple[Approval, ...]:
    """Read signatures."""
    return tuple(
        Approval(d["principal"], d["role"], d["digest"], datetime.fromisoformat(d["time"]))
        for d in documents
    )


def optional_decimal(text: str | None) -> Decimal | None:
    """Read a number that may not be set."""
    return None if text is None else Decimal(text)

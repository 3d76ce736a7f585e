"""What closing a month needs to know of its billing."""

from dataclasses import dataclass

from services.billing.domain.amounts import Amounts
from services.kernel.authority import RunState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import RunName
from services.kernel.period import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingChecklist:
    """The state of a month's billing. ``run`` is its latest run, None before the first.

    ``is_due``: somebody was served in the month. ``findings`` are those of the latest issued run
    that hold a customer. ``unposted`` names issued documents whose entry does not stand in the
    books as it should.
    """

    month: Month
    is_due: bool
    run: RunName | None
    state: RunState | None
    is_issued: bool
    findings: tuple[Finding, ...]
    invoice_count: int
    credit_note_count: int
    issued: Amounts
    unposted: tuple[str, ...]

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """Name what stands in the way of closing the month; nothing when all is issued."""
        found = list(self.findings)
        if self.is_due and not self.is_issued:
            found.append(self._not_issued())
        found += [_not_posted(name) for name in self.unposted]
        return tuple(found)

    def _not_issued(self) -> Finding:
        stands = f"{self.run} is {self.state}" if self.run else "no billing run was started"
        return Finding(
            Severity.RUN_BLOCKING,
            "INVOICES_NOT_ISSUED",
            f"months/{self.month}",
            f"the invoices of {self.month} are not issued: {stands}",
            "run the billing of the month, have it approved, and issue its invoices",
        )


def _not_posted(name: str) -> Finding:
    return Finding(
        Severity.RUN_BLOCKING,
        "INVOICE_NOT_POSTED",
        name,
        f"{name} is issued, and the books do not have its entry as it should be",
        "compare the document with the journal, and have the difference corrected",
    )

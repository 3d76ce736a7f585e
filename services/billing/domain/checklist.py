"""What closing a month needs to know of its billing."""

from dataclasses import dataclass

from services.billing.domain.amounts import Amounts
from services.kernel.authority import RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import RunName
from services.kernel.period import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingChecklist:
    """The state of a month's billing. ``run`` is its latest run, None before the first.

    ``findings`` are those of the latest issued run that hold a customer. ``unposted`` names issued
    documents whose entry does not stand in the books as it should.
    """

    month: Month
    run: RunName | None
    state: RunState | None
    is_issued: bool
    findings: tuple[Finding, ...]
    invoice_count: int
    credit_note_count: int
    issued: Amounts
    unposted: tuple[str, ...]

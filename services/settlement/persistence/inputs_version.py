"""The state of all that settlements follow from, told by a few numbers that only grow.

The database counts changes of allocations itself; runs stay POSTED; contracts that came into force
stay, and the app role may not change their terms; promised prices are only added to.
"""

from sqlalchemy import text

from services.kernel.digest import digest_of
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.domain.guarantee import RULE_VERSION

_COUNTS = text(
    """
    SELECT (SELECT string_agg(month || ':' || revision, ' ' ORDER BY month)
            FROM settlement.allocated_months WHERE month <= :month),
           (SELECT string_agg(name, ' ' ORDER BY name)
            FROM settlement.settlement_runs WHERE state = 'POSTED'),
           (SELECT count(*) FROM settlement.contracts
            WHERE state <> 'DRAFT' AND window_start < :end),
           (SELECT count(*) FROM settlement.promised_prices)
    """
)
# Whoever allocates a month has locked its row before.
_HOLD = text(
    "SELECT FROM settlement.allocated_months WHERE month <= :month ORDER BY month FOR SHARE"
)


def inputs_version(month: Month) -> str:
    """Name the state of everything that the settlements of a month follow from."""
    asked = {"month": str(month), "end": month.end}
    counts = current_connection().execute(_COUNTS, asked).one()
    return digest_of([RULE_VERSION, *counts])


def hold_allocations(month: Month) -> None:
    """Let nobody change allocations up to a month until the transaction ends."""
    current_connection().execute(_HOLD, {"month": str(month)})

"""GetSettlement: show one settlement."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal, RunState
from services.kernel.errors import NotFound
from services.kernel.identifiers import SettlementName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import Settlements, SettlementView


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSettlement:
    """Reads one settlement; a caller that sees only its own customers sees posted ones."""

    unit_of_work: UnitOfWork
    settlements: Settlements
    principal: CurrentPrincipal

    def __call__(self, *, name: SettlementName) -> SettlementView:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            view = self.settlements.find(name)
            shown = self.principal().sees_every_customer
            if view is None or not (shown or view.state is RunState.POSTED):
                raise NotFound(name)
            return view

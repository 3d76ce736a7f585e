"""ApproveContract: put a draft in force."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import EtagChanged, NotFound
from services.kernel.identifiers import ContractName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import Contracts
from services.settlement.domain.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveContract:
    """Approves a contract, by another person than the one who drafted it."""

    unit_of_work: UnitOfWork
    contracts: Contracts
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: ContractName, etag: str = "") -> Contract:
        """Approve it; an empty etag does not check.

        Raises:
            NotFound, EtagChanged, WrongState, MakerIsChecker.
        """
        with self.unit_of_work():
            draft = self.contracts.find(name, lock=True)
            if draft is None:
                raise NotFound(name)
            if etag and etag != draft.etag:
                raise EtagChanged(resource=name, given=etag, current=draft.etag)
            approved = draft.approve(principal=self.principal().subject, time=self.clock.now())
            self.contracts.save(approved)
            return approved

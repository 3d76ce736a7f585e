"""CreateContract, ApproveContract, GetContract, ListContracts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from services.kernel.authority import MakerIsChecker, Principal
from services.kernel.errors import AlreadyExists, EtagChanged, NotFound
from services.kernel.identifiers import ContractName
from services.kernel.page import PageRequest
from services.settlement.application.approve_contract import ApproveContract
from services.settlement.application.create_contract import CreateContract
from services.settlement.application.get_contract import GetContract
from services.settlement.application.list_contracts import ListContracts
from services.settlement.application.settlement_ports import ContractFilter
from services.settlement.domain.contract import Contract, ContractState, Title
from services.settlement.domain.contract_terms import InvalidTerms
from tests.builders.settlement import contract
from tests.fakes.settlement import KnownCustomers, MemoryContracts
from tests.fakes.trades import FixedClock, no_transaction

NOW = FixedClock(datetime(2025, 1, 2, tzinfo=UTC))
PLANT = contract()


@dataclass(slots=True)
class Drawer:
    """Contracts, and the people who draft and approve them."""

    contracts: MemoryContracts = field(default_factory=MemoryContracts)

    def create(self, drafted: Contract, by: str = "operator") -> Contract:
        create = CreateContract(
            unit_of_work=no_transaction,
            contracts=self.contracts,
            customers=KnownCustomers(frozenset({PLANT.customer})),
            clock=NOW,
            principal=lambda: Principal(by, frozenset()),
        )
        return create(contract=drafted)

    def approve(self, by: str, *, etag: str = "", name: ContractName = PLANT.name) -> Contract:
        approve = ApproveContract(
            unit_of_work=no_transaction,
            contracts=self.contracts,
            clock=NOW,
            principal=lambda: Principal(by, frozenset()),
        )
        return approve(name=name, etag=etag)


def test_drafts_a_contract_in_the_callers_name() -> None:
    drawer = Drawer()
    drafted = drawer.create(contract(state=ContractState.APPROVED))
    assert (drafted.state, drafted.drafted_by) == (ContractState.DRAFT, "operator")
    get = GetContract(unit_of_work=no_transaction, contracts=drawer.contracts)
    assert get(name=PLANT.name) == drafted
    listed = ListContracts(unit_of_work=no_transaction, contracts=drawer.contracts)
    page = listed(which=ContractFilter(), page=PageRequest(10))
    assert page.items == (drafted,)


def test_refuses_terms_a_second_draft_and_an_unknown_customer() -> None:
    drawer = Drawer()
    drawer.create(PLANT)
    with pytest.raises(AlreadyExists):
        drawer.create(PLANT)
    with pytest.raises(InvalidTerms):
        drawer.create(contract(title=Title.PRINCIPAL))
    with pytest.raises(NotFound):
        drawer.create(contract(customer=type(PLANT.customer)("customers/none")))


def test_approves_by_another_person_who_saw_the_present_draft() -> None:
    drawer = Drawer()
    drafted = drawer.create(PLANT)
    with pytest.raises(MakerIsChecker):
        drawer.approve("operator")
    with pytest.raises(EtagChanged):
        drawer.approve("controller", etag="other")
    approved = drawer.approve("controller", etag=drafted.etag)
    assert drawer.contracts.kept[PLANT.name] == approved
    with pytest.raises(NotFound):
        drawer.approve("controller", name=ContractName("contracts/none"))

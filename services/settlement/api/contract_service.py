"""ContractService on the wire."""

from dataclasses import dataclass

import grpc
from tanheng.settlement.v1 import contract_service_pb2 as pb
from tanheng.settlement.v1 import contract_service_pb2_grpc

from services.kernel.identifiers import ContractName
from services.settlement.api.contract_translation import (
    from_wire_contract,
    from_wire_contract_filter,
    to_wire_contract,
)
from services.settlement.application.approve_contract import ApproveContract
from services.settlement.application.create_contract import CreateContract
from services.settlement.application.get_contract import GetContract
from services.settlement.application.list_contracts import ListContracts
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractServicer(contract_service_pb2_grpc.ContractServiceServicer):
    """Serves contracts."""

    create_contract: CreateContract
    approve_contract: ApproveContract
    get_contract: GetContract
    list_contracts: ListContracts

    def CreateContract(  # noqa: N802 - name of the contract
        self, request: pb.CreateContractRequest, context: grpc.ServicerContext
    ) -> pb.Contract:
        """Draft a contract."""
        del context
        contract = from_wire_contract(request.contract, request.contract_id)
        return to_wire_contract(self.create_contract(contract=contract))

    def ApproveContract(  # noqa: N802 - name of the contract
        self, request: pb.ApproveContractRequest, context: grpc.ServicerContext
    ) -> pb.Contract:
        """Put a draft in force."""
        del context
        name = ContractName(request.name)
        return to_wire_contract(self.approve_contract(name=name, etag=request.etag))

    def GetContract(  # noqa: N802 - name of the contract
        self, request: pb.GetContractRequest, context: grpc.ServicerContext
    ) -> pb.Contract:
        """Show one contract."""
        del context
        return to_wire_contract(self.get_contract(name=ContractName(request.name)))

    def ListContracts(  # noqa: N802 - name of the contract
        self, request: pb.ListContractsRequest, context: grpc.ServicerContext
    ) -> pb.ListContractsResponse:
        """List contracts by name."""
        del context
        page = self.list_contracts(
            which=from_wire_contract_filter(request), page=from_wire_page(request)
        )
        return pb.ListContractsResponse(
            contracts=[to_wire_contract(contract) for contract in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

"""All rooms together, in one process."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import chain

from google.longrunning import operations_pb2_grpc
from sqlalchemy import MetaData

from services.audit.persistence.tables import METADATA as AUDIT
from services.billing.persistence.tables import METADATA as BILLING
from services.bootstrap import audit, billing, incentives, ledger, pricing, settlement
from services.bootstrap.contract import services_of_the_contract
from services.bootstrap.platform import Platform, RoomParts
from services.bootstrap.policy import permissions_by_role
from services.incentives.persistence.tables import METADATA as INCENTIVES
from services.ledger.persistence.tables import METADATA as LEDGER
from services.pricing.persistence.tables import METADATA as PRICING
from services.runtime.grpc_server import GrpcServer, Registration
from services.runtime.interceptors.policies import MethodPolicy, policies_of
from services.runtime.interceptors.serving import ServingInterceptor
from services.runtime.interceptors.stages import Stages
from services.runtime.interceptors.validation import RequestValidator
from services.runtime.operations import (
    OperationSource,
    OperationsServicer,
    operations_policies,
)
from services.runtime.scheduler import Clockwork, Occasion, forget_old_memories
from services.runtime.tokens import verifier_of
from services.settlement.persistence.tables import METADATA as SETTLEMENT

ALL_METADATA: tuple[MetaData, ...] = (AUDIT, LEDGER, PRICING, BILLING, SETTLEMENT, INCENTIVES)
_OPERATIONS = "google.longrunning.Operations"
# Whoever may read the runs of a collection may follow them as operations.
_OPERATION_PERMISSIONS: Mapping[str, str] = {
    "billing-runs": "billing.runs.read",
    "settlement-runs": "settlement.runs.read",
    "incentive-runs": "incentives.runs.read",
    "valuations": "pricing.valuations.read",
}


@dataclass(frozen=True, slots=True)
class House:
    """The rooms on one platform."""

    platform: Platform
    rooms: tuple[RoomParts, ...]

    @property
    def policies(self) -> Mapping[str, MethodPolicy]:
        """The policy of every method that is served, but health and reflection."""
        return {**policies_of(services_of_the_contract()), **operations_policies()}

    @property
    def permissions(self) -> Mapping[str, Collection[str]]:
        """The permissions of every role."""
        return permissions_by_role(policy.permission for policy in self.policies.values())

    def interceptor(self, *, more: Mapping[str, MethodPolicy] | None = None) -> ServingInterceptor:
        """Build the stages around every method; ``more`` adds methods beside the contract."""
        stages = Stages(
            transactions=self.platform.unit_of_work,
            tokens=verifier_of(self.platform.settings),
            permissions=self.permissions,
            validator=RequestValidator(services_of_the_contract()),
            audit=audit.sink(self.platform),
        )
        return ServingInterceptor(stages=stages, policies={**self.policies, **(more or {})})

    def registrations(self) -> tuple[Registration, ...]:
        """Name every servicer, with the function that adds it to a server."""
        operations = OperationsServicer(sources=self._operation_sources(), may=self._may())
        add_operations = operations_pb2_grpc.add_OperationsServicer_to_server
        rooms = chain.from_iterable(room.servicers for room in self.rooms)
        return (*rooms, (add_operations, operations))

    def server(self) -> GrpcServer:
        """Build the gRPC server and bind its port."""
        names = [service.full_name for service in services_of_the_contract()]
        return GrpcServer(
            settings=self.platform.settings,
            interceptor=self.interceptor(),
            registrations=self.registrations(),
            service_names=[*names, _OPERATIONS],
        )

    def clockwork(self) -> Clockwork:
        """Build the clock with what every room wants done in time."""
        forget = Occasion(
            name="runtime.forget_old_memories",
            cron="17 3 * * *",
            act=forget_old_memories(self.platform.unit_of_work),
        )
        return Clockwork(
            transactions=self.platform.unit_of_work,
            occasions=(forget, *chain.from_iterable(room.occasions for room in self.rooms)),
            heartbeats=tuple(chain.from_iterable(room.heartbeats for room in self.rooms)),
        )

    def register_jobs(self) -> None:
        """Tell the queue what each task name stands for."""
        for room in self.rooms:
            room.register_jobs(self.platform.queue)

    def _may(self) -> Callable[[str], bool]:
        permissions = self.permissions

        def may(permission: str) -> bool:
            roles = self.platform.principal().roles
            return any(permission in permissions.get(role, ()) for role in roles)

        return may

    def _operation_sources(self) -> Mapping[str, OperationSource]:
        return {
            collection: OperationSource(
                read=runs.read,
                read_page=runs.read_page,
                permission=_OPERATION_PERMISSIONS[collection],
            )
            for room in self.rooms
            for collection, runs in room.operations.items()
        }


def build_house(platform: Platform) -> House:
    """Assemble every room on a platform."""
    rooms = (audit, ledger, pricing, billing, settlement, incentives)
    return House(platform, tuple(room.assemble(platform) for room in rooms))

"""The runs of incentive schemes: started, signed, posted, and their report."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tanheng.incentives.v1 import (
    incentive_run_pb2,
    incentive_service_pb2,
    incentive_service_pb2_grpc,
    scheme_pb2,
    scheme_service_pb2,
    scheme_service_pb2_grpc,
)

from clients.cli.connection import Connection, new_request_id
from clients.cli.messages import fill
from clients.cli.operations import wait_for
from clients.cli.pages import every_page

IncentiveRun: TypeAlias = incentive_run_pb2.IncentiveRun


@dataclass(frozen=True, slots=True)
class IncentiveRuns:
    """The work on incentive runs, in the name of whoever holds the connection."""

    connection: Connection

    def approve_scheme(self, name: str) -> scheme_pb2.Scheme:
        """Put a drafted scheme in force."""
        stub = scheme_service_pb2_grpc.SchemeServiceStub(self.connection.channel)
        request = scheme_service_pb2.ApproveSchemeRequest(name=name, request_id=new_request_id())
        return self.connection.call(stub.ApproveScheme, request)

    def start(
        self, scheme: str, cycle: str, *, surrendered: str = "", evidence: str = ""
    ) -> IncentiveRun:
        """Calculate a scheme for a cycle of closed months, and wait for it."""
        record = {
            "scheme": scheme,
            "cycle": cycle,
            "on_time_surrender": surrendered,
            "surrender_evidence": evidence,
            "request_id": new_request_id(),
        }
        request = fill(incentive_service_pb2.StartIncentiveRunRequest(), record)
        operation = self.connection.call(self._stub.StartIncentiveRun, request)
        label = f"incentive run of {scheme} for {cycle}"
        return wait_for(self.connection, operation, IncentiveRun(), label=label)

    def get(self, name: str) -> IncentiveRun:
        """Read a run."""
        request = incentive_service_pb2.GetIncentiveRunRequest(name=name)
        return self.connection.call(self._stub.GetIncentiveRun, request)

    def review(self, run: IncentiveRun) -> IncentiveRun:
        """Sign a run as its reviewer."""
        request = incentive_service_pb2.ReviewIncentiveRunRequest(
            name=run.name, digest=run.digest, request_id=new_request_id()
        )
        return self.connection.call(self._stub.ReviewIncentiveRun, request)

    def approve(self, run: IncentiveRun) -> IncentiveRun:
        """Sign a run as its approver."""
        request = incentive_service_pb2.ApproveIncentiveRunRequest(
            name=run.name, digest=run.digest, request_id=new_request_id()
        )
        return self.connection.call(self._stub.ApproveIncentiveRun, request)

    def post(self, run: IncentiveRun) -> IncentiveRun:
        """Put an approved run into the books."""
        request = incentive_service_pb2.PostIncentiveRunRequest(
            name=run.name, request_id=new_request_id()
        )
        return self.connection.call(self._stub.PostIncentiveRun, request)

    def awards(self, run: str) -> list[incentive_run_pb2.Award]:
        """List the awards of a run that the caller may see."""
        request = incentive_service_pb2.ListAwardsRequest(incentive_run=run)
        pages = every_page(self.connection, self._stub.ListAwards, request)
        return [each for page in pages for each in page.awards]

    def report(self, run: str) -> Iterator[bytes]:
        """Stream the report of a run as CSV."""
        request = incentive_service_pb2.ExportReportRequest(
            run=run, format=incentive_service_pb2.REPORT_FORMAT_CSV
        )
        for part in self.connection.stream(self._stub.ExportReport, request):
            yield part.data

    @property
    def _stub(self) -> incentive_service_pb2_grpc.IncentiveServiceStub:
        return incentive_service_pb2_grpc.IncentiveServiceStub(self.connection.channel)

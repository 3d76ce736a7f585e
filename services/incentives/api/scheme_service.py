"""SchemeService: schemes, and who takes part in them."""

from dataclasses import dataclass

import grpc
from tanheng.incentives.v1 import scheme_pb2, scheme_service_pb2, scheme_service_pb2_grpc

from services.incentives.api.scheme_translation import (
    from_wire_assignments,
    from_wire_scheme,
    to_wire_scheme,
)
from services.incentives.application.approve_scheme import ApproveScheme
from services.incentives.application.create_scheme import CreateScheme
from services.incentives.application.get_scheme import GetScheme
from services.incentives.application.list_schemes import ListSchemes
from services.incentives.application.set_assignments import SetAssignments
from services.kernel.identifiers import SchemeName
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeVerbs:
    """The verbs that the service calls."""

    create_scheme: CreateScheme
    approve_scheme: ApproveScheme
    get_scheme: GetScheme
    list_schemes: ListSchemes
    set_assignments: SetAssignments


class SchemeServicer(scheme_service_pb2_grpc.SchemeServiceServicer):
    """Translates; decides nothing."""

    def __init__(self, verbs: SchemeVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def CreateScheme(  # noqa: N802 - name of the contract
        self, request: scheme_service_pb2.CreateSchemeRequest, context: grpc.ServicerContext
    ) -> scheme_pb2.Scheme:
        """Draft a scheme."""
        del context
        draft = from_wire_scheme(request.scheme, request.scheme_id)
        return to_wire_scheme(self._verbs.create_scheme(scheme=draft))

    def ApproveScheme(  # noqa: N802 - name of the contract
        self, request: scheme_service_pb2.ApproveSchemeRequest, context: grpc.ServicerContext
    ) -> scheme_pb2.Scheme:
        """Put a draft in force."""
        del context
        name = SchemeName(request.name)
        return to_wire_scheme(self._verbs.approve_scheme(name=name, etag=request.etag))

    def GetScheme(  # noqa: N802 - name of the contract
        self, request: scheme_service_pb2.GetSchemeRequest, context: grpc.ServicerContext
    ) -> scheme_pb2.Scheme:
        """Show one scheme."""
        del context
        return to_wire_scheme(self._verbs.get_scheme(name=SchemeName(request.name)))

    def ListSchemes(  # noqa: N802 - name of the contract
        self, request: scheme_service_pb2.ListSchemesRequest, context: grpc.ServicerContext
    ) -> scheme_service_pb2.ListSchemesResponse:
        """List schemes by name."""
        del context
        page = self._verbs.list_schemes(page=from_wire_page(request))
        return scheme_service_pb2.ListSchemesResponse(
            schemes=[to_wire_scheme(scheme) for scheme in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def SetAssignments(  # noqa: N802 - name of the contract
        self, request: scheme_service_pb2.SetAssignmentsRequest, context: grpc.ServicerContext
    ) -> scheme_service_pb2.SetAssignmentsResponse:
        """Replace the people of a scheme."""
        del context
        people = from_wire_assignments(request.assignments)
        version = self._verbs.set_assignments(scheme=SchemeName(request.scheme), people=people)
        return scheme_service_pb2.SetAssignmentsResponse(
            scheme=request.scheme, assignment_count=len(people), version=version
        )

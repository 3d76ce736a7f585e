"""CustomerService on the wire."""

from dataclasses import dataclass

import grpc
from tanheng.billing.v1 import customer_service_pb2 as wire
from tanheng.billing.v1 import customer_service_pb2_grpc

from services.billing.api.customer_translation import (
    from_wire_class,
    from_wire_facts,
    from_wire_patch,
    to_wire_customer,
)
from services.billing.application.create_customer import CreateCustomer
from services.billing.application.get_customer import GetCustomer
from services.billing.application.list_customers import ListCustomers
from services.billing.application.update_customer import UpdateCustomer
from services.billing.domain.customer import Customer
from services.kernel.clock import Clock, shanghai_day
from services.kernel.identifiers import CustomerName, named
from services.wire.dates import from_wire_optional_date
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerServicer(customer_service_pb2_grpc.CustomerServiceServicer):
    """Translates in, calls one verb, translates out."""

    create_customer: CreateCustomer
    get_customer: GetCustomer
    list_customers: ListCustomers
    update_customer: UpdateCustomer
    clock: Clock

    def CreateCustomer(  # noqa: N802 - the contract's name
        self,
        request: wire.CreateCustomerRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.Customer:
        """Register a customer."""
        return self._shown(
            self.create_customer(
                name=CustomerName(named("customers", request.customer_id)),
                facts=from_wire_facts(request.customer),
                customer_class=from_wire_class(request.customer.customer_class),
            )
        )

    def GetCustomer(  # noqa: N802 - the contract's name
        self,
        request: wire.GetCustomerRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.Customer:
        """Show a customer."""
        return self._shown(self.get_customer(name=CustomerName(request.name)))

    def ListCustomers(  # noqa: N802 - the contract's name
        self,
        request: wire.ListCustomersRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListCustomersResponse:
        """Show a page of customers."""
        wanted = request.customer_class
        page = self.list_customers(
            customer_class=from_wire_class(wanted, "customer_class") if wanted else None,
            parent=CustomerName(request.parent) if request.parent else None,
            page=from_wire_page(request),
        )
        return wire.ListCustomersResponse(
            customers=[self._shown(customer) for customer in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def UpdateCustomer(  # noqa: N802 - the contract's name
        self,
        request: wire.UpdateCustomerRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.Customer:
        """Change a customer."""
        return self._shown(
            self.update_customer(
                name=CustomerName(request.customer.name),
                patch=from_wire_patch(request),
                class_effective_date=from_wire_optional_date(request, "class_effective_date"),
                etag=request.customer.etag,
            )
        )

    def _shown(self, customer: Customer) -> wire.Customer:
        return to_wire_customer(customer, today=shanghai_day(self.clock.now()))

"""QuoteService, the part about promises: translate in, call one verb, translate out."""

from dataclasses import dataclass

import grpc
from google.longrunning import operations_pb2
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import quote_pb2, quote_service_pb2_grpc, valuation_pb2

from services.kernel.identifiers import ContractName, CustomerName, QuoteName, ValuationName
from services.kernel.instrument import InstrumentKind
from services.kernel.page import Page, PageRequest
from services.pricing.api.quote_question_translation import from_wire_question
from services.pricing.api.quote_translation import to_wire_quote
from services.pricing.api.valuation_translation import (
    from_wire_scenario,
    to_wire_contract_value,
    to_wire_valuation,
    to_wire_valuation_operation,
)
from services.pricing.application.get_quote import GetQuote
from services.pricing.application.get_valuation import GetValuation
from services.pricing.application.list_contract_values import ListContractValues
from services.pricing.application.list_quotes import ListQuotes
from services.pricing.application.list_valuations import ListValuations
from services.pricing.application.quote_guarantee import QuoteGuarantee
from services.pricing.application.quote_ports import QuoteFilter
from services.pricing.application.value_contracts import ValueContracts
from services.wire.dates import from_wire_date
from services.wire.enums import from_wire_enum
from services.wire.instrument import from_wire_side
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseVerbs:
    """What this part of the service can do."""

    quote_guarantee: QuoteGuarantee
    get_quote: GetQuote
    list_quotes: ListQuotes
    value_contracts: ValueContracts
    get_valuation: GetValuation
    list_valuations: ListValuations
    list_contract_values: ListContractValues


class PromiseServicer(quote_service_pb2_grpc.QuoteServiceServicer):
    """Answers what is asked of quotes and valuations."""

    def __init__(self, promises: PromiseVerbs) -> None:
        """Keep the verbs."""
        self._promises = promises

    def QuoteGuarantee(  # noqa: N802 - the contract's name
        self,
        request: quote_pb2.QuoteGuaranteeRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> quote_pb2.Quote:
        """Price a promise; a look alone needs no database."""
        quote = self._promises.quote_guarantee(
            question=from_wire_question(request), keep=not request.validate_only
        )
        return to_wire_quote(quote)

    def GetQuote(  # noqa: N802 - the contract's name
        self,
        request: quote_pb2.GetQuoteRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> quote_pb2.Quote:
        """Read a quote."""
        return to_wire_quote(self._promises.get_quote(name=QuoteName(request.name)))

    def ListQuotes(  # noqa: N802 - the contract's name
        self,
        request: quote_pb2.ListQuotesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> quote_pb2.ListQuotesResponse:
        """List quotes."""
        kind = request.instrument_kind
        which = QuoteFilter(
            side=from_wire_side(request.side) if request.side else None,
            kind=from_wire_enum(InstrumentKind, kind, common_pb2.InstrumentKind, "instrument_kind")
            if kind
            else None,
            creator=request.creator or None,
        )
        page = self._promises.list_quotes(which=which, page=from_wire_page(request))
        return quote_pb2.ListQuotesResponse(
            quotes=[to_wire_quote(quote) for quote in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ValueContracts(  # noqa: N802 - the contract's name
        self,
        request: valuation_pb2.ValueContractsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> operations_pb2.Operation:
        """Start to value contracts."""
        valuation = self._promises.value_contracts(
            as_of=from_wire_date(request.as_of_date, "as_of_date"),
            contracts=tuple(map(ContractName, request.contracts)),
            every=request.all,
            scenario=from_wire_scenario(request),
        )
        return to_wire_valuation_operation(valuation)

    def GetValuation(  # noqa: N802 - the contract's name
        self,
        request: valuation_pb2.GetValuationRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> valuation_pb2.Valuation:
        """Read a valuation."""
        return to_wire_valuation(self._promises.get_valuation(name=ValuationName(request.name)))

    def ListValuations(  # noqa: N802 - the contract's name
        self,
        request: valuation_pb2.ListValuationsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> valuation_pb2.ListValuationsResponse:
        """List valuations."""
        page = self._promises.list_valuations(page=from_wire_page(request))
        return valuation_pb2.ListValuationsResponse(
            valuations=[to_wire_valuation(valuation) for valuation in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ListContractValues(  # noqa: N802 - the contract's name
        self,
        request: valuation_pb2.ListContractValuesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> valuation_pb2.ListContractValuesResponse:
        """List what contracts are worth."""
        name = ValuationName(request.valuation)
        page = self._promises.list_contract_values(
            valuation=name,
            customer=CustomerName(request.customer) if request.customer else None,
            page=from_wire_page(request),
        )
        return valuation_pb2.ListContractValuesResponse(
            contract_values=[to_wire_contract_value(name, value) for value in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def operation(self, key: str) -> operations_pb2.Operation:
        """Show a valuation as an operation."""
        found = self._promises.get_valuation(name=ValuationName(f"valuations/{key}"))
        return to_wire_valuation_operation(found)

    def operations(self, page: PageRequest) -> Page[operations_pb2.Operation]:
        """Show a page of valuations as operations."""
        found = self._promises.list_valuations(page=page)
        return Page(tuple(map(to_wire_valuation_operation, found.items)), found.next_after)

"""Quotes and valuations of the pricing room on the platform, and who answers their ports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from services.bootstrap import settlement_trades
from services.bootstrap.exchange import data_lines, trading_calendar
from services.bootstrap.platform import Platform
from services.kernel.finding import Finding, Severity
from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName
from services.kernel.instrument import GuaranteeSide
from services.pricing.api.promise_service import PromiseVerbs
from services.pricing.application.estimate_volatility import EstimateVolatility
from services.pricing.application.fail_valuation import FailValuation
from services.pricing.application.get_quote import GetQuote
from services.pricing.application.get_valuation import GetValuation
from services.pricing.application.list_contract_values import ListContractValues
from services.pricing.application.list_quotes import ListQuotes
from services.pricing.application.list_valuations import ListValuations
from services.pricing.application.quote_guarantee import QuoteGuarantee
from services.pricing.application.read_markets import ReadMarkets
from services.pricing.application.valuation_ports import OpenBook
from services.pricing.application.value_chunk import ValueChunk
from services.pricing.application.value_contracts import ValueContracts
from services.pricing.application.value_daily import ValueDaily
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.offset_cover import OffsetCovers, read_offset_covers
from services.pricing.domain.portfolio.limits import RiskLimits, read_risk_limits
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.jobs import valuations as jobs
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.pricing.persistence.quotes import PostgresQuotes
from services.pricing.persistence.valuations import PostgresValuations
from services.runtime.jobs import JobQueue
from services.runtime.scheduler import Occasion
from services.settlement.application.open_contracts import OpenContracts, StandingContract
from services.settlement.domain.contract import Contract, PriceBasis
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.delivered_until import PostgresDeliveredUntil

_EVENING = "30 18 * * *"
"""After the close of the exchanges, and after the closing prices were imported."""


def promise_verbs(platform: Platform) -> PromiseVerbs:
    """The verbs about quotes and valuations."""
    work, quotes, valuations = platform.unit_of_work, PostgresQuotes(), PostgresValuations()
    return PromiseVerbs(
        quote_guarantee=QuoteGuarantee(
            unit_of_work=work,
            quotes=quotes,
            estimate_volatility=EstimateVolatility(
                unit_of_work=work,
                series=PostgresPriceSeries(),
                points=PostgresPricePoints(),
                clock=platform.clock,
            ),
            calendar=trading_calendar(),
            covers=offset_covers(),
            clock=platform.clock,
            principal=platform.principal,
        ),
        get_quote=GetQuote(unit_of_work=work, quotes=quotes),
        list_quotes=ListQuotes(unit_of_work=work, quotes=quotes),
        value_contracts=value_contracts(platform),
        get_valuation=GetValuation(unit_of_work=work, valuations=valuations),
        list_valuations=ListValuations(unit_of_work=work, valuations=valuations),
        list_contract_values=ListContractValues(unit_of_work=work, valuations=valuations),
    )


def value_contracts(platform: Platform) -> ValueContracts:
    """The verb that begins a valuation."""
    work = platform.unit_of_work
    return ValueContracts(
        unit_of_work=work,
        valuations=PostgresValuations(),
        open_contracts=ContractsOfSettlement(
            OpenContracts(
                unit_of_work=work,
                contracts=PostgresContracts(),
                allocations=PostgresDeliveredUntil(),
                rules=settlement_trades.market_rules(),
            )
        ),
        read_markets=ReadMarkets(
            series=PostgresPriceSeries(),
            points=PostgresPricePoints(),
            calendar=trading_calendar(),
        ),
        calendar=trading_calendar(),
        queue=jobs.QueuedChunks(platform.queue),
        clock=platform.clock,
        principal=platform.principal,
    )


def register_jobs(platform: Platform, queue: JobQueue) -> None:
    """Tell the queue what a chunk of a valuation is, and what becomes of one that fails."""
    work, valuations = platform.unit_of_work, PostgresValuations()
    value_chunk = ValueChunk(
        unit_of_work=work,
        valuations=valuations,
        calendar=trading_calendar(),
        covers=offset_covers(),
        limits=risk_limits(),
    )
    jobs.register(queue, value_chunk, FailValuation(unit_of_work=work, valuations=valuations))


def evening_valuation(platform: Platform) -> Occasion:
    """The valuation of all open contracts each trading day."""
    daily = ValueDaily(
        value_contracts=value_contracts(platform),
        calendar=trading_calendar(),
        clock=platform.clock,
    )

    def act() -> None:
        daily()

    return Occasion(name="pricing.value_contracts", cron=_EVENING, act=act)


@lru_cache
def offset_covers() -> OffsetCovers:
    """How much of the allowances due credits may cover, read once."""
    return read_offset_covers(data_lines("offset_cover.csv"))


@lru_cache
def risk_limits() -> RiskLimits:
    """The limits of risk, read once."""
    return read_risk_limits(data_lines("portfolio/risk_limits.csv"))


@dataclass(frozen=True, slots=True)
class ContractsOfSettlement:
    """Answers which contracts are open, by settlement's verb."""

    open_contracts: OpenContracts

    def __call__(self, *, as_of: date, names: Sequence[ContractName] | None) -> OpenBook:
        """Read those named, or all, as of the close of a day; what cannot be valued is found."""
        terms: dict[tuple[object, ...], PromiseTerms] = {}
        positions: list[OpenPosition] = []
        findings: list[Finding] = []
        for standing in self.open_contracts(day=as_of, names=names):
            held = _held(standing, as_of)
            if held is None:
                positions.append(_position(standing, terms))
            else:
                findings.append(held)
        return OpenBook(tuple(positions), tuple(findings))


def _held(standing: StandingContract, as_of: date) -> Finding | None:
    """Say why a contract cannot be valued; None if it can."""
    contract = standing.contract
    kinds = {instrument.kind for instrument in contract.instruments}
    if not standing.is_open:
        return _finding(
            contract,
            "CONTRACT_NOT_OPEN",
            f"is {contract.state} with a window to {contract.delivery_window.end},"
            f" so not open on {as_of}",
            "leave it out, or approve it first",
        )
    if len(kinds) > 1:
        return _finding(
            contract,
            "INSTRUMENTS_MIXED",
            "may be delivered in allowances and credits, which have prices of their own",
            "conclude one contract for each",
        )
    if contract.price_basis is not PriceBasis.EXECUTED:
        return _finding(
            contract,
            "BASIS_NOT_VALUED",
            f"settles by {contract.price_basis}, of which nothing is allocated",
            "quote what is left of it by QuoteGuarantee, with the average to date as executed",
        )
    return None


def _finding(contract: Contract, reason: str, text: str, way_out: str) -> Finding:
    message = f"{contract.name} {text}"
    return Finding(Severity.SUBJECT_HELD, reason, contract.name, message, way_out)


def _position(
    standing: StandingContract, terms: dict[tuple[object, ...], PromiseTerms]
) -> OpenPosition:
    contract = standing.contract
    sign = 1 if contract.side is GuaranteeSide.PURCHASE else -1
    fees = sign if contract.fees_included else 0
    prices = [promised.price for promised in contract.promised_prices]
    fen = sum(each.amount + fees * each.fees for each in standing.deliveries)
    promised = sum((prices[each.price] * each.tonnes for each in standing.deliveries), Decimal(0))
    return OpenPosition(
        contract=contract.name,
        customer=contract.customer,
        kind=contract.instruments[0].kind,
        terms=_shared(terms, contract.side, contract.gain_share_tiers, contract.loss_cap_per_tonne),
        window=contract.delivery_window,
        volume_tonnes=contract.volume_tonnes,
        promised_prices=tuple(
            PromisedFrom(each.effective_date, each.price) for each in contract.promised_prices
        ),
        delivered_tonnes=sum(each.tonnes for each in standing.deliveries),
        delivered_amount=Decimal(fen).scaleb(-2),
        promised_amount=promised,
        tax_rate=standing.tax_rate,
    )


def _shared(
    terms: dict[tuple[object, ...], PromiseTerms],
    side: GuaranteeSide,
    tiers: tuple[GainShareTier, ...],
    cap: Decimal | None,
) -> PromiseTerms:
    """Give equal terms as one object: they are priced once."""
    key = (side, tiers, cap)
    if key not in terms:
        terms[key] = PromiseTerms(side=side, gain_share_tiers=tiers, loss_cap_per_tonne=cap)
    return terms[key]

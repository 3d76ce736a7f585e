"""Valid nouns of incentives, with what a test cares about replaced."""

from datetime import date
from decimal import Decimal

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.benchmark import Benchmark, BenchmarkKind
from services.incentives.domain.figures import ContractMonth, ContractTerms
from services.incentives.domain.legal_limit import LegalLimit
from services.incentives.domain.pool_rules import ExcessTier, PlanKind, PoolRules
from services.incentives.domain.scheme import Scheme, SchemeState
from services.kernel.identifiers import ContractName, CustomerName, PriceSeriesName, SchemeName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import Money, money
from services.kernel.period import Month, year_period

A_LAW = "an invented statute, article 1"


def limit(numerator: int, denominator: int) -> LegalLimit:
    return LegalLimit(numerator, denominator, A_LAW, date(2024, 1, 1))


def rules(
    *,
    share: str = "0.3",
    person_cap: LegalLimit | None = None,
    executives_limit: LegalLimit | None = None,
    participants_limit: LegalLimit | None = None,
    staff_count: int = 0,
    minimum_days: int = 0,
    deferral: tuple[int, ...] = (),
) -> PoolRules:
    return PoolRules(
        excess_tiers=(ExcessTier(None, Decimal(share)),),
        pool_limit=limit(3, 10),
        person_cap=person_cap,
        executives_limit=executives_limit,
        participants_limit=participants_limit,
        staff_count=staff_count,
        minimum_days_in_post=minimum_days,
        deferral_weights=deferral,
    )


def person(
    staff_id: str,
    coefficient: str | int = 1,
    *,
    executive: bool = False,
    annual_pay: Money | None = None,
    days: int = 365,
    subject: str = "",
) -> Assignment:
    return Assignment(
        staff_id=staff_id,
        role="trader",
        coefficient=Decimal(coefficient),
        individual_score=Decimal(1),
        days_in_post=days,
        executive=executive,
        annual_pay=annual_pay,
        subject=subject,
    )


JANUARY, FEBRUARY, MARCH = Month(2025, 1), Month(2025, 2), Month(2025, 3)
SCHEME = SchemeName("schemes/desk")


def scheme(
    *,
    pool_rules: PoolRules | None = None,
    state: SchemeState = SchemeState.APPROVED,
    annual_target: str = "400000",
    surrender_deadline: str = "",
) -> Scheme:
    return Scheme(
        name=SCHEME,
        display_name="an invented desk",
        kind=PlanKind.EXCESS_PROFIT,
        effective_period=year_period(2025),
        annual_target=money(annual_target),
        rules=pool_rules or rules(share="0.1"),
        benchmarks=(
            Benchmark(
                instrument_kind=InstrumentKind.CEA,
                price_series=PriceSeriesName("priceSeries/cea-composite"),
                kind=BenchmarkKind.TWAP,
                tax_inclusive=True,
                tax_rate=Decimal("0.06"),
            ),
        ),
        surrender_deadline=surrender_deadline,
        state=state,
        maker="hr-1",
        approver="director-1" if state is SchemeState.APPROVED else "",
    )


def purchase(name: str = "contracts/hanchuan-2025", *, executed: bool = True) -> ContractTerms:
    return ContractTerms(
        name=ContractName(name),
        customer=CustomerName("customers/hanchuan"),
        side=GuaranteeSide.PURCHASE,
        instrument_kind=InstrumentKind.CEA,
        delivery_window=year_period(2025),
        executed=executed,
        tax_inclusive=True,
    )


def contract_month(
    month: Month,
    *,
    tonnes: int,
    gain: str,
    share: str = "0",
    price: str = "75.00",
    tax: str = "0",
) -> ContractMonth:
    return ContractMonth(
        contract=ContractName("contracts/hanchuan-2025"),
        month=month,
        tonnes=tonnes,
        promised=Decimal(price) * tonnes,
        gain=money(gain),
        share=money(share),
        relief=money("0"),
        fees=money("0"),
        tax=money(tax),
        sources=(f"settlements/{month}-1-hanchuan-2025",),
    )

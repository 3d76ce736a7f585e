"""Random cases of the three pure previews: the request, and the same case for the oracle."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import strategies as st

from tests.oracle.fees import Days, Rate
from tests.oracle.guarantees import AT_MATURITY, MONTHLY, Terms, Traded
from tests.oracle.pools import Person
from tests.oracle.spelling import (
    wire_day,
    wire_decimal,
    wire_fen,
    wire_gain_tier,
    wire_tier,
)
from tests.support.client import Json

MONTHS = [f"2025-{month:02d}" for month in range(1, 7)]


@dataclass(frozen=True, slots=True)
class FeeCase:
    """A tariff, a scale, days of a year."""

    request: Json
    days: Days
    year: int
    scale: Fraction


@dataclass(frozen=True, slots=True)
class GuaranteeCase:
    """Terms, and what was traded by month."""

    request: Json
    terms: Terms
    months: dict[str, Traded]


@dataclass(frozen=True, slots=True)
class PoolCase:
    """A result, the rules, and the people by staff number. Amounts in fen."""

    request: Json
    excess: int
    tiers: tuple[tuple[int | None, Fraction], ...]
    most: Fraction
    people: tuple[Person, ...]
    executives_at_most: Fraction | None


def decimals(most: int, places: int) -> st.SearchStrategy[Fraction]:
    """Draw a number from zero with at most so many decimals."""
    unit = 10**places
    return st.integers(0, most * unit).map(lambda whole: Fraction(whole, unit))


def optional(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Fraction | None]:
    """Draw a number or nothing."""
    return st.none() | values


@st.composite
def fee_cases(draw: st.DrawFn) -> FeeCase:
    """Draw a management fee, often with a scale on a bound of the tiers."""
    model = draw(st.sampled_from(["FLAT", "GRADUATED", "VOLUME"]))
    bounds = st.sets(decimals(5_000_000, 3).filter(bool), max_size=0 if model == "FLAT" else 4)
    ends = [*sorted(draw(bounds)), None]
    tiers = tuple((end, draw(decimals(2, 6)), draw(decimals(50_000, 2))) for end in ends)
    on_bounds = [end + step for end in ends if end for step in (0, Fraction(1, 1000))]
    scale = draw(st.sampled_from([Fraction(0), *on_bounds]) | decimals(9_000_000, 3))
    least = draw(optional(decimals(1_000_000, 2)))
    most = draw(optional(decimals(1_000_000, 2).map(lambda more: more + (least or 0))))
    year = draw(st.sampled_from([2023, 2024, 2025, 2100]))
    first = date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    end = min(first + timedelta(days=draw(st.integers(1, 366))), date(year + 1, 1, 1))
    rate = Rate("r", model, tiers, least, most, draw(decimals(1, 6)), draw(st.booleans()))
    request = {
        "charge_model": f"CHARGE_MODEL_{model}",
        "tiers": [wire_tier(*tier) for tier in tiers],
        "scale_tonnes": wire_decimal(scale),
        "year": year,
        "service_period": {"start_date": wire_day(first), "end_date": wire_day(end)},
        "tax_rate": wire_decimal(rate.tax_rate),
        "tax_inclusive": rate.inclusive,
        **({} if least is None else {"minimum_annual": wire_fen(int(least * 100))}),
        **({} if most is None else {"maximum_annual": wire_fen(int(most * 100))}),
    }
    return FeeCase(request, Days(first, end, rate), year, scale)


@st.composite
def guarantee_cases(draw: st.DrawFn) -> GuaranteeCase:
    """Draw a guarantee with fills around the promised price."""
    price = draw(decimals(200, 6).filter(bool))
    used = draw(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=6, unique=True))
    window_end = draw(st.dates(date(2025, 1, 2), date(2025, 8, 1)))
    matures = f"{window_end - timedelta(days=1):%Y-%m}"
    fills = {month: draw(st.lists(_fills(price), max_size=3)) for month in used}
    months = {month: sum(made, Traded()) for month, made in fills.items()}
    counted = sum(traded.tonnes for month, traded in months.items() if month <= matures)
    reference = draw(optional(decimals(200, 6)))
    ends = [*sorted(draw(st.sets(decimals(20, 6).filter(bool), max_size=3))), None]
    terms = Terms(
        side=draw(st.sampled_from(["PURCHASE", "SALE"])),
        price=price,
        tiers=tuple((end, draw(decimals(1, 6))) for end in ends),
        loss_cap=draw(optional(decimals(10, 6))),
        with_fees=draw(st.booleans()),
        timing=draw(st.sampled_from([MONTHLY, AT_MATURITY])),
        matures=matures,
        volume=counted + draw(st.integers(1, 100_000)),
        reference=reference,
    )
    return GuaranteeCase(_guarantee_request(terms, window_end, fills), terms, months)


@st.composite
def pool_cases(draw: st.DrawFn) -> PoolCase:
    """Draw an incentive pool whose caps often bind."""
    result, target = draw(st.integers(-(10**8), 10**11)), draw(st.integers(0, 10**9))
    ends = [*sorted(draw(st.sets(st.integers(1, 10**10), max_size=3))), None]
    tiers = tuple((end, draw(decimals(1, 6))) for end in ends)
    most = draw(st.sampled_from([Fraction(3, 10), Fraction(15, 100), Fraction(1)]))
    executives = draw(st.sampled_from([None, Fraction(3, 10), Fraction(1, 3), Fraction(0)]))
    cap = draw(st.sampled_from([None, Fraction(2, 3), Fraction(1, 100)]))
    drawn = st.tuples(decimals(3, 2), decimals(2, 4), st.integers(0, 800), st.integers(0, 10**8))
    rows = draw(st.lists(st.tuples(drawn, st.booleans(), st.booleans()), min_size=1, max_size=9))
    people, written = [], []
    for index, ((coefficient, score, days, pay), executive, elsewhere) in enumerate(rows):
        weight = coefficient * score * days if days >= 365 and not elsewhere else Fraction(0)
        paid_at_most = None if cap is None else floor(cap * pay)
        people.append(Person(f"s{index}", weight, paid_at_most, executive))
        written.append(
            {
                "staff_id": f"s{index}",
                "role": "trader",
                "coefficient": wire_decimal(coefficient),
                "individual_score": wire_decimal(score),
                "days_in_post": days,
                "executive": executive,
                "annual_pay": wire_fen(pay),
                "in_other_plan": elsewhere,
            }
        )
    rules = {
        "excess_tiers": [_excess_tier(*tier) for tier in tiers],
        "pool_limit": _limit(most),
        "minimum_days_in_post": 365,
        **({} if cap is None else {"person_cap": _limit(cap)}),
        **({} if executives is None else {"executives_limit": _limit(executives)}),
    }
    request = {
        "result": wire_fen(result),
        "target": wire_fen(target),
        "rules": rules,
        "assignments": written[::-1],
    }
    return PoolCase(request, max(0, result - target), tiers, most, tuple(people), executives)


@st.composite
def _fills(draw: st.DrawFn, price: Fraction) -> Traded:
    tonnes = draw(st.integers(1, 100) | st.integers(1, 1_000_000))
    amount = floor(tonnes * 100 * (price + draw(decimals(20, 2)) - draw(decimals(20, 2))))
    return Traded(tonnes, max(0, amount), draw(st.integers(0, 100_000)))


def _guarantee_request(
    terms: Terms, window_end: date, fills: dict[str, list[Traded]]
) -> dict[str, object]:
    optional_fields: dict[str, object] = {}
    if terms.loss_cap is not None:
        optional_fields["loss_cap_per_tonne"] = wire_decimal(terms.loss_cap)
    if terms.reference is not None:
        optional_fields["reference_price"] = wire_decimal(terms.reference)
        optional_fields["undelivered"] = "UNDELIVERED_AT_REFERENCE"
    return {
        "side": f"GUARANTEE_SIDE_{terms.side}",
        "promised_price": wire_decimal(terms.price),
        "gain_share_tiers": [wire_gain_tier(*tier) for tier in terms.tiers],
        "fees_included": terms.with_fees,
        "share_timing": f"SHARE_TIMING_{terms.timing}",
        "window_end": wire_day(window_end),
        "volume_tonnes": terms.volume,
        "months": [
            {"month": month, "fills": [_written_fill(fill) for fill in made]}
            for month, made in fills.items()
        ],
        **optional_fields,
    }


def _written_fill(fill: Traded) -> Json:
    return {
        "tonnes": fill.tonnes,
        "amount": wire_fen(fill.amount),
        "fees": wire_fen(fill.fees),
    }


def _excess_tier(end: int | None, part: Fraction) -> Json:
    bound = {} if end is None else {"up_to": wire_fen(end)}
    return {**bound, "pool_share": wire_decimal(part)}


def _limit(part: Fraction) -> Json:
    return {"numerator": part.numerator, "denominator": part.denominator, "source": "invented"}

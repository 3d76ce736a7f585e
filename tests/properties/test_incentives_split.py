"""Awards and what stays sum to the pool; no cap is broken; order does not matter."""

from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.incentives.domain.split import Claim, fill, split_pool

POOLS = st.integers(0, 10**12)
LIMITS = st.none() | st.fractions(0, 1, max_denominator=100)
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.text("abcdef", min_size=1, max_size=3),
        st.decimals(0, 1000, places=2) | st.just(Decimal(0)),
        st.none() | st.integers(0, 10**11),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda claim: claim.name,
)


@given(POOLS, CLAIMS, LIMITS)
def test_awards_and_what_stays_sum_to_the_pool(
    pool: int, claims: list[Claim], limit: Fraction | None
) -> None:
    parts = split_pool(pool, claims, executives_limit=limit)
    assert 0 <= sum(parts.values()) <= pool
    assert parts.keys() == {claim.name for claim in claims}
    assert all(part >= 0 for part in parts.values())


@given(POOLS, CLAIMS, LIMITS)
def test_nobody_is_above_a_cap(pool: int, claims: list[Claim], limit: Fraction | None) -> None:
    parts = split_pool(pool, claims, executives_limit=limit)
    for claim in claims:
        assert claim.cap is None or parts[claim.name] <= claim.cap
        assert claim.weight > 0 or parts[claim.name] == 0


@given(POOLS, CLAIMS, st.fractions(0, 1, max_denominator=100))
def test_executives_have_at_most_their_part_of_what_is_paid(
    pool: int, claims: list[Claim], limit: Fraction
) -> None:
    parts = split_pool(pool, claims, executives_limit=limit)
    theirs = sum(parts[claim.name] for claim in claims if claim.executive)
    assert theirs <= limit * sum(parts.values())


@given(POOLS, CLAIMS, LIMITS, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(
    pool: int, claims: list[Claim], limit: Fraction | None, random: Random
) -> None:
    shuffled = random.sample(claims, len(claims))
    assert split_pool(pool, claims, executives_limit=limit) == split_pool(
        pool, shuffled, executives_limit=limit
    )


@given(POOLS, CLAIMS, LIMITS)
def test_something_stays_only_where_caps_hold_it_back(
    pool: int, claims: list[Claim], limit: Fraction | None
) -> None:
    parts = split_pool(pool, claims, executives_limit=limit)
    if sum(parts.values()) == pool:
        return
    others = [claim for claim in claims if claim.weight > 0 and not claim.executive]
    assert all(claim.cap is not None and parts[claim.name] == claim.cap for claim in others)


def _caps_until_stable(pool: int, claims: list[Claim]) -> dict[str, Fraction]:
    """The rule in its own words: cap whoever is above, share the rest anew, until nobody is."""
    exact = {claim.name: Fraction(0) for claim in claims}
    sharing = [claim for claim in claims if claim.weight > 0]
    left = Fraction(pool)
    for _ in claims:
        whole = sum((Fraction(claim.weight) for claim in sharing), Fraction(0))
        shares = {claim.name: left * Fraction(claim.weight) / whole for claim in sharing}
        above = [c for c in sharing if c.cap is not None and shares[c.name] > c.cap]
        if not above:
            return {**exact, **shares}
        for claim in above:
            exact[claim.name] = Fraction(claim.cap or 0)
            left -= exact[claim.name]
            sharing.remove(claim)
    return exact


@given(POOLS, CLAIMS)
def test_one_pass_gives_what_capping_until_stable_gives(pool: int, claims: list[Claim]) -> None:
    parts, exact = fill(pool, claims), _caps_until_stable(pool, claims)
    assert all(abs(parts[name] - share) < 1 for name, share in exact.items())

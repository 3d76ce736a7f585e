"""The third moment: its derivatives are its own, and it brings the price to the exact one."""

import numpy as np
import pytest

from services.pricing.domain.guarantee.conditioned_point import conditioned_point
from services.pricing.domain.guarantee.conditioning import ConditionedLaws, conditioned_laws
from services.pricing.domain.guarantee.density import density_law
from tests.builders.guarantee import weekly_average

FORWARDS, VARIANCES = (
    np.array([29.71, 15.31, 11.3, 22.27]),
    np.array([0.0215, 0.0218, 0.1158, 0.2264]),
)


def rough() -> ConditionedLaws:
    return conditioned_laws(known=np.zeros(1), forwards=FORWARDS[None], variances=VARIANCES[None])


def test_is_left_out_where_it_is_nothing() -> None:
    average = weekly_average()
    law = conditioned_laws(
        known=average.known, forwards=average.forwards, variances=average.variances
    )
    assert law.loadings.openness is None
    assert not law.is_approached_roughly


def test_its_slopes_are_those_of_its_values() -> None:
    openness = rough().loadings.openness
    assert openness is not None
    z, bump = np.linspace(-3.0, 3.0, 25)[None], 1e-4
    speed = conditioned_point(rough().loadings, z, curved=False).speed
    here, up, down = (openness.skew(z + by) for by in (0.0, bump, -bump))
    assert (up.value - down.value) / (2 * bump) == pytest.approx(here.slope * speed, abs=1e-8)
    assert (up.slope - down.slope) / (2 * bump) == pytest.approx(here.curvature * speed, abs=1e-8)


def test_is_the_third_moment_of_all_triples() -> None:
    """Count triples one by one, as the formula of the series does not."""
    openness = rough().loadings.openness
    assert openness is not None
    slopes = openness.slopes[0, 0]
    lesser = np.minimum.outer(VARIANCES, VARIANCES)
    given = FORWARDS * np.exp(-0.5 * slopes**2)
    whole = np.trace(np.linalg.matrix_power(given[:, None] * lesser, 3))
    later = np.cumsum(given[::-1])[::-1]
    series = np.zeros((1, 1, 5, 4))
    series[0, 0, 0] = later
    assert openness._triple(series)[0, 0, 0] == pytest.approx(whole, rel=1e-12)


def test_brings_the_price_far_closer_to_the_exact_one() -> None:
    law = rough()
    strikes = law.expected[0] + law.spread[0] * np.linspace(-2.0, 2.0, 9)[None]
    exact = density_law(known=0.0, forwards=FORWARDS, variances=VARIANCES, with_vega=False)
    wanted = exact.calls(strikes).value
    plain = np.abs(law.approach(strikes, after=None).value - wanted).max()
    assert plain > 5e-4
    assert np.abs(law.calls(strikes).value - wanted).max() < 0.25 * plain

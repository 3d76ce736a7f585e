"""The default pricer: condition on the weighted mean of logarithms, then correct by the variance.

The average is ``a + sum x_i M_i``, where ``a`` is known, ``x_i`` is weight times forward, and
``M_i`` a lognormal of mean 1 with total variance ``V_i``. Given the standard normal ``z`` of the
weighted mean of logarithms each ``M_i`` is lognormal, so the conditional mean is explicit and gives
a lower bound of a call; the conditional variance adds the leading term of what is missing.
Sources: Curran 1994; Rogers and Shi 1995; docs/reference/guarantee-pricer.md has every formula.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from services.pricing.domain.guarantee.arrays import Calls, Floats, Place, Rows, Survey
from services.pricing.domain.guarantee.conditioned_point import Loadings, Point, conditioned_point
from services.pricing.domain.guarantee.conditioned_skew import Openness

_LEAST_VARIANCE = 1e-20
"""A volatility of 1e-10: where nothing moves all formulas stay finite, and hold to 1e-8 CNY."""

_FARTHEST = 38.0
"""Beyond this the normal density is zero in binary numbers."""

_NEAR = 0.03
"""A Newton step below this leaves an error of its square, which the expansion then removes."""

_MOST_OFF = 0.003
"""Strikes are expanded from one nearby, at most this part of the deviation away."""

_ROUGH = 5e-5
"""Roughness: the sum of squares of weight times unexplained variance, over the deviation.

Below this the third moment adds less than 2.1e-4 CNY in 80 to a call at any strike.
"""

_ASYMMETRIC = 2e-4
"""Below this asymmetry it adds less than 3.1e-4."""

_MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class ConditionedLaws:
    """The laws of many averages; built by ``conditioned_laws``. Figures are laws by strikes.

    ``known`` is the part that is known, ``future`` the mean of the rest, ``width`` its standard
    deviation to second order, and ``deviation`` that of the weighted mean of its logarithms; each
    laws by one. ``asymmetry``, one a law, tells how much the variance leaves out; 0: very little.
    """

    known: Floats
    future: Floats
    width: Floats
    deviation: Floats
    asymmetry: Floats
    loadings: Loadings

    @property
    def expected(self) -> Floats:
        """The mean of each average."""
        mean: Floats = self.known[:, 0] + self.future[:, 0]
        return mean

    @property
    def spread(self) -> Floats:
        """The standard deviation of each average, to second order."""
        return self.width[:, 0]

    @property
    def is_approached_roughly(self) -> bool:
        """Whether the third moment, which ``approach`` leaves out, counts in any law."""
        return self.loadings.openness is not None

    def only(self, law: int) -> "ConditionedLaws":
        """Pick one law."""
        row = slice(law, law + 1)
        return ConditionedLaws(
            self.known[row],
            self.future[row],
            self.width[row],
            self.deviation[row],
            self.asymmetry[row],
            self.loadings.only(law),
        )

    def calls(self, strikes: Floats) -> Calls:
        """Price calls; where what is known exceeds the strike, exactly."""
        wanted = self._wanted(strikes)
        point = conditioned_point(self.loadings, self._solved(wanted), curved=True)
        return self._bounded(point, strikes, wanted)

    def approach(self, strikes: Floats, *, after: Calls | None) -> Calls:
        """Price calls; near known strikes without a search of their own."""
        wanted = self._wanted(strikes)
        if after is not None and after.place is not None:
            point = conditioned_point(self.loadings, _foreseen(after.place, wanted), curved=False)
            off = wanted - point.reached
            if (np.abs(off) <= _MOST_OFF * self.width).all():
                return self._expanded(point, strikes, off)
        point = conditioned_point(self.loadings, self._solved(wanted), curved=False)
        return self._expanded(point, strikes, wanted - point.reached)

    def survey(self, strikes: Floats, probabilities: Floats) -> Survey:
        """Price calls and find quantiles of one law, together.

        A quantile starts from that of the normal, which leaves a small excess of probability. The
        step with that excess as a straight line is exact, and errs by less than 1e-4 CNY.
        """
        wanted, normal = self._wanted(strikes), ndtri(probabilities)[None]
        z = np.concatenate([self._solved(wanted), normal], axis=1)
        point, each = conditioned_point(self.loadings, z, curved=True), strikes.shape[1]
        calls = self._bounded(point.part(slice(None, each)), strikes, wanted)
        there = point.part(slice(each, None))
        move = -there.excess / (there.density + there.excess_slope)
        sought = probabilities - there.excess - there.excess_slope * move
        move = ndtri(np.clip(sought, 1e-300, 1.0 - 1e-16)) - normal
        distance = move * (there.speed + move * (0.5 * there.second + move * there.third / 6.0))
        twist = -there.density * (normal + there.second / there.speed) / there.speed**2
        bent = 0.5 * there.curvature + distance * twist / 6.0
        value = there.value + distance * (there.slope + distance * bent)
        return Survey(calls, (self.known + there.reached + distance)[0], value[0])

    def _wanted(self, strikes: Floats) -> Floats:
        """What the open part must exceed; where it surely does, its mean stands in."""
        wanted = strikes - self.known
        return wanted if (wanted > 0.0).all() else np.where(wanted > 0.0, wanted, self.future)

    def _solved(self, wanted: Floats) -> Floats:
        """Find where the mean given ``z`` is ``wanted``: Newton on its logarithm."""
        z = np.log(wanted / self.future) / self.deviation + 0.5 * self.deviation
        z = _held(z)
        for _ in range(_MOST_STEPS):
            given = self.loadings.given(z)
            mean = np.add.reduce(given, axis=-1)
            step = np.log(mean / wanted) * mean / np.vecdot(given, self.loadings.slopes)
            before, z = z, _held(z - step)
            if (np.abs(z - before) < _NEAR).all():
                break
        return z

    def _expanded(self, point: Point, strikes: Floats, off: Floats) -> Calls:
        """Go from the strikes reached to those wanted; certain where known exceeds the strike."""
        bent, far = point.second / point.speed, off * point.density
        value = point.value + off * (point.slope + 0.5 * off * point.curvature)
        slope = point.slope + off * point.curvature
        curvature = point.curvature - far * (point.z + bent) / (point.speed * point.speed)
        log_vega = point.density * point.speed + far * (bent - point.z) + point.louder
        is_open = strikes > self.known
        if not is_open.all():
            value = np.where(is_open, value, self.known + self.future - strikes)
            slope = np.where(is_open, slope, -1.0)
            curvature, log_vega = curvature * is_open, log_vega * is_open
        place = Place(point.z, point.reached, point.speed, point.second)
        return Calls(value, slope, curvature, log_vega, place)

    def _bounded(self, point: Point, strikes: Floats, wanted: Floats) -> Calls:
        """Expand, and hold what must hold of any call, however far out."""
        calls = self._expanded(point, strikes, wanted - point.reached)
        least = np.maximum(self.known + self.future - strikes, 0.0)
        most = np.maximum(self.future, least)
        return calls._replace(
            value=np.minimum(np.maximum(calls.value, least), most),
            slope=np.minimum(np.maximum(calls.slope, -1.0), 0.0),
            curvature=np.maximum(calls.curvature, 0.0),
            log_vega=np.maximum(calls.log_vega, 0.0),
        )


def conditioned_laws(*, known: Floats, forwards: Floats, variances: Floats) -> ConditionedLaws:
    """Prepare laws from what is known, and per fixing in time order weight x forward and variance.

    ``forwards`` and ``variances`` are laws by fixings; a fixing of no weight may fill up a row.
    """
    latest_first = np.ascontiguousarray(forwards[:, None, ::-1])
    variance = np.maximum(variances[:, None, ::-1], _LEAST_VARIANCE)
    squared = variance * variance
    step, square_step = variance.copy(), squared.copy()
    step[..., :-1] -= variance[..., 1:]
    square_step[..., :-1] -= squared[..., 1:]
    later = np.cumsum(latest_first, axis=-1)
    future = later[..., -1]
    covariance = np.cumsum((step * later)[..., ::-1], axis=-1)[..., ::-1]
    deviation = np.sqrt(np.vecdot(latest_first, covariance))
    powers = np.empty((*future.shape, 4, variance.shape[-1]))
    powers[:, :, 0] = 1.0
    slopes = np.divide(covariance, deviation[..., None], out=powers[:, :, 1])
    squares = np.multiply(slopes, slopes, out=powers[:, :, 2])
    np.multiply(squares, slopes, out=powers[:, :, 3])
    grown = step + 0.5 * square_step
    width = np.sqrt(np.vecdot(later * later, grown))
    steps = np.concatenate([grown, -step], axis=-1)
    left = latest_first * (variance - squares)
    roughness = np.vecdot(left, left) / (deviation * future)
    rough = np.flatnonzero(roughness > _ROUGH)
    asymmetry, rough, openness = _left_open(rough, latest_first, slopes, variance, step)
    loadings = Loadings(latest_first, slopes, 0.5 * squares, powers, steps, rough, openness)
    return ConditionedLaws(known[:, None], future, width, deviation / future, asymmetry, loadings)


def _left_open(
    rough: Rows, forwards: Floats, *figures: Floats
) -> tuple[Floats, Rows, Openness | None]:
    """Of rough laws tell asymmetries, those in which they count, and what these leave open."""
    asymmetry = np.zeros(len(forwards))
    if not len(rough):
        return asymmetry, rough, None
    openness = Openness(*(of[rough, :, ::-1] for of in (forwards, *figures)))
    found = openness.asymmetry()
    asymmetry[rough] = found
    counts = np.flatnonzero(found > _ASYMMETRIC)
    return asymmetry, rough[counts], openness.take(counts) if len(counts) else None


def _foreseen(place: Place, wanted: Floats) -> Floats:
    """Where strikes nearby should lie, to second order."""
    move = (wanted - place.reached) / place.speed
    return _held(place.z + move * (1.0 - 0.5 * move * place.second / place.speed))


def _held(z: Floats) -> Floats:
    return np.minimum(np.maximum(z, -_FARTHEST), _FARTHEST)

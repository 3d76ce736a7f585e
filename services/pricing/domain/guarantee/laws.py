"""Which law prices which average: the default, the audit where it is too wide, or none."""

from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaw, Calls, Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.certain import CertainLaw
from services.pricing.domain.guarantee.conditioning import ConditionedLaws, conditioned_laws
from services.pricing.domain.guarantee.density import MOST_FIXINGS, DensityLaw, density_law
from services.pricing.domain.guarantee.model import (
    AUDIT_MODEL,
    CERTAIN_MODEL,
    DEFAULT_MODEL,
    MOST_ASYMMETRIC,
    WIDEST_DEFAULT,
)

_FEWER_FIXINGS = 64
"""What is left of more fixings where a row is not looked at closely: moves 2e-3 CNY at 80 %."""


@dataclass(frozen=True, slots=True)
class MixedLaws:
    """The laws of many averages, each by the model that fits it.

    ``default`` has a row for each; ``others``, by row, stand for theirs.
    """

    default: ConditionedLaws
    others: tuple[tuple[int, AverageLaw], ...] = ()

    @property
    def expected(self) -> Floats:
        """The mean of each average."""
        mean = self.default.expected
        for row, law in self.others:
            mean[row] = law.expected[0]
        return mean

    @property
    def spread(self) -> Floats:
        """The standard deviation of each average, about."""
        if not self.others:
            return self.default.spread
        spread = self.default.spread.copy()
        for row, law in self.others:
            spread[row] = law.spread[0]
        return spread

    @property
    def is_approached_roughly(self) -> bool:
        """Whether ``approach`` is less exact than ``calls`` for any average."""
        return self.default.is_approached_roughly

    def calls(self, strikes: Floats) -> Calls:
        """Price calls, laws by strikes."""
        calls = self.default.calls(strikes)
        for row, law in self.others:
            _replace(calls, row, law.calls(strikes[row : row + 1]))
        return calls

    def approach(self, strikes: Floats, *, after: Calls | None) -> Calls:
        """Price calls near known strikes."""
        calls = self.default.approach(strikes, after=after)
        for row, law in self.others:
            _replace(calls, row, law.approach(strikes[row : row + 1], after=None))
        return calls

    def only(self, row: int) -> AverageLaw:
        """Pick the law of one average."""
        return dict(self.others).get(row) or self.default.only(row)


def laws_of(
    averages: Averages, *, closely: int | None = None, with_vega: bool = False
) -> MixedLaws:
    """Choose and prepare the law of each average.

    An audit law takes 1 to 20 ms for 12 to 60 fixings, three times that with vega, which it has in
    the row ``closely`` and, ``with_vega``, in every row. That row keeps more of its fixings,
    and alone is audited where its default is merely rough; without such a row all are.
    """
    known, forwards, variances = averages.known, averages.forwards, averages.variances
    is_open = np.vecdot(forwards, variances) > 0.0
    certain = [] if is_open.all() else np.flatnonzero(~is_open).tolist()
    if certain:
        forwards, variances = _stand_ins(forwards, variances, is_open)
    default = conditioned_laws(known=known, forwards=forwards, variances=variances)
    audited = (default.deviation[:, 0] > WIDEST_DEFAULT) & is_open
    if default.is_approached_roughly:
        rough = (default.asymmetry > MOST_ASYMMETRIC) & is_open
        audited |= rough if closely is None else rough & (np.arange(len(rough)) == closely)
    others: list[tuple[int, AverageLaw]] = [
        (row, CertainLaw(float(known[row] + averages.forwards[row].sum()))) for row in certain
    ]
    for row in np.flatnonzero(audited).tolist() if audited.any() else ():
        most = MOST_FIXINGS if row == closely else _FEWER_FIXINGS
        vega = with_vega or row == closely
        others.append((row, audit_law(averages, row, vega=vega, most_fixings=most)))
    return MixedLaws(default, tuple(others))


def audit_law(averages: Averages, row: int, *, vega: bool, most_fixings: int) -> DensityLaw:
    """Prepare the audit law of one average."""
    return density_law(
        known=float(averages.known[row]),
        forwards=averages.forwards[row],
        variances=averages.variances[row],
        with_vega=vega,
        most_fixings=most_fixings,
    )


def model_of(law: AverageLaw) -> str:
    """Name the model of one law."""
    if isinstance(law, CertainLaw):
        return CERTAIN_MODEL
    return AUDIT_MODEL if isinstance(law, DensityLaw) else DEFAULT_MODEL


def _stand_ins(
    forwards: Floats, variances: Floats, is_open: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
) -> tuple[Floats, Floats]:
    """Fill rows in which nothing moves with any that do, so that all formulas stay finite."""
    if not forwards.shape[1]:
        forwards = variances = np.zeros((len(forwards), 1))
    rows = is_open[:, None]
    return np.where(rows, forwards, 1.0), np.where(rows, variances, 0.01)


def _replace(calls: Calls, row: int, by: Calls) -> None:
    """Overwrite one row of fresh answers."""
    for figures, figure in zip(calls[:4], by[:4], strict=True):
        assert isinstance(figures, np.ndarray)
        figures[row] = figure

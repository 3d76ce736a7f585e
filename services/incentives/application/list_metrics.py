"""ListMetrics: measure a cycle as the books stand now."""

from dataclasses import dataclass
from enum import StrEnum

from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.ports import Schemes
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.metric import Metric
from services.kernel.finding import Finding
from services.kernel.identifiers import SchemeName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


class MetricLevel(StrEnum):
    """Whose figures: of the whole company (by month too), or of each contract."""

    COMPANY = "COMPANY"
    CONTRACT = "CONTRACT"


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """One page of figures, and what could not be measured."""

    page: Page[Metric]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMetrics:
    """Measures a cycle by the benchmarks of a scheme; stores nothing."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    measure_cycle: MeasureCycle

    def __call__(
        self, *, scheme: SchemeName, cycle: Cycle, level: MetricLevel | None, page: PageRequest
    ) -> MeasuredPage:
        """Measure; ``level`` None is both.

        Raises:
            NotFound: there is no such scheme.
            WrongState: a month of the cycle is open.
        """
        with self.unit_of_work():
            measured = self.measure_cycle(cycle=cycle, scheme=self.schemes.get(scheme))
        wanted = [m for m in measured.metrics if level in {None, level_of(m)}]
        return MeasuredPage(_cut(wanted, page), measured.findings)


def level_of(metric: Metric) -> MetricLevel:
    """Tell whose figure it is."""
    by_contract = metric.subject.startswith("contracts/")
    return MetricLevel.CONTRACT if by_contract else MetricLevel.COMPANY


def _cut(metrics: list[Metric], page: PageRequest) -> Page[Metric]:
    ordered = sorted(metrics, key=_key)
    rest = [m for m in ordered if page.after is None or _key(m) > page.after]
    items = tuple(rest[: page.size])
    return Page(items, _key(items[-1]) if len(rest) > page.size else None)


def _key(metric: Metric) -> tuple[str, ...]:
    return (metric.kind.value, metric.subject)

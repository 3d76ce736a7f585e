"""GetSettlementRun: show one run."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import SettlementRuns
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True)
class RunWithProgress:
    """A run, and how many of its chunks are done."""

    run: SettlementRun
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSettlementRun:
    """Reads one run with its findings, signatures and progress."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns

    def __call__(self, *, name: RunName) -> RunWithProgress:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            run = self.runs.find(name)
            if run is None:
                raise NotFound(name)
            return RunWithProgress(run, *self.runs.progress(name))

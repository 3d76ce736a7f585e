"""PostIncentiveRun: book what an approved run awards."""

from dataclasses import dataclass, replace

from services.incentives.application.ports import IncentiveBooks, Runs
from services.incentives.domain.run import IncentiveRun
from services.kernel.authority import RunState
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PostIncentiveRun:
    """Books the sum of a run's awards as an expense and a debt to staff, once."""

    unit_of_work: UnitOfWork
    runs: Runs
    books: IncentiveBooks

    def __call__(self, *, name: RunName) -> IncentiveRun:
        """Post, in the first open month.

        Raises:
            NotFound.
            WrongState: the run is not approved, or posted already.
        """
        with self.unit_of_work():
            run = self.runs.get(name, lock=True)
            signed = run.sign_off.conclude(RunState.POSTED, digest=run.sign_off.digest)
            entry = self.books.post(
                run=run.name, earned_month=run.cycle.last, awarded=run.outcome.awarded
            )
            posted = replace(run.signed(signed), journal_entry=entry)
            self.runs.save(posted)
        return posted

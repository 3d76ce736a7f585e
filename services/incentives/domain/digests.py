"""What is signed: one fingerprint over figures, people, rules and awards of a run."""

from collections.abc import Sequence

from services.incentives.domain.award import Grant
from services.incentives.domain.run import IncentiveRun, Outcome
from services.incentives.domain.scheme import Scheme
from services.kernel.digest import digest_of


def run_digest(
    run: IncentiveRun, *, scheme: Scheme, outcome: Outcome, grants: Sequence[Grant]
) -> str:
    """Compute the digest of a run; the scheme never changes, so its text stands for its rules."""
    return digest_of(
        [
            [run.name, str(run.cycle), run.assignments_version, str(run.on_time_surrender)],
            [scheme.name, str(scheme.rules), str(scheme.benchmarks), str(scheme.annual_target)],
            [str(outcome.result), str(outcome.target), str(outcome.pool), str(outcome.awarded)],
            [[m.kind.value, m.subject, str(m.value), *m.sources] for m in outcome.metrics],
            [[line.run, str(line.amount)] for line in outcome.corrections],
            [[f.reason, f.subject] for f in outcome.findings],
            [[g.assignment.staff_id, str(g.weight), str(g.amount)] for g in grants],
        ]
    )

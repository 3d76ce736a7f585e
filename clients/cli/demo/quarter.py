"""The second chapter: three months traded, billed, settled, signed, posted and closed."""

from clients.cli.demo.cast import Cast, Person
from clients.cli.demo.group import Group
from clients.cli.demo.steps import Steps
from clients.cli.incentive_runs import IncentiveRun, IncentiveRuns
from clients.cli.loading import market
from clients.cli.output import refuse_blocked
from clients.cli.runs import BillingRun, MonthRuns, Run

DIRECTOR_ROLE = "finance_director"


def run_month(group: Group, month: str, cast: Cast, steps: Steps) -> None:
    """Take a month from its trades to closed books."""
    steps.headline(f"Month {month}")
    _record_trades(group, month, cast, steps)
    operator = MonthRuns(cast.acting(Person.OPERATOR), month)
    allocated = operator.allocate()
    steps.done(
        f"{allocated.trade_count} trades in {allocated.bundle_count} bundles became "
        f"{allocated.allocation_count} allocations",
        Person.OPERATOR,
    )
    for run in (operator.bill(), operator.settle()):
        steps.done(f"{run.name} calculated, {len(run.findings)} findings", Person.OPERATOR)
        refuse_blocked(run.name, run.findings)
        _sign_and_post(run, month, cast, steps)
    closed = MonthRuns(cast.acting(Person.CONTROLLER), month).close()
    steps.done(f"{closed.name} closed", Person.CONTROLLER)


def run_incentives(scheme: str, cycle: str, cast: Cast, steps: Steps) -> IncentiveRun:
    """Calculate, sign and post the incentive run of the closed quarter."""
    steps.headline(f"Incentives of {cycle}")
    run = IncentiveRuns(cast.acting(Person.HR)).start(scheme, cycle)
    steps.done(f"{run.name} calculated, {run.award_count} awards", Person.HR)
    refuse_blocked(run.name, run.findings)
    IncentiveRuns(cast.acting(Person.CONTROLLER)).review(run)
    approved = IncentiveRuns(cast.acting(Person.DIRECTOR)).approve(run)
    steps.done(f"{run.name} reviewed and approved", f"{Person.CONTROLLER}, {Person.DIRECTOR}")
    posted = IncentiveRuns(cast.acting(Person.DIRECTOR)).post(approved)
    steps.done(f"{run.name} posted", Person.DIRECTOR)
    return posted


def _record_trades(group: Group, month: str, cast: Cast, steps: Steps) -> None:
    trades = group.rows_of_month("trades.csv", month)
    if trades:
        steps.loaded(market.load_trades(cast.acting(Person.TRADER), trades), Person.TRADER)
    transfers = group.rows_of_month("transfers.csv", month)
    if transfers:
        reviewer = cast.acting(Person.TRADE_REVIEWER)
        steps.loaded(market.load_transfers(reviewer, transfers), Person.TRADE_REVIEWER)


def _sign_and_post(run: Run, month: str, cast: Cast, steps: Steps) -> None:
    controller = MonthRuns(cast.acting(Person.CONTROLLER), month)
    second = MonthRuns(cast.acting(Person.SECOND_CONTROLLER), month)
    approved = second.approve(controller.review(run))
    signed = f"{Person.CONTROLLER}, {Person.SECOND_CONTROLLER}"
    if approved.awaiting_role == DIRECTOR_ROLE:
        approved = MonthRuns(cast.acting(Person.DIRECTOR), month).approve(approved)
        signed += f", {Person.DIRECTOR}"
    steps.done(f"{run.name} reviewed and approved", signed)
    concluded = controller.conclude(approved)
    word = "issued" if isinstance(concluded, BillingRun) else "posted"
    steps.done(f"{run.name} {word}", Person.CONTROLLER)

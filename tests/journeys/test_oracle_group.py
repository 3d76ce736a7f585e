"""A group drawn at random, run from January to a closed May, held against the oracle.

People join, leave and change class, tariffs and scales change within the year and backwards, trades
come late, are corrected and cancelled, allowances are transferred, months are revised. After each
step the service must show what the oracle, which shares no line with it, has worked out.
"""

import os
import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.customers import owed
from tests.oracle.fees import months as fee_months
from tests.oracle.guarantees import Moved, Traded, by_month, rows_by_origin, share_of
from tests.oracle.market import POOL, Pact
from tests.oracle.rounding import fen, tax_of
from tests.oracle.spelling import code_of, fen_of, wire_day
from tests.support.client import Client, Json
from tests.support.month import GroupOffice
from tests.support.random_group import PER_TONNE, PER_TONNE_TAX, TAXES, RandomGroup
from tests.support.service import Service

MONTHS = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]
SEED = int(os.environ.get("TANHENG_ORACLE_SEED", "1"))
READER, RUNNER = "finance_controller", "finance_operator"
SETTLEMENTS = "settlement.SettlementService"


@pytest.fixture
def group(service: Service) -> RandomGroup:
    """Six customers with their contracts, and open books."""
    client = Client(
        service.address,
        lambda role, subject, customers: service.token(role, subject=subject, customers=customers),
    )
    made = RandomGroup(GroupOffice(client), random.Random(SEED))
    made.open(plants=6)
    return made


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_five_months_of_a_random_group_are_what_the_oracle_works_out(group: RandomGroup) -> None:
    for month in MONTHS:
        live_through(group, month)
        compare_allocations(group, month)
        compare_previews(group)
        group.office.bill(month)
        compare_documents(group, month, {"month": month})
        group.office.settle(month)
        compare_settlements(group, month, {"month": month})
        if group.rng.random() < 0.7:
            revise(group, month)
            bill_again(group, month)
        closed: Any = group.office.close(month)
        assert closed.checklist.tonnes_agree
        group.market.close(month)
        compare_books(group, month)
        compare_contracts(group, month)


# --- what happens in a month ----------------------------------------------------------------------


def live_through(group: RandomGroup, month: str) -> None:
    """Let a month happen, and from the second one on what is late or changes the past."""
    rng, days = group.rng, group.days_of(month)
    group.trade(month, days=days, count=rng.randint(8, 16))
    for _ in range(3):
        group.transfer(month, rng.choice(days))
    for deal in [each for each in group.market.deals if each.booked == month][:2]:
        if " " not in deal.key:
            group.correct(month, deal)
    if month != MONTHS[0]:
        happen_late(group, month)
        change_customers(group, days[0].replace(day=1))


def happen_late(group: RandomGroup, month: str) -> None:
    """Learn of trades and transfers of closed months, and of mistakes in them."""
    rng = group.rng
    past = [day for each in MONTHS[: MONTHS.index(month)] for day in group.days_of(each)]
    group.trade(month, days=past, count=rng.randint(2, 6))
    group.transfer(month, rng.choice(past))
    for _ in range(4):
        group.correct(month, rng.choice(group.correctable(month)))


def change_customers(group: RandomGroup, first: date) -> None:
    """State a scale, and perhaps let somebody join, leave or change class, and a tariff change."""
    rng = group.rng
    group.state(rng.choice(sorted(group.plants)), final=rng.random() < 0.6)
    if rng.random() < 0.6:
        group.join(max(date(2025, 1, 1), first - timedelta(days=rng.randint(0, 40))))
    if rng.random() < 0.6:
        group.revise(rng.choice(list(TAXES)), first + timedelta(days=rng.randint(-50, 20)))
    if rng.random() < 0.7:
        day = first + timedelta(days=rng.randint(-30, 25))
        group.change_class(rng.choice(sorted(group.plants)), day)
    if rng.random() < 0.4:
        group.leave(rng.choice(sorted(group.plants)), first + timedelta(days=rng.randint(0, 20)))


def revise(group: RandomGroup, month: str) -> None:
    """Learn of one more trade after FINAL is posted, and settle it by a REVISION."""
    group.trade(month, days=group.days_of(month), count=1)
    compare_allocations(group, month)
    request = {"month": month, "kind": "SETTLEMENT_RUN_KIND_REVISION"}
    run = group.office.finish(group.call(f"{SETTLEMENTS}/StartSettlementRun", request, RUNNER))
    group.office._sign(SETTLEMENTS, "SettlementRun", run)
    named = {"name": run.name}  # type: ignore[attr-defined]
    group.call(f"{SETTLEMENTS}/PostSettlementRun", named, "finance_controller")
    compare_settlements(group, month, {"settlement_run": named["name"]})


def bill_again(group: RandomGroup, month: str) -> None:
    """Bill what is still owed after the first issue of a month."""
    group.state(group.rng.choice(sorted(group.plants)), final=False)
    service = "billing.BillingService"
    run = group.office.finish(group.call(f"{service}/StartBillingRun", {"month": month}, RUNNER))
    group.office._sign(service, "BillingRun", run)
    named = {"billing_run": run.name}  # type: ignore[attr-defined]
    group.call(f"{service}/IssueInvoices", named, "finance_controller")
    compare_documents(group, month, named)


# --- what must be shown ---------------------------------------------------------------------------


def compare_allocations(group: RandomGroup, month: str) -> None:
    """Allocate the month, and compare every owner's part of every day."""
    answer = group.call("settlement.TradeService/AllocateTrades", {"month": month}, RUNNER)
    assert not answer.findings
    group.market.allocate(month)
    shown: dict[tuple[str, str, date, str, str], Traded] = defaultdict(Traded)
    method = "settlement.TradeService/ListAllocations"
    for part in listed(group, method, "allocations", {"month": month}):
        day = date(part.trade_date.year, part.trade_date.month, part.trade_date.day)
        owner, side = part.contract or part.customer, {1: "BUY", 2: "SELL"}[part.side]
        key = (part.month, owner, day, code_of(part.instrument), side)
        shown[key] += Traded(part.tonnes, fen_of(part.amount), fen_of(part.fees))
    moving = {key: part for key, part in shown.items() if part != Traded()}
    assert moving == group.market.totals(month)


def compare_previews(group: RandomGroup) -> None:
    """Compare the year's fee of every customer, month by month, as known by now."""
    method = "billing.BillingService/PreviewManagementFee"
    for plant in group.plants.values():
        answer = group.call(method, {"customer": plant.name, "year": 2025}, READER)
        shown = {
            each.month: (fen_of(each.net), fen_of(each.tax), fen_of(each.gross))
            for each in answer.months
        }
        assert shown == fee_months(group.fee_days(plant), 2025, plant.scales[-1])


def compare_documents(group: RandomGroup, month: str, which: Json) -> None:
    """Compare what each customer is billed and credited, by tax rate, and the tax of every line."""
    shown: dict[tuple[str, Fraction], int] = defaultdict(int)
    for document in documents(group, which):
        for line in document.lines:
            rate = Fraction(line.tax_rate.value)
            inclusive = (rate, True) in TAXES.values()
            own = fen_of(line.gross if inclusive else line.net)
            amounts = (fen_of(line.net), fen_of(line.tax), fen_of(line.gross))
            assert amounts == tax_of(own, rate, inclusive=inclusive)
            shown[document.customer, rate] += own
    expected = expected_bills(group, month)
    assert {k: own for k, own in shown.items() if own} == expected


def expected_bills(group: RandomGroup, month: str) -> dict[tuple[str, Fraction], int]:
    """Bring every customer's fee and charge per tonne to date, and say what that takes."""
    expected: dict[tuple[str, Fraction], int] = defaultdict(int)
    for plant_id, plant in group.plants.items():
        billed = group.billed[plant_id]
        fees = {key: own for key, own in billed.items() if key != "tonnes"}
        due = owed(group.fee_days(plant), plant.scales[-1], after(month), fees)
        due["tonnes"] = charge_per_tonne(group, plant.name, month) - billed["tonnes"]
        for key, own in due.items():
            served_as = key.rpartition(" ")[2]
            tax = PER_TONNE_TAX if key == "tonnes" else TAXES[served_as][0]
            expected[plant.name, tax] += own
            billed[key] += own
    return {key: own for key, own in expected.items() if own}


def charge_per_tonne(group: RandomGroup, customer: str, month: str) -> int:
    """Charge the allowances allocated to a customer to date, of either side."""
    owners = {pact.name for pact in group.market.pacts if pact.customer == customer} | {customer}
    tonnes = sum(
        part.tonnes
        for (booked, owner, bundle, _), part in group.market.parts.items()
        if booked <= month and owner in owners and bundle[1].startswith("CEA")
    )
    return fen(PER_TONNE * tonnes)


def compare_settlements(group: RandomGroup, month: str, which: Json) -> None:
    """Compare every row of every contract by month of origin, and count it as posted."""
    shown: dict[str, dict[str, Any]] = {}
    for each in listed(group, f"{SETTLEMENTS}/ListSettlements", "settlements", which):
        shown[each.contract] = {row.corrects_month or month: row for row in each.rows}
    until = MONTHS[: MONTHS.index(month) + 1]
    for pact in group.market.pacts:
        posted, rows = group.posted[pact.name], shown.get(pact.name, {})
        expected = rows_by_origin(pact.terms, group.market.traded(pact), until, posted)
        found = {origin: moved(row) for origin, row in rows.items()}
        assert moving(found) == moving(expected), pact
        for row in rows.values():
            assert (fen_of(row.net), fen_of(row.tax), fen_of(row.gross)) == taxed(pact, moved(row))
        for origin, row in expected.items():
            posted[origin] = posted.get(origin, Moved()) + row
            group.rows.append((pact, row))


def compare_contracts(group: RandomGroup, month: str) -> None:
    """Compare what each contract comes to by month, as known by now."""
    until = MONTHS[: MONTHS.index(month) + 1]
    for pact in group.market.pacts:
        traded = group.market.traded(pact)
        expected = by_month(pact.terms, {each: traded.get(each, Traded()) for each in until})
        request = {"contract": pact.name, "month": month}
        answer = group.call(f"{SETTLEMENTS}/PreviewSettlement", request, READER)
        shown = {each.month: moved(each) for each in answer.months}
        assert moving(shown) == moving(expected), pact


def compare_books(group: RandomGroup, month: str) -> None:
    """Hold the company's balances against documents, rows and parts of trades."""
    request = {"as_of_date": wire_day(after(month) - timedelta(days=1))}
    answer = group.call("ledger.LedgerService/GetTrialBalance", request, READER)
    assert all(not fen_of(each.balance) and not each.balance_tonnes for each in answer.totals)
    shown: dict[tuple[str, str], int] = defaultdict(int)
    for line in answer.lines:
        account = line.ledger_account.partition("/")[2]
        if line.book == 1 and not account.endswith(("-contra", "-clearing")):
            name = "owed" if account in {"receivables", "payables"} else account
            shown[name, line.unit] += fen_of(line.balance) + line.balance_tonnes
    assert {key: held for key, held in shown.items() if held} == expected_balances(group)


def expected_balances(group: RandomGroup) -> dict[tuple[str, str], int]:
    """Sum up documents, rows and parts of trades by account."""
    result: dict[tuple[str, str], int] = defaultdict(int)
    for document in documents(group, {}):
        result["owed", "CNY"] += fen_of(document.totals.gross)
        result["vat-payable", "CNY"] -= fen_of(document.totals.tax)
        result["fee-revenue", "CNY"] -= fen_of(document.totals.net)
    for pact, row in group.rows:
        result["guarantee-result", "CNY"] -= pact.taxed(row.gain + row.relief)[0]
        result["gain-share-expense", "CNY"] += pact.taxed(row.share)[0]
        result["vat-payable", "CNY"] -= taxed(pact, row)[1]
        result["owed", "CNY"] += taxed(pact, row)[2]
    for pact in group.market.pacts:
        held_back = share_held_back(group, pact)
        result["gain-share-expense", "CNY"] += held_back
        result["accrued-share", "CNY"] -= held_back
    for (_, owner, bundle, _), part in group.market.parts.items():
        sign = 1 if bundle[2] == "BUY" else -1
        if owner == POOL:
            result["pool-inventory", bundle[1]] += sign * part.tonnes
            result["pool-inventory", "CNY"] += sign * part.amount
            result["trading-fees", "CNY"] += part.fees
        elif owner.startswith("contracts/"):
            result["custody-tonnes", bundle[1]] += sign * part.tonnes
    return {key: held for key, held in result.items() if held}


def share_held_back(group: RandomGroup, pact: Pact) -> int:
    """Give the share that is earned and not yet payable."""
    done = sum(group.posted[pact.name].values(), Moved())
    return share_of(pact.terms, done.gain, done.tonnes) - done.share


# --- small things ---------------------------------------------------------------------------------


def taxed(pact: Pact, row: Moved) -> tuple[int, int, int]:
    """Give net, tax and gross of a row: gain after relief, and share, each taxed by itself."""
    ours, theirs = pact.taxed(row.gain + row.relief), pact.taxed(row.share)
    return ours[0] - theirs[0], ours[1] - theirs[1], ours[2] - theirs[2]


def moved(row: Any) -> Moved:  # noqa: ANN401 - a row of the wire
    """Read a row."""
    return Moved(row.tonnes, fen_of(row.difference), fen_of(row.gain_share), fen_of(row.relief))


def moving(rows: dict[str, Moved]) -> dict[str, Moved]:
    """Leave out rows that move nothing: the service shows one of its own month all the same."""
    return {origin: row for origin, row in rows.items() if row != Moved()}


def after(month: str) -> date:
    """Give the day after a month."""
    return (date.fromisoformat(f"{month}-28") + timedelta(days=4)).replace(day=1)


def documents(group: RandomGroup, which: Json) -> list[Any]:
    """List invoices and credit notes."""
    invoices = listed(group, "billing.BillingService/ListInvoices", "invoices", which)
    notes = listed(group, "billing.BillingService/ListCreditNotes", "credit_notes", which)
    return [*invoices, *notes]


def listed(group: RandomGroup, method: str, what: str, which: Json) -> list[Any]:
    """List everything, a few at a time."""
    found: list[Any] = []
    token = "first"
    while token:
        asked = {**which, "page_size": 40, "page_token": "" if token == "first" else token}
        page = group.call(method, asked, READER)
        found += getattr(page, what)
        token = page.next_page_token
    return found

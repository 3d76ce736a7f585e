"""The pure previews, over the wire, against an oracle that shares no line with the product."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from tests.builders.previews import (
    FeeCase,
    GuaranteeCase,
    PoolCase,
    fee_cases,
    guarantee_cases,
    pool_cases,
)
from tests.oracle.fees import months as fee_months
from tests.oracle.guarantees import Moved, by_month
from tests.oracle.pools import award, pool_size
from tests.oracle.rounding import fen
from tests.oracle.spelling import fen_of
from tests.support.client import Client
from tests.support.service import running_service

many = settings(max_examples=150, deadline=None)


@pytest.fixture(scope="module")
def client(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A caller of a service without a worker: previews need none."""
    folder = tmp_path_factory.mktemp("service")
    with running_service(module_database, folder, with_worker=False) as service:
        yield Client(
            service.address,
            lambda role, subject, customers: service.token(
                role, subject=subject, customers=customers
            ),
        )


@many
@given(case=fee_cases())
def test_previews_the_fee_that_the_oracle_works_out(client: Client, case: FeeCase) -> None:
    method = "billing.BillingService/PreviewManagementFee"
    answer: Any = client.call(method, case.request, role="auditor")
    shown = {
        each.month: (fen_of(each.net), fen_of(each.tax), fen_of(each.gross))
        for each in answer.months
    }
    assert shown == fee_months([case.days], case.year, case.scale)
    assert fen_of(answer.annual_amount) == fen(case.days.rate.annual(case.scale))


@many
@given(case=guarantee_cases())
def test_previews_the_settlement_that_the_oracle_works_out(
    client: Client, case: GuaranteeCase
) -> None:
    method = "settlement.SettlementService/PreviewSettlement"
    answer: Any = client.call(method, case.request, role="auditor")
    expected = by_month(case.terms, case.months)
    assert {each.month: _moved(each) for each in answer.months} == expected
    assert _moved(answer.totals) == sum(expected.values(), Moved())
    house = [fen_of(each.net_to_house) for each in answer.months]
    assert house == [expected[month].house for month in sorted(expected)]


@many
@given(case=pool_cases())
def test_previews_the_awards_that_the_oracle_works_out(client: Client, case: PoolCase) -> None:
    method = "incentives.IncentiveService/PreviewPool"
    answer: Any = client.call(method, case.request, role="auditor")
    pool = pool_size(case.excess, case.tiers, case.most)
    expected = award(pool, case.people, case.executives_at_most)
    assert fen_of(answer.pool) == pool
    assert [fen_of(each.amount) for each in answer.awards] == expected
    assert fen_of(answer.unallocated) == pool - sum(expected)


def _moved(shown: Any) -> Moved:  # noqa: ANN401 - a month or the totals
    return Moved(
        shown.tonnes, fen_of(shown.difference), fen_of(shown.gain_share), fen_of(shown.relief)
    )

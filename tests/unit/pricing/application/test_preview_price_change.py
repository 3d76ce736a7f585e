from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from services.bootstrap.price_change import FeesByBilling
from services.kernel.errors import NotFound, WrongState
from services.kernel.identifiers import CustomerName, FeeScheduleName, RevisionName
from services.kernel.money import money
from services.kernel.page import PageRequest
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier, TiersDoNotTile
from services.pricing.application.preview_price_change import (
    PreviewedChange,
    PreviewPriceChange,
)
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.price_change import BilledCustomer, ChangeEffect, CustomerChange
from services.pricing.domain.tariff import Tariff
from tests.builders.pricing import DAILY_INTERNAL, HANCHUAN, revision, schedule, tariff
from tests.fakes.pricing import MemoryFeeSchedules, MemoryRevisions, SetClock, at_once

SCALE = Decimal(8_200_000)
JULY = tariff("2025-07-01", price="0.28")


def customer(
    name: str = HANCHUAN, *, scale: Decimal | None = SCALE, joins: str = "2025-07-01"
) -> BilledCustomer:
    days = Period(date.fromisoformat(joins), date(2026, 1, 1))
    return BilledCustomer(name=CustomerName(name), days=(days,), scale=scale, traded_tonnes=1_000)


class Served:
    """Rhymes with BilledCustomers."""

    def __init__(self, customers: Sequence[BilledCustomer]) -> None:
        self.customers = customers

    def __call__(
        self, *, customer_class: CustomerClass, service: Service, span: Period, scale_year: int
    ) -> Sequence[BilledCustomer]:
        assert (customer_class, service) == (CustomerClass.INTERNAL, Service.DAILY_MANAGEMENT)
        assert span.end == date(scale_year + 1, 1, 1)
        return self.customers


def previewed(
    draft: Tariff | RevisionName = JULY,
    *,
    customers: Sequence[BilledCustomer] = (customer(),),
    revisions: Sequence[FeeScheduleRevision] = (),
    page: PageRequest | None = None,
    name: FeeScheduleName = DAILY_INTERNAL,
) -> PreviewedChange:
    schedules = MemoryFeeSchedules()
    schedules.add(schedule())
    kept = MemoryRevisions(schedules)
    for each in revisions or (revision("r2025", tariff(), approved="2025-01-01"),):
        kept.add(each)
    verb = PreviewPriceChange(
        unit_of_work=at_once,
        schedules=schedules,
        revisions=kept,
        customers=Served(customers),
        fees=FeesByBilling(),
        clock=SetClock(),
    )
    return verb(schedule=name, draft=draft, scale_year=None, page=page or PageRequest(100))


def only(found: PreviewedChange) -> CustomerChange:
    (change,) = found.page.items
    return change


def test_a_lower_price_from_july_costs_less_for_half_a_year() -> None:
    change = only(previewed())
    assert change.effect is ChangeEffect.CHARGED
    assert change.from_date == date(2025, 7, 1)
    assert change.before is not None
    assert change.after is not None
    assert (change.before.annual, change.after.annual) == (money(2_460_000), money(2_296_000))
    assert (change.before.rest, change.after.rest) == (money("1240109.59"), money("1157435.62"))
    assert change.rest_difference == money("-82673.97")
    assert change.annual_difference == money(-164_000)


def test_who_joins_later_pays_the_draft_from_then() -> None:
    change = only(previewed(customers=[customer(joins="2025-10-01")]))
    assert change.from_date == date(2025, 10, 1)
    assert change.rest_difference == money("-41336.98")


def test_an_override_leaves_its_customer_alone() -> None:
    own = revision("own", tariff(price="0.20", customer=HANCHUAN), approved="2025-01-02")
    general = revision("r2025", tariff(), approved="2025-01-01")
    found = previewed(customers=[customer(), customer("customers/other")], revisions=[general, own])
    effects = [change.effect for change in found.page.items]
    assert effects == [ChangeEffect.UNTOUCHED, ChangeEffect.CHARGED]


def test_a_draft_for_one_customer_asks_nobody_else() -> None:
    draft = tariff("2025-07-01", price="0.10", customer=HANCHUAN)
    found = previewed(draft, customers=[customer(), customer("customers/other")])
    assert only(found).customer == HANCHUAN


def test_a_scale_that_is_missing_is_named_and_in_no_sum() -> None:
    found = previewed(customers=[customer(scale=None), customer("customers/other")])
    missing, charged = found.page.items
    assert missing.effect is ChangeEffect.SCALE_MISSING
    assert missing.rest_difference is None
    assert found.totals is not None
    assert found.totals.rest_difference == charged.rest_difference
    assert (found.totals.charged, found.totals.without_scale, found.totals.less) == (2, 1, 1)


def test_the_first_tariff_of_a_customer_is_more_than_nothing() -> None:
    change = only(previewed(revisions=[revision("later", tariff(), approved=None)]))
    assert change.before is not None
    assert change.before.annual is None
    assert change.rest_difference == money("1157435.62")
    assert change.annual_difference is None


def test_prices_by_the_traded_tonne_are_shown_by_the_tonnes_of_a_year() -> None:
    draft = Tariff(
        effective_date=date(2025, 7, 1),
        charge_model=ChargeModel.FLAT,
        tiers=(Tier(None, Decimal("0.30")),),
        per_traded_tonne=Decimal("1.06"),
        tax_rate=Decimal("0.06"),
        tax_inclusive=True,
    )
    change = only(previewed(draft))
    assert (change.traded_before, change.traded_after) == (None, Decimal("1.06"))
    assert change.traded_difference == money(1_000)


def test_says_where_volume_totals_fall() -> None:
    tiers = (
        Tier(Decimal(1_000_000), Decimal("0.35")),
        Tier(Decimal(5_000_000), Decimal("0.30")),
        Tier(None, Decimal("0.25")),
    )
    draft = Tariff(effective_date=date(2025, 7, 1), charge_model=ChargeModel.VOLUME, tiers=tiers)
    found = previewed(draft, customers=[customer(scale=Decimal(5_000_001))])
    assert len(found.notes) == 2
    assert "5,000,000 t cost 1,500,000.00" in found.notes[1]
    assert "5,000,001 t cost 1,250,000.25" in found.notes[1]
    assert "a smaller scale would cost more: 5,000,000 t" in only(found).note


def test_lists_customers_page_by_page_with_the_sums_on_the_first() -> None:
    everyone = [customer(f"customers/c{number}") for number in range(3)]
    first = previewed(customers=everyone, page=PageRequest(2))
    assert first.totals is not None
    assert first.totals.customers == 3
    second = previewed(customers=everyone, page=PageRequest(2, first.page.next_after))
    names = [change.customer for change in (*first.page.items, *second.page.items)]
    assert names == [each.name for each in everyone]
    assert second.totals is None


def test_a_stored_draft_is_previewed_by_its_name() -> None:
    stored = revision("next", JULY, approved=None)
    general = revision("r2025", tariff(), approved="2025-01-01")
    found = previewed(stored.name, revisions=[general, stored])
    assert only(found).rest_difference == money("-82673.97")


def test_refuses_a_revision_that_is_in_force_already() -> None:
    general = revision("r2025", tariff(), approved="2025-01-01")
    with pytest.raises(WrongState, match="approved already"):
        previewed(general.name, revisions=[general])


def test_refuses_a_schedule_or_draft_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        previewed(name=FeeScheduleName("feeSchedules/none"))
    with pytest.raises(NotFound):
        previewed(RevisionName("feeSchedules/daily-management-internal/revisions/none"))


def test_refuses_terms_that_nobody_could_be_charged_by() -> None:
    draft = Tariff(effective_date=date(2025, 7, 1), charge_model=ChargeModel.FLAT)
    with pytest.raises(TiersDoNotTile):
        previewed(draft)

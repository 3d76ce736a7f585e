from datetime import date
from decimal import Decimal

import pytest

from services.kernel.errors import FieldsExcludeEachOther, InvalidInput, NotFound
from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.kernel.period import Period
from services.kernel.tiers import TiersDoNotTile
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.guarantee.break_even import NoBreakEven
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.promise_rule import PromiseRule, PromiseRuleKind
from services.pricing.domain.replay import Replayed
from services.pricing.domain.replay_plan import Delivery, Execution, ReplayTerms, ReplayWindow
from services.pricing.domain.volatility import TooFewPrices
from tests.builders.pricing import CEA, calendar
from tests.support.replays import replay_on

MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))
CENTURY = Period(date(1990, 1, 1), date(2090, 1, 1))
YEAR = Period(date(2024, 3, 1), date(2025, 4, 1))
DAYS = calendar().trading_days(YEAR)
CLOSES = {day: f"{80 + number % 7}.00" for number, day in enumerate(DAYS)}
SPOT = PromiseRule(kind=PromiseRuleKind.SPOT)
BREAK_EVEN = PromiseRule(kind=PromiseRuleKind.BREAK_EVEN)


def purchase(*tiers: tuple[str | None, str], execution: Execution = Execution.EVEN) -> ReplayTerms:
    shares = tuple(
        GainShareTier(None if bound is None else Decimal(bound), Decimal(share))
        for bound, share in tiers
    )
    promise = PromiseTerms(side=GuaranteeSide.PURCHASE, gain_share_tiers=shares)
    return ReplayTerms(promise=promise, execution=execution)


def replayed(
    rule: PromiseRule = SPOT,
    terms: ReplayTerms | None = None,
    window: ReplayWindow | None = None,
) -> Replayed:
    verb = replay_on(CLOSES)
    known = verb(
        series=CEA,
        windows=[window or ReplayWindow(MARCH, 1_000)],
        rule=rule,
        terms=terms or purchase(),
    )
    return known.windows[0]


def test_breaks_even_at_the_forward_where_nothing_is_shared() -> None:
    carry = Decimal("0.02")
    forward = replayed(PromiseRule(kind=PromiseRuleKind.FORWARD, carry_rate=carry))
    rule = PromiseRule(kind=PromiseRuleKind.BREAK_EVEN, carry_rate=carry)
    assert replayed(rule).promise.price == forward.promise.price


def test_breaks_even_higher_where_a_gain_is_shared_by_the_volatility_of_the_year_before() -> None:
    found = replayed(BREAK_EVEN, purchase((None, "0.5")))
    assert found.promise.price > replayed(BREAK_EVEN).promise.price
    assert found.promise.volatility is not None
    assert found.promise.volatility >= Decimal("0.20")


def test_a_share_of_everything_has_no_break_even() -> None:
    with pytest.raises(NoBreakEven):
        replayed(BREAK_EVEN, purchase((None, "1")))


def test_a_volatility_is_not_told_from_a_few_days() -> None:
    verb = replay_on(dict(list(CLOSES.items())[-30:]))
    with pytest.raises(TooFewPrices):
        verb(
            series=CEA,
            windows=[ReplayWindow(MARCH, 1_000)],
            rule=BREAK_EVEN,
            terms=purchase((None, "0.5")),
        )


def test_deliveries_are_traded_at_their_own_price_or_the_close() -> None:
    deliveries = (
        Delivery(date(2025, 3, 3), 100, Decimal("79.50")),
        Delivery(date(2025, 3, 4), 200),
    )
    found = replayed(window=ReplayWindow(MARCH, 0, deliveries))
    close = Decimal(CLOSES[date(2025, 3, 4)])
    cost = 100 * Decimal("79.50") + 200 * close
    assert found.gain == money(found.promise.price * 300 - cost)
    assert found.skill + found.drift == found.gain


@pytest.mark.parametrize("price", ["0", "-3", "1000000.01", "999999999999999"])
def test_a_delivery_has_a_price_that_a_tonne_can_have(price: str) -> None:
    window = ReplayWindow(MARCH, 0, (Delivery(date(2025, 3, 3), 1_000_000_000, Decimal(price)),))
    with pytest.raises(InvalidInput, match=r"deliveries\[0\].unit_price is"):
        replayed(window=window)


def test_a_delivery_on_a_day_without_a_close_needs_a_price() -> None:
    window = ReplayWindow(MARCH, 0, (Delivery(date(2025, 3, 8), 100),))
    with pytest.raises(PriceMissing, match="unit_price"):
        replayed(window=window)


def capped(cap: str) -> ReplayTerms:
    promise = PromiseTerms(side=GuaranteeSide.PURCHASE, loss_cap_per_tonne=Decimal(cap))
    return ReplayTerms(promise=promise)


def test_a_house_that_bears_no_loss_at_all_has_every_loss_relieved() -> None:
    low = PromiseRule(kind=PromiseRuleKind.FIXED, promised_price=Decimal(70))
    found = replayed(low, capped("0"))
    assert found.gain.amount < 0
    assert (found.relief, found.house) == (-found.gain, money("0"))


def test_never_trades_on_fewer_last_days_than_asked_for() -> None:
    promise = PromiseTerms(side=GuaranteeSide.PURCHASE)
    late = ReplayTerms(promise=promise, execution=Execution.LAST_DAYS, execution_days=22)
    with pytest.raises(PriceMissing, match="has 21 closes in the window, and execution_days asks"):
        replayed(terms=late)


def test_totals_add_windows_up() -> None:
    windows = [ReplayWindow(MARCH, 1_000), ReplayWindow(Period(date(2025, 2, 1), MARCH.start), 500)]
    known = replay_on(CLOSES)(series=CEA, windows=windows, rule=SPOT, terms=purchase())
    assert known.totals.tonnes == 1_500
    assert known.totals.house == known.windows[0].house + known.windows[1].house
    assert known.totals.customer == -known.totals.house


def test_has_nothing_to_say_of_a_window_without_prices() -> None:
    later = ReplayWindow(Period(date(2026, 1, 1), date(2026, 2, 1)), 1)
    with pytest.raises(PriceMissing):
        replayed(window=later)


def test_makes_no_promise_on_a_close_of_more_than_a_quarter_ago() -> None:
    closes = {DAYS[0]: "80.00", date(2025, 3, 3): "81.00"}
    with pytest.raises(PriceMissing, match="92 days before"):
        replay_on(closes)(series=CEA, windows=[ReplayWindow(MARCH, 1)], rule=SPOT, terms=purchase())


def test_refuses_a_series_that_is_not_there() -> None:
    name = PriceSeriesName("priceSeries/none")
    with pytest.raises(NotFound):
        replay_on(CLOSES)(
            series=name, windows=[ReplayWindow(MARCH, 1)], rule=SPOT, terms=purchase()
        )


@pytest.mark.parametrize(
    ("rule", "terms", "window", "field"),
    [
        (PromiseRule(kind=PromiseRuleKind.MEAN_OF_LAST_DAYS), None, None, "promise_rule.days"),
        (PromiseRule(kind=PromiseRuleKind.FIXED), None, None, "promise_rule.promised_price"),
        (
            PromiseRule(kind=PromiseRuleKind.BREAK_EVEN, volatility=Decimal(4)),
            None,
            None,
            "promise_rule.volatility",
        ),
        (SPOT, capped("-0.000001"), None, "loss_cap_per_tonne"),
        (SPOT, capped("1000000"), None, "loss_cap_per_tonne"),
        (SPOT, purchase((None, "1.5")), None, "gain_share_tiers[0].customer_share"),
        (SPOT, purchase(execution=Execution.LAST_DAYS), None, "execution_days"),
        (SPOT, None, ReplayWindow(MARCH, 0), "windows[0].total_tonnes"),
        (SPOT, None, ReplayWindow(CENTURY, 1), "windows[0].delivery_window"),
        (
            SPOT,
            None,
            ReplayWindow(MARCH, 0, (Delivery(date(2025, 4, 1), 1),)),
            "windows[0].deliveries[0].date",
        ),
    ],
)
def test_names_the_field_that_is_wrong(
    rule: PromiseRule, terms: ReplayTerms | None, window: ReplayWindow | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        replayed(rule, terms, window)
    assert [wrong.field for wrong in refused.value.violations] == [field]


def test_refuses_a_figure_that_the_rule_does_not_use() -> None:
    rule = PromiseRule(kind=PromiseRuleKind.SPOT, volatility=Decimal("0.3"))
    with pytest.raises(FieldsExcludeEachOther):
        replayed(rule)


def test_refuses_tonnes_and_deliveries_at_once() -> None:
    window = ReplayWindow(MARCH, 5, (Delivery(date(2025, 3, 3), 1),))
    with pytest.raises(FieldsExcludeEachOther):
        replayed(window=window)


def test_refuses_tiers_that_leave_a_gap() -> None:
    with pytest.raises(TiersDoNotTile):
        replayed(terms=purchase(("5", "0.3")))

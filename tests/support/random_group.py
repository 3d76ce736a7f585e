"""A group drawn at random, acted out on the service and told to the oracle alike."""

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.customers import Plant, Tariff, pieces
from tests.oracle.fees import Days, Rate
from tests.oracle.guarantees import AT_MATURITY, MONTHLY, Moved, Terms, Traded
from tests.oracle.market import Deal, Market, Pact
from tests.oracle.spelling import (
    INSTRUMENTS,
    fen_of,
    wire_contract,
    wire_day,
    wire_decimal,
    wire_fen,
    wire_rate,
)
from tests.support.client import Json
from tests.support.month import GroupOffice

YEAR = 2025
OPENED = date(YEAR, 1, 1)
TAXES = {"INTERNAL": (Fraction(6, 100), False), "EXTERNAL": (Fraction(3, 100), True)}
"""Tax rate of the daily tariff of each class, and whether its prices contain the tax."""
PER_TONNE, PER_TONNE_TAX = Fraction(12, 100), Fraction(13, 100)
_PRICES = Path(__file__).parents[2] / "samples/group/prices/cea-composite.csv"
_AMPLE = 900_000
_WINDOW_ENDS = [date(2026, 1, 1), date(2025, 5, 16), date(2025, 4, 1)]


@dataclass(slots=True)
class RandomGroup:
    """The people of the carbon company acting at random, and the oracle's view of their group.

    ``posted`` holds what each contract's months of origin came to, ``rows`` every row of it,
    ``billed`` what each plant was billed by rate and class; all are the oracle's own figures.
    """

    office: GroupOffice
    rng: random.Random
    plants: dict[str, Plant] = field(default_factory=dict)
    tariffs: list[Tariff] = field(default_factory=list)
    market: Market = field(default_factory=lambda: Market([]))
    posted: dict[str, dict[str, Moved]] = field(default_factory=dict)
    rows: list[tuple[Pact, Moved]] = field(default_factory=list)
    billed: dict[str, dict[str, int]] = field(default_factory=dict)
    _final: set[str] = field(default_factory=set)
    _count: int = 0
    _closes: dict[date, int] = field(default_factory=dict)

    def open(self, *, plants: int) -> None:
        """Set up prices, tariffs, customers and contracts, and open the books."""
        self._import_prices()
        self._create_schedules()
        for served_as in TAXES:
            self.revise(served_as, date(2024, 1, 1))
        for _ in range(plants):
            self.join(OPENED)
        request = {"first_month": f"{OPENED:%Y-%m}"}
        self.call("settlement.SettlementService/OpenBooks", request, "finance_controller")

    def call(self, method: str, request: Json, role: str) -> Any:  # noqa: ANN401 - any message
        """Call a method in a role."""
        return self.office.client.call(method, request, role=role)

    def days_of(self, month: str) -> list[date]:
        """Give the trading days of a month."""
        return [day for day in self._closes if f"{day:%Y-%m}" == month]

    def fee_days(self, plant: Plant) -> list[Days]:
        """Cut a plant's year by rate and class."""
        return pieces(plant, self.tariffs, YEAR, OPENED)

    # --- customers and tariffs ----------------------------------------------------------------

    def join(self, start: date) -> None:
        """Register a customer with an estimate of its scale and a contract or two."""
        plant = f"p{self._next():03d}"
        served_as = self.rng.choice(list(TAXES))
        facts = {
            "display_name": f"Invented plant {plant}",
            "customer_class": f"CUSTOMER_CLASS_{served_as}",
            "service_start_date": wire_day(start),
        }
        request = {"customer": facts, "customer_id": plant}
        self.call("billing.CustomerService/CreateCustomer", request, "admin")
        self.plants[plant] = Plant(f"customers/{plant}", start, [(date.min, served_as)])
        self.billed[plant] = defaultdict(int)
        self.state(plant, final=False)
        self.contract(plant, side="PURCHASE", start=start)
        if self.rng.random() < 0.6:
            self.contract(plant, side="SALE", start=OPENED)

    def state(self, plant: str, *, final: bool) -> None:
        """State a scale; what was final once stays final."""
        tonnes = Fraction(self.rng.randint(0, 9_000_000_000), 1000)
        self.plants[plant].scales.append(tonnes)
        if final:
            self._final.add(plant)
        status = "FINAL" if plant in self._final else "ESTIMATED"
        request = {
            "customer": f"customers/{plant}",
            "year": YEAR,
            "basis": "SCALE_BASIS_AVERAGE_BALANCE",
            "tonnes": wire_decimal(tonnes),
            "status": f"SCALE_STATUS_{status}",
        }
        self.call("billing.AssetScaleService/SetAssetScale", request, "finance_operator")

    def change_class(self, plant: str, day: date) -> None:
        """Put a customer into the other class from a day on."""
        told = self.plants[plant]
        other = "EXTERNAL" if told.class_on(day) == "INTERNAL" else "INTERNAL"
        told.classes.append((day, other))
        change = {"customer_class": f"CUSTOMER_CLASS_{other}"}
        mask = {"update_mask": "customerClass", "class_effective_date": wire_day(day)}
        self._update(plant, change, mask)

    def leave(self, plant: str, end: date) -> None:
        """End the service of a customer, once."""
        if self.plants[plant].end is None:
            self.plants[plant].end = end
            change = {"service_end_date": wire_day(end)}
            self._update(plant, change, {"update_mask": "serviceEndDate"})

    def revise(self, served_as: str, effective: date) -> None:
        """Put a new revision of the daily tariff of a class in force."""
        rng, (tax_rate, inclusive) = self.rng, TAXES[served_as]
        model = rng.choice(["FLAT", "GRADUATED", "VOLUME"])
        ends = sorted(rng.sample(range(1, 9_000_000), 0 if model == "FLAT" else 2))
        tiers = tuple(
            (
                None if end is None else Fraction(end),
                Fraction(rng.randint(0, 500_000), 1_000_000),
                Fraction(rng.choice([0, 0, rng.randint(0, 10**7)]), 100),
            )
            for end in [*ends, None]
        )
        least = Fraction(rng.choice([0, rng.randint(0, 10**8)]), 100)
        key = f"r{self._next():03d}"
        rate = Rate(key, model, tiers, minimum=least, tax_rate=tax_rate, inclusive=inclusive)
        self.tariffs.append(Tariff(rate, served_as, effective))
        self._revision(f"daily-{served_as.lower()}", wire_rate(rate, effective), key)

    # --- contracts and trades -----------------------------------------------------------------

    def contract(self, plant: str, *, side: str, start: date) -> None:
        """Conclude a contract."""
        rng = self.rng
        end = rng.choice([end for end in _WINDOW_ENDS if end > start])
        credits_only = side == "SALE" and rng.random() < 0.5
        codes = ["CCER-2024-reef"] if credits_only else ["CEA-2024", "CEA-2025"]
        terms = self._terms(side, end)
        pact = Pact(
            name=f"contracts/c{self._next():03d}",
            customer=f"customers/{plant}",
            terms=terms,
            instruments=frozenset(rng.sample(codes, rng.randint(1, len(codes)))),
            start=start,
            end=end,
            volume=rng.choice([rng.randint(500, 20_000), _AMPLE, _AMPLE]),
            inclusive=rng.random() < 0.3,
            taxable=terms.timing == MONTHLY and rng.random() < 0.4,
        )
        self.market.pacts = [*self.market.pacts, pact]
        self.posted[pact.name] = {}
        named = {"contract_id": pact.name.partition("/")[2]}
        service = "settlement.ContractService"
        drafted = {**named, "contract": wire_contract(pact)}
        self.call(f"{service}/CreateContract", drafted, "finance_operator")
        self.call(f"{service}/ApproveContract", {"name": pact.name}, "finance_controller")

    def trade(self, month: str, *, days: list[date], count: int) -> None:
        """Trade on some of these days, in one batch in no order."""
        deals = [self._draw(self.rng.choice(days), month) for _ in range(count)]
        request = {"trades": [_written_trade(deal) for deal in deals]}
        answer = self.call("settlement.TradeService/RecordTrades", request, "trader")
        assert not answer.rejections
        for deal, outcome in zip(deals, answer.outcomes, strict=True):
            assert outcome.booking_month == month
            deal.key = outcome.trade
        self.market.deals += deals

    def transfer(self, month: str, day: date) -> None:
        """Move allowances between two customers at the close of the day, if there is room."""
        code, tonnes = self.rng.choice(["CEA-2024", "CEA-2025"]), self.rng.randint(1, 3000)
        seller, buyer = self.rng.sample(sorted(self.plants), 2)
        legs = {"SELL": seller, "BUY": buyer}
        pacts = {side: self._fitting(plant, day, code, side) for side, plant in legs.items()}
        if any(pact is not None and pact.volume < _AMPLE for pact in pacts.values()):
            return
        request = {
            "seller": f"customers/{seller}",
            "buyer": f"customers/{buyer}",
            "instrument": INSTRUMENTS[code],
            "tonnes": tonnes,
            "trade_date": wire_day(day),
        }
        method = "settlement.TradeService/TransferAllowances"
        answer = self.call(method, request, "trade_reviewer")
        assert fen_of(answer.amount) == tonnes * self._closes[day]
        for side, plant in legs.items():
            pact = pacts[side]
            deal = Deal(
                key=f"{answer.name} {side}",
                day=day,
                instrument=code,
                side=side,
                traded=Traded(tonnes, tonnes * self._closes[day]),
                booked=month,
                owner=f"customers/{plant}" if pact is None else pact.name,
                inclusive=answer.tax_inclusive,
            )
            self.market.deals.append(deal)

    def correct(self, month: str, deal: Deal) -> None:
        """Correct the price, the fees or the tonnes of a trade, or cancel it."""
        price, traded = self.rng.randint(10_000, 12_000) + self._next(), deal.traded
        what = self.rng.choice(["price", "price", "fees", "tonnes", "cancel"])
        if what == "price":
            change: Json = {"unit_price": wire_decimal(Fraction(price, 100))}
            deal.traded = Traded(traded.tonnes, traded.tonnes * price, traded.fees)
        elif what == "fees":
            change = {"fees": wire_fen(price)}
            deal.traded = Traded(traded.tonnes, traded.amount, price)
        elif what == "tonnes":
            tonnes = self.rng.choice(
                [traded.tonnes + 1, 2 * traded.tonnes, traded.tonnes // 2 or 2]
            )
            change = {"tonnes": tonnes}
            price = traded.amount // traded.tonnes
            deal.traded = Traded(tonnes, tonnes * price, traded.fees)
        else:
            change = {"tonnes": 0, "fees": wire_fen(0)}
            deal.traded = Traded()
        deal.booked = month
        request = {"name": deal.key, "reason": "found wrong", **change}
        self.call("settlement.TradeService/CorrectTrade", request, "trade_reviewer")

    def correctable(self, month: str) -> list[Deal]:
        """Give the market's trades of closed months, save those that are cancelled."""
        return [
            deal
            for deal in self.market.deals
            if deal.traded.tonnes and deal.booked < month and " " not in deal.key
        ]

    # --- small things -------------------------------------------------------------------------

    def _terms(self, side: str, end: date) -> Terms:
        rng = self.rng
        bounds = sorted(rng.sample(range(1, 3000), rng.randint(0, 2)))
        ends = [*(Fraction(bound, 100) for bound in bounds), None]
        shares = side == "PURCHASE" or rng.random() < 0.3
        cap = rng.choice([None, None, Fraction(rng.randint(0, 500), 100)])
        return Terms(
            side=side,
            price=Fraction(rng.randint(60_000_000, 90_000_000), 1_000_000),
            tiers=tuple((each, Fraction(rng.randint(1, 100), 100)) for each in ends if shares),
            loss_cap=cap,
            with_fees=rng.random() < 0.5,
            timing=rng.choice([MONTHLY, AT_MATURITY]),
            matures=f"{end - timedelta(days=1):%Y-%m}",
        )

    def _draw(self, day: date, month: str) -> Deal:
        rng, price = self.rng, self.rng.randint(5000, 9999)
        tonnes = rng.choice([rng.randint(1, 50), rng.randint(1, 9000)])
        deal = Deal(
            key=f"T-{self._next():05d}",
            day=day,
            instrument=rng.choice(list(INSTRUMENTS)),
            side=rng.choice(["BUY", "BUY", "SELL"]),
            traded=Traded(tonnes, tonnes * price, rng.choice([0, rng.randint(0, 9999)])),
            booked=month,
            inclusive=rng.random() < 0.2,
        )
        ample = [pact for pact in self.market.pacts if pact.volume >= _AMPLE]
        fitting = [pact.name for pact in ample if pact.takes(day, deal.instrument, deal.side)]
        if fitting and rng.random() < 0.25:
            deal.owner = rng.choice(fitting)
        return deal

    def _fitting(self, plant: str, day: date, code: str, side: str) -> Pact | None:
        own = [pact for pact in self.market.pacts if pact.customer == f"customers/{plant}"]
        return next((pact for pact in own if pact.takes(day, code, side)), None)

    def _import_prices(self) -> None:
        with _PRICES.open(encoding="utf-8") as file:
            rows = [(date.fromisoformat(row["date"]), row["close"]) for row in csv.DictReader(file)]
        self._closes = {day: int(Decimal(close) * 100) for day, close in rows}
        quoted = {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "cneeex"}
        request: Json = {"price_series": quoted, "price_series_id": "cea-composite"}
        self.call("pricing.PriceService/CreatePriceSeries", request, "pricing_analyst")
        written = [
            {"date": wire_day(day), "close": {"value": close}, "quality": "PRICE_QUALITY_FINAL"}
            for day, close in rows
        ]
        request = {"series": "priceSeries/cea-composite", "rows": written, "source": "invented"}
        answer = self.call("pricing.PriceService/ImportPrices", request, "pricing_analyst")
        assert not answer.rejections

    def _create_schedules(self) -> None:
        services = {"daily": "DAILY_MANAGEMENT", "tonnes": "COMPLIANCE_TRADING"}
        per_tonne = {
            "effective_date": wire_day(date(2024, 1, 1)),
            "per_traded_tonne": wire_decimal(PER_TONNE),
            "tax_rate": wire_decimal(PER_TONNE_TAX),
        }
        for served_as in TAXES:
            for kind, service in services.items():
                schedule = {
                    "service": f"SERVICE_{service}",
                    "customer_class": f"CUSTOMER_CLASS_{served_as}",
                }
                schedule_id = f"{kind}-{served_as.lower()}"
                request = {"fee_schedule": schedule, "fee_schedule_id": schedule_id}
                method = "pricing.FeeScheduleService/CreateFeeSchedule"
                self.call(method, request, "pricing_analyst")
            self._revision(f"tonnes-{served_as.lower()}", per_tonne, "r0")

    def _revision(self, schedule: str, revision: Json, key: str) -> None:
        service = "pricing.FeeScheduleService"
        request: Json = {
            "parent": f"feeSchedules/{schedule}",
            "fee_schedule_revision": revision,
            "fee_schedule_revision_id": key,
        }
        self.call(f"{service}/CreateFeeScheduleRevision", request, "pricing_analyst")
        request = {"name": f"feeSchedules/{schedule}/revisions/{key}"}
        self.call(f"{service}/ApproveFeeScheduleRevision", request, "finance_director")

    def _update(self, plant: str, change: Json, more: Json) -> None:
        service, named = "billing.CustomerService", {"name": f"customers/{plant}"}
        found = self.call(f"{service}/GetCustomer", named, "admin")
        request = {"customer": {**named, "etag": found.etag, **change}, **more}
        self.call(f"{service}/UpdateCustomer", request, "admin")

    def _next(self) -> int:
        self._count += 1
        return self._count


def _written_trade(deal: Deal) -> Json:
    price = Fraction(deal.traded.amount, 100 * deal.traded.tonnes)
    return {
        "external_id": deal.key,
        "venue": "cneeex",
        "mode": "TRADE_MODE_AUCTION",
        "instrument": INSTRUMENTS[deal.instrument],
        "side": f"TRADE_SIDE_{deal.side}",
        "trade_date": wire_day(deal.day),
        "tonnes": deal.traded.tonnes,
        "unit_price": wire_decimal(price),
        "fees": wire_fen(deal.traded.fees),
        "tax_inclusive": deal.inclusive,
        "contract": deal.owner or "",
    }

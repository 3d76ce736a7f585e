"""The third chapter: real, published figures through the same methods, to the fen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tanheng.billing.v1 import billing_service_pb2, billing_service_pb2_grpc
from tanheng.pricing.v1 import price_service_pb2

from clients.cli.commands.prices import compute_average
from clients.cli.connection import Connection
from clients.cli.demo.cast import Cast, Person
from clients.cli.demo.steps import Steps
from clients.cli.loading import market
from clients.cli.loading.market import Reading
from clients.cli.messages import fill
from clients.cli.records import Row, read_rows
from clients.cli.spelling import amount_of

WEEK = "published_week_2025-06-30.csv"
YEARS = "published_years.csv"
SALE = "disclosed_sale_2022-12-20.csv"
WEEK_SPAN = {"start_date": "2025-06-30", "end_date": "2025-07-05"}
COLUMNS = {"date": "trade_date", "volume_tonnes": "volume_tonnes", "amount": "amount_cny"}
FINAL = {"quality": "FINAL"}
FIRST_WEEKEND_DAY = 5
VENUES = {"CEA": "cneeex", "CCER": "cbgex"}
LICENSE = "Published totals, kept as an example with their source."


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure beside what the service answers for the same input."""

    what: str
    published: str
    answered: str

    @property
    def agrees(self) -> bool:
        """Tell whether they are equal at the places that were published."""
        published, answered = Decimal(self.published), Decimal(self.answered)
        exponent = published.as_tuple().exponent
        assert isinstance(exponent, int)
        return round_half_up(answered, -exponent) == published


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round as published figures are."""
    return value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")


def compare_published(folder: Path, cast: Cast, steps: Steps) -> list[Compared]:
    """Import, average and tax what was published, and compare."""
    steps.headline("Published figures, by the same methods")
    analyst = cast.acting(Person.ANALYST)
    compared = [
        *_week(folder / WEEK, analyst, steps),
        *_years(folder / YEARS, analyst, steps),
        *_sale(folder / SALE, analyst),
    ]
    steps.done(f"{len(compared)} published figures compared", Person.ANALYST)
    return compared


def _week(file: Path, analyst: Connection, steps: Steps) -> Iterator[Compared]:
    """The listed trading of one week: tonnes, money, and the average that they imply."""
    for kind in VENUES:
        rows = Reading(COLUMNS, {"instrument": kind}, FINAL).apply(read_rows(file))
        series = _series(analyst, f"{kind.lower()}-published-week", kind)
        _import(analyst, rows, series, file, steps)
        answer = _average(analyst, series, WEEK_SPAN)
        tonnes = sum(int(str(row.record["volume_tonnes"])) for row in rows)
        money = sum((Decimal(str(row.record["amount"])) for row in rows), Decimal(0))
        label = f"{kind}, week of 2025-06-30"
        yield Compared(f"{label}, tonnes", str(tonnes), str(answer.volume_tonnes))
        average = round_half_up(money / tonnes, 2)
        yield Compared(f"{label}, CNY per tonne", str(average), answer.average.value)


def _years(file: Path, analyst: Connection, steps: Steps) -> Iterator[Compared]:
    """Annual totals, each a series of one day: the last working day of its year."""
    for row in read_rows(file):
        given = {key: str(value or "") for key, value in row.record.items()}
        if not given["amount_cny"]:
            continue  # a published average without its amount has nothing to be computed from
        year, day = given["year"], last_weekday(int(given["year"]))
        series = _series(analyst, f"cea-published-{year}", given["instrument"])
        record = {"date": day.isoformat(), "volume_tonnes": given["volume_tonnes"]}
        priced = Row(row.number, {**record, "amount": given["amount_cny"], **FINAL})
        _import(analyst, [priced], series, file, steps)
        span = {"start_date": day.isoformat(), "end_date": (day + timedelta(1)).isoformat()}
        answer = _average(analyst, series, span)
        yield Compared(f"CEA {year}, CNY per tonne", given["vwap_cny"], answer.average.value)


def _sale(file: Path, analyst: Connection) -> Iterator[Compared]:
    """A disclosed sale inside a group, taxed as a service at the same price would be."""
    for row in read_rows(file):
        given = {key: str(value) for key, value in row.record.items()}
        answer = _taxed(analyst, given["volume_tonnes"], given["unit_price_cny_tax_inclusive"])
        label = f"sale of {given['trade_date']}"
        yield Compared(f"{label}, with tax", given["gross_cny"], _sum(answer, "gross"))
        net = given["net_of_6_percent_vat_cny"]
        yield Compared(f"{label}, without tax", net, _sum(answer, "net"))


def last_weekday(year: int) -> date:
    """The last Monday to Friday of a year."""
    day = date(year, 12, 31)
    return day - timedelta(max(0, day.weekday() - FIRST_WEEKEND_DAY + 1))


def _series(analyst: Connection, series_id: str, kind: str) -> str:
    record = {
        "price_series_id": series_id,
        "instrument": {"kind": kind},
        "venue": VENUES[kind],
        "license_note": LICENSE,
    }
    market.create_price_series(analyst, record)
    return f"priceSeries/{series_id}"


def _import(analyst: Connection, rows: list[Row], series: str, file: Path, steps: Steps) -> None:
    steps.loaded(market.load_prices(analyst, rows, series=series, source=file.name), "")


def _average(
    analyst: Connection, series: str, span: dict[str, str]
) -> price_service_pb2.ComputeAverageResponse:
    return compute_average(analyst, {"series": series, "kind": "VWAP", "date_range": span})


def _taxed(
    analyst: Connection, tonnes: str, price: str
) -> billing_service_pb2.PreviewManagementFeeResponse:
    stub = billing_service_pb2_grpc.BillingServiceStub(analyst.channel)
    record = {
        "charge_model": "FLAT",
        "tiers": [{"unit_price": price}],
        "scale_tonnes": tonnes,
        "year": "2022",
        "tax_rate": "0.06",
        "tax_inclusive": "true",
    }
    request = fill(billing_service_pb2.PreviewManagementFeeRequest(), record)
    return analyst.call(stub.PreviewManagementFee, request)


def _sum(answer: billing_service_pb2.PreviewManagementFeeResponse, name: str) -> str:
    total = sum((amount_of(getattr(month, name)) for month in answer.months), Decimal(0))
    return f"{total:.2f}"

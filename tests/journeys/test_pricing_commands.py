"""`tanheng pricing` and `tanheng import prices` on a running service, as an analyst types them."""

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter

from clients.cli.main import main
from tests.support.client import Client
from tests.support.month import GroupOffice
from tests.support.service import Service

SAMPLES = Path(__file__).parents[2] / "samples" / "group"
SERIES = "priceSeries/cea-composite"


@pytest.fixture(scope="module", autouse=True)
def office(module_service: Service) -> GroupOffice:
    """Two plants with contracts, and empty series of both kinds."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    group = GroupOffice(client)
    group.set_up(plants=2)
    for kind in ("CEA", "CCER"):
        series = {"instrument": {"kind": f"INSTRUMENT_KIND_{kind}"}, "venue": "national"}
        client.call(
            "pricing.PriceService/CreatePriceSeries",
            {"price_series": series, "price_series_id": f"{kind.lower()}-composite"},
            role="pricing_analyst",
        )
        file = SAMPLES / "prices" / f"{kind.lower()}-composite.csv"
        with pytest.MonkeyPatch.context() as patch:
            _as_analyst(patch, module_service)
            imported = (
                "import",
                "prices",
                str(file),
                "--series",
                f"priceSeries/{kind.lower()}-composite",
            )
            assert main(imported) == 0
    return group


def _as_analyst(patch: pytest.MonkeyPatch, service: Service) -> None:
    patch.setenv("TANHENG_ADDRESS", service.address)
    patch.setenv("TANHENG_TOKEN", service.token("pricing_analyst"))


@pytest.fixture
def tanheng(
    module_service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Commands":
    _as_analyst(monkeypatch, module_service)
    return Commands(capsys)


class Commands:
    """Runs commands as the analyst."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> str:
        code = main(arguments)
        printed = self._capture.readouterr()
        assert code == 0, printed.err
        return printed.out

    def json(self, *arguments: str) -> dict[str, object]:
        loaded = json.loads(self(*arguments, "--json"))
        assert isinstance(loaded, dict)
        return loaded


def test_a_workbook_says_the_same_as_the_csv_file(tanheng: Commands, tmp_path: Path) -> None:
    with (SAMPLES / "prices" / "cea-composite.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[:50]
    workbook = xlsxwriter.Workbook(str(tmp_path / "prices.xlsx"))
    sheet = workbook.add_worksheet()
    for index, row in enumerate(rows):
        sheet.write_row(index, 0, row)
    workbook.close()
    found = tanheng.json("import", "prices", str(tmp_path / "prices.xlsx"), "--series", SERIES)
    assert (found["accepted_count"], found["already_there_count"]) == (0, 49)


def test_looks_at_what_an_import_would_do_and_records_nothing(
    tanheng: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("date,close,quality\n2026-01-05,63.20,FINAL\n", encoding="utf-8")
    look = ("import", "prices", str(file), "--series", SERIES, "--validate-only")
    assert tanheng.json(*look)["accepted_count"] == 1
    assert "1 would be accepted; nothing is recorded" in tanheng(*look)
    found = tanheng.json("prices", "points", SERIES, "--start", "2026-01-01")
    assert not found["price_points"]


def test_estimates_a_volatility(tanheng: Commands) -> None:
    span = ("--start", "2025-01-01", "--end", "2026-01-01")
    found = tanheng.json("pricing", "volatility", SERIES, *span, "--method", "QUOTING")
    assert found["annual_volatility"] == found["quoting_volatility"]
    assert found["observations"] == 242
    assert "To quote with" in tanheng("pricing", "volatility", SERIES, *span)


def test_prices_a_transfer(tanheng: Commands) -> None:
    found = tanheng.json("pricing", "transfer-price", "CEA-2025", "2025-07-04")
    assert (found["rung"], found["series"]) == ("DAY_CLOSE", SERIES)
    assert "bounds" in tanheng("pricing", "transfer-price", "CEA-2025", "2025-07-04")


def test_replays_a_promise(tanheng: Commands) -> None:
    window = ("--window", "2025-01-01:2026-01-01:100000")
    rule = ("--rule", "MEAN_OF_LAST_DAYS:20", "--share", ":0.3", "--execution", "LAST_DAYS:5")
    shown = tanheng("pricing", "replay", SERIES, *window, *rule)
    assert "drift against the TWAP" in shown


def test_compares_both_ways_of_working(tanheng: Commands) -> None:
    found = tanheng.json("pricing", "compare-modes", str(SAMPLES / "management_modes.yaml"))
    assert found["cheaper_mode"] == "DECENTRALISED"
    shown = tanheng("pricing", "compare-modes", str(SAMPLES / "management_modes.yaml"))
    assert "unified costs more" in shown


def test_previews_a_price_change(tanheng: Commands, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        "effective_date: 2025-07-01\ncharge_model: FLAT\ntiers: [{unit_price: '0.28'}]\n"
        "tax_rate: '0.06'\n"
    )
    shown = tanheng("pricing", "price-change", "feeSchedules/daily-internal", "--file", str(draft))
    assert "customers/plant-01" in shown
    assert "-35,287.68" in shown


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_draws_a_price_with_its_promises(tanheng: Commands, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"prices.{kind}"
    contract = ("--contract", "contracts/plant-01-2025")
    promise = ("--promise", "65.00:2025-06-01:2026-01-01:a floor")
    tanheng("pricing", "chart", "price-history", SERIES, "--out", str(out), *contract, *promise)
    assert out.stat().st_size > 10_000


def test_draws_the_payoff_of_a_contract(tanheng: Commands, tmp_path: Path) -> None:
    out = tmp_path / "payoff.svg"
    tanheng("pricing", "chart", "payoff", "contracts/plant-01-2025", "--out", str(out))
    assert "promised 75.00" in out.read_text("utf-8")


def test_lists_what_uses_a_series(tanheng: Commands) -> None:
    span = ("--start", "2025-01-01", "--end", "2026-01-01")
    assert tanheng.json("pricing", "dependents", SERIES, *span) == {"price_dependents": []}


def test_prices_a_promise_and_draws_it_from_its_name_and_from_a_file(
    tanheng: Commands, tmp_path: Path
) -> None:
    sample = str(SAMPLES / "quote.yaml")
    assert "VaR 99" in tanheng("pricing", "quote", sample)
    kept = tanheng.json("pricing", "quote", sample, "--store")
    file = tmp_path / "quote.json"
    file.write_text(json.dumps(kept))
    for kind, quote in (("distribution", str(kept["name"])), ("band", str(file))):
        out = tmp_path / f"{kind}.svg"
        tanheng("pricing", "chart", kind, quote, "--out", str(out))
        assert "promised" in out.read_text("utf-8")

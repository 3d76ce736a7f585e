"""Pictures say what they are drawn from, and their labels do not overlap."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.cli.charts.band import draw_band
from clients.cli.charts.figures import (
    BandPoint,
    Close,
    Outlook,
    PayoffTerms,
    PromisedSpan,
    Quantile,
    payoff_of,
    sharing_of,
)
from clients.cli.charts.paper import apart, fitting, fonts, paper
from clients.cli.charts.payoff import draw_payoff
from clients.cli.charts.price_history import draw_price_history
from clients.cli.charts.profit import draw_profit, sampled_profits
from clients.cli.errors import InputRefused

PURCHASE = PayoffTerms("contracts/hanchuan-2025", is_purchase=True, promised=75.0)
TIERS = [(5.0, 0.3), (None, 0.5)]
NORMAL = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
AVERAGES = (98.6, 89.6, 85.2, 78.3, 71.4, 65.1, 60.0, 57.1, 52.1)


def closes(count: int = 60) -> list[Close]:
    first = date(2025, 1, 1)
    return [
        Close(first + timedelta(days=day), 80 - day / 10, kilotonnes=5.0, is_final=day < 50)
        for day in range(count)
    ]


def outlook(quantiles: tuple[Quantile, ...] = ()) -> Outlook:
    points = payoff_of(PURCHASE, tiers=TIERS, loss_cap=None, averages=[40, 70, 75, 110])
    found = quantiles or tuple(
        Quantile(probability, 75 - average, average)
        for probability, average in zip(NORMAL, AVERAGES, strict=True)
    )
    return Outlook(
        name="quotes/x",
        promised=75.0,
        expected=1.25,
        probability_of_loss=0.36,
        var_99=23.6,
        cvar_99=28.0,
        quantiles=found,
        payoff=tuple(points),
    )


def words(path: Path) -> set[str]:
    """The comments that a picture's texts leave in its file."""
    return set(re.findall(r"<!-- (.+?) -->", path.read_text("utf-8")))


def test_a_payoff_is_that_of_the_worked_contract() -> None:
    found = payoff_of(PURCHASE, tiers=TIERS, loss_cap=15.0, averages=[67.5, 70.0, 75.0, 80.0, 95.0])
    assert [round(point.house, 9) for point in found] == [4.75, 3.5, 0.0, -5.0, -15.0]
    assert [round(point.customer, 9) for point in found] == [72.25, 73.5, 75.0, 75.0, 80.0]


def test_a_floor_pays_the_other_way() -> None:
    floor = PayoffTerms("contracts/x", is_purchase=False, promised=65.0)
    low, high = payoff_of(floor, tiers=[(None, 0.2)], loss_cap=None, averages=[60.0, 75.0])
    assert (low.house, low.customer) == (-5.0, 65.0)
    assert (high.house, high.customer) == (8.0, 67.0)


def test_a_price_history_names_its_series_and_every_promise(tmp_path: Path) -> None:
    promises = [
        PromisedSpan("contracts/hanchuan-2025", 75.0, date(2025, 1, 10), date(2025, 2, 1)),
        PromisedSpan("contracts/elsewhen", 60.0, date(2024, 1, 1), date(2024, 2, 1)),
    ]
    file = tmp_path / "new" / "prices.svg"
    draw_price_history(file, name="priceSeries/cea", closes=closes(), promises=promises)
    said = words(file)
    assert "daily close of priceSeries/cea, 01 Jan 2025 to 01 Mar 2025" in said
    assert "75.00  hanchuan-2025" in said
    assert not any("elsewhen" in text for text in said)
    assert {"CNY per tonne", "1,000 t", "not final"} <= said


def test_a_payoff_is_drawn_with_its_promise(tmp_path: Path) -> None:
    points = payoff_of(PURCHASE, tiers=TIERS, loss_cap=None, averages=[50, 70, 75, 100])
    draw_payoff(tmp_path / "payoff.svg", terms=PURCHASE, points=points)
    assert {"The house earns", "The customer pays", "gain", "loss", "promised 75.00"} <= words(
        tmp_path / "payoff.svg"
    )


def test_a_payoff_without_losses_names_none(tmp_path: Path) -> None:
    points = payoff_of(PURCHASE, tiers=TIERS, loss_cap=0.0, averages=[50, 70, 75, 100])
    draw_payoff(tmp_path / "payoff.svg", terms=PURCHASE, points=points)
    said = words(tmp_path / "payoff.svg")
    assert "gain" in said
    assert "loss" not in said


def test_a_distribution_names_its_tail(tmp_path: Path) -> None:
    draw_profit(tmp_path / "profit.svg", outlook=outlook())
    said = words(tmp_path / "profit.svg")
    assert {"VaR 99 −23.60", "CVaR 99 −28.00", "expected +1.25"} <= said
    assert {"loss, 36.0 %", "no loss, 64.0 %", "at VaR 99 or worse"} <= said


def test_the_sampled_profits_have_the_quantiles_that_they_are_drawn_from() -> None:
    profits = sorted(sampled_profits(outlook()).tolist())
    exact = payoff_of(PURCHASE, tiers=TIERS, loss_cap=None, averages=AVERAGES)
    found = [profits[int(probability * len(profits))] for probability in NORMAL]
    assert found == pytest.approx([point.house for point in exact], abs=0.5)


def test_refuses_to_draw_a_distribution_from_two_quantiles(tmp_path: Path) -> None:
    few = (Quantile(0.1, -1.0, 76.0), Quantile(0.9, 1.0, 74.0))
    with pytest.raises(InputRefused, match="too few"):
        draw_profit(tmp_path / "profit.svg", outlook=outlook(few))


def test_a_band_has_a_line_for_each_drift(tmp_path: Path) -> None:
    points = [
        BandPoint(volatility, drift, 80 + 10 * volatility + 20 * drift)
        for volatility in (0.2, 0.3, 0.4)
        for drift in (-0.1, 0.0, 0.1)
    ]
    draw_band(tmp_path / "band.svg", name="quotes/x", own=83.0, promised=83.5, points=points)
    assert {"drift −10 %", "no drift", "drift +10 %", "promised 83.50", "20 %", "85.00"} <= words(
        tmp_path / "band.svg"
    )


def test_a_promise_far_away_does_not_flatten_the_band(tmp_path: Path) -> None:
    points = [BandPoint(volatility, 0.0, 80 + volatility) for volatility in (0.0, 0.001, 0.1)]
    draw_band(tmp_path / "far.svg", name="quotes/x", own=80.0, promised=150.0, points=points)
    said = words(tmp_path / "far.svg")
    assert "promised 150.00, far above" in said
    assert "80.06" in said
    assert {"0.1 %", "10 %"} <= said
    assert "0 %" not in said


def test_a_day_alone_is_seen_under_its_date(tmp_path: Path) -> None:
    promised = PromisedSpan("x", 75.0, date(2024, 12, 1), date(2025, 2, 1))
    draw_price_history(tmp_path / "day.svg", name="x", closes=closes(1), promises=[promised])
    said = words(tmp_path / "day.svg")
    assert "01 Jan" in said
    assert not any(":00" in text for text in said)


def test_labels_that_differ_at_their_ends_stay_different(tmp_path: Path) -> None:
    names = [f"contracts/a-customer-with-a-long-name-{year}" for year in (2024, 2025)]
    spans = [PromisedSpan(name, 75.0, date(2025, 1, 1), date(2025, 2, 1)) for name in names]
    draw_price_history(tmp_path / "long.svg", name="x", closes=closes(), promises=spans)
    labels = {text for text in words(tmp_path / "long.svg") if text.startswith("75.00")}
    assert [text[-5:] for text in sorted(labels)] == ["-2024", "-2025"]


@pytest.mark.parametrize(
    ("tiers", "cap", "words_of_it"),
    [
        (TIERS, None, "customer's share 30 % of gains to 5.00, 50 % above; no loss cap"),
        ([(None, 0.125)], 0.0, "customer's share 12.5 % of gains; loss cap 0.00"),
        ([], 2.5, "gains are the house's; loss cap 2.50"),
        (
            [(1.0, 0.1), (2.0, 0.2), (3.0, 0.3), (None, 0.4)],
            None,
            "customer's share 10 % to 40 % in 4 tiers; no loss cap",
        ),
    ],
)
def test_says_what_else_is_agreed(
    tiers: list[tuple[float | None, float]], cap: float | None, words_of_it: str
) -> None:
    assert sharing_of(tiers, loss_cap=cap) == words_of_it


def test_the_same_figures_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw_price_history(tmp_path / name, name="priceSeries/cea", closes=closes())
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


@pytest.mark.parametrize("name", ["picture.txt", "picture"])
def test_refuses_a_file_that_is_no_picture(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRefused, match="no picture"):
        draw_price_history(tmp_path / name, name="priceSeries/cea", closes=closes())


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12),
    st.floats(0.01, 50),
)
def test_labels_stand_apart_and_keep_their_order(wanted: list[float], least: float) -> None:
    placed = apart(wanted, least=least)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    steps = [placed[after] - placed[before] for before, after in pairwise(order)]
    assert all(step >= least - 1e-6 for step in steps)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0.01, 50))
def test_labels_stay_within_the_picture_and_keep_their_order(
    wanted: list[float], least: float
) -> None:
    placed = apart(wanted, least=least, within=(0.0, 100.0))
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    assert all(-1e-6 <= place <= 100.0 + 1e-6 for place in placed)
    room = min(least, 100.0 / max(1, len(wanted) - 1))
    steps = [placed[after] - placed[before] for before, after in pairwise(order)]
    assert all(step >= room - 1e-6 for step in steps)


def test_says_when_no_font_here_can_write_a_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = PromisedSpan("𐎠𐎡", 75.0, date(2025, 1, 1), date(2025, 2, 1))
    draw_price_history(
        tmp_path / "boxes.png", name="priceSeries/x", closes=closes(), promises=[span]
    )
    said = capsys.readouterr().err
    assert "no font" in said
    assert "UserWarning" not in said


def test_looks_letters_up_in_a_font_of_latin_first() -> None:
    assert fonts()[0] == "DejaVu Sans"


def test_leads_the_label_of_an_expected_loss_away_from_zero(tmp_path: Path) -> None:
    file = tmp_path / "loss.svg"
    draw_profit(file, outlook=replace(outlook(), expected=-0.46))
    assert "expected −0.46" in words(file)


def test_draws_no_distribution_of_a_certain_result(tmp_path: Path) -> None:
    certain = tuple(Quantile(probability, 0.74, 74.26) for probability in NORMAL)
    with pytest.raises(InputRefused, match="is certain"):
        draw_profit(tmp_path / "certain.png", outlook=outlook(certain))


@pytest.mark.parametrize("letters", [20, 110, 230])
def test_a_line_under_the_title_is_no_wider_than_the_paper(tmp_path: Path, letters: int) -> None:
    line = ("customers " * 30)[:letters]
    with paper(tmp_path / "line.png", title="Title", subtitle=line) as figure:
        box = figure.texts[1].get_window_extent()
        assert box.x1 <= figure.bbox.x1
    assert fitting("short") == fitting("") == 10

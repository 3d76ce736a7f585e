from dataclasses import replace

from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.superseded_day import PriceChange, superseded_days
from tests.builders.pricing import figures, recorded

ESTIMATED = figures("2025-07-01", quality=PriceQuality.ESTIMATED)
FINAL = figures("2025-07-01")


def changes(new: DayFigures, *old: DayFigures, newest: str = "2025-07-04") -> list[PriceChange]:
    last = figures(newest).date
    return [day.change for day in superseded_days(new=[new], old=recorded(*old), newest=last)]


def test_tells_a_quality_that_climbs_from_one_that_falls() -> None:
    assert changes(FINAL, ESTIMATED) == [PriceChange.QUALITY_CLIMBED]
    assert changes(ESTIMATED, FINAL) == [PriceChange.QUALITY_FELL]


def test_calls_another_figure_a_correction_whatever_became_of_the_quality() -> None:
    corrected = replace(FINAL, volume_tonnes=5)
    assert changes(corrected, ESTIMATED) == [PriceChange.CORRECTED]


def test_calls_a_missing_day_between_others_a_gap_that_is_filled() -> None:
    assert changes(FINAL) == [PriceChange.GAP_FILLED]


def test_news_and_repeats_supersede_nothing() -> None:
    assert changes(FINAL, newest="2025-06-30") == []
    assert changes(FINAL, FINAL) == []


def test_nothing_is_superseded_in_an_empty_series() -> None:
    assert superseded_days(new=[FINAL], old={}, newest=None) == ()

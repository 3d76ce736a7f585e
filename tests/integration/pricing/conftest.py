"""Pricing on a real PostgreSQL, called as the server calls it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.bootstrap.platform import build_platform
from services.bootstrap.pricing import fee_schedule_verbs, price_verbs, resolve_tariffs
from services.kernel.authority import SYSTEM
from services.pricing.api.fee_schedule_service import FeeScheduleServicer
from services.pricing.api.price_service import PriceServicer
from services.pricing.application.resolve_tariffs import ResolveTariffs
from services.runtime.settings import Settings
from services.runtime.unit_of_work import Transactions, acting_as


class SteppingClock:
    """A clock that moves on by a minute each time it is asked."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 5, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """The servicers of the room, joined to one database."""

    prices: PriceServicer
    tariffs: FeeScheduleServicer
    resolve_tariffs: ResolveTariffs
    unit_of_work: Transactions
    engine: Engine


@pytest.fixture(scope="module")
def pricing(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pricing]:
    folder: Path = tmp_path_factory.mktemp("pricing")
    platform = build_platform(
        settings=Settings(data_dir=folder),
        database_url=module_database,
        threads=4,
        clock=SteppingClock(),
    )
    with acting_as(SYSTEM):
        yield Pricing(
            prices=PriceServicer(price_verbs(platform)),
            tariffs=FeeScheduleServicer(fee_schedule_verbs(platform)),
            resolve_tariffs=resolve_tariffs(platform),
            unit_of_work=platform.unit_of_work,
            engine=platform.engine,
        )
    platform.engine.dispose()

"""Superseded days and what uses them → wire."""

from collections.abc import Iterable

from tanheng.pricing.v1 import price_service_pb2 as wire_pb2

from services.pricing.api.price_row_translation import to_wire_issue
from services.pricing.application.import_prices import ImportedPrices
from services.pricing.domain.price_dependent import PriceDependent
from services.pricing.domain.superseded_day import SupersededDay
from services.wire.dates import to_wire_date, to_wire_period, to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.numbers import to_wire_decimal

MOST_DEPENDENTS = 1_000


def to_wire_imported(imported: ImportedPrices) -> wire_pb2.ImportPricesResponse:
    """Write what became of a batch; of long lists of dependents the first thousand."""
    outcome = imported.outcome
    return wire_pb2.ImportPricesResponse(
        accepted_count=outcome.accepted,
        rejections=[to_wire_issue(issue) for issue in outcome.rejections],
        warnings=[to_wire_issue(issue) for issue in outcome.warnings],
        already_recorded_count=outcome.repeated,
        recorded_at=to_wire_time(imported.recorded_at),
        superseded=to_wire_superseded(imported.superseded),
        dependents=[to_wire_dependent(each) for each in imported.dependents[:MOST_DEPENDENTS]],
        more_dependents=len(imported.dependents) > MOST_DEPENDENTS,
    )


def to_wire_superseded(days: Iterable[SupersededDay]) -> list[wire_pb2.SupersededDay]:
    """Write superseded days."""
    return [_to_wire_day(day) for day in days]


def to_wire_dependent(dependent: PriceDependent) -> wire_pb2.PriceDependent:
    """Write something that uses prices."""
    return wire_pb2.PriceDependent(
        name=dependent.name,
        kind=to_wire_enum(dependent.kind, wire_pb2.PriceDependentKind),
        date_range=to_wire_period(dependent.days),
        use=dependent.use,
        way_out=dependent.way_out,
    )


def _to_wire_day(day: SupersededDay) -> wire_pb2.SupersededDay:
    old, new = day.old, day.new
    unsaid = wire_pb2.PRICE_QUALITY_UNSPECIFIED
    return wire_pb2.SupersededDay(
        date=to_wire_date(day.date),
        change=to_wire_enum(day.change, wire_pb2.PriceChange),
        old_close=None if old is None else to_wire_decimal(old.close),
        new_close=to_wire_decimal(new.close),
        old_quality=unsaid if old is None else to_wire_enum(old.quality, wire_pb2.PriceQuality),
        new_quality=to_wire_enum(new.quality, wire_pb2.PriceQuality),
    )

"""Series, points, schedules and revisions from rows and to rows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import RowMapping

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money, from_minor, to_minor
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel, Tier
from services.pricing.application.ports import PointOrigin
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, RevisionApproval
from services.pricing.domain.price_point import DayFigures, PricePoint, PriceQuality
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.pricing.domain.tariff import Tariff

_CURRENCY = "CNY"  # prices and tariffs are refused in any other, before they come here


def to_series_row(series: PriceSeries) -> Mapping[str, object]:
    """Write a series."""
    return {
        "name": series.name,
        "kind": series.instrument.kind.value,
        "vintage": series.instrument.vintage,
        "project": series.instrument.project,
        "venue": series.venue,
        "license_note": series.license_note,
    }


def from_series_row(row: RowMapping) -> PriceSeries:
    """Read a series."""
    instrument = QuotedInstrument(InstrumentKind(row["kind"]), row["vintage"], row["project"])
    return PriceSeries(
        name=row["name"],
        instrument=instrument,
        venue=row["venue"],
        license_note=row["license_note"],
    )


def to_point_row(
    series: PriceSeriesName, figures: DayFigures, version: int, origin: PointOrigin
) -> Mapping[str, object]:
    """Write a version of a day."""
    return {
        "series": series,
        "date": figures.date,
        "version": version,
        "close": figures.close,
        "low": figures.low,
        "high": figures.high,
        "volume_tonnes": figures.volume_tonnes,
        "amount": _minor(figures.amount),
        "block_volume_tonnes": figures.block_volume_tonnes,
        "block_amount": _minor(figures.block_amount),
        "currency": _CURRENCY,
        "quality": figures.quality.value,
        "source": origin.source,
        "recorded_at": origin.recorded_at,
    }


def from_figures_row(row: RowMapping) -> DayFigures:
    """Read the figures of a day."""
    return DayFigures(
        date=row["date"],
        close=row["close"],
        quality=PriceQuality(row["quality"]),
        low=row["low"],
        high=row["high"],
        volume_tonnes=row["volume_tonnes"],
        amount=_money(row["amount"], row["currency"]),
        block_volume_tonnes=row["block_volume_tonnes"],
        block_amount=_money(row["block_amount"], row["currency"]),
    )


def from_point_row(row: RowMapping) -> PricePoint:
    """Read a version of a day."""
    return PricePoint(
        series=row["series"],
        figures=from_figures_row(row),
        source=row["source"],
        version=row["version"],
        recorded_at=row["recorded_at"],
    )


def to_schedule_row(schedule: FeeSchedule) -> Mapping[str, object]:
    """Write a schedule."""
    return {
        "name": schedule.name,
        "service": schedule.service.value,
        "customer_class": schedule.customer_class.value,
        "display_name": schedule.display_name,
        "scale_instruments": [kind.value for kind in schedule.scale_instruments],
    }


def from_schedule_row(row: RowMapping) -> FeeSchedule:
    """Read a schedule."""
    return FeeSchedule(
        name=row["name"],
        service=Service(row["service"]),
        customer_class=CustomerClass(row["customer_class"]),
        display_name=row["display_name"],
        scale_instruments=tuple(InstrumentKind(kind) for kind in row["scale_instruments"]),
    )


def to_revision_row(revision: FeeScheduleRevision) -> Mapping[str, object]:
    """Write a draft."""
    tariff = revision.tariff
    return {
        "name": revision.name,
        "schedule": revision.schedule,
        "customer": tariff.customer,
        "effective_date": tariff.effective_date,
        "end_date": tariff.end_date,
        "charge_model": None if tariff.charge_model is None else tariff.charge_model.value,
        "tiers": [_to_tier_document(tier) for tier in tariff.tiers],
        "minimum_annual": _minor(tariff.minimum_annual),
        "maximum_annual": _minor(tariff.maximum_annual),
        "currency": _CURRENCY,
        "per_traded_tonne": tariff.per_traded_tonne,
        "tax_rate": tariff.tax_rate,
        "tax_inclusive": tariff.tax_inclusive,
        "source": tariff.source,
        "maker": revision.maker,
        "created_at": revision.created_at,
    }


def from_revision_row(row: RowMapping) -> FeeScheduleRevision:
    """Read a revision with its approval, if there is one."""
    approver = row["approver"]
    return FeeScheduleRevision(
        name=row["name"],
        schedule=row["schedule"],
        tariff=_from_tariff_row(row),
        maker=row["maker"],
        created_at=row["created_at"],
        approval=None if approver is None else RevisionApproval(approver, row["approved_at"]),
    )


def _from_tariff_row(row: RowMapping) -> Tariff:
    model, tiers = row["charge_model"], row["tiers"]
    return Tariff(
        effective_date=row["effective_date"],
        charge_model=None if model is None else ChargeModel(model),
        tiers=_from_tier_documents(tiers),
        minimum_annual=_money(row["minimum_annual"], row["currency"]),
        maximum_annual=_money(row["maximum_annual"], row["currency"]),
        per_traded_tonne=row["per_traded_tonne"],
        tax_rate=row["tax_rate"],
        tax_inclusive=row["tax_inclusive"],
        customer=row["customer"],
        end_date=row["end_date"],
        source=row["source"],
    )


def _to_tier_document(tier: Tier) -> Mapping[str, str | int | None]:
    """Write a tier as JSON: decimals as text, so that nothing reads them as binary numbers."""
    return {
        "up_to": None if tier.up_to is None else str(tier.up_to),
        "unit_price": str(tier.unit_price),
        "flat_amount": _minor(tier.flat_amount),
    }


def _from_tier_documents(
    documents: Sequence[Mapping[str, str | int | None]],
) -> tuple[Tier, ...]:
    return tuple(
        Tier(
            up_to=_decimal(document["up_to"]),
            unit_price=_decimal(document["unit_price"]) or Decimal(0),
            flat_amount=_money(document["flat_amount"], _CURRENCY),
        )
        for document in documents
    )


def _decimal(text: str | int | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else to_minor(amount)


def _money(minor: str | int | None, currency: str) -> Money | None:
    return None if minor is None else from_minor(int(minor), currency)

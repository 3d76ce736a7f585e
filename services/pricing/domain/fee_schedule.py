"""A fee schedule: the tariff of one service for one class of customers."""

from dataclasses import dataclass

from services.kernel.identifiers import FeeScheduleName
from services.kernel.instrument import InstrumentKind
from services.kernel.service import CustomerClass, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """A chain of dated revisions. ``scale_instruments`` are the kinds that the scale counts."""

    name: FeeScheduleName
    service: Service
    customer_class: CustomerClass
    display_name: str = ""
    scale_instruments: tuple[InstrumentKind, ...] = tuple(InstrumentKind)

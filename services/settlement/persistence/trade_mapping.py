"""Trades, allocations and the state of a month's allocation from rows and to rows."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import RowMapping

from services.kernel.finding import Finding, Severity
from services.kernel.instrument import Instrument
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Month
from services.runtime.database import COPY_NULL
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.allocation import Allocation, Bundle, Figures, Owner
from services.settlement.domain.trade import Trade, TradeMode, TradeSide


def to_trade_row(trade: Trade) -> Mapping[str, object]:
    """Write one version of a trade."""
    return {
        "name": trade.name,
        "version": trade.version,
        "external_id": trade.external_id,
        "venue": trade.venue,
        "mode": trade.mode.value,
        "instrument": trade.instrument.code,
        "side": trade.side.value if trade.side else None,
        "trade_date": trade.trade_date,
        "tonnes": trade.tonnes,
        "unit_price": trade.unit_price,
        "currency": trade.amount.currency.code,
        "amount": to_minor(trade.amount),
        "fees": to_minor(trade.fees),
        "tax_inclusive": trade.tax_inclusive,
        "trader": trade.trader,
        "buyer": trade.buyer,
        "seller": trade.seller,
        "buyer_contract": trade.buyer_contract,
        "seller_contract": trade.seller_contract,
        "booking_month": str(trade.booking_month),
        "content": trade.content,
        "recorded_by": trade.recorded_by,
        "recorded_at": trade.recorded_at,
        "correction_reason": trade.correction_reason,
    }


def from_trade_row(row: RowMapping) -> Trade:
    """Read one version of a trade."""
    return Trade(
        name=row["name"],
        external_id=row["external_id"],
        mode=TradeMode(row["mode"]),
        instrument=instrument_of(row["instrument"]),
        side=TradeSide(row["side"]) if row["side"] else None,
        trade_date=row["trade_date"],
        tonnes=row["tonnes"],
        unit_price=row["unit_price"],
        amount=from_minor(row["amount"], row["currency"]),
        fees=from_minor(row["fees"], row["currency"]),
        tax_inclusive=row["tax_inclusive"],
        venue=row["venue"],
        trader=row["trader"],
        buyer=row["buyer"],
        seller=row["seller"],
        buyer_contract=row["buyer_contract"],
        seller_contract=row["seller_contract"],
        booking_month=_month(row["booking_month"]),
        content=row["content"],
        recorded_by=row["recorded_by"],
        recorded_at=row["recorded_at"],
        version=row["version"],
        correction_reason=row["correction_reason"],
    )


ALLOCATION_COLUMNS = (
    *("name", "origin_month", "trade_date", "instrument", "side", "tax_inclusive", "trade"),
    *("contract", "customer", "tonnes", "amount", "fees"),
    *("contract_amount", "contract_fees", "is_correction"),
)


def to_allocation_line(allocation: Allocation) -> str:
    """Write one allocation as a line of COPY; its booking month and currency all have alike."""
    (day, instrument, side, inclusive, trade), owner = allocation.bundle, allocation.owner
    figures, converted = allocation.figures, allocation.contract_figures
    return (
        f"{allocation.name}\t{day:%Y-%m}\t{day}\t{instrument.code}\t{side}\t{inclusive}"
        f"\t{trade or COPY_NULL}\t{owner.contract or COPY_NULL}\t{owner.customer or COPY_NULL}"
        f"\t{figures.tonnes}\t{figures.amount_fen}\t{figures.fees_fen}"
        f"\t{converted.amount_fen}\t{converted.fees_fen}\t{allocation.is_correction}"
    )


def from_allocation_row(row: RowMapping) -> Allocation:
    """Read one allocation."""
    return Allocation(
        booking_month=_month(row["booking_month"]),
        bundle=bundle_of(row),
        owner=Owner(row["contract"], row["customer"]),
        figures=Figures(row["tonnes"], row["amount"], row["fees"]),
        contract_figures=Figures(row["tonnes"], row["contract_amount"], row["contract_fees"]),
        is_correction=row["is_correction"],
    )


def bundle_of(row: RowMapping) -> Bundle:
    """Read which bundle, or which named trade, a part is of."""
    return Bundle(
        row["trade_date"],
        instrument_of(row["instrument"]),
        TradeSide(row["side"]),
        row["tax_inclusive"],
        row["trade"],
    )


def to_state_row(state: MonthAllocation) -> Mapping[str, object]:
    """Write what a month's allocation came to."""
    return {
        "through_date": state.through_date,
        "input_version": state.input_version,
        "trade_count": state.trade_count,
        "bundle_count": state.bundle_count,
        "allocation_count": state.allocation_count,
        "allocated_tonnes": state.allocated_tonnes,
        "pool_tonnes": state.pool_tonnes,
        "findings": [_to_json(finding) for finding in state.findings],
        "allocated_by": state.allocated_by,
        "allocated_at": state.allocated_at,
    }


def from_state_row(row: RowMapping) -> MonthAllocation:
    """Read what a month's allocation came to."""
    return MonthAllocation(
        month=_month(row["month"]),
        through_date=row["through_date"],
        input_version=row["input_version"],
        trade_count=row["trade_count"],
        bundle_count=row["bundle_count"],
        allocation_count=row["allocation_count"],
        allocated_tonnes=row["allocated_tonnes"],
        pool_tonnes=row["pool_tonnes"],
        findings=_from_json(row["findings"]),
        allocated_by=row["allocated_by"],
        allocated_at=row["allocated_at"],
    )


# A month has a hundred thousand rows of a few instruments and months.
instrument_of = lru_cache(maxsize=4096)(Instrument.parse)
_month = lru_cache(maxsize=4096)(Month.parse)


def _to_json(finding: Finding) -> list[str]:
    return [
        finding.severity.value,
        finding.reason,
        finding.subject,
        finding.message,
        finding.way_out,
    ]


def _from_json(findings: Sequence[Sequence[str]]) -> tuple[Finding, ...]:
    return tuple(Finding(Severity(severity), *rest) for severity, *rest in findings)

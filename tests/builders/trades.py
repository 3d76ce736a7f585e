"""Valid trades, drafts and contracts for tests of trades; each keyword changes one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypedDict, Unpack

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide, Instrument
from services.kernel.money import Money, money
from services.kernel.period import Month, Period
from services.kernel.tonnes import Tonnes
from services.settlement.domain import market_rules
from services.settlement.domain.allocating import AllocationInputs
from services.settlement.domain.allocation import (
    Allocation,
    BookedTrade,
    Bundle,
    Figures,
    FrozenParts,
    Owner,
    booked_version,
)
from services.settlement.domain.contract import Contract, ContractState, PromisedPrice
from services.settlement.domain.market_rules import read_market_rules
from services.settlement.domain.trade import Leg, Trade, TradeDraft, TradeMode, TradeSide
from services.settlement.domain.trade_checks import DayFacts, MarketDay
from services.settlement.domain.trade_recording import Recording, record
from tests.fakes.trades import sourced

CEA = Instrument.parse("CEA-2024")
CCER = Instrument.parse("CCER-2024-ningde-deep")
MARCH = Month(2025, 3)
WINDOW = Period(date(2025, 1, 1), date(2026, 1, 1))
_DATA = Path(market_rules.__file__).parent
RULES = read_market_rules(
    (_DATA / "market_rules.csv").read_text(encoding="utf-8").splitlines(),
    (_DATA / "vat_rates.csv").read_text(encoding="utf-8").splitlines(),
)
RECORDED_AT = datetime(2025, 3, 31, 9, tzinfo=UTC)


class DraftFields(TypedDict, total=False):
    """What of a draft a test may choose."""

    external_id: str
    mode: TradeMode
    instrument: Instrument
    side: TradeSide | None
    trade_date: date
    tonnes: int
    unit_price: Decimal | None
    fees: Money
    tax_inclusive: bool
    amount: Money | None
    contract: ContractName | None
    buyer: CustomerName | None
    seller: CustomerName | None
    buyer_contract: ContractName | None
    seller_contract: ContractName | None
    venue: str
    trader: str


def draft(**fields: Unpack[DraftFields]) -> TradeDraft:
    """A listed purchase of 1,000 t at 72.00 on 3 March 2025, for the pool."""
    plain = TradeDraft(
        external_id="t-1",
        mode=TradeMode.LISTING,
        instrument=CEA,
        side=TradeSide.BUY,
        trade_date=date(2025, 3, 3),
        tonnes=1_000,
        unit_price=Decimal("72.00"),
        fees=money("0"),
        tax_inclusive=True,
        venue="CNEEEX",
        trader="trader-a",
    )
    return replace(plain, **fields)


def trade(
    contracts: Sequence[Contract] = (),
    *,
    booking_month: Month = MARCH,
    **fields: Unpack[DraftFields],
) -> Trade:
    """The same, recorded; its contracts are found among those given."""
    drafted = draft(**fields)
    owners = {contract.name: contract.customer for contract in contracts}
    return record(
        drafted,
        Recording(
            legs=_legs(drafted, owners),
            unit_price=drafted.unit_price or Decimal("72.00"),
            booking_month=booking_month,
            recorded_by="trader-a",
            recorded_at=RECORDED_AT,
        ),
    )


def contract(
    name: str,
    volume: int,
    *,
    side: GuaranteeSide = GuaranteeSide.PURCHASE,
    instrument: Instrument = CEA,
    window: Period = WINDOW,
    tax_inclusive: bool = True,
) -> Contract:
    """An approved contract of its own customer."""
    return Contract(
        name=ContractName(f"contracts/{name}"),
        customer=CustomerName(f"customers/{name}"),
        side=side,
        instruments=(instrument,),
        delivery_window=window,
        volume_tonnes=Tonnes(volume),
        promised_prices=(PromisedPrice(window.start, Decimal("75.00")),),
        tax_inclusive=tax_inclusive,
        tax_rate=Decimal("0.06"),
        state=ContractState.APPROVED,
    )


def inputs(
    trades: Sequence[Trade],
    contracts: Sequence[Contract],
    *,
    taken: Mapping[ContractName, int] | None = None,
    held: Mapping[ContractName, int] | None = None,
) -> AllocationInputs:
    """The inputs of March's allocation, nothing frozen."""
    return AllocationInputs(
        month=MARCH,
        trades=[BookedTrade(trade=booked_version(each)) for each in trades],
        contracts=contracts,
        taken=taken or {},
        held=held or {},
        frozen={},
        rules=RULES,
    )


def facts(
    checked: TradeDraft,
    *,
    previous_close: Decimal | None = None,
    close: Decimal | None = None,
    is_trading_day: bool = True,
) -> DayFacts:
    """What is known of a draft's day at the end of 2025."""
    return DayFacts(
        today=date(2025, 12, 31),
        market=MarketDay(
            is_trading_day=is_trading_day,
            previous=sourced(previous_close),
            transfer=sourced(close),
        ),
        rule=RULES.on(checked.instrument.kind, checked.trade_date),
    )


def frozen(bundle: Bundle, month: Month, shares: Mapping[Contract, tuple[int, int]]) -> FrozenParts:
    """What a closed month gave the contracts of one bundle: tonnes, and fen."""
    parts = [
        Allocation(
            booking_month=month,
            bundle=bundle,
            owner=Owner(each.name, each.customer),
            figures=Figures(tonnes, fen, 0),
            contract_figures=Figures(tonnes, fen, 0),
        )
        for each, (tonnes, fen) in shares.items()
    ]
    return {bundle: parts}


def _legs(drafted: TradeDraft, owners: Mapping[ContractName, CustomerName]) -> tuple[Leg, ...]:
    if drafted.side is not None:
        name = drafted.contract
        return (Leg(drafted.side, owners[name] if name else None, name),)
    return (
        Leg(TradeSide.BUY, drafted.buyer, drafted.buyer_contract),
        Leg(TradeSide.SELL, drafted.seller, drafted.seller_contract),
    )

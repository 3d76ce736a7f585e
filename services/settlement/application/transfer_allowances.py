"""TransferAllowances: move tonnes between two owners at the transfer price of the day."""

from dataclasses import dataclass
from datetime import date

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import Instrument
from services.kernel.money import zero
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.record_trades import RecordTrades
from services.settlement.domain.trade import Trade, TradeDraft, TradeMode
from services.settlement.domain.trade_refusal import refuse

INTERNAL_VENUE = "INTERNAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What moves, from whom to whom. A customer left out is the company's own pool.

    ``reference`` tells two transfers apart that are otherwise the same.
    """

    seller: CustomerName | None
    buyer: CustomerName | None
    instrument: Instrument
    tonnes: int
    trade_date: date
    reference: str
    seller_contract: ContractName | None = None
    buyer_contract: ContractName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAllowances:
    """Records an internal transfer. Its price follows from the rule, tax included; no fees."""

    unit_of_work: UnitOfWork
    record_trades: RecordTrades

    def __call__(self, *, transfer: Transfer) -> Trade:
        """Record it, once per reference.

        Raises:
            InvalidTrade, PriceMissing, PriceNotFinal, VolumeExceeded, NotFound, BooksNotOpen.
        """
        draft = TradeDraft(
            external_id=f"transfer-{transfer.reference}",
            venue=INTERNAL_VENUE,
            mode=TradeMode.INTERNAL,
            instrument=transfer.instrument,
            side=None,
            trade_date=transfer.trade_date,
            tonnes=transfer.tonnes,
            unit_price=None,
            fees=zero(),
            tax_inclusive=True,
            buyer=transfer.buyer,
            seller=transfer.seller,
            buyer_contract=transfer.buyer_contract,
            seller_contract=transfer.seller_contract,
        )
        with self.unit_of_work():
            [row] = self.record_trades(drafts=[draft])
            if row.trade is None:
                refuse(row.rejections, subject=f"trades/{draft.external_id}")
            return row.trade

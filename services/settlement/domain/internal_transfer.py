"""An internal transfer: a sale for one owner and a purchase for the other, at a price by rule.

The price of a day follows from its market prices by pricing's rule; neither side chooses or
approves it. A transfer moves tonnes between two customers, or between a customer and the company's
own pool.
"""

from collections.abc import Iterator

from services.settlement.domain.remark import Remark
from services.settlement.domain.sourced_price import SourcedPrice
from services.settlement.domain.trade import TradeDraft


def transfer_breaches(
    draft: TradeDraft, *, transfer: SourcedPrice | None, remark: Remark | None = None
) -> Iterator[Remark]:
    """Name what is wrong with the owners and the price of an internal transfer.

    ``remark`` says why there is no price, where pricing said so.
    """
    buyer = draft.buyer or draft.buyer_contract
    seller = draft.seller or draft.seller_contract
    if not buyer and not seller:
        wrong = "buyer and seller are both empty; at most one of them is the company's own pool"
        yield Remark("buyer", "OWNERS_MISSING", wrong)
    if draft.buyer is not None and draft.buyer == draft.seller:
        yield Remark("buyer", "OWNERS_EQUAL", f"{draft.buyer} cannot buy from itself")
    if transfer is None:
        wrong = (
            f"no transfer price of {draft.instrument.code} on {draft.trade_date} is known;"
            " import the close of that day"
        )
        yield remark or Remark("unit_price", "PRICE_MISSING", wrong)
    elif draft.unit_price is not None and draft.unit_price != transfer.price:
        wrong = (
            f"{draft.unit_price} is not the transfer price of the day, {transfer.price}:"
            f" {transfer.source}"
        )
        yield Remark("unit_price", "PRICE_NOT_BY_RULE", wrong)

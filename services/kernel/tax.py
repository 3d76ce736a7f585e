"""Value-added tax on one line: exclusive (on top) or inclusive (taken out).

Per line, never cumulative: the tax of twelve months may differ by fen from that of the year.
"""

from dataclasses import dataclass
from decimal import Decimal

from services.kernel.money import Money, round_money


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """An amount without tax, its tax, and both together: ``net + tax == gross``, to the fen."""

    net: Money
    tax: Money
    gross: Money


def tax_on_top(net: Money, rate: Decimal) -> TaxedAmount:
    """Add tax to a net amount: ``tax = round(net x rate)``."""
    tax = round_money(net.amount * rate, net.currency.code)
    return TaxedAmount(net=net, tax=tax, gross=net + tax)


def tax_within(gross: Money, rate: Decimal) -> TaxedAmount:
    """Take tax out of a gross amount: ``net = round(gross / (1 + rate))``, tax is the rest."""
    net = round_money(gross.amount / (1 + rate), gross.currency.code)
    return TaxedAmount(net=net, tax=gross - net, gross=gross)


def taxed(amount: Money, *, rate: Decimal, inclusive: bool) -> TaxedAmount:
    """Split an amount in its own basis into net, tax and gross."""
    return tax_within(amount, rate) if inclusive else tax_on_top(amount, rate)

"""Tax of one line: a disclosed sale within a group, and the two ways to tax."""

import csv
from decimal import Decimal
from pathlib import Path

from services.kernel.money import money, round_money
from services.kernel.tax import tax_on_top, tax_within, taxed

SIX_PERCENT = Decimal("0.06")
PUBLISHED = Path(__file__).parents[3] / "samples" / "published"


def test_takes_the_tax_out_of_a_disclosed_sale() -> None:
    gross = round_money(303_841 * Decimal("57.68"))
    line = tax_within(gross, SIX_PERCENT)
    assert gross == money("17525548.88")
    assert (line.net, line.tax) == (money("16533536.68"), money("992012.20"))


def test_agrees_with_the_disclosure_itself() -> None:
    with (PUBLISHED / "disclosed_sale_2022-12-20.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    price = Decimal(row["unit_price_cny_tax_inclusive"])
    gross = round_money(int(row["volume_tonnes"]) * price)
    assert gross == money(row["gross_cny"])
    assert tax_within(gross, SIX_PERCENT).net == money(row["net_of_6_percent_vat_cny"])


def test_puts_the_tax_on_top_of_a_net_amount() -> None:
    line = tax_on_top(money("199589.04"), SIX_PERCENT)
    assert (line.tax, line.gross) == (money("11975.34"), money("211564.38"))


def test_taxes_a_credit_as_the_mirror_of_a_charge() -> None:
    line = tax_on_top(money("-199589.04"), SIX_PERCENT)
    assert (line.tax, line.gross) == (money("-11975.34"), money("-211564.38"))


def test_keeps_net_and_tax_together_in_either_basis() -> None:
    for inclusive in (True, False):
        line = taxed(money("0.07"), rate=SIX_PERCENT, inclusive=inclusive)
        assert line.net + line.tax == line.gross


def test_charges_no_tax_at_a_rate_of_zero() -> None:
    line = taxed(money("12.34"), rate=Decimal(0), inclusive=True)
    assert (line.net, line.tax) == (money("12.34"), money("0.00"))

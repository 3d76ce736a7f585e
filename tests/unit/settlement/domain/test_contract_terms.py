"""Which terms of a contract are refused, and why."""

from datetime import date
from decimal import Decimal

import pytest

from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import GuaranteeSide
from services.kernel.period import Month, Period
from services.kernel.tiers import TiersDoNotTile
from services.kernel.tonnes import Tonnes
from services.settlement.domain.contract import (
    Contract,
    PriceBasis,
    PromisedPrice,
    ShareTiming,
    TaxTreatment,
    Title,
    Undelivered,
)
from services.settlement.domain.contract_terms import (
    InvalidTerms,
    check_contract,
    taxation_of,
    terms_of,
)
from services.settlement.domain.settlement import Taxation
from tests.builders.settlement import CEA, THIRTY_FIFTY, contract

DEAR = (PromisedPrice(date(2025, 1, 1), Decimal("100000.01")),)
TOO_MUCH = (GainShareTier(None, Decimal("1.1")),)


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (contract(instruments=()), "instruments"),
        (contract(instruments=(CEA, CEA)), "instruments"),
        (contract(volume_tonnes=Tonnes(10**8), promised_prices=DEAR), "promised_price"),
        (contract(gain_share_tiers=()), "gain_share_tiers"),
        (contract(gain_share_tiers=TOO_MUCH), "gain_share_tiers[0].customer_share"),
        (contract(loss_cap_per_tonne=Decimal(-1)), "loss_cap_per_tonne"),
        (contract(loss_cap_per_tonne=Decimal(1_000_000)), "loss_cap_per_tonne"),
        (contract(tax_rate=Decimal(6)), "tax_rate"),
        (contract(tax_treatment=TaxTreatment.TAXABLE), "tax_rate"),
        (contract(price_basis=PriceBasis.MARKET_VWAP), "price_basis"),
        (contract(price_series=PriceSeriesName("priceSeries/cea")), "price_series"),
        (contract(title=Title.PRINCIPAL), "title"),
        (contract(undelivered=Undelivered.AT_REFERENCE), "undelivered"),
    ],
)
def test_refuses_terms_that_cannot_be_settled_by_name(refused: Contract, field: str) -> None:
    with pytest.raises(InvalidTerms) as wrong:
        check_contract(refused)
    assert [violation.field for violation in wrong.value.violations] == [field]


def test_takes_a_house_that_bears_no_loss_at_all() -> None:
    check_contract(contract(loss_cap_per_tonne=Decimal(0)))


def test_names_every_wrong_field_at_once() -> None:
    with pytest.raises(InvalidTerms) as wrong:
        check_contract(contract(title=Title.PRINCIPAL, instruments=(), gain_share_tiers=()))
    fields = [violation.field for violation in wrong.value.violations]
    assert fields == ["instruments", "gain_share_tiers", "title"]


def test_refuses_shares_that_do_not_reach_to_no_end() -> None:
    with pytest.raises(TiersDoNotTile):
        check_contract(contract(gain_share_tiers=THIRTY_FIFTY[:1]))


def test_allows_a_sale_without_a_share_and_every_term_that_is_offered() -> None:
    check_contract(contract(side=GuaranteeSide.SALE, gain_share_tiers=()))
    check_contract(
        contract(
            share_timing=ShareTiming.AT_MATURITY,
            loss_cap_per_tonne=Decimal("0.50"),
            tax_treatment=TaxTreatment.TAXABLE,
            tax_rate=Decimal("0.06"),
            fees_included=True,
        )
    )


@pytest.mark.parametrize(
    ("end", "maturity"), [(date(2025, 5, 1), Month(2025, 4)), (date(2025, 5, 2), Month(2025, 5))]
)
def test_matures_in_the_month_of_the_last_day_of_its_window(end: date, maturity: Month) -> None:
    window = Period(date(2025, 1, 1), end)
    assert terms_of(contract(delivery_window=window)).maturity == maturity


def test_is_taxed_in_its_own_basis_where_it_is_taxed() -> None:
    taxable = contract(tax_treatment=TaxTreatment.TAXABLE, tax_rate=Decimal("0.06"))
    assert taxation_of(taxable) == Taxation(Decimal("0.06"), inclusive=True)
    assert taxation_of(contract(tax_rate=Decimal("0.06"))) is None

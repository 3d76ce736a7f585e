"""Records into messages of the contract, and back."""

import pytest
from tanheng.billing.v1 import billing_service_pb2, customer_service_pb2
from tanheng.common.v1 import common_pb2
from tanheng.settlement.v1 import contract_service_pb2

from clients.cli.messages import BadField, Record, fill, plain

CONTRACT: Record = {
    "customer": "customers/hanchuan",
    "side": "PURCHASE",
    "instruments": ["CEA-2024", "CEA-2025"],
    "delivery_window": {"start_date": "2025-01-01", "end_date": "2026-01-01"},
    "volume_tonnes": "200000",
    "promised_price": "75.00",
    "gain_share_tiers": [
        {"up_to_gain_per_tonne": "5.00", "customer_share": "0.30"},
        {"customer_share": "0.50"},
    ],
    "fees_included": "true",
}


def test_what_it_writes_it_can_read_again() -> None:
    contract = fill(contract_service_pb2.Contract(), CONTRACT)
    written = plain(contract)
    assert isinstance(written, dict)
    assert fill(contract_service_pb2.Contract(), written) == contract


def test_writes_names_numbers_and_days_as_people_do() -> None:
    written = plain(fill(contract_service_pb2.Contract(), CONTRACT))
    assert isinstance(written, dict)
    assert written["side"] == "PURCHASE"
    assert written["instruments"] == ["CEA-2024", "CEA-2025"]
    assert written["volume_tonnes"] == 200_000
    assert written["promised_price"] == "75.00"


def test_leaves_out_a_field_that_was_not_given() -> None:
    record = {**CONTRACT, "loss_cap_per_tonne": "", "reference_series": None}
    contract = fill(contract_service_pb2.Contract(), record)
    assert not contract.HasField("loss_cap_per_tonne")
    written = plain(contract)
    assert isinstance(written, dict)
    assert "loss_cap_per_tonne" not in written


def test_reads_a_list_from_one_cell() -> None:
    contract = fill(contract_service_pb2.Contract(), {"instruments": "CEA-2024;CEA-2025"})
    assert [each.vintage for each in contract.instruments] == [2024, 2025]


def test_amounts_are_text_in_json() -> None:
    month = billing_service_pb2.FeeMonth(month="2025-01")
    fill(month.net, {"units": "199589", "nanos": "40000000", "currency_code": "CNY"})
    assert plain(month) == {"month": "2025-01", "net": "199589.04"}


@pytest.mark.parametrize(
    ("record", "path", "said"),
    [
        ({"colour": "green"}, "colour", "is no field of Contract"),
        ({"side": "BOTH"}, "side", "one of PURCHASE, SALE"),
        ({"volume_tonnes": "many"}, "volume_tonnes", "whole number"),
        ({"fees_included": "perhaps"}, "fees_included", "true or false"),
        ({"promised_price": "dear"}, "promised_price", "1234.56"),
        ({"instruments": ["CEA-2024", "oil"]}, "instruments[1]", "CEA-2024"),
        ({"delivery_window": {"end_date": "soon"}}, "delivery_window.end_date", "not a day"),
        ({"delivery_window": "2025"}, "delivery_window", "the fields of DateRange"),
    ],
)
def test_names_the_field_that_is_wrong(record: Record, path: str, said: str) -> None:
    with pytest.raises(BadField, match=said) as refused:
        fill(contract_service_pb2.Contract(), record)
    assert refused.value.path == path


def test_takes_the_full_name_of_an_enum_value_too() -> None:
    customer = fill(customer_service_pb2.Customer(), {"customer_class": "CUSTOMER_CLASS_EXTERNAL"})
    assert customer.customer_class == common_pb2.CUSTOMER_CLASS_EXTERNAL

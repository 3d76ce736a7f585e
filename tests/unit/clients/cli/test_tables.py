"""Messages as tables."""

import io

from google.protobuf.message import Message
from rich.console import Console
from tanheng.billing.v1 import billing_service_pb2
from tanheng.pricing.v1 import price_service_pb2, replay_pb2

from clients.cli.messages import fill
from clients.cli.tables import Column, columns, table_of


def shown(*messages: Message, by: tuple[Column, ...], width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(table_of("Fees", messages, by))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def month(net: str) -> billing_service_pb2.FeeMonth:
    fees = billing_service_pb2.FeeMonth(month="2025-01")
    fees.net.units, fees.net.currency_code = int(net), "CNY"
    return fees


def test_separates_thousands_and_stands_numbers_to_the_right() -> None:
    lines = shown(month("2350000"), month("5"), by=columns(Net="net")).splitlines()
    assert "│ 2,350,000.00 │" in lines[4]
    assert "│         5.00 │" in lines[5]


def test_says_that_there_is_nothing_rather_than_zero() -> None:
    assert "–" in shown(month("1"), by=columns(Tax="tax", Month="month"))


def test_follows_a_path_into_a_message() -> None:
    run = fill(billing_service_pb2.BillingRun(), {"name": "billingRuns/a"})
    run.totals.gross.units = 7
    assert "7.00" in shown(run, by=columns(Gross="totals.gross"))


def test_shows_six_decimals_of_a_price_at_most() -> None:
    preview = fill(
        billing_service_pb2.PreviewManagementFeeRequest(), {"scale_tonnes": "74.43777777"}
    )
    assert "74.437778" in shown(preview, by=columns(Scale="scale_tonnes"))
    assert "74.4377777" not in shown(preview, by=columns(Scale="scale_tonnes"))


def test_shows_every_price_with_two_decimals_and_a_scale_as_it_is() -> None:
    priced = fill(replay_pb2.ReplayedWindow(), {"promised_price": "92", "volatility": "0.3"})
    scaled = fill(billing_service_pb2.PreviewManagementFeeRequest(), {"scale_tonnes": "8200000"})
    assert "92.00" in shown(priced, by=columns(Promised="promised_price"))
    assert "8,200,000 " in shown(scaled, by=columns(Scale="scale_tonnes"))


def test_shows_a_span_of_days_as_days() -> None:
    span = {"start_date": "2025-02-18", "end_date": "2025-02-19"}
    used = fill(price_service_pb2.PriceDependent(), {"date_range": span})
    assert "2025-02-18 to 2025-02-19" in shown(used, by=columns(Days="date_range"))


def test_stands_one_row_upright_that_is_too_wide() -> None:
    wide = columns(The_month_that_it_is="month", What_it_costs_without_tax="net")
    lines = shown(month("2350000"), by=wide, width=44).splitlines()
    assert any("What it costs without tax │ 2,350,000.00" in line for line in lines)
    assert all(len(line) <= 44 for line in lines)


def test_stands_rows_upright_rather_than_break_their_numbers() -> None:
    both = (month("2350000"), month("199589"))
    lines = shown(*both, by=columns(Month="month", Net="net", Again="net"), width=26).splitlines()
    assert sum("2,350,000.00" in line for line in lines) == 2
    assert sum("199,589.00" in line for line in lines) == 2
    assert all(len(line) <= 26 for line in lines)


def test_folds_text_before_it_breaks_a_number() -> None:
    long = fill(billing_service_pb2.BillingRun(), {"name": "billingRuns/a-rather-long-name-here"})
    long.totals.gross.units = 123_456_789
    narrow = shown(long, long, by=columns(Run="name", Gross="totals.gross"), width=40)
    assert narrow.count("123,456,789.00") == 2
    assert "billingRuns/a-rather-long-name-here" not in narrow
    assert all(len(line) <= 40 for line in narrow.splitlines())


def test_knows_whether_a_message_has_a_field_at_all() -> None:
    assert Column("Net", "totals.net").exists_in(billing_service_pb2.BillingRun())
    assert not Column("House", "totals.net_to_house").exists_in(billing_service_pb2.BillingRun())


def test_shows_a_moment_to_the_second_and_no_enum_that_says_nothing() -> None:
    run = billing_service_pb2.BillingRun(name="billingRuns/a")
    run.create_time.FromJsonString("2026-11-22T14:25:05.474497Z")
    text = shown(run, by=columns(At="create_time", State="state"))
    assert "2026-11-22 14:25:05Z" in text
    assert "UNSPECIFIED" not in text

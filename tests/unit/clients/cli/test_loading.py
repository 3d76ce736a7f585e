"""Rows into batches, and what the service says of them back to the rows of the file."""

from collections.abc import Sequence

import grpc
import pytest
from tanheng.pricing.v1 import price_service_pb2
from tanheng.settlement.v1 import trade_pb2, trade_service_pb2

from clients.cli.errors import CallRefused, Details, InputRefused, RowsRefused, Violation
from clients.cli.loading.market import Reading
from clients.cli.loading.report import (
    BATCH,
    Remark,
    Report,
    batches,
    readable,
    remarks,
    send_others,
)
from clients.cli.output import Output
from clients.cli.records import Row


def rows(count: int) -> list[Row]:
    return [Row(number, {"n": str(number)}) for number in range(2, count + 2)]


def test_cuts_rows_into_batches_that_the_service_takes() -> None:
    cut = list(batches(Report("trades"), rows(BATCH + 1)))
    assert [len(batch) for batch in cut] == [BATCH, 1]


def test_refuses_a_file_without_rows() -> None:
    with pytest.raises(InputRefused, match="no trades"):
        list(batches(Report("trades"), []))


def test_names_the_line_of_the_file_for_a_row_of_the_batch() -> None:
    issue = price_service_pb2.RowIssue(row=1, field="close", reason="DUPLICATE_ROW", message="x")
    assert remarks(rows(3), [issue]) == [Remark(3, "close", "DUPLICATE_ROW", "x")]


def test_ends_with_the_refused_rows(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("prices", accepted_count=2)
    report.rejections.append(Remark(4, "close", "MOVE_BEYOND_LIMIT", "is 57.00"))
    with pytest.raises(RowsRefused) as refused:
        report.show(Output(as_json=False))
    assert "2 accepted" in capsys.readouterr().out
    assert refused.value.violations[0].field == "row 4 close"


def test_says_how_many_remarks_it_does_not_show_and_shows_them_by_row() -> None:
    report = Report("prices")
    report.rejections += [Remark(row, "close", "ZERO_PRICE", "is 0") for row in range(60, 0, -1)]
    with pytest.raises(RowsRefused, match="50 of 60 remarks are shown, --json has all") as refused:
        report.show(Output(as_json=False))
    assert [wrong.field for wrong in refused.value.violations[:2]] == ["row 1 close", "row 2 close"]


def test_reads_a_file_that_somebody_else_laid_out() -> None:
    week = [
        Row(2, {"trade_date": "2025-06-30", "instrument": "CEA", "amount_cny": "1.00"}),
        Row(3, {"trade_date": "2025-06-30", "instrument": "CCER", "amount_cny": "2.00"}),
    ]
    reading = Reading(
        {"date": "trade_date", "amount": "amount_cny"}, {"instrument": "CCER"}, {"quality": "FINAL"}
    )
    expected = {"date": "2025-06-30", "amount": "2.00", "quality": "FINAL"}
    assert reading.apply(week) == [Row(3, expected)]


def test_names_a_column_that_is_not_there() -> None:
    with pytest.raises(InputRefused) as refused:
        Reading({"date": "day"}).apply(rows(1))
    assert refused.value.violations[0].field == "day"


PRICE = {"date": "2025-01-02", "close": "97.50", "quality": "FINAL"}


def test_refuses_a_row_that_cannot_be_read_by_itself_and_names_all_its_fields() -> None:
    report = Report("prices")
    wrong = {"date": "2025-13-01", "close": "abc", "quality": "GOOD"}
    batch = [Row(2, PRICE), Row(3, wrong), Row(4, PRICE)]
    taken, read = readable(report, batch, price_service_pb2.PriceRow)
    assert [row.number for row in taken] == [2, 4]
    assert len(read) == 2
    named = [(each.row, each.field) for each in report.rejections]
    assert named == [(3, "date"), (3, "close"), (3, "quality")]
    assert "'abc' is not a number" in report.rejections[1].message


def test_refuses_a_file_with_a_column_that_nothing_is_known_of() -> None:
    batch = [Row(2, {**PRICE, "colour": "green"})]
    with pytest.raises(InputRefused) as refused:
        readable(Report("prices"), batch, price_service_pb2.PriceRow)
    assert refused.value.violations[0].field == "colour"


def asked(*violations: Violation) -> CallRefused:
    return CallRefused(
        grpc.StatusCode.INVALID_ARGUMENT, "wrong", Details("INVALID_FIELDS", violations)
    )


def test_sends_the_others_where_a_request_is_refused_for_some_of_its_rows() -> None:
    sent: list[int] = []

    def send(read: Sequence[trade_pb2.Trade]) -> trade_service_pb2.RecordTradesResponse:
        sent.append(len(read))
        if len(sent) < 3:
            raise asked(Violation(f"trades[{len(sent)}].external_id", "is unset"))
        return trade_service_pb2.RecordTradesResponse(accepted_count=len(read))

    report, four = Report("trades"), [trade_pb2.Trade() for _ in range(4)]
    kept, answer = send_others(report, rows(4), four, send)
    assert (sent, [row.number for row in kept]) == ([4, 3, 2], [2, 4])
    assert answer is not None
    assert [(each.row, each.field) for each in report.rejections] == [
        (3, "external_id"),
        (5, "external_id"),
    ]


def test_refuses_a_request_that_is_wrong_in_more_than_its_rows() -> None:
    def send(_: Sequence[trade_pb2.Trade]) -> trade_service_pb2.RecordTradesResponse:
        raise asked(Violation("trades[0].venue", "is unset"), Violation("request_id", "is unset"))

    report = Report("trades")
    with pytest.raises(CallRefused):
        send_others(report, rows(1), [trade_pb2.Trade()], send)
    assert report.rejections == []


def test_has_no_answer_where_every_row_was_refused() -> None:
    def send(_: Sequence[trade_pb2.Trade]) -> trade_service_pb2.RecordTradesResponse:
        raise asked(Violation("trades[0].venue", "is unset"))

    report = Report("trades")
    assert send_others(report, rows(1), [trade_pb2.Trade()], send) == ([], None)
    assert len(report.rejections) == 1

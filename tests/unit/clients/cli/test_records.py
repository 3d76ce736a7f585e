"""Files as records."""

from pathlib import Path

import pytest
import xlsxwriter

from clients.cli.errors import InputRefused
from clients.cli.records import read_rows, read_yaml


def test_reads_csv_with_the_line_numbers_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "scales.csv"
    file.write_text("\ufeffcustomer, tonnes\ncustomers/a,0.35\ncustomers/b,\n", encoding="utf-8")
    rows = read_rows(file)
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].record == {"customer": "customers/a", "tonnes": "0.35"}


def test_reads_excel_as_the_text_that_its_cells_show(tmp_path: Path) -> None:
    file = tmp_path / "trades.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["external_id", "tonnes", "unit_price"])
        sheet.write_row(1, 0, ["T-1", 10_001, 72.04])
        sheet.write_row(3, 0, ["T-2", 5, 0.1])
    found = [row.record for row in read_rows(file)]
    assert found[0] == {"external_id": "T-1", "tonnes": "10001", "unit_price": "72.04"}
    assert found[1] == {"external_id": "T-2", "tonnes": "5", "unit_price": "0.1"}


def test_reads_no_number_of_yaml_as_a_float(tmp_path: Path) -> None:
    file = tmp_path / "tariff.yaml"
    file.write_text("rate: 0.10\nday: 2025-03-01\nyes: on\n", encoding="utf-8")
    assert read_yaml(file) == {"rate": "0.10", "day": "2025-03-01", "yes": "on"}


def test_finds_the_records_under_their_key(tmp_path: Path) -> None:
    file = tmp_path / "group.yaml"
    file.write_text("label: invented\ncustomers:\n- {customer_id: a}\n", encoding="utf-8")
    assert [row.record for row in read_rows(file, under="customers")] == [{"customer_id": "a"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.csv", None),
        ("wide.csv", "a,b\n1,2,3\n"),
        ("broken.yaml", "a: [1"),
        ("text.yaml", "just text"),
        ("empty.xlsx", "no workbook"),
    ],
)
def test_refuses_a_file_that_is_not_what_it_says(
    tmp_path: Path, name: str, content: str | None
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(InputRefused):
        read_rows(file)


def test_counts_empty_lines_of_a_csv_file_and_empty_rows_of_a_sheet(tmp_path: Path) -> None:
    text, book = tmp_path / "gaps.csv", tmp_path / "gaps.xlsx"
    text.write_text("a,b\n\n1,2\n\n3,4\n", encoding="utf-8")
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for line, cells in ((0, ["a", "b"]), (2, [1, 2]), (4, [3, 4])):
            sheet.write_row(line, 0, cells)
    for file in (text, book):
        assert [row.number for row in read_rows(file)] == [3, 5]


def test_reads_a_computed_cell_with_the_digits_that_a_sheet_shows(tmp_path: Path) -> None:
    file = tmp_path / "computed.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["close", "amount", "account"])
        sheet.write_row(1, 0, [96.1 + 0.2, 97100.00000000001, "6222020200112345678"])
    (row,) = read_rows(file)
    assert row.record == {"close": "96.3", "amount": "97100", "account": "6222020200112345678"}


def test_names_the_line_that_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="line 3 "):
        read_rows(file)


def test_leaves_a_long_text_of_digits_in_a_sheet_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "trades.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["external_id"])
        sheet.write_string(1, 0, "20250102093015.000417")
    (row,) = read_rows(file)
    assert row.record == {"external_id": "20250102093015.000417"}


def test_refuses_two_columns_of_one_name(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("date,close, close\n2025-07-01,74.22,75.00\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="two columns 'close'"):
        read_rows(file)


def test_says_how_to_save_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_bytes("日期,收盘\n".encode("gbk"))
    with pytest.raises(InputRefused, match="CSV UTF-8"):
        read_rows(file)


@pytest.mark.parametrize(("separator", "name"), [(";", "';'"), ("\t", "tabs")])
def test_says_how_a_file_is_separated_that_commas_do_not(
    tmp_path: Path, separator: str, name: str
) -> None:
    file = tmp_path / "prices.csv"
    lines = [["date", "close"], ["2025-07-01", "74,22"]]
    file.write_text("\n".join(separator.join(line) for line in lines), encoding="utf-8")
    with pytest.raises(InputRefused, match=f"is separated by {name}; save it with commas"):
        read_rows(file)


def test_finds_the_header_below_empty_lines_and_leaves_empty_rows_out(tmp_path: Path) -> None:
    text, book = tmp_path / "gaps.csv", tmp_path / "gaps.xlsx"
    text.write_text("\n,,\na,b,\n,,\n1,2,\n", encoding="utf-8")
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for line, cells in ((2, ["a", "b"]), (4, [1, 2])):
            sheet.write_row(line, 0, cells)
    for file in (text, book):
        (row,) = read_rows(file)
        assert (row.number, row.record) == (5, {"a": "1", "b": "2"})


def test_refuses_a_cell_under_no_heading(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("date,,close\n2025-07-01,?,74.22\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="line 2 "):
        read_rows(file)


def test_reads_no_rows_from_an_empty_sheet(tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    with xlsxwriter.Workbook(file) as workbook:
        workbook.add_worksheet()
    assert read_rows(file) == []


def test_says_shortly_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "absent.csv"
    with pytest.raises(InputRefused) as refusal:
        read_rows(file)
    assert refusal.value.message == f"{file} cannot be read: No such file or directory"

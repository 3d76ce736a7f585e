"""The incentive report, read back from its file."""

from rich.console import Console

from clients.cli.incentive_report import IncentiveReport

REPORT = (
    "\ufeffline,staff_id,amount_cny,instalment_1_payable,note\r\n"
    "pool,,84773.80,,\r\n"
    "award,s-01,13563.81,2025-04-01,\r\n"
    "award,s-09,0.00,,120 days in post\r\n"
).encode()


def shown(report: IncentiveReport) -> str:
    console = Console(width=120)
    with console.capture() as printed:
        for table in report.tables():
            console.print(table)
    return printed.get()


def test_keeps_the_file_as_it_came() -> None:
    assert IncentiveReport.parse(REPORT).content == REPORT


def test_writes_every_cell_for_programs() -> None:
    written = IncentiveReport.parse(REPORT).as_plain()
    assert isinstance(written, dict)
    rows = written["rows"]
    assert isinstance(rows, list)
    assert rows[2] == {
        "line": "award",
        "staff_id": "s-09",
        "amount_cny": "0.00",
        "instalment_1_payable": "",
        "note": "120 days in post",
    }


def test_shows_totals_before_awards_and_separates_thousands() -> None:
    text = shown(IncentiveReport.parse(REPORT))
    assert text.index("84,773.80") < text.index("13,563.81")


def test_leaves_the_days_of_instalments_to_the_file() -> None:
    assert "2025-04-01" not in shown(IncentiveReport.parse(REPORT))


def test_shows_nothing_of_an_empty_report() -> None:
    assert IncentiveReport.parse(b"").rows == []
    assert "award" not in shown(IncentiveReport.parse(b""))

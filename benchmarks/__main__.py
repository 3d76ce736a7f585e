"""Measure, and print ratios: ``python -m benchmarks [calls] [run] [pricer] [portfolio] …``."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import calls, portfolio, pricer, quotes, settlement_run
from services.bootstrap.house import ALL_METADATA
from services.runtime.embedded_postgres import EmbeddedPostgres
from services.runtime.migrations import upgrade

_CONSOLE = Console()


def main() -> None:
    """Measure what is asked for, or everything."""
    chosen = sys.argv[1:] or list(_BENCHMARKS)
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="tanheng-bench-") as folder:
            _CONSOLE.print(_BENCHMARKS[name](Path(folder)))


def _calls(folder: Path) -> Table:
    with EmbeddedPostgres(folder / "postgres") as postgres:
        upgrade(postgres.url, metadata=ALL_METADATA)
        figures = calls.measure(postgres.url, folder)
    table = _table("(a) calls a second of one core of the server", "calls/s", "ratio")
    table.add_row("bare Echo", f"{figures.bare_echo:,.0f}", "")
    table.add_row("Echo behind the stages", f"{figures.staged_echo:,.0f}", "1.00")
    ratio = figures.preview / figures.staged_echo
    table.add_row("PreviewManagementFee", f"{figures.preview:,.0f}", f"{ratio:.2f} (aim >= 0.6)")
    table.add_row("peak memory of the server", f"{figures.peak_mib:,.0f} MiB", "")
    return table


def _run(folder: Path) -> Table:
    figures = settlement_run.measure(folder)
    count = settlement_run.CONTRACTS
    title = f"(b) settlement run, {count:,} contracts x {settlement_run.TRADES_EACH} trades"
    table = _table(title, "seconds", "of values", "of text")
    values, text = figures.copying_values, figures.copying_text
    table.add_row(f"bare COPY of its {figures.rows:,} rows as values", f"{values:.2f}", "1.00", "")
    table.add_row("the same as text, ready for it", f"{text:.2f}", "", "1.00")
    table.add_row("calculating", f"{figures.calculating:.2f}", "", "")
    table.add_row("posting", f"{figures.posting:.2f}", "", "")
    both = figures.both
    ratios = [f"{both / copying:.1f} (aim <= 5)" for copying in (values, text)]
    table.add_row("both", f"{both:.2f}", *ratios)
    table.add_row("contracts a second", f"{count / both:,.0f}", "")
    table.add_row("peak memory of the server", f"{figures.server_mib:,.0f} MiB", "")
    table.add_row("peak memory of the worker", f"{figures.worker_mib:,.0f} MiB", "")
    return table


def _quotes(folder: Path) -> Table:
    with EmbeddedPostgres(folder / "postgres") as postgres:
        upgrade(postgres.url, metadata=ALL_METADATA)
        figures = quotes.measure(postgres.url, folder)
    title = f"(e) quotes a second of one core of the server, {quotes.FIXINGS} deliveries"
    table = _table(title, "calls/s", "ratio", "ms alone", "ratio")
    for label, quote, echo, aim in (
        ("look", figures.look, figures.echo, 0.3),
        ("kept", figures.kept, figures.storing_echo, 0.5),
    ):
        table.add_row(f"Echo, {label}", f"{echo.rate:,.0f}", "1.00", f"{echo.wait * 1e3:.1f}", "")
        ratios = quote.rate / echo.rate, echo.wait / quote.wait
        table.add_row(
            f"QuoteGuarantee, {label}",
            f"{quote.rate:,.0f}",
            f"{ratios[0]:.2f} (aim >= {aim})",
            f"{quote.wait * 1e3:.1f}",
            f"{ratios[1]:.2f}",
        )
    return table


def _portfolio(folder: Path) -> Table:
    del folder  # in memory alone
    figures = portfolio.measure()
    title = (
        f"(d) {portfolio.CONTRACTS:,} promises on {portfolio.SCHEDULES} schedules,"
        f" {portfolio.PATHS:,} joint paths"
    )
    table = _table(title, "seconds", "")
    table.add_row("VaR and CVaR of all", f"{figures.var_seconds:.2f}", "(aim about 1)")
    table.add_row("value and greeks of each", f"{figures.values_seconds:.2f}", "(aim about 1)")
    table.add_row("sampling error of VaR 99", "", f"{figures.var_error:.2%}")
    table.add_row("mean less values, in errors", "", f"{figures.difference:+.2f}")
    return table


def _pricer(folder: Path) -> Table:
    del folder
    figures = pricer.measure()
    table = _table(f"(c) prices of averages of {pricer.FIXINGS} fixings", "contracts/s", "ratio")
    table.add_row("ours, with greeks", f"{figures.ours:,.0f}", "")
    for name, rate, aim in (
        ("QuantLib, dates reused", figures.reused, 10),
        ("QuantLib, rebuilt", figures.rebuilt, 30),
    ):
        table.add_row(name, f"{rate:,.0f}", f"{figures.ours / rate:.1f} (aim >= {aim})")
    title = f"{pricer.CONTRACTS:,} break-evens and values"
    table.add_row(title, f"{figures.greeks_seconds:.2f} s", "(aim about 1 s)")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    return table


_BENCHMARKS: dict[str, Callable[[Path], Table]] = {
    "calls": _calls,
    "run": _run,
    "pricer": _pricer,
    "portfolio": _portfolio,
    "quotes": _quotes,
}

if __name__ == "__main__":
    main()

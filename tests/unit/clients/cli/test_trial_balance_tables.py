"""How a trial balance is laid out."""

import pytest
from rich.text import Text
from tanheng.ledger.v1 import journal_pb2

from clients.cli.commands.ledger import BELOW_ZERO, CUSTODY, trial_balance_tables


@pytest.mark.parametrize(("tonnes", "said"), [(-5, [BELOW_ZERO]), (5, []), (0, [])])
def test_explains_a_custody_below_zero(tonnes: int, said: list[str]) -> None:
    balance = journal_pb2.TrialBalance()
    balance.lines.add(
        ledger_account=CUSTODY,
        book=journal_pb2.BOOK_COMPANY,
        unit="CCER-2024-reef",
        balance_tonnes=tonnes,
    )
    notes = [part for part in trial_balance_tables(balance) if isinstance(part, Text)]
    assert [note.plain for note in notes] == said

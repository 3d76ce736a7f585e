"""Where is it written? Double entry, balances, export, and the state of each month.

It owns journal entries and their postings, the chart of accounts, the trial balance, and whether
a month's books are open. It does not own why something is posted: the rooms above make the entries.
Words: book, ledger account, posting, journal entry, reversal, trial balance, booking month.
Invariants: every entry balances per book and unit, in the constructor and in the database; what is
posted never changes, and is corrected only by a new entry that names the old; months close in
order, and for good; what the company holds against a customer is what the customer's mirror shows.
"""

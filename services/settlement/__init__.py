"""Who pays whom, when, net of what? Contracts, trades, their allocation, settlement, month close.

It owns contracts with a guaranteed price, trades and the part of each that belongs to a contract or
to the company's pool, settlement runs and settlements, and the checks before a month closes.
It does not own prices or quotes (pricing), customers and invoices (billing), the journal and the
state of a month (ledger), or what anybody is awarded for a result (incentives).
Words: contract, promised price, delivery window, trade, bundle, earmark, internal transfer,
allocation, pool, settlement run, settlement, month of origin, difference, gain share, relief.
Invariants: allocations and pool sum to the bundle in tonnes, money and fees; a purchase never costs
the plant more than promised, a sale never brings it less, unless a loss cap says so; cost equal to
promise owes nothing; the months of a settlement sum exactly to its figure to date; what is posted
never changes; order of arrival within an open month does not matter.
"""

"""Who owes us what? Customers, asset scales, charges, invoices, credit notes.

It owns customers with their dated classes, the scales of their carbon assets, the management fee
and the charge per traded tonne, billing runs, invoices and credit notes. It does not own tariffs
(pricing answers a port), trades (settlement answers a port), or the books (ledger).
Words: customer, class, asset scale, service year, segment, line, true-up, billed, billing run,
invoice, credit note, open net.
Invariants: what a month owes is the figure to date less what was billed, so months add up to the
year, a re-run owes nothing, and late facts correct themselves; an invoice total is never negative;
no credit note exceeds what is left of its invoice; numbers have no gaps; a missing scale or tariff
is a finding by name, never zero; nobody issues what was not approved as it is now.
Fees are charged in CNY: amounts here are whole fen (``…_fen``), rounded once, half away from zero.
"""

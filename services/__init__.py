"""tanheng: carbon pricing and service-fee billing of an energy group. The map of the house.

Six rooms of one shape::

    pricing      what does a tonne, or a service, cost?
    billing      who owes us what?
    settlement   who pays whom, when, net of what?
    incentives   who has earned a reward, and how much?
    ledger       where is it written?
    audit        who did what, when, provably?

In a room: ``api`` (the wire) and ``jobs`` (the queue) call ``application`` (verbs), which uses
``domain`` (nouns and rules) and ports; ``persistence`` puts nouns into rows.

Around them: ``kernel`` (words all rooms share), ``wire`` (the same words in the contract),
``runtime`` (server, database, queue, clock), ``bootstrap`` (puts the house together).
The contract itself is in ``proto/``; ``docs/architecture.md`` has the picture.
"""

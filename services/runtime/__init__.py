"""Impure plumbing that knows no room: database, transactions, gRPC server, queue, clock.

It owns how a call is served, how a job is run, how a transaction is opened and what the database
itself enforces. It does not own any rule of the trade.
Invariants: one transaction per call; nothing inside takes a second connection; every method has
a policy or the server does not start.
"""

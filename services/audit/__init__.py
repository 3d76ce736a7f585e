"""Who did what, when, provably.

It owns the audit records, the chain of hashes that links them, and its verification. It does not
own the decision what is recorded: the stages around each call do that.
Words: audit record, seal, link, head, flaw.
Invariants: a record is written in the transaction of what it tells of, so neither is there without
the other; records and seals are only ever added; each record is sealed once, within a second and
before any list or verification; a record that was changed, removed, slipped in or moved is found,
whoever did it, as long as the head was remembered outside.
"""

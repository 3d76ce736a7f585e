"""The verbs of the ledger, one per file, and the ports they ask through."""

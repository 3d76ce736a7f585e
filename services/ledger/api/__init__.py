"""The wire of the ledger: translate in, call one verb, translate out."""

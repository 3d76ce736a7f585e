"""The wire of the audit trail: translate in, call one verb, translate out."""

"""The verbs of the audit trail, one per file, and the ports they ask through."""

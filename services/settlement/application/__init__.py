"""The verbs of settlement, one per file, and the ports they ask through."""

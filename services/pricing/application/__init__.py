"""The verbs of pricing, one per file, and what they need from outside."""

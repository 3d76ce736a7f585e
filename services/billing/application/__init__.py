"""The verbs of billing, and what they need from outside."""

"""Nouns of settlement as rows, and back."""

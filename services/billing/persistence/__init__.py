"""Nouns ⇄ rows of the schema billing."""

"""The queue ⇄ us."""

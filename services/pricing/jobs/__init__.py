"""The queue and the clock ⇄ us."""

"""The queue ⇄ incentives: as thin as the servicers."""

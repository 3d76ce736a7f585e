"""The pure mathematics of a promised price: what it is worth, and what it may cost."""

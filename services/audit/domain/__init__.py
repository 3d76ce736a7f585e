"""Records, the links between them, and what can be wrong with a link: pure."""

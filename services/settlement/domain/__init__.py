"""The nouns and rules of settlement: pure."""

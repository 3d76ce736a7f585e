"""The nouns and rules of double entry: pure."""

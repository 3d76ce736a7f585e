"""The nouns and rules of billing: pure."""

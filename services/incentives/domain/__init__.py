"""The nouns and rules of incentives; no clock, no input or output."""

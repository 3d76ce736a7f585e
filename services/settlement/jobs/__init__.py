"""The queue calls settlement."""

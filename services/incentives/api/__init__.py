"""Incentives on the wire: translate in, call one verb, translate out."""

"""Prices, their checks and averages; tariffs and which one is in force."""

"""Journal, chart and months in PostgreSQL."""

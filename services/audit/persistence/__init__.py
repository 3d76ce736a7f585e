"""Records and seals in PostgreSQL."""

"""A quote: what is asked about a promised price, what is priced, and the answer that is kept."""

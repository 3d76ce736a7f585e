"""The wire ⇄ prices and tariffs: translate in, call one verb, translate out."""

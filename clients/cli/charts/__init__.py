"""Pictures of prices and promises, drawn from plain figures; no window is ever opened."""

"""The rows of incentives."""

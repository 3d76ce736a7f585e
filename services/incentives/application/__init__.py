"""What incentives can be asked to do: one verb per file, named as its rpc."""

"""Wire ⇄ us: one servicer per gRPC service, one translation module per resource."""

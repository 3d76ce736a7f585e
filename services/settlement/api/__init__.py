"""The gRPC services of settlement, and the translation of their resources."""

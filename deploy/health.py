"""Asks the server of this machine whether it serves; exit code 0 if so.

For the health checks of containers: with TLS, which the probe of Kubernetes does not speak, by the
files that the server itself has. `python health.py [port]`.
"""

import os
import sys
from pathlib import Path

import grpc
from cryptography import x509
from grpc_health.v1 import health_pb2, health_pb2_grpc

_PATIENCE = 3.0  # seconds


def main() -> int:
    """Ask once."""
    port = sys.argv[1] if len(sys.argv) > 1 else "50051"
    with _channel(f"127.0.0.1:{port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=_PATIENCE)
        except grpc.RpcError as error:
            print(f"health: {error.code().name} {error.details()}", file=sys.stderr)
            return 1
    return 0 if answer.status == health_pb2.HealthCheckResponse.SERVING else 1


def _channel(address: str) -> grpc.Channel:
    certificate, key = _file("TANHENG_TLS_CERTIFICATE_FILE"), _file("TANHENG_TLS_KEY_FILE")
    if certificate is None:
        return grpc.insecure_channel(address)
    mutual = _file("TANHENG_TLS_CLIENT_CA_FILE") is not None
    credentials = grpc.ssl_channel_credentials(
        root_certificates=certificate,
        private_key=key if mutual else None,
        certificate_chain=certificate if mutual else None,
    )
    options = [("grpc.ssl_target_name_override", _name_in(certificate))]
    return grpc.secure_channel(address, credentials, options=options)


def _file(variable: str) -> bytes | None:
    name = os.environ.get(variable)
    return Path(name).read_bytes() if name else None


def _name_in(certificate: bytes) -> str:
    """Read the first name that the certificate is for."""
    leaf = x509.load_pem_x509_certificates(certificate)[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)[0]


if __name__ == "__main__":
    raise SystemExit(main())

"""What the outside decides: addresses, folders, keys. Read once, at the start."""

import os
from dataclasses import dataclass
from pathlib import Path


class SettingsRefused(ValueError):
    """The settings contradict each other or leave out what is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 50051
    insecure: bool = False
    development_tokens: bool = False
    processes: int = 1
    server_threads: int = 16
    workers: int = 1
    worker_threads: int = 2
    with_scheduler: bool = True
    database_url: str | None = None
    jwks_url: str | None = None
    jwks_file: Path | None = None
    issuer: str = "tanheng-development"
    audience: str = "tanheng"
    tls_key_file: Path | None = None
    tls_certificate_file: Path | None = None
    tls_client_ca_file: Path | None = None

    @property
    def embedded_database(self) -> bool:
        """Tell whether the database is our own child."""
        return self.database_url is None

    @property
    def tls(self) -> bool:
        """Tell whether the server speaks TLS."""
        return self.tls_key_file is not None

    @property
    def development_key_file(self) -> Path:
        """The signing key of development tokens, beside the embedded database only."""
        return self.data_dir / "development_key.pem"

    def check(self) -> "Settings":
        """Refuse what would be open to the network.

        Raises:
            SettingsRefused: naming the variable or option, and the way out.
        """
        if (self.tls_key_file is None) != (self.tls_certificate_file is None):
            raise SettingsRefused(
                "TANHENG_TLS_KEY_FILE and TANHENG_TLS_CERTIFICATE_FILE go together; set both"
            )
        if self.host not in {"127.0.0.1", "localhost", "::1"} and not (self.tls or self.insecure):
            raise SettingsRefused(
                f"--host {self.host} is open to the network without TLS;"
                " set TANHENG_TLS_KEY_FILE and TANHENG_TLS_CERTIFICATE_FILE, or say --insecure"
            )
        return self

    def check_issuer(self) -> "Settings":
        """Refuse to serve calls without a way to verify tokens.

        Raises:
            SettingsRefused: a named database goes with the keys of an issuer.
        """
        known = self.jwks_url or self.jwks_file
        if not (known or self.embedded_database or self.development_tokens):
            raise SettingsRefused(
                "TANHENG_DATABASE_URL names a database, so tokens must be verified by your issuer;"
                " set TANHENG_JWKS_URL or TANHENG_JWKS_FILE (and TANHENG_ISSUER, TANHENG_AUDIENCE)"
            )
        return self


def from_environment(*, data_dir: Path, **chosen: object) -> Settings:
    """Read TANHENG_… variables; what the command line chose goes before."""
    values: dict[str, object] = {
        "database_url": os.environ.get("TANHENG_DATABASE_URL") or None,
        "jwks_url": os.environ.get("TANHENG_JWKS_URL") or None,
        "jwks_file": _path("TANHENG_JWKS_FILE"),
        "tls_key_file": _path("TANHENG_TLS_KEY_FILE"),
        "tls_certificate_file": _path("TANHENG_TLS_CERTIFICATE_FILE"),
        "tls_client_ca_file": _path("TANHENG_TLS_CLIENT_CA_FILE"),
    }
    for name in ("issuer", "audience"):
        if os.environ.get(f"TANHENG_{name.upper()}"):
            values[name] = os.environ[f"TANHENG_{name.upper()}"]
    values |= {name: value for name, value in chosen.items() if value is not None}
    return Settings(data_dir=data_dir.absolute(), **values).check()  # type: ignore[arg-type]


def _path(variable: str) -> Path | None:
    text = os.environ.get(variable)
    return Path(text) if text else None

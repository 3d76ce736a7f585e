"""Settings: what the outside decides, and what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.runtime.settings import Settings, SettingsRefused, from_environment

_VARIABLES = (
    *("DATABASE_URL", "JWKS_URL", "JWKS_FILE", "ISSUER", "AUDIENCE"),
    *("TLS_KEY_FILE", "TLS_CERTIFICATE_FILE", "TLS_CLIENT_CA_FILE"),
)
DATA = Path("data")
EVERYWHERE = "0.0.0.0"  # noqa: S104  nothing is bound here


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(f"TANHENG_{name}", raising=False)


def test_serves_this_machine_only_unless_told() -> None:
    settings = from_environment(data_dir=DATA)
    assert settings.host == "127.0.0.1"
    assert settings.embedded_database
    assert not settings.tls


def test_reads_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANHENG_DATABASE_URL", "postgresql://db/tanheng")
    monkeypatch.setenv("TANHENG_ISSUER", "https://issuer")
    monkeypatch.setenv("TANHENG_JWKS_FILE", "/etc/tanheng/jwks.json")
    settings = from_environment(data_dir=DATA)
    assert (settings.database_url, settings.issuer) == ("postgresql://db/tanheng", "https://issuer")
    assert settings.jwks_file == Path("/etc/tanheng/jwks.json")
    assert not settings.embedded_database


def test_takes_an_empty_variable_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.setenv(f"TANHENG_{name}", "")
    assert from_environment(data_dir=DATA) == Settings(data_dir=DATA.absolute())


def test_puts_what_the_command_line_chose_before_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANHENG_ISSUER", "https://issuer")
    assert from_environment(data_dir=DATA, issuer="mine", port=None, host=None).issuer == "mine"


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "10.0.0.7", "db.internal"])
def test_refuses_the_open_network_without_tls(host: str) -> None:
    with pytest.raises(SettingsRefused, match="--insecure"):
        from_environment(data_dir=DATA, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_lets_this_machine_do_without_tls(host: str) -> None:
    assert from_environment(data_dir=DATA, host=host).host == host


def test_lets_the_open_network_in_with_tls_or_by_word() -> None:
    key, certificate = Path("key.pem"), Path("certificate.pem")
    pair = Settings(
        data_dir=DATA, host=EVERYWHERE, tls_key_file=key, tls_certificate_file=certificate
    )
    assert pair.check().tls
    assert Settings(data_dir=DATA, host=EVERYWHERE, insecure=True).check().insecure


@pytest.mark.parametrize("half", ["tls_key_file", "tls_certificate_file"])
def test_refuses_half_a_pair(half: str) -> None:
    with pytest.raises(SettingsRefused, match="TANHENG_TLS_CERTIFICATE_FILE"):
        from_environment(data_dir=DATA, **{half: Path("half.pem")})


def test_refuses_a_named_database_without_an_issuer() -> None:
    named = Settings(data_dir=DATA, database_url="postgresql://db/tanheng")
    with pytest.raises(SettingsRefused, match="TANHENG_JWKS_URL"):
        named.check_issuer()


def test_trusts_its_own_key_beside_its_own_database_only() -> None:
    assert Settings(data_dir=DATA).check_issuer().development_key_file.parent == DATA
    url = "postgresql://db/tanheng"
    for keys in (
        Settings(data_dir=DATA, jwks_file=Path("k")),
        Settings(data_dir=DATA, jwks_url="k"),
    ):
        named = replace(keys, database_url=url)
        assert named.check_issuer() is named

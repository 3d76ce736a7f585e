"""Tokens: whom the service believes, and what about."""

import base64
import json
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.kernel.authority import EVERY_CUSTOMER
from services.runtime.settings import Settings
from services.runtime.tokens import (
    TokenExpired,
    TokenInvalid,
    TokenVerifier,
    development_key,
    development_token,
    verifier_of,
)

Claims = dict[str, object]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def verifier(settings: Settings) -> TokenVerifier:
    return verifier_of(settings)


def _claims(settings: Settings, **changed: object) -> Claims:
    now = datetime.now(UTC)
    claims: Claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": "li.wei",
        "roles": ["trader"],
        "customers": [],
        "exp": now + timedelta(hours=1),
    }
    return {key: value for key, value in (claims | changed).items() if value is not None}


def _signed(settings: Settings, **changed: object) -> str:
    key = development_key(settings.development_key_file)
    return jwt.encode(_claims(settings, **changed), key, algorithm="ES256")


def test_believes_its_own_token(settings: Settings, verifier: TokenVerifier) -> None:
    token = development_token(settings=settings, subject="li.wei", roles=["trader"], customers=[])
    principal = verifier.verify(token)
    assert principal.subject == "li.wei"
    assert principal.roles == {"trader"}


def test_cuts_a_customer_to_the_customers_named(
    settings: Settings, verifier: TokenVerifier
) -> None:
    token = _signed(settings, roles=["customer"], customers=["hanchuan", "customers/jingmen"])
    principal = verifier.verify(token)
    assert principal.customers == {"customers/hanchuan", "customers/jingmen"}
    assert not principal.sees_every_customer


@pytest.mark.parametrize("roles", [["customer"], ["staff"], ["customer", "staff"], [], ["trader"]])
def test_shows_no_customer_to_whom_none_is_named(
    roles: list[str], settings: Settings, verifier: TokenVerifier
) -> None:
    assert verifier.verify(_signed(settings, roles=roles)).customers == frozenset()


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody-else"},
        {"aud": "another-service"},
        {"aud": None},
        {"iss": None},
        {"sub": None},
        {"exp": None},
        {"roles": "trader"},
        {"roles": [1]},
        {"roles": {"trader": True}},
        {"customers": "hanchuan"},
        {"roles": ["customer"], "customers": [EVERY_CUSTOMER]},
        {"roles": ["customer"], "customers": ["hanchuan,jingmen"]},
    ],
)
def test_refuses_claims_that_are_not_for_it(
    changed: Claims, settings: Settings, verifier: TokenVerifier
) -> None:
    with pytest.raises(TokenInvalid):
        verifier.verify(_signed(settings, **changed))


@pytest.mark.parametrize("subject", ["", "  ", "li\0wei", "li\nwei", "\u202ewei", "x" * 201])
def test_refuses_a_caller_whom_no_record_could_name(
    subject: str, settings: Settings, verifier: TokenVerifier
) -> None:
    with pytest.raises(TokenInvalid, match="printable"):
        verifier.verify(_signed(settings, sub=subject))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_bears_with_an_issuer_whose_clock_is_a_little_ahead(
    claim: str, settings: Settings, verifier: TokenVerifier
) -> None:
    now = datetime.now(UTC)
    soon = _signed(settings, **{claim: now + timedelta(seconds=20)})
    assert verifier.verify(soon).subject == "li.wei"
    with pytest.raises(TokenInvalid):
        verifier.verify(_signed(settings, **{claim: now + timedelta(minutes=2)}))


def test_says_that_a_token_has_expired(settings: Settings, verifier: TokenVerifier) -> None:
    with pytest.raises(TokenExpired):
        verifier.verify(_signed(settings, exp=datetime.now(UTC) - timedelta(seconds=1)))


def test_remembers_a_token_only_until_it_expires(
    settings: Settings, verifier: TokenVerifier
) -> None:
    end = int(time.time()) + 2  # whole seconds, as tokens count them
    token = _signed(settings, exp=datetime.fromtimestamp(end, UTC))
    assert verifier.verify(token).subject == "li.wei"
    time.sleep(end - time.time() + 0.05)
    with pytest.raises(TokenExpired):
        verifier.verify(token)


def test_refuses_a_token_signed_by_another_key(settings: Settings, verifier: TokenVerifier) -> None:
    forged = jwt.encode(_claims(settings), ec.generate_private_key(ec.SECP256R1()), "ES256")
    with pytest.raises(TokenInvalid):
        verifier.verify(forged)


def test_refuses_a_token_signed_by_nobody_or_by_a_shared_secret(
    settings: Settings, verifier: TokenVerifier
) -> None:
    claims = _claims(settings)
    secret = jwt.encode(claims, "a secret that is long enough to be one", algorithm="HS256")
    for token in (jwt.encode(claims, "", algorithm="none"), secret):
        with pytest.raises(TokenInvalid):
            verifier.verify(token)


def test_refuses_a_token_that_was_changed(settings: Settings, verifier: TokenVerifier) -> None:
    head, body, signature = _signed(settings).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["roles"] = ["finance_director"]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    with pytest.raises(TokenInvalid):
        verifier.verify(f"{head}.{changed}.{signature}")


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "ä.ö.ü", "." * 50, "e30.e30.e30"])
def test_refuses_what_is_no_token(text: str, verifier: TokenVerifier) -> None:
    with pytest.raises(TokenInvalid):
        verifier.verify(text)


def test_keeps_its_key_to_itself_and_for_good(settings: Settings) -> None:
    first = development_key(settings.development_key_file)
    assert stat.S_IMODE(settings.development_key_file.stat().st_mode) == 0o600
    second = development_key(settings.development_key_file)
    assert first.private_numbers() == second.private_numbers()
    assert [path.name for path in settings.data_dir.iterdir()] == ["development_key.pem"]


def test_believes_the_keys_of_an_issuer_by_their_names(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    keys = {"keys": [public | {"kid": "2025", "use": "sig", "alg": "RS256"}]}
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(keys))
    settings = Settings(data_dir=tmp_path, database_url="postgresql://db/x", jwks_file=path)
    verifier, claims = verifier_of(settings), _claims(settings)
    named = jwt.encode(claims, key, "RS256", headers={"kid": "2025"})
    assert verifier.verify(named).subject == "li.wei"
    for headers in ({"kid": "2024"}, {}):
        with pytest.raises(TokenInvalid):
            verifier.verify(jwt.encode(claims, key, "RS256", headers=headers))

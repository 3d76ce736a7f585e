"""Who is calling: JWT verified against an issuer's keys, or a development key of this folder."""

import json
import os
import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, cast

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from services.kernel.authority import EVERY_CUSTOMER, Principal
from services.kernel.errors import Unauthenticated
from services.runtime.settings import Settings

ALGORITHMS = ["ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "EdDSA"]
_LIFETIME = timedelta(hours=8)
_SKEW = timedelta(seconds=30)
"""How far an issuer's clock may be ahead of ours; an expired token gets no such grace."""
_LONGEST_SUBJECT = 200
_EXPIRED = "the token has expired; ask your issuer for a new one"
_REMEMBERED = 10_000


class TokenMissing(Unauthenticated):
    """No bearer token came with the call."""

    reason = "TOKEN_MISSING"


class TokenExpired(Unauthenticated):
    """The token was right, and its time is over."""

    reason = "TOKEN_EXPIRED"


class TokenInvalid(Unauthenticated):
    """The token is not from the issuer that this server trusts, or not meant for it."""

    reason = "TOKEN_INVALID"


PublicKey = (
    rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
)
"""What a token can be verified with."""


class Keys(Protocol):
    """Finds the key that a token claims to be signed by."""

    def key_for(self, token: str) -> PublicKey:
        """Give the public key; raise a PyJWT error where there is none."""
        ...


class _OneKey:
    def __init__(self, key: PublicKey) -> None:
        self._key = key

    def key_for(self, token: str) -> PublicKey:  # noqa: ARG002 - there is only one
        return self._key


class _KeySet:
    def __init__(self, keys: jwt.PyJWKSet) -> None:
        self._keys = keys

    def key_for(self, token: str) -> PublicKey:
        found = self._keys[jwt.get_unverified_header(token).get("kid", "")]
        return cast("PublicKey", found.key)


class _KeyServer:
    def __init__(self, url: str) -> None:
        self._client = jwt.PyJWKClient(url, cache_keys=True, lifespan=300, timeout=5)

    def key_for(self, token: str) -> PublicKey:
        return cast("PublicKey", self._client.get_signing_key_from_jwt(token).key)


class TokenVerifier:
    """Turns a bearer token into a principal, who sees the customers that it names.

    Whether a role sees every customer is for the permission stage to say. Verified tokens are
    remembered until they expire.
    """

    def __init__(self, *, keys: Keys, issuer: str, audience: str) -> None:
        """Keep what is trusted."""
        self._keys, self._issuer, self._audience = keys, issuer, audience
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()
        self._lock = Lock()

    def verify(self, token: str) -> Principal:
        """Verify a token.

        Raises:
            TokenExpired: its time is over.
            TokenInvalid: anything else that is wrong with it.
        """
        known = self._known.get(token)
        if known is not None and time.time() < known[0]:
            return known[1]
        claims = self._claims(token)
        if int(claims["exp"]) <= time.time():
            raise TokenExpired(_EXPIRED)
        principal = _principal(claims)
        with self._lock:
            self._known[token] = (float(claims["exp"]), principal)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                self._keys.key_for(token),
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                leeway=_SKEW,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired(_EXPIRED) from None
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError):
            raise TokenInvalid(
                "the token is not valid here; it must be signed by the issuer of this server,"
                f" for audience {self._audience!r}"
            ) from None


def verifier_of(settings: Settings) -> TokenVerifier:
    """Build the verifier: the issuer's keys, else the development key of the data folder."""
    settings.check_issuer()
    keys: Keys
    if settings.jwks_url:
        keys = _KeyServer(settings.jwks_url)
    elif settings.jwks_file:
        text = settings.jwks_file.read_text(encoding="utf-8")
        keys = _KeySet(jwt.PyJWKSet.from_dict(json.loads(text)))
    else:
        keys = _OneKey(development_key(settings.development_key_file).public_key())
    return TokenVerifier(keys=keys, issuer=settings.issuer, audience=settings.audience)


def development_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read the development key, made at the first use, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_new_key(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic-curve key")
    return key


def development_token(
    *, settings: Settings, subject: str, roles: list[str], customers: list[str]
) -> str:
    """Sign a token with the development key."""
    now = datetime.now(UTC)
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": subject,
        "roles": roles,
        "customers": customers,
        "iat": now,
        "exp": now + _LIFETIME,
    }
    return jwt.encode(claims, development_key(settings.development_key_file), algorithm="ES256")


def _write_new_key(path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(draft, path)  # a rival's key stays
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _principal(claims: dict[str, Any]) -> Principal:
    roles, customers = claims.get("roles", []), claims.get("customers", [])
    if not (_texts(roles) and _texts(customers) and isinstance(claims["sub"], str)):
        raise TokenInvalid("the claims sub, roles and customers must be text and lists of text")
    subject = claims["sub"]
    if not (subject.strip() and subject.isprintable() and len(subject) <= _LONGEST_SUBJECT):
        raise TokenInvalid(
            f"the claim sub must name the caller in 1 to {_LONGEST_SUBJECT} printable characters"
        )
    return Principal(subject, frozenset(roles), frozenset(map(_customer_name, customers)))


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str) and item.isprintable() and "," not in item and item != EVERY_CUSTOMER
        for item in value
    )


def _customer_name(text: str) -> str:
    return text if text.startswith("customers/") else f"customers/{text}"

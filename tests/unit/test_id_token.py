"""A token is believed only when everything about it is right."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pool import ISSUER, claims, jwks, private_key, signed, text

from chalicelib.domain import id_token
from chalicelib.domain.id_token import BadTokenError, Expected, Identity, PublicKey

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
EXPECTED = Expected(issuer=ISSUER, client_id="client", nonce="nonce")
RIGHT = claims(NOW, client_id="client")
KEYS = id_token.keys_of(jwks(private_key()))


def read(token: str, **facts: Any) -> Identity:
    return id_token.read(token, facts.get("keys", KEYS), EXPECTED, facts.get("at", NOW))


def test_a_right_token_names_who_signed_in() -> None:
    assert read(signed(RIGHT)) == Identity("anna", "anna@example.org")


def test_clocks_may_differ_by_a_minute() -> None:
    assert read(signed(RIGHT), at=NOW - timedelta(seconds=59)).subject == "anna"
    assert read(signed(RIGHT), at=NOW + timedelta(hours=1, seconds=59)).subject == "anna"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"iss": ISSUER + "x"}, "iss"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": ["client"]}, "aud"),
        ({"token_use": "access"}, "token_use"),
        ({"nonce": "of another attempt"}, "nonce"),
        ({"exp": int(NOW.timestamp()) - 60}, "over"),
        ({"exp": None}, "over"),
        ({"exp": "9999999999"}, "over"),
        ({"iat": int(NOW.timestamp()) + 61}, "not valid yet"),
        ({"iat": None}, "not valid yet"),
        ({"sub": ""}, "nobody"),
        ({"sub": 7}, "nobody"),
        ({"email": None}, "nobody"),
    ],
)
def test_a_wrong_claim_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(BadTokenError, match=why):
        read(signed(RIGHT | more))


@pytest.mark.parametrize("head", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512"}])
def test_no_other_algorithm_is_taken(head: dict[str, str]) -> None:
    with pytest.raises(BadTokenError, match="RS256"):
        read(signed(RIGHT, None, **head))


def test_a_key_that_is_not_the_pools_is_refused() -> None:
    with pytest.raises(BadTokenError, match="key"):
        read(signed(RIGHT, kid="another"))
    with pytest.raises(BadTokenError, match="signature"):
        read(signed(RIGHT, private_key(name="a stranger's")))


def test_a_changed_letter_is_refused() -> None:
    head, body, signature = signed(RIGHT).split(".")
    forged = text(json.dumps(RIGHT | {"sub": "eve"}).encode())
    for token in (f"{head}.{forged}.{signature}", f"{head}.{body}.{'A' + signature[1:]}"):
        with pytest.raises(BadTokenError, match="signature"):
            read(token)


def test_a_signature_of_another_length_or_above_the_modulus_is_refused() -> None:
    head, body, _ = signed(RIGHT).split(".")
    for raw in (b"", b"\x01" * 255, b"\x00" * 257, b"\xff" * 256):
        with pytest.raises(BadTokenError, match="signature"):
            read(f"{head}.{body}.{text(raw)}")


def test_an_encoding_with_anything_behind_the_digest_is_refused() -> None:
    """With the exponent 3 a forger needs no key where the rest of the encoding is not looked at."""
    weak = PublicKey((1 << 3071) + 1, 3)
    head, body, _ = signed(RIGHT).split(".")
    import hashlib

    digest = bytes.fromhex("3031300d060960864801650304020105000420")
    digest += hashlib.sha256(f"{head}.{body}".encode()).digest()
    block = b"\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x00" + digest
    wanted = int.from_bytes(block + b"\xff" * (384 - len(block)))
    low, high = 0, 1 << 1024
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= wanted else (low, middle - 1)
    assert (low**3).to_bytes(384).startswith(block)
    with pytest.raises(BadTokenError, match="signature"):
        read(f"{head}.{body}.{text(low.to_bytes(384))}", keys={"key-1": weak})


def test_a_short_key_is_refused() -> None:
    short = private_key(1024)
    with pytest.raises(BadTokenError, match="signature"):
        read(signed(RIGHT, short), keys=id_token.keys_of(jwks(short)))


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b", "é.é.é", "[].e30.AA", "e30.e30.AA", "A" * 20_000 + ".A.A"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadTokenError):
        read(token)


def test_a_body_that_is_no_object_is_refused_though_it_is_signed() -> None:
    with pytest.raises(BadTokenError, match="object"):
        read(signed([RIGHT]))


@pytest.mark.parametrize("document", [{}, {"keys": 1}, {"keys": [{"kty": "RSA"}]}, {"keys": ["a"]}])
def test_what_are_no_keys_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadTokenError):
        id_token.keys_of(document)


def test_keys_of_another_kind_are_left_out() -> None:
    [key] = jwks(private_key())["keys"]
    others = [key | {"kty": "EC"}, key | {"alg": "RS512"}]
    assert id_token.keys_of({"keys": others}) == {}
    assert replace(KEYS["key-1"], exponent=65537) == KEYS["key-1"]

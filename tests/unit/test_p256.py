"""Signatures over P-256, beside another implementation of the same standard."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import p256

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE = ec.derive_private_key(20191111, ec.SECP256R1())


def key_of(private: ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    numbers = private.public_key().public_numbers()
    return numbers.x.to_bytes(32), numbers.y.to_bytes(32)


def signed(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, N - 1), st.binary(max_size=200))
def test_what_a_browser_signs_is_believed_and_nothing_beside_it(
    number: int, message: bytes
) -> None:
    private = ec.derive_private_key(number, ec.SECP256R1())
    signature, key = signed(private, message), key_of(private)
    assert p256.verifies(*key, message, signature)
    assert not p256.verifies(*key, message + b"!", signature)
    assert not p256.verifies(*key_of(PRIVATE), message, signature)
    assert not p256.verifies(*key, message, signature[32:] + signature[:32])


@pytest.mark.parametrize(
    ("r", "s"), [(0, 1), (1, 0), (N, 1), (1, N), (2**256 - 1, 2**256 - 1), (0, 0)]
)
def test_numbers_outside_the_group_are_no_signature(r: int, s: int) -> None:
    assert not p256.verifies(*key_of(PRIVATE), b"x", r.to_bytes(32) + s.to_bytes(32))


def test_a_signature_of_another_length_is_none() -> None:
    assert not p256.verifies(*key_of(PRIVATE), b"x", signed(PRIVATE, b"x")[:-1])


@pytest.mark.parametrize("y", [0, 1, 2**256 - 1])
def test_a_point_beside_the_curve_is_no_key(y: int) -> None:
    x, _ = key_of(PRIVATE)
    assert not p256.verifies(x, y.to_bytes(32), b"x", signed(PRIVATE, b"x"))


def test_sums_that_meet_themselves_are_right() -> None:
    """Where the key is the base point, both walks add the same point."""
    base = ec.derive_private_key(1, ec.SECP256R1())
    assert p256.verifies(*key_of(base), b"x", signed(base, b"x"))
    minus = ec.derive_private_key(N - 1, ec.SECP256R1())
    assert p256.verifies(*key_of(minus), b"x", signed(minus, b"x"))


def test_a_sum_that_is_nothing_is_no_signature() -> None:
    """With the base point as key and r = -hash the sum is the point at infinity."""
    hashed = int.from_bytes(hashlib.sha256(b"x").digest()) % N
    base = key_of(ec.derive_private_key(1, ec.SECP256R1()))
    r = (-hashed) % N
    assert not p256.verifies(*base, b"x", r.to_bytes(32) + (5).to_bytes(32))

"""ECDSA over P-256 with SHA-256, checked: for phones whose browser lacks Ed25519.

Only public values pass through here, so nothing depends on how long it takes.
Source: FIPS 186-5, section 6.4.2; SP 800-186, section 3.2.1.3 (the curve).
"""

import hashlib

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_SIZE = 32

Affine = tuple[int, int]
Point = tuple[int, int, int]  # Jacobian: x / z², y / z³; z = 0 is the point at infinity
_INFINITY: Point = (1, 1, 0)


def verifies(x: bytes, y: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether r and s, 32 bytes each, sign the message for the public key (x, y)."""
    key = int.from_bytes(x), int.from_bytes(y)
    r, s = int.from_bytes(signature[:_SIZE]), int.from_bytes(signature[_SIZE:])
    if len(signature) != 2 * _SIZE or not _on_curve(key) or not (0 < r < _N and 0 < s < _N):
        return False
    hashed, inverse = int.from_bytes(hashlib.sha256(message).digest()), pow(s, -1, _N)
    point = _sum_of_products(hashed * inverse % _N, r * inverse % _N, key)
    if point[2] == 0:
        return False
    return point[0] * pow(point[2], -2, _P) % _P % _N == r


def _on_curve(key: Affine) -> bool:
    x, y = key
    return x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def _sum_of_products(u1: int, u2: int, key: Affine) -> Point:
    """Return u1·G + u2·key, both walked at once, bit by bit (Shamir's trick)."""
    base, other = (*_G, 1), (*key, 1)
    steps = {(1, 0): base, (0, 1): other, (1, 1): _added(base, other)}
    point = _INFINITY
    for bit in range(max(u1.bit_length(), u2.bit_length()) - 1, -1, -1):
        point = _doubled(point)
        step = steps.get((u1 >> bit & 1, u2 >> bit & 1))
        point = _added(point, step) if step else point
    return point


def _doubled(point: Point) -> Point:
    x, y, z = point
    y2 = y * y % _P
    s, z2 = 4 * x * y2 % _P, z * z % _P
    m = 3 * (x - z2) * (x + z2) % _P
    x3 = (m * m - 2 * s) % _P
    return x3, (m * (s - x3) - 8 * y2 * y2) % _P, 2 * y * z % _P


def _added(left: Point, right: Point) -> Point:
    if left[2] == 0 or right[2] == 0:
        return right if left[2] == 0 else left
    (x1, y1, z1), (x2, y2, z2) = left, right
    a, b = z1 * z1 % _P, z2 * z2 % _P
    u1, u2 = x1 * b % _P, x2 * a % _P
    s1, s2 = y1 * b * z2 % _P, y2 * a * z1 % _P
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    if h == 0:
        return _doubled(left) if r == 0 else _INFINITY
    h2 = h * h % _P
    h3, v = h * h2 % _P, u1 * h2 % _P
    x3 = (r * r - h3 - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * h3) % _P, h * z1 * z2 % _P

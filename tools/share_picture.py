"""The picture that a shared link shows: the house's stand, 1200 x 630, never with a code.

It is written as a PNG of five colours by hand: an asset step that draws needs no library.
"""

import struct
import zlib

WIDTH, HEIGHT = 1200, 630
PAPER, INK, FIRST, SECOND, LANTERN = range(5)
_COLOURS = bytes.fromhex("FFF8EC 1C1626 C8321F FFB81C FFB81C")
_STRIPE, _SEAM = 100, 230  # width of a stripe, where the cloth ends and its scallops begin
_POLES = (250, 450, 750, 950)
_POLE, _GROUND, _LINE = 14, 580, 8
_LAMP_X, _LAMP_Y, _LAMP = 600, 400, 36


def png() -> bytes:
    """Return the picture."""
    rows = b"".join(b"\0" + bytes(_colour(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", _COLOURS),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _colour(x: int, y: int) -> int:
    """Return the colour of a point: what hangs in front comes first."""
    return _awning(x, y) or _lantern(x, y) or _frame(x, y)


def _awning(x: int, y: int) -> int:
    stripe, middle = divmod(x, _STRIPE)
    below, aside = y - _SEAM, abs(middle - _STRIPE // 2)
    reach = _STRIPE // 2
    if below > 0 and below**2 + aside**2 > reach**2:
        return 0
    rim = below > 0 and below**2 + aside**2 > (reach - 4) ** 2
    return INK if rim else SECOND if stripe % 2 else FIRST


def _lantern(x: int, y: int) -> int:
    away = (x - _LAMP_X) ** 2 + (y - _LAMP_Y) ** 2
    if away <= _LAMP**2:
        return LANTERN if away <= (_LAMP - 6) ** 2 else INK
    return INK if y < _LAMP_Y and abs(x - _LAMP_X) <= 2 else 0


def _frame(x: int, y: int) -> int:
    pole = y < _GROUND and any(abs(x - at) <= _POLE for at in _POLES)
    ground = 0 <= y - _GROUND < _LINE and 100 <= x < WIDTH - 100
    return INK if pole or ground else PAPER

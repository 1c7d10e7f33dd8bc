"""Text to QR code, as PNG or as SVG: a run-length path, four times smaller than the library's.

The library draws what all codes of a size share, once; what differs is computed on whole numbers
and texts, several times faster. A test compares the outcome with the library's, module by module.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import product, zip_longest
from operator import itemgetter
from typing import NamedTuple

import qrcode
from markupsafe import Markup
from qrcode.base import EXP_TABLE, LOG_TABLE, rs_blocks
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4
PIXELS = 16  # a module of a PNG: two bytes of one bit a pixel
_MASK = 0  # every fixed mask decodes; trying all eight costs 9 ms
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {symbol: value for value, symbol in enumerate(_ALPHANUMERIC)}
_PAIR = {pair: f"{value:011b}" for value, pair in enumerate(product(_ALPHANUMERIC, repeat=2))}
_FILLERS = (0xEC, 0x11)
_RUN = re.compile("1+0*|0+|\n")


@lru_cache(maxsize=64)
def svg(text: str, label: str = "", element_id: str = "") -> Markup:
    """Return an SVG picture: one path of dark runs on white, quiet zone included."""
    drawn, across = _drawn(text)
    size = across + 2 * QUIET_MODULES
    steps = "".join(map(_step, _RUN.findall(drawn))).replace("\n", f"m-{across} 1")
    path = f"M{QUIET_MODULES} {QUIET_MODULES}{steps}"
    named = Markup(' role="img" aria-label="{}"').format(label) if label else ""
    found = Markup(' id="{}"').format(element_id) if element_id else ""
    return Markup(  # noqa: S704 - numbers, and what was escaped above
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"{found}{named}>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def png(text: str) -> bytes:
    """Return the same as a PNG of one bit a pixel, dark on white."""
    quiet = "0" * QUIET_MODULES
    rows = [f"{quiet}{row}{quiet}" for row in modules(text)]
    above = ["0" * len(rows[0])] * QUIET_MODULES
    lines = [_pixels(row) for row in (*above, *rows, *above)]
    side = PIXELS * len(lines)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # one bit, greyscale
    body = zlib.compress(b"".join(line * PIXELS for line in lines), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _pixels(row: str) -> bytes:
    """Write a row of modules as a line of pixels, after the byte that says "no filter"."""
    return b"\0" + b"".join(b"\0\0" if module == "1" else b"\xff\xff" for module in row)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def modules(text: str) -> list[str]:
    """Return the code's rows, 1 for dark, at level M and the smallest size."""
    return _drawn(text)[0].split("\n")


def _drawn(text: str) -> tuple[str, int]:
    """Return all rows as lines of one text, and how many modules a row has."""
    version, codewords = _codewords(text)
    frame = _frame(version)
    bits = int.from_bytes(_with_correction(version, codewords)) << frame.spare ^ frame.mask
    return "".join(frame.pick(f"{bits:0{frame.bits}b}01\n")), frame.size


@cache
def _step(run: str) -> str:
    """Draw a run's dark modules as a rectangle of height 1, and move to the run's end."""
    if run == "\n":
        return run
    dark = run.count("1")
    drawn = f"h{dark}v1h-{dark}z" if dark else ""
    return f"{drawn}m{len(run)} 0"


# --- what a text says, as bytes -----------------------------------------------------------------
def _codewords(text: str) -> tuple[int, bytes]:
    """Return the smallest version that holds a text, and its data, filled up to the end."""
    upper = _VALUE.keys() >= set(text)
    body = _pairs(text) if upper else "".join(f"{byte:08b}" for byte in text.encode())
    length = len(text) if upper else len(text.encode())
    for version in range(1, 41):
        head = (
            f"{2:04b}{length:0{_length_bits(version)}b}" if upper else _byte_head(version, length)
        )
        room = _room(version)
        if len(head) + len(body) <= 8 * room:
            return version, _filled(head + body, room)
    raise ValueError("the text is too long for a QR code")


@cache
def _room(version: int) -> int:
    """Return how many bytes of data a version holds."""
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _pairs(text: str) -> str:
    """Write symbols of the alphanumeric mode: 11 bits a pair, 6 bits for a last one alone."""
    pairs = map(_PAIR.__getitem__, zip(text[::2], text[1::2], strict=False))
    return "".join(pairs) + (f"{_VALUE[text[-1]]:06b}" if len(text) % 2 else "")


def _length_bits(version: int) -> int:
    return 9 if version < 10 else 11 if version < 27 else 13


def _byte_head(version: int, length: int) -> str:
    return f"{4:04b}{length:0{8 if version < 10 else 16}b}"


def _filled(bits: str, room: int) -> bytes:
    """End the data with up to four zeros, go on to a whole byte, then with the fillers in turn."""
    ended = bits + "0" * min(4, 8 * room - len(bits))
    count = -(-len(ended) // 8)
    data = int(ended.ljust(8 * count, "0"), 2).to_bytes(count)
    return data + bytes(_FILLERS[index % 2] for index in range(room - count))


# --- its error correction -----------------------------------------------------------------------
def _with_correction(version: int, data: bytes) -> bytes:
    """Cut the data into blocks, correct each, and interleave all."""
    blocks, checks, start = [], [], 0
    for block in rs_blocks(version, ERROR_CORRECT_M):
        blocks.append(data[start : start + block.data_count])
        checks.append(_checked(blocks[-1], block.total_count - block.data_count))
        start += block.data_count
    columns = [*zip_longest(*blocks), *zip(*checks, strict=True)]
    return bytes([byte for column in columns for byte in column if byte is not None])


def _checked(data: bytes, degree: int) -> bytes:
    """Return the remainder of the data by the generator of that degree (Reed-Solomon)."""
    multiples, top, remainder = _multiples(degree), 8 * (degree - 1), 0
    below = (1 << top) - 1
    for byte in data:
        remainder = (remainder & below) << 8 ^ multiples[remainder >> top ^ byte]
    return remainder.to_bytes(degree)


@lru_cache
def _multiples(degree: int) -> list[int]:
    """Return the generator times each byte, without its first coefficient, as one number each."""
    generator = [1]
    for power in range(degree):
        shifted = [_times(each, EXP_TABLE[power]) for each in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *shifted], strict=True)]
    return [
        int.from_bytes(bytes(_times(byte, each) for each in generator[1:])) for byte in range(256)
    ]


def _times(left: int, right: int) -> int:
    """Multiply in GF(256)."""
    return EXP_TABLE[(LOG_TABLE[left] + LOG_TABLE[right]) % 255] if left and right else 0


# --- where its bits lie -------------------------------------------------------------------------
class _Frame(NamedTuple):
    """What all codes of a version share. `pick` draws all lines from bits, 0, 1 and a line end."""

    size: int
    bits: int
    spare: int  # bits at the end that no codeword fills
    mask: int
    pick: Callable[[str], tuple[str, ...]]


class _Blank(qrcode.QRCode):  # type: ignore[type-arg]
    """A code of the library's in which the data's modules stay None."""

    def map_data(self, data: object, mask_pattern: int) -> None:
        """Leave them as they are."""


@lru_cache
def _frame(version: int) -> _Frame:
    blank = _Blank(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    blank.data_cache = []
    blank.makeImpl(test=False, mask_pattern=_MASK)
    cells = blank.modules
    path = [(y, x) for y, x in _zigzag(len(cells)) if cells[y][x] is None]
    place = {cell: index for index, cell in enumerate(path)}
    fixed = {False: len(path), True: len(path) + 1}
    flipped = "".join(str(int((y + x) % 2 == 0)) for y, x in path)  # the rule of mask 0
    size = len(cells)
    order = list[int]()
    for y, row in enumerate(cells):
        order.append(len(path) + 2)
        order += (place[y, x] if one is None else fixed[bool(one)] for x, one in enumerate(row))
    return _Frame(
        size=size,
        bits=len(path),
        spare=len(path) % 8,
        mask=int(flipped, 2),
        pick=itemgetter(*order[1:]),  # no end of a line before the first
    )


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Yield every cell as data fills them: two columns at a time from the right, up, then down."""
    upwards = True
    for right in (x for x in range(size - 1, 0, -2)):
        column = right if right > 6 else right - 1  # column 6 is the timing's
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((y, column), (y, column - 1))
        upwards = not upwards

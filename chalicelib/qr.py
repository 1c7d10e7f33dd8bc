"""Text to QR code as SVG: a run-length path of our own, four times smaller than the library's."""

from functools import lru_cache

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

QUIET_MODULES = 4
_MASK = 0  # every fixed mask decodes; trying all eight costs 9 ms
_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@lru_cache(maxsize=64)
def svg(text: str, label: str = "", element_id: str = "") -> Markup:
    """Return an SVG picture: one path of dark runs on white, quiet zone included."""
    matrix = modules(text)
    size = len(matrix) + 2 * QUIET_MODULES
    path = "".join(_runs(row, index + QUIET_MODULES) for index, row in enumerate(matrix))
    named = Markup(' role="img" aria-label="{}"').format(label) if label else Markup()
    found = Markup(' id="{}"').format(element_id) if element_id else Markup()
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" '
        'shape-rendering="crispEdges"{1}{2}>'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{3}"/></svg>'
    ).format(size, found, named, path)


def modules(text: str) -> list[list[bool]]:
    """Return the code's modules, True for dark, at level M and the smallest version."""
    upper = _ALPHANUMERIC.issuperset(text)
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(QRData(text, 2 if upper else 4), optimize=0)  # alphanumeric, else bytes
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def _runs(row: list[bool], y: int) -> str:
    """Write a row's dark runs as rectangles of height 1."""
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start + QUIET_MODULES} {y}h{x - start}v1h{start - x}z"
            start = None
    return path

"""The QR code: each module where the library puts it, and a picture that a reader reads."""

import re
from io import BytesIO

import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

from chalicelib import qr

TOKEN_URL = "HTTPS://MARQUEE.EXAMPLE/V/" + "A7" * 70 + "Q"


def drawn_by_the_library(text: str) -> list[str]:
    upper = all(symbol in qr._ALPHANUMERIC for symbol in text)
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=0)
    code.add_data(QRData(text, 2 if upper else 4), optimize=0)
    code.make(fit=True)
    return ["".join("1" if module else "0" for module in row) for row in code.modules]


def test_a_voucher_is_drawn_as_the_library_draws_it() -> None:
    assert qr.modules(TOKEN_URL) == drawn_by_the_library(TOKEN_URL)


@settings(max_examples=25)
@given(st.one_of(st.text(qr._ALPHANUMERIC, min_size=1, max_size=500), st.text(min_size=1)))
def test_any_text_is_drawn_as_the_library_draws_it(text: str) -> None:
    assert qr.modules(text) == drawn_by_the_library(text)


def test_each_size_is_drawn_as_the_library_draws_it() -> None:
    for length in range(1, 1500, 83):
        assert qr.modules("A" * length) == drawn_by_the_library("A" * length)


def test_the_picture_has_a_quiet_zone_and_a_name() -> None:
    picture = qr.svg("A", "Ticket", "qr")
    assert 'viewBox="0 0 29 29"' in picture
    assert 'id="qr" role="img" aria-label="Ticket"' in picture
    assert "M4 4h7v1h-7z" in picture


def test_the_picture_darkens_each_dark_module_and_no_other() -> None:
    path = qr.svg(TOKEN_URL).rpartition(' d="')[2].partition('"')[0]
    start, *steps = re.findall(r"M(\d+) (\d+)|h(\d+)v1h-(\d+)z|m(-?\d+) (\d+)", path)
    (x, y), dark = (int(start[0]), int(start[1])), set()
    for _, _, wide, back, right, down in steps:
        assert wide == back
        dark |= {(x + each, y) for each in range(int(wide or 0))}
        x, y = x + int(right or 0), y + int(down or 0)
    rows = enumerate(qr.modules(TOKEN_URL), qr.QUIET_MODULES)
    assert dark == {
        (x, y) for y, row in rows for x, one in enumerate(row, qr.QUIET_MODULES) if one == "1"
    }


def test_the_file_for_the_album_is_read_by_any_reader() -> None:
    with Image.open(BytesIO(qr.png(TOKEN_URL))) as picture:
        assert picture.size == (53 * 16, 53 * 16)
        assert picture.getpixel((64, 63)) == 255  # the quiet zone
        assert picture.getpixel((64, 64)) == 0
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == TOKEN_URL

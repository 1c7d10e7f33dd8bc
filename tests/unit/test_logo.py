"""A logo is drawn on paper as it is, or not at all."""

from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from chalicelib.domain import svg as logos
from chalicelib.paper.logo import Logo, logo
from chalicelib.paper.pdf import pdf
from chalicelib.paper.sheet import Sheet
from chalicelib.paper.svg import svg

WHITE = (255, 255, 255)


def read(inside: str, box: str = "0 0 10 10") -> Logo | None:
    """Read a logo as it is kept: sanitised."""
    kept = logos.sanitised(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'.encode()
    )
    return logo(kept)


def sheet_of(found: Logo) -> Sheet:
    sheet = Sheet(width=found.width, height=found.height, title="Logo", language="en")
    for shape in found.shapes:
        sheet.fill(shape.outline, shape.colour, even_odd=shape.even_odd)
    return sheet


def colour_at(inside: str, x: float, y: float) -> tuple[int, ...]:
    """Return the colour of a point of a logo, printed ten millimetres wide."""
    found = read(inside)
    assert found
    (page,) = pypdfium2.PdfDocument(pdf([sheet_of(found)]))
    picture: Any = page.render(scale=20).to_pil()
    return tuple(picture.getpixel((x / 10 * picture.width, y / 10 * picture.height)))


RED, BLUE, BLACK = (204, 0, 0), (0, 0, 170), (0, 0, 0)
TURNED = (
    '<g fill="#c00" transform="translate(5 0) scale(.5)"><rect width="10" height="10"/>'
    '<g fill="#00a" transform="matrix(0 1 -1 0 10 10)"><rect width="10" height="4"/></g></g>'
)
CUT = '<clipPath id="a"><rect width="1" height="1"/></clipPath>'
RING = "M1 1h8v8h-8zM3 3h4v4h-4z"


@pytest.mark.parametrize(
    ("inside", "seen"),
    [
        ('<path d="M1 1H9V9H1Z"/>', {(5, 5): BLACK, (0.5, 5): WHITE}),
        ('<path fill="#c00" d="m1,1 8 0 0 8-8 0z"/>', {(5, 5): RED, (9.5, 5): WHITE}),
        ('<rect x="1" y="1" width="4" height="8" fill="#0000AA"/>', {(3, 5): BLUE, (6, 5): WHITE}),
        ('<circle cx="5" cy="5" r="4"/>', {(5, 1.2): BLACK, (8.8, 5): BLACK, (1.5, 1.5): WHITE}),
        ('<polygon points="1,9 5,1 9,9"/>', {(5, 5): BLACK, (1.5, 2): WHITE}),
        (f'<path fill-rule="evenodd" d="{RING}"/>', {(2, 5): BLACK, (5, 5): WHITE}),
        (f'<path d="{RING}"/>', {(2, 5): BLACK, (5, 5): BLACK}),
        ('<path d="M1 5C1 1 9 1 9 5S1 9 1 5"/>', {(5, 3): BLACK, (5, 7): BLACK, (1, 1): WHITE}),
        (TURNED, {(6, 3): RED, (9, 7): BLUE, (3, 3): WHITE, (6, 7): WHITE}),
        ('<rect width="9" height="9"/><rect width="9" height="4" fill="white"/>', {(5, 2): WHITE}),
        ('<title>Ours</title><rect fill="none" width="9" height="9"/><path d="M0 0h9v4z"/>',
         {(8, 2): BLACK, (2, 8): WHITE}),
    ],
)  # fmt: skip
def test_filled_shapes_are_printed_as_they_are(
    inside: str, seen: dict[tuple[float, float], tuple[int, ...]]
) -> None:
    for (x, y), colour in seen.items():
        assert colour_at(inside, x, y) == colour, (x, y)


def test_a_box_that_begins_elsewhere_is_moved() -> None:
    found = read('<rect x="-5" y="-5" width="10" height="5"/>', box="-5 -5 10 5")
    assert found
    assert (found.width, found.height) == (10, 5)
    assert found.shapes[0].outline[0] == ("M", (0, 0))


@pytest.mark.parametrize(
    "inside",
    [
        '<text x="1" y="5">Ours</text>',
        '<rect width="9" height="9" stroke="#c00"/>',
        '<g opacity="0.5"><rect width="9" height="9"/></g>',
        '<rect width="9" height="9" fill-opacity="0"/>',
        '<defs><linearGradient id="a"/></defs><rect width="9" height="9" fill="url(#a)"/>',
        '<rect width="9" height="9" fill="tomato"/>',
        '<rect width="9" height="9" rx="2"/>',
        '<rect width="50%" height="9"/>',
        '<rect width="9" height="9" transform="rotate(4)"/>',
        '<rect width="9" height="9" transform="scale(2)"/>',
        '<rect width="9" height="9" transform="translate(1 2 3)"/>',
        '<rect width="9" height="9" transform="scale(1 1 1)"/>',
        '<rect width="9" height="9" display="none"/>',
        CUT + '<path clip-path="url(#a)" d="M0 0h9v9z"/>',
        '<ellipse cx="5" cy="5" rx="2" ry="3"/>',
        '<path d="M1 5a2 2 0 01 2 2z"/>',
        '<path d="M1 5q2 2 3 3z"/>',
        '<path d="M1 5 2"/>',
        '<path d="h5v5z"/>',
        '<path d="M1 1h12v2z"/>',
        '<path d="M1e999 1h1v1z"/>',
        '<path d="M1 1h1e200v1z" transform="scale(1e200)"/>',
        '<polygon points="1,1 2"/>',
        '<rect fill="none" width="9" height="9"/>',
    ],
)
def test_what_cannot_be_drawn_as_it_is_is_not_drawn(inside: str) -> None:
    assert read(inside) is None


@pytest.mark.parametrize("side", [f"1{320 * '0'}", f"0.{320 * '0'}1", "0", "-1"])
def test_a_box_of_extreme_size_is_not_drawn(side: str) -> None:
    assert read('<path d="M0 0h1v1z"/>', box=f"0 0 10 {side}") is None
    assert read('<path d="M0 0h1v1z"/>', box=f"0 0 {side} 10") is None


def test_a_shape_that_only_cuts_others_is_not_painted() -> None:
    found = read(CUT + '<path d="M2 2h4v4z"/>')
    assert found
    assert len(found.shapes) == 1


def test_page_and_paper_have_the_same_shapes() -> None:
    found = read(f'<path fill-rule="evenodd" fill="#c00" d="{RING}"/>')
    assert found
    assert 'fill="#cc0000" fill-rule="evenodd" d="M1 1L9 1L9 9L1 9ZM3 3' in svg(sheet_of(found))

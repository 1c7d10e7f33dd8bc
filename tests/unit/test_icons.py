"""Icons as PNG files, drawn from paths."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from tools import icons

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<path fill="#FF0000" d="M0 0h4v8h-4z"/>'
    '<path fill="#0000FF" d="M2 2a2 2 0 0 1 4 0 2 2 0 0 1-4 0z"/></svg>'
)


def drawn(size: int) -> Image.Image:
    return Image.open(BytesIO(icons.png(SVG, size)))


def test_a_path_fills_what_it_encloses_and_a_later_one_lies_on_top() -> None:
    picture = drawn(64)
    assert (picture.size, picture.mode) == ((64, 64), "RGB")
    assert picture.getpixel((4, 60)) == (255, 0, 0)
    assert picture.getpixel((60, 60)) == (255, 255, 255)
    assert picture.getpixel((32, 16)) == (0, 0, 255)


def test_edges_are_smooth() -> None:
    colours = drawn(20).getcolors() or []
    assert len(colours) > 3, "pixels that a curve cuts have colours in between"


def test_each_size_is_drawn_once(tmp_path: Path) -> None:
    first = icons.pictures(SVG, tmp_path)
    assert set(first) == {f"staff/icon-{size}.png" for size in icons.SIZES}
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert icons.pictures(SVG, tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept

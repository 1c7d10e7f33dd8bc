"""What is printed: outlines as they are drawn, words as another engine sets them, PDF and SVG."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from chalicelib import qr
from chalicelib.paper import letters, outline
from chalicelib.paper.letters import Style
from chalicelib.paper.outline import Placing
from chalicelib.paper.pdf import pdf
from chalicelib.paper.sheet import Sheet, Words
from chalicelib.paper.svg import svg
from chalicelib.web import look

FACES = Path(letters.__file__).parents[1] / "data" / "faces"
DOTS_A_MM = 8


def sheet(width: float = 100, height: float = 20) -> Sheet:
    return Sheet(width=width, height=height, title="Tea & <more>", language="tr")


def picture(drawn: Sheet) -> Image.Image:
    """Return what the first page of its PDF looks like, grey."""
    page = pypdfium2.PdfDocument(pdf([drawn]))[0]
    image: Image.Image = page.render(scale=DOTS_A_MM * 25.4 / 72).to_pil()
    return image.convert("L")


def text_of(data: bytes, page: int = 0) -> str:
    return str(pypdfium2.PdfDocument(data)[page].get_textpage().get_text_range())


def cut(image: Image.Image) -> Image.Image:
    """Return the ink alone, white on black."""
    ink = ImageChops.invert(image)
    return ink.crop(ink.point([255 * (value > 64) for value in range(256)]).getbbox())


class TestOutlines:
    """Paths of the drawings are read step by step."""

    def test_a_path_of_straight_lines_is_read(self) -> None:
        steps = outline.path("M1 2V9h4l1.5-2 1 0v-3L0 .5z".replace(".5z", "5z"))
        points = [numbers for _, numbers in steps]
        assert points == [(1, 2), (1, 9), (5, 9), (6.5, 7), (7.5, 7), (7.5, 4), (0, 5), ()]

    @pytest.mark.parametrize(("across", "lowest"), [("-40", (80, 220)), ("40", (120, 220))])
    def test_a_half_circle_hangs_below_its_ends(
        self, across: str, lowest: tuple[float, float]
    ) -> None:
        ends = [step[1][-2:] for step in outline.path(f"M100 200a20 20 0 0 1 {across} 0")]
        assert ends == [(100, 200), lowest, (100 + int(across), 200)]

    def test_every_awning_can_be_read(self) -> None:
        for number in range(60):
            cloth = look.awning_of(f"city-{number}").flat
            for drawn in (cloth.first, cloth.second, cloth.valance):
                assert outline.path(drawn)[0][0] == "M"

    def test_a_placing_scales_then_moves(self) -> None:
        _, beside, *_ = Placing(10, 20, 2, 3).of(outline.rectangle(1, 1, 1, 1))
        assert beside == ("L", (14, 23))

    def test_the_modules_of_a_code_are_rectangles(self) -> None:
        rows = qr.modules("A")
        dark = sum(row.count("1") for row in rows)
        steps = outline.modules(rows)
        starts = [numbers for name, numbers in steps if name == "M"]
        ends = [steps[at + 1][1] for at, (name, _) in enumerate(steps) if name == "M"]
        widths = (end[0] - start[0] for start, end in zip(starts, ends, strict=True))
        assert sum(widths) == dark


@pytest.mark.parametrize(
    ("text", "language", "face"),
    [
        ("Okutun, alın, gösterin: İĞŞ ığş", "tr", "bold"),
        ("Zeskanuj, odbierz, pokaż: ŁŻŹĆ ąęół", "pl", "text"),
        ("Сканируйте, получайте, показывайте", "ru", "bold"),
        ("افتح قسيمتك من فضلك لا تُسلَّم", "ar", "bold-arabic"),
        ("هدية حتى نفاد الكمية", "ar", "text-arabic"),
    ],
)
def test_words_look_as_another_engine_sets_them(text: str, language: str, face: str) -> None:
    """Pillow lays out with its own bidirectional algorithm and shaping (Raqm)."""
    size = 10
    drawn = sheet(200)
    drawn.say(100, 13, text, size, Style(face.startswith("bold"), language), width=190)
    ours = cut(picture(drawn))
    font = ImageFont.truetype(
        str(FACES / f"{face}.ttf"), size * DOTS_A_MM, layout_engine=ImageFont.Layout.RAQM
    )
    canvas = Image.new("L", (1600, 200), 255)
    direction: Any = "rtl" if language == "ar" else "ltr"
    ImageDraw.Draw(canvas).text((40, 40), text, 0, font, direction=direction, language=language)
    theirs = cut(canvas)
    assert abs(ours.width - theirs.width) <= 0.01 * theirs.width
    assert abs(ours.height - theirs.height) <= 3
    differing = ImageChops.difference(ours.resize(theirs.size), theirs)
    assert mean(differing) < 0.3 * mean(theirs), "pixels at the edges alone may differ"


def mean(image: Image.Image) -> float:
    histogram = image.histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


class TestLetters:
    """Lines are set in the face that has their letters, and broken after words."""

    def test_a_word_of_another_script_takes_the_other_face(self) -> None:
        glyphs = letters.line("Dubai أهلًا 11", Style(bold=True)).glyphs
        assert {glyph.face for glyph in glyphs} == {"bold", "bold-arabic"}

    def test_arabic_is_joined_and_runs_from_the_right(self) -> None:
        glyphs = letters.line("سس", Style(language="ar")).glyphs
        last, first = (glyph.number for glyph in glyphs)
        alone = letters.line("س", Style(language="ar")).glyphs[0].number
        assert len({last, first, alone}) == 3

    def test_what_no_face_has_is_a_box_and_no_fault(self) -> None:
        assert letters.line("東", Style()).glyphs[0].number == 0

    def test_a_text_is_broken_after_its_words(self) -> None:
        style = Style()
        width = letters.line("one two", style).width + 0.01
        assert letters.wrapped("one two three one", style, width) == ["one two", "three", "one"]
        assert letters.wrapped("incomprehensibilities", style, 1) == ["incomprehensibilities"]
        assert letters.wrapped("", style, 1) == []

    def test_a_line_that_is_too_wide_is_set_smaller(self) -> None:
        drawn = sheet()
        drawn.say(50, 10, "A very long line of words " * 9, 8, Style(), width=90)
        (words,) = drawn.marks
        assert isinstance(words, Words)
        assert words.width == pytest.approx(90)
        assert words.left == pytest.approx(5)


class TestDocuments:
    """The same sheet as PDF and as SVG."""

    def test_the_words_of_a_pdf_can_be_searched(self) -> None:
        drawn = sheet()
        drawn.say(50, 10, "Kraków, źródło: Жук", 6, Style(), width=90)
        assert text_of(pdf([drawn])) == "Kraków, źródło: Жук"

    def test_the_same_sheets_give_the_same_bytes(self) -> None:
        drawn = sheet()
        drawn.say(50, 10, "Tea", 6, Style(), width=90)
        assert pdf([drawn, drawn]) == pdf([drawn, drawn])

    def test_each_page_has_its_own_size_and_the_document_a_title(self) -> None:
        found = pypdfium2.PdfDocument(pdf([sheet(105, 148), sheet(210, 297)]))
        sizes = [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in found]
        assert sizes == [(105, 148), (210, 297)]
        assert found.get_metadata_value("Title") == "Tea & <more>"

    def test_a_face_is_cut_to_the_glyphs_that_are_used(self) -> None:
        drawn = sheet()
        drawn.say(50, 10, "Tea", 6, Style(), width=90)
        assert len(pdf([drawn])) < 4_000

    def test_areas_are_filled_and_outlined_where_they_are(self) -> None:
        drawn = sheet(10, 10)
        drawn.fill(outline.rectangle(2, 3, 4, 2), "#FF0000")
        drawn.draw(outline.rectangle(1, 1, 8, 8), 0.5)
        page = pypdfium2.PdfDocument(pdf([drawn]))[0].render(scale=DOTS_A_MM * 25.4 / 72).to_pil()
        at = {
            place: page.getpixel((DOTS_A_MM * place[0], DOTS_A_MM * place[1]))[:3]
            for place in [(3, 4), (1, 5), (5, 8), (7, 4)]
        }
        white = (255, 255, 255)
        assert at == {(3, 4): (255, 0, 0), (1, 5): (0, 0, 0), (5, 8): white, (7, 4): white}

    def test_the_page_has_the_same_words_as_text_escaped(self) -> None:
        drawn = sheet()
        drawn.say(50, 10, "a < b", 6, Style(bold=True), width=90)
        drawn.say(90, 16, "شاي", 6, Style(language="ar"), width=90, anchor="right")
        drawn.fill(outline.rectangle(0, 0, 1, 1), "#FFFFFF", name="ground")
        shown = svg(drawn)
        assert "<title>Tea &amp; &lt;more&gt;</title>" in shown
        assert 'lang="en" direction="ltr">a &lt; b</text>' in shown
        assert 'class="paper-text" lang="ar" direction="rtl">شاي' in shown
        assert 'text-anchor="start"' in shown
        assert '<path class="ground" fill="#FFFFFF" d="M0 0L1 0L1 1L0 1Z"/>' in shown

    def test_a_picture_of_a_code_is_read(self) -> None:
        import zxingcpp

        drawn = sheet(40, 40)
        rows = qr.modules("https://marquee.example/p/rome?s=card")
        unit = 30 / len(rows)
        drawn.fill(Placing(5, 5, unit, unit).of(outline.modules(rows)), "#000000")
        (found,) = zxingcpp.read_barcodes(picture(drawn))
        assert found.text == "https://marquee.example/p/rome?s=card"
        assert BytesIO(pdf([drawn])).read(5) == b"%PDF-"

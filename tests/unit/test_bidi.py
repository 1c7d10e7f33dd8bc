"""Lines of two directions: each character runs as UAX 9 says."""

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.paper import bidi

# Letters of both directions, digits of both, and what stands between them; brackets would mirror.
_CHARS = st.text(st.sampled_from("abé ЖبمنXש٣٤012٫.,:;-+%€·–/!\u0651\u064b"), min_size=1)


def shown(text: str, *, rtl: bool) -> str:
    """Return a text from left to right, character by character."""
    levels = bidi.levels(text, rtl=rtl)
    return "".join(text[place] for place in bidi.order(levels))


@given(_CHARS, st.booleans())
def test_any_line_runs_as_the_reference_says(text: str, rtl: bool) -> None:  # noqa: FBT001
    expected = get_display(text, base_dir="R" if rtl else "L")
    assert shown(text, rtl=rtl) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("كل يوم 10:00", "10:00 موي لك"),
        ("مهرجان 11.11", "11.11 ناجرهم"),
        ("Dubai · جهاز", "زاهج · Dubai"),
    ],
)
def test_numbers_and_names_stay_whole_in_arabic(text: str, expected: str) -> None:
    assert shown(text, rtl=True) == expected


def test_a_line_of_one_direction_stays_as_it_is() -> None:
    assert shown("Kraków 11.11", rtl=False) == "Kraków 11.11"

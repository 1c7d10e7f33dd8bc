"""What people type and paste: what nobody sees is not there, and links end before their marks."""

import pytest

from chalicelib.domain import typed


@pytest.mark.parametrize(
    "mark", "\u200b\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u00ad\u061c"
)
def test_what_nobody_sees_is_not_there(mark: str) -> None:
    assert typed.seen(f"{mark}İz{mark}mir {mark}") == "İzmir "


@pytest.mark.parametrize("marks", [".", ")", ",", "_", ").", "\u200e", ".\u2069\u200e", "»", "؟"])
def test_a_sentence_ends_behind_a_link(marks: str) -> None:
    assert typed.unmarked("AB2c" + marks) == "AB2c"


@pytest.mark.parametrize(
    "part",
    ["", ".", "AB2c", ".AB2c", "AB2c.d", "AB2c/", "AB2c/..", "AB2c....", "é.", "AB2c\r\nX: y"],
)
def test_what_is_more_than_a_mark_is_left_as_it_is(part: str) -> None:
    assert typed.unmarked(part) is None

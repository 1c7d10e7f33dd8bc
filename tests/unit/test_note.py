"""A note to oneself: short, plain, and read from its day on."""

from datetime import UTC, datetime

import pytest
from made import ISTANBUL

from chalicelib.domain import note


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a lamp \r\n for me ", "a lamp for me"),
        ("a\0b\u202ec\u200b", "a b c"),
        ("<b>çay</b>", "<b>çay</b>"),
        (" \t\n", ""),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u200d \u200d", ""),
        ("a \u200d b\u200d", "a b"),
    ],
)
def test_a_note_keeps_what_shows(typed: str, kept: str) -> None:
    assert note.cleaned(typed) == kept


def test_a_note_opens_with_the_day_of_the_stand() -> None:
    usable_from = datetime(2019, 11, 11, 7, tzinfo=UTC)  # 10:00 in Istanbul
    before = datetime(2019, 11, 10, 20, 59, tzinfo=UTC)
    assert not note.opens(ISTANBUL, usable_from, before)
    assert note.opens(ISTANBUL, usable_from, datetime(2019, 11, 10, 21, tzinfo=UTC))

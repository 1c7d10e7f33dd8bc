"""Which entries of the trail are wanted."""

import pytest
from made import NOW

from chalicelib.domain import trail
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry, Filter

SCOPE = Scope(area="festival", member_id="m-1", email="anna@example.org")


def entry(action: str) -> Entry:
    return trail.entry(SCOPE, action, "offers", at=NOW, request_id="r-1", after={"a": "b"})


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Filter(), True),
        (Filter(what="edited"), True),
        (Filter(what="edited offers"), True),
        (Filter(what="edit"), False),
        (Filter(what="published"), False),
        (Filter(who="ANNA@"), True),
        (Filter(who="berk"), False),
        (Filter(who="anna", what="paused"), False),
    ],
)
def test_an_entry_is_taken_by_who_and_what(wanted: Filter, *, taken: bool) -> None:
    assert wanted.takes(entry("edited offers")) is taken


def test_an_entry_says_who_did_what_to_what() -> None:
    made = entry("paused")
    assert (made.area, made.email, made.before, made.after) == (
        "festival",
        "anna@example.org",
        {},
        {"a": "b"},
    )

"""What people type and paste: what nobody sees is not there, and links end before their marks."""

import pytest

from chalicelib.domain import typed


@pytest.mark.parametrize(
    "mark", "\u200b\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u00ad\u061c"
)
def test_what_nobody_sees_is_not_there(mark: str) -> None:
    assert typed.seen(f"{mark}İz{mark}mir {mark}") == "İzmir "

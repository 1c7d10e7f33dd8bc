"""What a private link carries is read back whole, and nothing else is read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import private_link as links
from chalicelib.domain.private_link import PrivateLink
from chalicelib.domain.voucher import ALPHABET

UNTIL = datetime(2026, 6, 20, 21, tzinfo=UTC)
_VISITORS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)
_NUMBERS = st.integers(0, 65_535)
_IDS = st.text(ALPHABET, min_size=15, max_size=15)


@given(_VISITORS, st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=20), st.lists(_IDS, max_size=20))
def test_a_link_is_read_as_it_was_written(
    visitor: str, stands: list[tuple[int, int]], gifts: list[str]
) -> None:
    link = PrivateLink(visitor=visitor, stands=stands, gifts=gifts, until=UNTIL)
    assert links.unpack(links.pack(link)) == link


def test_a_common_link_is_short() -> None:
    link = PrivateLink(visitor="a" * 16, stands=[(2, 1), (2, 9)], gifts=[], until=UNTIL)
    assert len(links.pack(link)) == 24


@pytest.mark.parametrize("raw", [b"", b"\1", b"\2" + bytes(15), bytes(40)])
def test_another_version_or_less_than_a_link_is_none(raw: bytes) -> None:
    assert links.unpack(raw) is None

"""Keys in memory: at most 5 seconds old, and only keys that exist."""

import pytest
from made import NOW

from chalicelib.domain.api_key import ApiKey, Role
from chalicelib.domain.errors import TryAgain
from chalicelib.web.key_ring import READ_EVERY_SECONDS, KeyRing

KEY = ApiKey(
    key_id="one",
    secret_hash="hash",
    role=Role.SHOP,
    campaign_id="festival",
    holder_id="7.harbour",
    name="Harbour",
    created_at=NOW,
    expires_at=NOW,
)


class Table:
    """A table of keys that counts its reads, and a clock beside it."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.keys: dict[str, ApiKey] | None = {"one": KEY}
        self.reads = 0
        self.ring = KeyRing(clock=lambda: self.now, read=self.read)

    def read(self, key_id: str) -> ApiKey | None:
        self.reads += 1
        if self.keys is None:
            raise TryAgain
        return self.keys.get(key_id)


def test_a_key_is_read_once_in_five_seconds() -> None:
    table = Table()
    assert [table.ring.get("one") for _ in range(3)] == [KEY] * 3
    assert table.reads == 1
    table.now += READ_EVERY_SECONDS
    assert table.ring.get("one") == KEY
    assert table.reads == 2


def test_a_withdrawn_key_is_gone_after_five_seconds() -> None:
    table = Table()
    table.ring.get("one")
    table.keys = {}
    assert table.ring.get("one") == KEY
    table.now += READ_EVERY_SECONDS
    assert table.ring.get("one") is None
    assert table.ring.get("one") is None


def test_a_key_that_was_unknown_is_known_as_soon_as_it_is_made() -> None:
    table = Table()
    assert table.ring.get("two") is None
    assert table.keys is not None
    table.keys["two"] = KEY
    assert table.ring.get("two") == KEY


def test_where_the_table_is_silent_nobody_comes_in_by_an_old_key() -> None:
    table = Table()
    table.ring.get("one")
    table.keys = None
    assert table.ring.get("one") == KEY
    table.now += READ_EVERY_SECONDS
    with pytest.raises(TryAgain):
        table.ring.get("one")

"""A shop gets a key, and beside it one more."""

from dataclasses import replace
from datetime import timedelta

from fakes import Keys
from made import NOW

from chalicelib.domain import api_key
from chalicelib.domain.api_key import Role
from chalicelib.usecases import admitting
from chalicelib.usecases.admitting import Applicant

HARBOUR = Applicant(
    role=Role.SHOP,
    campaign_id="festival",
    holder_id="7.harbour",
    name="Harbour Books",
    at=NOW,
    expires_at=NOW + timedelta(days=30),
    merchant_ids=frozenset({"lamps"}),
)


def entropy(first: int) -> bytes:
    return bytes(range(first, first + admitting.ENTROPY_BYTES))


def test_the_text_is_returned_and_only_its_hash_is_kept() -> None:
    keys = Keys()
    admitted = admitting.admit(keys, HARBOUR, entropy=entropy(0))
    assert admitted is not None
    key, text = admitted
    shown = api_key.read(text)
    assert shown is not None
    assert keys.kept == {shown.key_id: key}
    assert key.opens_with(shown.secret, NOW)
    assert (key.name, key.merchant_ids) == ("Harbour Books", frozenset({"lamps"}))


def test_a_shop_has_two_keys_at_once_and_not_three() -> None:
    keys = Keys()
    assert admitting.admit(keys, HARBOUR, entropy=entropy(0))
    assert admitting.admit(keys, HARBOUR, entropy=entropy(1))
    assert admitting.admit(keys, HARBOUR, entropy=entropy(2)) is None
    other = replace(HARBOUR, holder_id="7.market")
    assert admitting.admit(keys, other, entropy=entropy(3))

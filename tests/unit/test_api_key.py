"""API keys: what they say, what is kept of them, whom they stand for."""

from datetime import timedelta

import pytest
from made import NOW

from chalicelib.domain import api_key
from chalicelib.domain.api_key import ApiKey, Role, Shown

ENTROPY = bytes(range(26))


def key(shown: Shown, holder_id: str = "7.harbour") -> ApiKey:
    return ApiKey(
        key_id=shown.key_id,
        secret_hash=api_key.hash_of(shown.key_id, shown.secret),
        role=Role.SHOP,
        campaign_id="festival",
        holder_id=holder_id,
        name="Harbour Books",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


def test_a_key_is_read_as_it_was_written() -> None:
    drawn = api_key.drawn(ENTROPY)
    text = api_key.text_of(drawn.key_id, drawn.secret)
    assert text == "mk_aaaqeayeaudaocaj_bifqydiob4ibceqtcqkrmfyyde"
    assert api_key.read(text) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mk_",
        "mk_aaaqeayeaudaocaj",
        "mk_aaaqeayeaudaocaj_bifqydiob4ibceqtcqkrmfyydY",
        "mk_aaaqeayeaudaocaj_bifqydiob4ibceqtcqkrmfyydy\n",
        "sk_aaaqeayeaudaocaj_bifqydiob4ibceqtcqkrmfyydy",
    ],
)
def test_anything_else_is_no_key(text: str) -> None:
    assert api_key.read(text) is None


def test_a_key_opens_with_its_own_secret_until_it_ends() -> None:
    drawn, other = api_key.drawn(ENTROPY), api_key.drawn(ENTROPY[::-1])
    mine = key(drawn)
    assert mine.opens_with(drawn.secret, NOW)
    assert not mine.opens_with(other.secret, NOW)
    assert not mine.opens_with(drawn.secret, NOW + timedelta(days=1))


def test_the_secret_is_not_kept() -> None:
    drawn = api_key.drawn(ENTROPY)
    assert drawn.secret not in repr(key(drawn))


def test_both_keys_of_a_shop_act_as_the_same_shop() -> None:
    old, new = api_key.drawn(ENTROPY), api_key.drawn(ENTROPY[::-1])
    assert api_key.shop_of(key(old)) == api_key.shop_of(key(new))
    assert api_key.shop_of(key(old)).device_id == "shop-7.harbour"


def test_a_holders_id_says_of_which_campaign_and_is_no_stands_id() -> None:
    assert api_key.holder_id(7, "harbour") == "7.harbour"
    assert api_key.holder_id(71, "harbour") != api_key.holder_id(7, "1harbour")


def test_a_short_name_is_made_of_the_letters_of_a_name() -> None:
    assert api_key.slug_of("Harbour & Söhne, İzmir") == "harbour-sohne-izmir"
    assert api_key.slug_of("Гавань") == ""
    assert api_key.is_slug("harbour-2")
    assert not api_key.is_slug("Harbour")
    assert api_key.is_key_id("aaaqeayeaudaocaj")
    assert not api_key.is_key_id("aaaqeayeaudaoca1")

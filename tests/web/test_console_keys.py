"""Keys in the console: a secret is shown once, a withdrawn key opens nothing, one always signs."""

import re
from datetime import timedelta

import pytest
from colleague import Colleague, inputs
from house import House, Shop

from chalicelib.domain.api_key import Role as KeyRole
from chalicelib.domain.member import Scope
from chalicelib.store import api_keys, trails
from chalicelib.web.context import context
from chalicelib.web.key_ring import KeyRing

HOME = "/console/c/festival-now/keys"
FESTIVAL = Scope(area="festival-now", member_id="operator", email="operator")
WISH = {"role": "shop", "name": "Harbour Books", "days": "30", "nonce": "ab" * 16}
_TEXT = re.compile(r"mk_[a-z2-7]{16}_[a-z2-7]{26}")


def made(answer_text: str) -> str:
    found = _TEXT.search(answer_text)
    assert found
    return found[0]


class TestApiKeys:
    """Of shops and programs."""

    def test_a_key_is_shown_once_and_works(self, house: House, owner: Colleague) -> None:
        nonce = inputs(owner.page(HOME))["nonce"]
        wish = WISH | {"nonce": nonce, "merchants": "cam-fener"}
        answer = owner.act(HOME, **wish)
        assert answer.status == 200
        assert "no-store" in answer.headers["cache-control"]
        text = made(answer.text)
        assert made(owner.act(HOME, **wish).text) == text
        assert "shop" in owner.page(HOME)
        assert text not in owner.page(HOME)
        assert text.rpartition("_")[2] not in str(house.items("access"))
        (key,) = api_keys.of_campaign("festival-now")
        assert (key.name, key.merchant_ids) == ("Harbour Books", frozenset({"cam-fener"}))
        assert key.expires_at == house.real_at + timedelta(days=30)
        voucher = house.browser().claim("istanbul", "coffee-pot-20")
        assert Shop(house, text).redeem(voucher["url"], total=(90_000, "TRY")).status in {201, 409}
        (entry,) = trails.entries(FESTIVAL)
        assert (entry.action, entry.subject) == ("API key made", "2.harbour-books")
        assert text not in str(entry)

    def test_a_third_key_is_refused_until_one_is_withdrawn(self, owner: Colleague) -> None:
        for digit in "12":
            assert owner.act(HOME, **WISH | {"nonce": digit * 32}).status == 200
        third = owner.act(HOME, **WISH | {"nonce": "3" * 32})
        assert third.status == 422
        assert "has two keys" in third.text
        assert len(trails.entries(FESTIVAL)) == 2
        key = next(iter(api_keys.of_campaign("festival-now")))
        assert owner.act(f"{HOME}/revoke", key_id=key.key_id).status == 303
        assert owner.act(HOME, **WISH | {"nonce": "3" * 32}).status == 200

    def test_a_withdrawn_key_opens_nothing(self, house: House, owner: Colleague) -> None:
        text = made(owner.act(HOME, **WISH | {"role": "marketer"}).text)
        key = next(iter(api_keys.of_campaign("festival-now")))
        assert key.role is KeyRole.MARKETER
        program = {"authorization": f"Bearer {text}"}
        path = "/api/v1/campaigns/festival-now/mints"
        assert house.ask("GET", path, headers=program).status == 200
        assert owner.act(f"{HOME}/revoke", key_id=key.key_id).status == 303
        context.keys = KeyRing()
        assert house.ask("GET", path, headers=program).status == 401
        assert owner.act(f"{HOME}/revoke", key_id=key.key_id).status == 404, "it is gone already"
        assert [one.action for one in trails.entries(FESTIVAL)].count("API key withdrawn") == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"role": "owner"},
            {"name": ""},
            {"name": "a\u2028b"},
            {"name": "x" * 61},
            {"name": "\u05d0"},
            {"id": "No Slug"},
            {"merchants": "nobody"},
            {"role": "marketer", "merchants": "cam-fener"},
            {"days": "0"},
            {"days": "9999"},
            {"days": "9" * 5_000},
            {"nonce": "x"},
        ],
    )
    def test_what_makes_no_sense_makes_no_key(
        self, owner: Colleague, changed: dict[str, str]
    ) -> None:
        assert owner.act(HOME, **WISH | changed).status == 422
        assert list(api_keys.of_campaign("festival-now")) == []
        assert trails.entries(FESTIVAL) == []

    def test_a_key_of_another_campaign_does_not_exist(self, house: House, owner: Colleague) -> None:
        key, _ = house.key(campaign_id="festival-2019")
        assert owner.act(f"{HOME}/revoke", key_id=key.key_id).status == 404
        assert key.key_id not in owner.page(HOME)
        for odd in ("", "x", "#" * 16, "a" * 3_000):
            assert owner.act(f"{HOME}/revoke", key_id=odd).status == 404


class TestSigningKeys:
    """One always signs."""

    def test_the_only_one_is_not_withdrawn(self, house: House, owner: Colleague) -> None:
        refused = owner.act(f"{HOME}/withdraw", key_id="1")
        assert refused.status == 422
        assert "signing rotate festival-now" in refused.text
        assert house.browser().claim("istanbul", "lantern-gift")
        assert trails.entries(FESTIVAL) == []

    def test_an_older_one_is_withdrawn_and_the_newer_one_stays(
        self, house: House, owner: Colleague
    ) -> None:
        voucher = house.browser().claim("istanbul", "lantern-gift")
        with house.new_key():
            assert owner.act(f"{HOME}/withdraw", key_id="1").status == 303
            assert house.phone().redeem(voucher["url"]).reason == "key_withdrawn"
            assert owner.act(f"{HOME}/withdraw", key_id="2").status == 422
            assert owner.act(f"{HOME}/withdraw", key_id="1").status == 303, "again is no harm"
            assert '<span class="chip">withdrawn' in owner.page(HOME)
        assert [one.subject for one in trails.entries(FESTIVAL)] == ["key 1"]

    def test_two_at_once_leave_one(self, house: House, owner: Colleague) -> None:
        """Both pages were opened while both signed; the table lets one go."""
        with house.new_key():
            before = context.catalog.campaign("festival-now")
            assert owner.act(f"{HOME}/withdraw", key_id="1").status == 303
            context.catalog._published["festival-now"] = before
            assert owner.act(f"{HOME}/withdraw", key_id="2").status == 422

    @pytest.mark.parametrize("key_id", ["", "9", "x", "1 "])
    def test_one_that_is_none_is_not_found(self, owner: Colleague, key_id: str) -> None:
        assert owner.act(f"{HOME}/withdraw", key_id=key_id).status == 404

"""Signing keys come and go without a broken voucher; a withdrawn one refuses all it signed."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from house import Browser, House, Json, Phone, path_of

import manage
from chalicelib import signing
from chalicelib.config import Settings
from chalicelib.web.context import context

PARAMETER = "/test/signing"


@pytest.fixture
def keys(house: House) -> Iterator["Keys"]:
    """Keep the house's secrets where a command finds them, and read them from there."""
    with house.secrets_at(PARAMETER) as settings:
        yield Keys(house, settings)


class Keys:
    """The operator at the command line; every process reads the secrets again after it."""

    def __init__(self, house: House, settings: Settings) -> None:
        self.house, self.settings = house, settings

    def do(self, action: str, **asked: object) -> str:
        """Run `manage.py signing …` and return what it said."""
        said: list[str] = []
        whole = {"campaign_id": "festival-now", "settings": self.settings, **asked}
        manage.run(Namespace(command="signing", action=action, **whole), self.house.at, said.append)
        context.connect(self.settings, now=lambda: self.house.at)
        self.house.wait(timedelta(0))
        return "\n".join(said)


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def phone(house: House) -> Phone:
    return house.phone()


@pytest.fixture
def voucher(browser: Browser) -> Json:
    return browser.claim("istanbul", "lantern-gift")


def shown(browser: Browser, voucher: Json) -> Json:
    """Return the holder's voucher as it is shown now."""
    found: Json = browser.get(f"/api/v1/vouchers/{voucher['code']}").json
    return found


def test_a_rotation_breaks_no_voucher(
    house: House, keys: Keys, browser: Browser, phone: Phone, voucher: Json
) -> None:
    assert keys.do("rotate").startswith("2  signs from 2026-05-20 12:10 UTC")
    assert shown(browser, voucher)["token"] == voucher["token"]
    house.wait(timedelta(hours=2))
    fresh = shown(browser, voucher)
    assert fresh["token"] != voucher["token"]
    other = house.browser().claim("istanbul", "lantern-gift")
    assert phone.redeem(other["url"]).status == 201
    assert phone.redeem(voucher["url"]).status == 201
    assert phone.redeem(fresh["url"]).reason == "already_redeemed"


def test_a_withdrawn_key_refuses_all_it_signed_and_the_page_signs_anew(
    house: House, keys: Keys, browser: Browser, phone: Phone, voucher: Json
) -> None:
    keys.do("rotate")
    house.wait(timedelta(minutes=11))
    assert "key 1 is withdrawn" in keys.do("withdraw", key_id=1)
    assert phone.redeem(voucher["url"]).reason == "key_withdrawn"
    assert house.browser().get(path_of(voucher["url"])).status == 404
    assert 'data-status="ready"' in browser.get(path_of(voucher["url"])).text
    assert phone.redeem(shown(browser, voucher)["url"]).status == 201


def test_the_only_key_is_replaced_before_it_is_withdrawn(
    keys: Keys, browser: Browser, phone: Phone, voucher: Json
) -> None:
    said = keys.do("withdraw", key_id=1)
    assert said.startswith("2  signs from 2026-05-20 12:00 UTC")
    assert phone.redeem(voucher["url"]).reason == "key_withdrawn"
    assert phone.redeem(shown(browser, voucher)["url"]).status == 201


def test_devices_learn_the_public_keys(keys: Keys, phone: Phone) -> None:
    keys.do("rotate")
    keys.do("withdraw", key_id=1)
    newest, *_, oldest, _ = phone.manifest().json["keys"]  # the last one is for practice
    assert (oldest["key_id"], oldest["withdrawn"]) == (1, True)
    assert oldest["not_after"] == "2026-05-20T13:10:00Z"
    assert (newest["withdrawn"], newest["not_after"]) == (False, None)
    private = signing.fetch_secrets(keys.settings).keys_of(2)[0]
    assert len(newest["x"]) == 43
    assert private.seed.rstrip("=") not in str(phone.manifest().json)


def test_the_list_says_how_each_key_stands(keys: Keys) -> None:
    keys.do("rotate")
    keys.do("withdraw", key_id=1)
    lines = keys.do("list").splitlines()
    assert lines[-1] == "1  signs from 2019-01-01 00:00 UTC, withdrawn"
    assert "retires 2026-05-20" in lines[0] or lines[0].endswith("UTC")


def test_an_unknown_key_or_campaign_is_said(keys: Keys) -> None:
    assert "has no key 9" in keys.do("withdraw", key_id=9)
    assert "no published campaign nowhere" in keys.do("list", campaign_id="nowhere")


def test_keys_keep_to_whole_seconds(house: House, keys: Keys) -> None:
    house.at = house.at.replace(microsecond=5)
    keys.do("rotate")
    since: datetime = signing.fetch_secrets(keys.settings).keys_of(2)[0].not_before
    assert since.microsecond == 0

"""When the tables stay silent, everyone is asked to try again, and nothing is half done."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from house import House
from rigs.faults import Fault
from rigs.wire import FOREVER, wired

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.live import Published
from chalicelib.store import campaigns, engine, tables
from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context


@pytest.mark.usefixtures("house")
def test_a_phone_waits_for_two_attempts_and_no_longer() -> None:
    config = engine.client().meta.config
    assert config.retries == {"total_max_attempts": 2, "mode": "standard"}
    assert (config.connect_timeout, config.read_timeout) == (0.5, 1)


@contextmanager
def silent(operation: str) -> Iterator[None]:
    """Let one operation of DynamoDB time out, at each attempt."""
    with wired() as wire:
        wire.spoil(operation, Fault.SILENT, times=FOREVER)
        yield


def test_a_silent_table_asks_to_try_again_and_a_retry_finds_the_first_use(house: House) -> None:
    voucher = house.browser().claim("istanbul", "lantern-gift")
    phone = house.phone()
    with silent("UpdateItem"):
        answer = phone.redeem(voucher["url"], "nonce-a1")
    assert (answer.status, answer.reason) == (503, "try_again")
    assert answer.headers["retry-after"] == "2"
    assert phone.redeem(voucher["url"], "nonce-a1").status == 201


@contextmanager
def lost(operation: str) -> Iterator[None]:
    """Let DynamoDB do what it is asked, once, and lose its answer on the way."""
    with wired() as wire:
        wire.spoil(operation, Fault.LOST)
        yield


@pytest.mark.parametrize(
    ("offer_id", "operation"),
    [("lantern-gift", "UpdateItem"), ("lamp-100", "TransactWriteItems")],
)
def test_an_answer_that_was_lost_on_the_way_was_still_this_scans_own(
    house: House, offer_id: str, operation: str
) -> None:
    voucher = house.browser().claim("istanbul", offer_id)
    phone = house.phone()
    with lost(operation):
        answer = phone.redeem(voucher["url"], "nonce-a1", total=(60_000, "TRY"))
    assert answer.status == 201
    again = phone.redeem(voucher["url"], "nonce-a1", total=(60_000, "TRY"))
    assert (again.status, again.json) == (200, answer.json)


def test_a_claim_whose_answer_was_lost_is_the_visitors(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    with lost("TransactWriteItems"):
        answer = browser.try_to_claim("istanbul", "lantern-gift")
    assert answer.status in {200, 201}
    assert browser.try_to_claim("istanbul", "lantern-gift").json == answer.json


def test_a_claim_that_timed_out_is_made_by_the_next_try(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    with silent("TransactWriteItems"):
        assert browser.try_to_claim("istanbul", "lantern-gift").reason == "try_again"
    assert browser.try_to_claim("istanbul", "lantern-gift").status == 201


class Hands:
    """A clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_pointer_is_checked_every_five_seconds_at_most(house: House) -> None:
    hands = Hands()
    catalog = Catalog(hands)
    before = catalog.campaign("festival-now")
    house.publish(before.campaign)
    hands.seconds = 4.9
    assert catalog.campaign("festival-now").epoch == 1
    hands.seconds = 5.0
    after = catalog.campaign("festival-now")
    assert after.epoch == 2
    hands.seconds = 10.0
    assert catalog.campaign("festival-now") is after  # what was made of it stays good


def test_whoever_asks_for_the_latest_gets_it_at_once(house: House) -> None:
    catalog = Catalog(Hands())
    house.publish(catalog.campaign("festival-now").campaign)
    epochs = {p.campaign.campaign_id: p.epoch for p in catalog.latest()}
    assert epochs == {"festival-now": 2, "festival-2019": 1}
    assert catalog.campaign("festival-now").epoch == 1
    with silent("Query"), pytest.raises(TryAgain):
        catalog.latest()


def test_a_device_that_was_removed_is_served_for_less_than_five_seconds(house: House) -> None:
    hands = Hands()
    context.catalog = Catalog(hands)
    voucher = house.browser().claim("istanbul", "lantern-gift")
    removed, other = house.phone(), house.phone()
    engine.put(tables.LiveItem("LIVES", "festival-now", revoked_devices={removed.device_id}))
    hands.seconds = 4.9
    assert removed.redeem(voucher["url"], "nonce-a1").status == 201
    hands.seconds = 5.0
    assert removed.redeem(voucher["url"], "nonce-a1").reason == "device_revoked"
    assert other.redeem(voucher["url"]).reason == "already_redeemed"


@pytest.mark.usefixtures("house")
def test_what_is_in_memory_is_served_for_a_minute_without_the_table() -> None:
    hands = Hands()
    catalog = Catalog(hands)
    found: Published = catalog.campaign("festival-now")
    with silent("Query"):
        hands.seconds = 60
        assert catalog.campaign("festival-now") == found
        hands.seconds = 60.1
        with pytest.raises(TryAgain):
            catalog.campaign("festival-now")
    assert catalog.campaign("festival-now") == found


@pytest.mark.usefixtures("house")
def test_a_fresh_process_without_the_table_knows_nothing() -> None:
    with silent("Query"), pytest.raises(TryAgain):
        Catalog().all()


def test_pauses_and_revocations_need_no_publish(house: House) -> None:
    campaigns.pause("festival-now", paused=True)
    context.catalog.forget()
    assert house.browser().try_to_claim("istanbul", "lantern-gift").reason == "paused"
    campaigns.pause("festival-now", paused=False)
    context.catalog.forget()
    assert house.browser().try_to_claim("istanbul", "lantern-gift").status == 201


@pytest.mark.usefixtures("house")
def test_the_catalog_finds_by_id_number_and_stand() -> None:
    catalog = context.catalog
    assert catalog.numbered(1) == catalog.campaign("festival-2019")
    assert catalog.numbered(99) is None
    assert catalog.popup("istanbul-2019")[0].campaign.number == 1
    with pytest.raises(NotFound):
        catalog.popup("nowhere")
    with pytest.raises(NotFound):
        catalog.campaign("nothing")


def test_health_answers_with_and_without_the_tables(house: House) -> None:
    assert house.ask("GET", "/health").json == {"status": "ok"}
    deep = house.ask("GET", "/health/deep").json
    assert deep == {"status": "ok", "tables": ["catalog", "ledger", "insights", "access"]}
    with silent("GetItem"):
        assert house.ask("GET", "/health").status == 200
        assert house.ask("GET", "/health/deep").reason == "try_again"

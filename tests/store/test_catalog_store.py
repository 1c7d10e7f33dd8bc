"""Documents, pointers and publish records in the catalog table."""

import zlib
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from fakes import Catalog
from full import TEA
from house import House
from made import NOW, campaign, offer
from rigs.faults import Fault
from rigs.wire import wired

from chalicelib.domain import trail
from chalicelib.domain.errors import NotFound
from chalicelib.domain.member import Scope
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import campaigns, counters, trails


@pytest.fixture(params=["fake", "dynamodb"])
def catalog(request: pytest.FixtureRequest) -> Any:
    """Return the publish record's keeper of each kind."""
    if request.param == "fake":
        return Catalog()
    request.getfixturevalue("house")
    return campaigns


@pytest.mark.usefixtures("house")
class TestDocuments:
    """Drafts and revisions."""

    def test_a_draft_is_saved_over_the_version_that_was_read(self) -> None:
        first = campaign()
        assert campaigns.draft("festival") is None
        assert campaigns.save_draft(first, over=0, now=NOW) == 1
        assert campaigns.save_draft(first, over=0, now=NOW) is None
        assert campaigns.save_draft(first, over=2, now=NOW) is None
        changed = replace(first, name={"en": "Changed"})
        assert campaigns.save_draft(changed, over=1, now=NOW) == 2
        assert campaigns.draft("festival") == (changed, 2)

    def test_a_frozen_document_never_changes_and_is_stored_once(self) -> None:
        first, second = campaign(), campaign(offer("other", 2))
        assert campaigns.freeze(first, now=NOW) == 1
        assert campaigns.freeze(first, now=NOW) == 1
        assert campaigns.freeze(second, now=NOW) == 2
        assert campaigns.freeze(first, now=NOW) == 3
        assert campaigns.revision("festival", 1) == first
        assert campaigns.revision("festival", 2) == second
        assert campaigns.revisions("festival") == {1: NOW, 2: NOW, 3: NOW}

    def test_a_document_of_many_parts_is_whole_again(self) -> None:
        noise = "".join(chr(0x4E00 + (n * n * 7919 + n * 104_729) % 20_000) for n in range(400_000))
        large = campaign(name={"en": "Large", "tr": noise})
        number = campaigns.freeze(large, now=NOW)
        assert campaigns.revision("festival", number) == large

    def test_what_does_not_exist_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            campaigns.revision("festival", 1)
        assert campaigns.publish_record("nothing") is None
        assert campaigns.revisions("nothing") == {}


def test_what_has_no_address_photo_or_look_is_stored_as_before_there_were_any() -> None:
    whole = campaign(merchants=(TEA,))
    before = now = msgspec.json.encode(whole, order="deterministic")
    for nothing in (b',"address":""', b',"photo":null', b',"branding":null'):
        assert nothing in before
        before = before.replace(nothing, b"")
    assert before != now
    assert zlib.decompress(campaigns._pack(whole)) == before
    assert campaigns._unpack(zlib.compress(before)) == whole


def test_the_pointer_moves_forward_only(catalog: Any) -> None:
    assert catalog.move_pointer("festival", Pointer(1, 1))
    assert catalog.move_pointer("festival", Pointer(2, 3))
    assert not catalog.move_pointer("festival", Pointer(1, 3))
    assert not catalog.move_pointer("festival", Pointer(1, 2))
    assert catalog.pointers()["festival"] == Pointer(2, 3)


def test_one_publish_is_open_at_a_time(catalog: Any) -> None:
    assert catalog.open_publish("festival", Pointer(1, 1), now=NOW) is None
    stands = catalog.open_publish("festival", Pointer(2, 2), now=NOW)
    assert stands == PublishRecord(1, 1, done=False)
    catalog.close_publish("festival", Pointer(1, 9), now=NOW)
    assert catalog.publish_record("festival") == PublishRecord(1, 1, done=False)
    catalog.close_publish("festival", Pointer(1, 1), now=NOW)
    assert catalog.publish_record("festival") == PublishRecord(1, 1, done=True)
    assert catalog.open_publish("festival", Pointer(1, 1), now=NOW) is not None
    assert catalog.open_publish("festival", Pointer(2, 2), now=NOW) is None


def test_whoever_closes_a_publish_leaves_its_entry_once(house: House) -> None:
    scope = Scope(area="festival", member_id="anna", email="anna@example.org")
    entry = trail.entry(scope, "published", "revision 1", at=NOW, request_id="r", after={"a": "b"})
    assert campaigns.open_publish("festival", Pointer(1, 1), now=NOW, entry=entry) is None
    record = campaigns.publish_record("festival")
    assert record is not None
    assert record.entry == entry
    campaigns.close_publish("festival", Pointer(1, 9), now=NOW, entry=record.entry)
    assert trails.entries(scope) == [], "it was another one"
    for _ in range(2):
        campaigns.close_publish("festival", record.goal, now=NOW, entry=record.entry)
        assert trails.entries(scope) == [entry]
    assert campaigns.publish_record("festival") == PublishRecord(1, 1, done=True)
    assert house.items("access")


def test_a_way_back_takes_the_place_of_the_open_publish_alone(catalog: Any) -> None:
    back, forth = Pointer(1, 3), Pointer(2, 2)
    catalog.open_publish("festival", forth, now=NOW)
    assert catalog.open_publish("festival", back, now=NOW, over=Pointer(2, 1)) is not None
    assert catalog.open_publish("festival", back, now=NOW, before=2, over=forth) is None
    assert catalog.open_publish("festival", back, now=NOW, over=forth) is not None
    assert catalog.publish_record("festival") == PublishRecord(1, 3, done=False, before=2)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.FAILED_AFTER])
class TestLostAnswers:
    """botocore repeats a write whose answer was lost; it is no stranger in its own way."""

    def test_a_draft_is_saved(self, fault: Fault) -> None:
        with wired() as wire:
            wire.hit(fault, 2)
            assert campaigns.save_draft(campaign(), over=0, now=NOW) == 1
            wire.hit(fault, 2)
            assert campaigns.save_draft(campaign(), over=1, now=NOW) == 2

    def test_a_publish_is_begun(self, fault: Fault) -> None:
        with wired() as wire:
            wire.spoil("PutItem", fault)
            assert campaigns.open_publish("festival", Pointer(1, 1), now=NOW) is None
            wire.spoil("PutItem", fault)
            back = Pointer(1, 2)
            begun = campaigns.open_publish("festival", back, now=NOW, over=Pointer(1, 1))
        assert begun is None
        assert campaigns.publish_record("festival") == PublishRecord(1, 2, done=False)


def test_publishing_works_on_the_table_as_on_the_fake(house: House) -> None:
    small = campaign(offer(day_limit=3))
    assert house.publish(small, counters) == Pointer(1, 1)
    assert house.publish(campaign(offer(day_limit=5), offer("later", 2)), counters) == Pointer(2, 2)
    assert house.roll_back("festival", 1, counters) == Pointer(3, 3)
    live = house.campaign("festival")
    assert live.offer["lantern"].day_limit == 3
    assert live.offer["later"].closed
    version = campaigns.draft("festival")
    assert version is not None
    stale = house.publish_draft("festival", version[1] - 1)
    assert stale == Refusal(Reason.EDITED_MEANWHILE, {"draft_version": str(version[1])})

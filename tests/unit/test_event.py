"""What is told of the ledger's changes: one event at most, and nothing that opens anything."""

import re
from dataclasses import replace

import pytest
from happening import AT, BACK, CHOICE, CLAIMED_ID, HELD, ISSUED, LAPSED, MINTED_ID, USED, told
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import event as events
from chalicelib.domain import mint
from chalicelib.domain.event import OFFERED, Kind
from chalicelib.domain.insight import Image
from chalicelib.domain.voucher import ID_SYMBOLS, State, mark_of

PLACE = {"popup_id": "istanbul", "offer_id": "lantern", "merchant_id": "cam-fener"}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (None, ISSUED, Kind.VOUCHER_CLAIMED),
        (LAPSED, ISSUED, Kind.VOUCHER_CLAIMED),
        (ISSUED, USED, Kind.VOUCHER_REDEEMED),
        (HELD, USED, Kind.VOUCHER_REDEEMED),
        (BACK, replace(USED, uses=2), Kind.VOUCHER_REDEEMED),
        (None, replace(USED, claimed=False), Kind.VOUCHER_REDEEMED),
        (USED, BACK, Kind.VOUCHER_REVERSED),
        (None, CHOICE, Kind.DELIVERY_CHOSEN),
        (replace(CHOICE, option="shop"), CHOICE, Kind.DELIVERY_CHOSEN),
    ],
)
def test_a_change_is_told_by_its_name(old: Image | None, new: Image, kind: Kind) -> None:
    found = told(old, new)
    assert found is not None
    assert (found.kind, found.campaign_id, found.at) == (kind, "festival", AT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, None),
        (ISSUED, None),
        (ISSUED, ISSUED),
        (USED, USED),
        (CHOICE, CHOICE),
        (ISSUED, HELD),
        (HELD, ISSUED),
        (replace(HELD, uses=2), BACK),
        (ISSUED, LAPSED),
        (ISSUED, replace(ISSUED, state=State.GIVEN)),
        (None, replace(ISSUED, claimed=False)),
        (USED, replace(USED, state=State.REVOKED)),
    ],
)
def test_any_other_change_is_not_told(old: Image | None, new: Image | None) -> None:
    assert told(old, new) is None


def test_a_use_says_where_and_what_it_took_off_and_so_does_giving_it_back() -> None:
    use = {
        "use": 1,
        "used_popup_id": "ankara",
        "discount": {"amount_minor": 500, "currency": "TRY"},
    }
    for old, new in ((ISSUED, USED), (USED, BACK)):
        found = told(old, new)
        assert found is not None
        assert found.data == {"voucher": mark_of(CLAIMED_ID).hex(), **PLACE, **use}
    plain = told(ISSUED, replace(USED, discount_minor=0))
    assert plain is not None
    assert plain.data["discount"] is None


def test_the_same_change_has_the_same_id_and_another_has_another() -> None:
    changes = [(None, ISSUED, 1), (LAPSED, ISSUED, 3), (ISSUED, USED, 2), (BACK, USED, 4)]
    ids = [found.event_id for each in changes if (found := told(*each))]
    again = [found.event_id for each in changes if (found := told(*each))]
    assert ids == again
    assert len(set(ids)) == len(changes)
    other = told(None, ISSUED, name="1" * ID_SYMBOLS)
    assert other is not None
    assert other.event_id not in ids
    assert all(re.fullmatch(r"evt_[a-z2-7]{24}", one) for one in ids)


def test_a_minted_voucher_is_named_by_batch_and_number_a_claimed_one_by_its_mark() -> None:
    assert events.reference(MINTED_ID) == "3-17"
    assert events.reference(CLAIMED_ID) == mark_of(CLAIMED_ID).hex()


@given(st.binary(min_size=1, max_size=32))
def test_nothing_that_is_told_of_a_minted_voucher_depends_on_its_secret(secret: bytes) -> None:
    """Its 38 secret bits could be tried out; so the id of the event must not hold them either."""
    other = mint.minted_id(secret, 3, 17)
    assert told(None, replace(USED, claimed=False), name=other) == told(
        None, replace(USED, claimed=False), name=MINTED_ID
    )


def test_what_a_member_did_is_told_with_its_facts() -> None:
    found = events.of_campaign(
        Kind.CAMPAIGN_PUBLISHED, "festival", "epoch 2", at=AT, revision=2, epoch=2
    )
    assert found.data == {"revision": 2, "epoch": 2}
    again = events.of_campaign(Kind.CAMPAIGN_PUBLISHED, "festival", "epoch 3", at=AT)
    assert again.event_id != found.event_id


def test_a_receiver_may_ask_for_everything_but_tests() -> None:
    assert set(OFFERED) == set(Kind) - {Kind.TEST}
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)?", kind) for kind in Kind)

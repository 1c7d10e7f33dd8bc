"""Devices hand in what they accepted without network, through the API."""

from dataclasses import replace
from datetime import timedelta

import pytest
from handing import OfflinePhone
from house import House, Json

from chalicelib.domain.device import Profile

TOTAL = (125_000, "TRY")
GIFT = "lantern-gift"


def kept(house: House, kind: str = "SCAN#") -> list[Json]:
    return [item for item in house.items() if item["sk"]["S"].startswith(kind)]


def claimed(house: House, offer_id: str = GIFT) -> str:
    return str(house.browser().claim("istanbul", offer_id)["url"])


def test_what_was_accepted_offline_becomes_a_use(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url)
    told = phone.hand_in()
    assert told.outcomes == ["accepted"]
    assert told.results[0]["redemption_id"].endswith(".1")
    assert told.answer.json["head"]["seq"] == 1
    refused = house.phone().redeem(url)
    assert (refused.reason, refused.json["used_device_id"]) == (
        "already_redeemed",
        phone.device_id,
    )


def test_the_same_batch_again_gets_the_same_outcomes(house: House) -> None:
    phone = OfflinePhone(house)
    for _ in range(3):
        phone.accept(claimed(house))
    batch = phone.signed(phone.queue)
    first = phone.post("/api/v1/redemptions/batch", batch)
    before = house.items()
    assert phone.post("/api/v1/redemptions/batch", batch).json == first.json
    assert house.items() == before


def test_an_answer_that_was_lost_may_be_followed_by_another_batch(house: House) -> None:
    phone = OfflinePhone(house)
    phone.accept(claimed(house))
    lost = phone.send_batch(phone.queue)
    phone.accept(claimed(house))
    broken = phone.send_batch(phone.queue).answer
    assert (broken.status, broken.reason) == (409, "chain_broken")
    assert broken.json["last_seq"] == "1"
    phone.previous = broken.json["last_hash"]
    again = phone.hand_in()
    assert again.outcomes == ["accepted", "accepted"]
    assert again.results[0] == lost.results[0]


def test_another_content_under_a_known_number_is_a_fork_and_ends_rejected(house: House) -> None:
    phone, other = OfflinePhone(house), claimed(house)
    phone.accept(claimed(house))
    phone.hand_in()
    phone.seq = 0
    phone.accept(other)
    phone.accept(claimed(house))
    told = phone.hand_in()
    assert told.outcomes == ["rejected chain_broken", "accepted"]
    assert told.answer.json["head"]["seq"] == 2
    (fork,) = kept(house, "FORK#")
    assert (fork["out"]["S"], fork["why"]["S"]) == ("rejected", "chain_broken")
    assert house.phone().redeem(other).status == 201


def test_a_previous_that_is_not_ours_is_a_fork(house: House) -> None:
    phone, url = OfflinePhone(house), claimed(house)
    phone.accept(url)
    phone.previous = "0" * 64
    assert phone.hand_in().answer.json["last_hash"] == ""
    assert kept(house) == []


def test_a_hole_waits_until_the_missing_entry_comes(house: House) -> None:
    phone = OfflinePhone(house)
    first, second, third = (phone.accept(claimed(house)) for _ in range(3))
    phone.queue = [first, third]
    assert phone.hand_in().outcomes == ["accepted", "pending_gap"]
    phone.queue = [second, third]
    assert phone.hand_in().outcomes == ["accepted", "accepted"]
    assert len(kept(house)) == 3


def test_holes_alone_leave_the_chain_where_it_is(house: House) -> None:
    phone = OfflinePhone(house)
    phone.accept(claimed(house))
    late = phone.accept(claimed(house))
    phone.queue = [late]
    told = phone.hand_in()
    assert told.outcomes == ["pending_gap"]
    assert told.answer.json["head"] == {"seq": 0, "hash": ""}


def test_two_phones_with_the_same_voucher_make_one_use_and_one_case(house: House) -> None:
    url = claimed(house)
    early, late = OfflinePhone(house, name="North"), OfflinePhone(house, name="South")
    early.accept(url)
    house.at += timedelta(minutes=1)
    late.accept(url)
    house.at += timedelta(hours=1)
    assert late.hand_in().outcomes == ["accepted"]
    assert early.hand_in().outcomes == ["conflict already_redeemed"]
    boss = OfflinePhone(house, profile=Profile.SUPERVISOR)
    (case,) = boss.ask("/api/v1/conflicts").json["items"]
    assert case["winner"] == f"{early.device_id}#1"
    assert [entry["name"] for entry in case["entries"]] == ["North", "South"]
    assert [entry["outcome"] for entry in case["entries"]] == ["conflict", "accepted"]


def test_an_online_use_always_stands(house: House) -> None:
    url, phone, online = claimed(house), OfflinePhone(house), house.phone()
    phone.accept(url)
    house.at += timedelta(minutes=1)
    assert online.redeem(url).status == 201
    assert phone.hand_in().outcomes == ["conflict already_redeemed"]
    boss = OfflinePhone(house, profile=Profile.SUPERVISOR)
    (case,) = boss.ask("/api/v1/conflicts").json["items"]
    assert case["winner"] == online.device_id


def test_the_nonce_of_an_online_attempt_that_had_worked_is_a_duplicate(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    used = phone.redeem(url, "nonce-a1").json
    phone.accept(url, "nonce-a1")
    told = phone.hand_in()
    assert told.outcomes == ["duplicate"]
    assert told.results[0]["redemption_id"] == used["redemption_id"]
    assert kept(house, "CASES") == []


def test_the_same_device_twice_is_a_duplicate(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url)
    phone.accept(url)
    assert phone.hand_in().outcomes == ["accepted", "duplicate already_redeemed"]


def test_an_entry_that_was_withdrawn_moves_nothing(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url, withdrawn=True)
    assert phone.hand_in().outcomes == ["rejected already_reversed"]
    assert house.phone().redeem(url).status == 201


def test_withdrawing_gives_back_what_the_lost_online_attempt_had_used(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.redeem(url, "nonce-a1")
    phone.accept(url, "nonce-a1", withdrawn=True)
    assert phone.hand_in().outcomes == ["rejected already_reversed"]
    assert house.phone().redeem(url).status == 201


@pytest.mark.parametrize(
    ("scanned", "outcome"),
    [
        ("rubbish", "rejected unknown_code"),
        ("https://shop.example/x", "rejected unknown_code"),
        ("0000-0000-0000-0000", "rejected needs_network"),
    ],
)
def test_what_is_no_voucher_is_kept_and_rejected(house: House, scanned: str, outcome: str) -> None:
    phone, url = OfflinePhone(house), claimed(house)
    phone.accept(scanned)
    phone.accept(url)
    assert phone.hand_in().outcomes == [outcome, "accepted"]
    assert len(kept(house)) == 2


def test_a_forged_code_is_rejected(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url[:-4] + ("AAAA" if not url.endswith("AAAA") else "BBBB"))
    assert phone.hand_in().outcomes == ["rejected bad_signature"]


def test_what_the_server_would_have_refused_is_a_conflict_with_its_reason(house: House) -> None:
    phone, elsewhere = OfflinePhone(house, "milan"), claimed(house)
    phone.accept(elsewhere)
    assert phone.hand_in().outcomes == ["conflict wrong_city"]


def test_a_pause_that_came_later_does_not_matter(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url)
    house.live(paused=True)
    assert phone.hand_in().outcomes == ["accepted"]


def test_an_offer_that_may_run_out_is_for_the_network_alone(house: House) -> None:
    url, phone = claimed(house, "lamp-100"), OfflinePhone(house)
    phone.accept(url, total=TOTAL)
    assert phone.hand_in().outcomes == ["conflict needs_network"]


def test_a_revoked_device_hands_in_to_quarantine(house: House) -> None:
    url, phone = claimed(house), OfflinePhone(house)
    phone.accept(url)
    house.live(revoked_devices={phone.device_id})
    assert phone.hand_in().outcomes == ["rejected device_revoked"]
    assert house.phone().redeem(url).status == 201


def test_a_token_that_is_over_still_hands_in(house: House) -> None:
    phone = OfflinePhone(house)
    phone.accept(claimed(house))
    house.real_at += timedelta(days=2)
    assert phone.manifest().reason == "not_signed_in"
    told = phone.hand_in()
    assert told.outcomes == ["accepted"]
    phone.token = told.answer.json["device_token"]
    assert phone.manifest().status == 200


def test_a_device_that_was_away_shows_its_key_for_a_fresh_token(house: House) -> None:
    phone = OfflinePhone(house)
    house.real_at += timedelta(days=2)
    phone.token = phone.hand_in().answer.json["device_token"]
    assert phone.manifest().status == 200
    house.live(revoked_devices={phone.device_id})
    assert phone.hand_in().answer.json["device_token"] is None


def test_what_another_key_signed_is_not_taken(house: House) -> None:
    phone = OfflinePhone(house)
    phone.accept(claimed(house))
    assert phone.send_batch(phone.queue, signature="A" * 86).answer.status == 401
    assert phone.send_batch(phone.queue, device_now="2026-05-20T12:00:01Z").answer.status == 401
    assert kept(house) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"entries": [{}]}, "/entries/0"),
        ({"previous": "x"}, "/previous"),
        ({"device_now": "9999-01-01T00:00:00Z"}, "/device_now"),
    ],
)
def test_a_wrong_batch_says_which_part_is_wrong(house: House, change: Json, pointer: str) -> None:
    phone = OfflinePhone(house)
    phone.accept(claimed(house))
    answer = phone.post("/api/v1/redemptions/batch", phone.signed(phone.queue, **change))
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert answer.json["errors"][0]["pointer"] == pointer


def test_numbers_have_to_rise(house: House) -> None:
    phone = OfflinePhone(house)
    entry = phone.accept(claimed(house))
    answer = phone.send_batch([entry, entry]).answer
    assert answer.json["errors"][0]["pointer"] == "/entries/1/seq"


def test_a_clock_that_is_three_hours_off_is_corrected(house: House) -> None:
    phone = OfflinePhone(house, behind=timedelta(hours=-3))
    phone.accept(claimed(house))
    house.at += timedelta(minutes=30)
    phone.hand_in()
    (scan,) = kept(house)
    noon = int((house.at - timedelta(minutes=30)).timestamp() * 1000)
    assert int(scan["cor"]["N"]) == noon
    assert int(scan["at"]["N"]) == noon + 3 * 3_600_000
    assert "skew" not in scan


def test_the_allowance_is_counted_by_the_server(house: House) -> None:
    campaign = house.campaign()
    popups = tuple(replace(popup, offline_uses=2) for popup in campaign.popups)
    house.publish(replace(campaign, popups=popups))
    phone = OfflinePhone(house)
    for _ in range(3):
        phone.accept(claimed(house))
    told = phone.hand_in()
    assert told.outcomes == ["accepted", "accepted", "conflict offline_allowance_used"]
    house.at += timedelta(seconds=1)
    phone.accept(claimed(house))
    assert phone.hand_in().outcomes == ["accepted"]


def test_a_minted_voucher_is_made_by_its_first_use(house: House) -> None:
    code, phone = house.marketing().minted(GIFT, 1)[0], OfflinePhone(house)
    phone.accept(code["url"])
    assert phone.hand_in().outcomes == ["accepted"]
    assert house.phone().redeem(code["code"]).reason == "already_redeemed"


def test_what_was_given_back_may_be_used_again(house: House) -> None:
    url, online, phone = claimed(house), house.phone(), OfflinePhone(house)
    online.reverse(online.redeem(url).json["redemption_id"])
    phone.accept(url)
    told = phone.hand_in()
    assert told.outcomes == ["accepted"]
    assert told.results[0]["redemption_id"].endswith(".2")
    assert phone.reverse(told.results[0]["redemption_id"]).status == 201
    assert online.redeem(url).status == 201

"""Supervisors see what several doors accepted, and decide it."""

from datetime import timedelta

import pytest
from handing import OfflinePhone
from house import House, Json

from chalicelib.domain.device import Profile
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.store import scans

GIFT, POT, TOTAL = "lantern-gift", "coffee-pot-20", (125_000, "TRY")


@pytest.fixture
def boss(house: House) -> OfflinePhone:
    return OfflinePhone(house, profile=Profile.SUPERVISOR, name="Boss")


def contested(house: House, *, total: tuple[int, str] | None = None, offer: str = GIFT) -> str:
    """Let two phones accept the same voucher, the later one first in the ledger; return its url."""
    url = str(house.browser().claim("istanbul", offer)["url"])
    early, late = OfflinePhone(house, name="North"), OfflinePhone(house, name="South")
    early.accept(url, total=total, shift="Ayşe")
    house.at += timedelta(minutes=1)
    late.accept(url, total=total)
    house.at += timedelta(hours=1)
    assert late.hand_in().outcomes == ["accepted"]
    assert early.hand_in().outcomes == ["conflict already_redeemed"]
    return url


def test_a_case_says_who_when_and_what_is_at_risk(house: House, boss: OfflinePhone) -> None:
    contested(house, total=TOTAL, offer=POT)
    (case,) = boss.cases()
    north, south = case["entries"]
    assert (north["name"], north["shift"], north["corrected_at"]) == (
        "North",
        "Ayşe",
        "2026-05-20T12:00:00Z",
    )
    assert (south["name"], south["outcome"]) == ("South", "accepted")
    assert (case["status"], case["winner"]) == ("open", north["party"])
    assert case["title"] == "20% off copper coffee pots"
    assert (south["city"], south["time_zone"]) == ("Istanbul", "Europe/Istanbul")
    assert case["value_at_risk"] == [north["discount"]]
    assert north["discount"]["amount_minor"] > 0


def test_what_is_decided_is_recorded_and_the_same_again_is_the_first(
    house: House, boss: OfflinePhone
) -> None:
    url = contested(house)
    (case,) = boss.cases()
    decided = boss.decide(case, "write_off", "two good faiths")
    assert decided.status == 200, decided.text
    assert decided.json["status"] == "resolved"
    assert decided.json["resolution"]["note"] == "two good faiths"
    assert boss.decide(case, "write_off", "two good faiths").json == decided.json
    assert boss.decide(case, "keep").reason == "edited_meanwhile"
    assert house.phone().redeem(url).reason == "already_redeemed"


def test_giving_back_frees_the_voucher_once(house: House, boss: OfflinePhone) -> None:
    url = contested(house)
    (case,) = boss.cases()
    first = boss.decide(case, "give_back")
    assert first.json["resolution"]["decision"] == "give_back"
    assert boss.decide(case, "give_back").json == first.json
    assert house.phone().redeem(url).status == 201


def test_what_was_given_back_already_cannot_be_given_back(house: House, boss: OfflinePhone) -> None:
    url = contested(house)
    used = house.phone().redeem(url).json
    voucher_id = url and boss.cases()[0]["voucher_id"]
    assert used["reason"] == "already_redeemed"
    assert boss.reverse(f"{voucher_id}.1").status == 201
    (case,) = boss.cases()
    assert boss.decide(case, "give_back").reason == "already_reversed"


def test_whoever_comes_forward_later_opens_the_case_again(house: House, boss: OfflinePhone) -> None:
    url = contested(house)
    third = OfflinePhone(house, name="East")
    third.accept(url, at=house.at - timedelta(hours=2))
    (case,) = boss.cases()
    assert boss.decide(case, "keep").json["status"] == "resolved"
    assert third.hand_in().outcomes == ["conflict already_redeemed"]
    (case,) = boss.cases()
    assert case["status"] == "open"
    assert case["winner"] == f"{third.device_id}#1"
    assert case["resolution"]["decision"] == "keep"


def test_a_friends_online_use_is_not_missed_where_the_givers_old_code_was_accepted(
    house: House, boss: OfflinePhone
) -> None:
    giver, friend, door = house.browser(), house.browser(), OfflinePhone(house, name="North")
    made = giver.claim("istanbul", GIFT)
    link = giver.post(f"/api/v1/vouchers/{made['code']}/gift", {}).json["url"]
    friend.sign_in()
    got = friend.post("/api/v1/gifts", {"gift": link.rpartition("/")[2]}).json
    door.accept(made["url"])
    used = boss.redeem(got["url"]).json
    assert door.hand_in().outcomes == ["conflict given_away"]
    (case,) = boss.cases()
    assert case["winner"] == used["device_id"]
    assert [one["outcome"] for one in case["entries"]] == ["accepted", "conflict"]
    assert boss.decide(case, "give_back").status == 200
    assert house.phone().redeem(got["url"]).status == 201


def test_a_conflict_whose_case_was_never_written_is_on_the_list_all_the_same(
    house: House, boss: OfflinePhone
) -> None:
    """A server may die after it stored an entry; the phone may never come back."""
    made = house.browser().claim("istanbul", GIFT)
    assert house.phone().redeem(made["url"]).status == 201
    left = OfflineScan(
        device_id=house.phone().device_id,
        seq=1,
        nonce=house.nonce(),
        campaign_id="festival-now",
        popup_id="istanbul",
        scanned_at=house.at,
        corrected_at=house.at,
        received_at=house.at,
        epoch=1,
        outcome=Outcome.CONFLICT,
        reason=Reason.ALREADY_REDEEMED,
        root=made["voucher_id"],
        voucher_id=made["voucher_id"],
        offer_id=GIFT,
    )
    assert scans.put(left) == scans.put(left) == left
    (case,) = boss.cases()
    assert [one["outcome"] for one in case["entries"]] == ["accepted", "conflict"]
    assert boss.decide(case, "keep").status == 200


def test_a_use_is_given_back_by_the_supervisor_of_its_own_stand(
    house: House, boss: OfflinePhone
) -> None:
    url, milan = str(house.browser().claim("istanbul", GIFT)["url"]), OfflinePhone(house, "milan")
    boss.redeem(url)
    milan.accept(url)
    milan.hand_in()
    there = OfflinePhone(house, "milan", Profile.SUPERVISOR)
    assert there.decide(there.cases()[0], "give_back").reason == "device_not_allowed"
    assert boss.decide(boss.cases()[0], "give_back").status == 200


def test_only_a_supervisor_of_a_stand_that_took_part_decides(
    house: House, boss: OfflinePhone
) -> None:
    contested(house)
    (case,) = boss.cases()
    steward = OfflinePhone(house)
    assert steward.ask("/api/v1/conflicts").reason == "device_not_allowed"
    assert steward.decide(case, "keep").reason == "device_not_allowed"
    elsewhere = OfflinePhone(house, "milan", Profile.SUPERVISOR)
    assert elsewhere.cases() == []
    assert elsewhere.decide(case, "keep").reason == "not_found"


@pytest.mark.parametrize("header", ["", "1", 'W/"1"', '"x"', '"-1"'])
def test_a_decision_says_which_version_it_is_about(
    house: House, boss: OfflinePhone, header: str
) -> None:
    contested(house)
    (case,) = boss.cases()
    assert boss.decide(case, "keep", if_match=header).reason == "invalid_payload"


def test_an_online_use_after_a_conflict_of_its_own_kind_shows_at_once(
    house: House, boss: OfflinePhone
) -> None:
    """The case is what everybody did, also what happened since it was written."""
    url = str(house.browser().claim("istanbul", GIFT)["url"])
    milan = OfflinePhone(house, "milan")
    milan.accept(url)
    assert milan.hand_in().outcomes == ["conflict wrong_city"]
    there = OfflinePhone(house, "milan", Profile.SUPERVISOR)
    assert there.cases()[0]["winner"] is None
    used: Json = boss.redeem(url).json
    assert there.cases()[0]["winner"] == used["device_id"]

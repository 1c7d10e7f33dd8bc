"""The house that the other tests stand in: a whole journey, and a fresh one for each test."""

from house import House


def test_a_voucher_is_claimed_used_once_and_counted(house: House) -> None:
    browser, phone = house.browser(), house.phone()
    voucher = browser.claim("istanbul", "lantern-gift")
    assert phone.redeem(voucher["url"]).status == 201
    assert phone.redeem(voucher["code"]).reason == "already_redeemed"
    assert house.project() > 0
    answer = browser.get("/api/v1/insights/live?campaign_id=festival-now")
    assert answer.json["total"] == {"claimed": 1, "redeemed": 1, "reversed": 0, "chosen": 0}


def test_every_test_finds_the_house_as_it_was(house: House) -> None:
    assert not [item for item in house.items() if item["pk"]["S"].startswith("V#")]

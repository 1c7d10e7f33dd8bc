"""The audit on real tables: nothing to find after honest work, each planted fault by its name."""

from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from house import House, Json

import manage
from chalicelib import sweeper
from chalicelib.domain import audit
from chalicelib.store import books, engine
from chalicelib.usecases import auditing

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def audited() -> tuple[int, list[str]]:
    """Run `manage.py audit` and return its status with the lines that it said."""
    said: list[str] = []
    status = manage.run(Namespace(command="audit"), NOW, said.append)
    return status, said


def findings() -> list[str]:
    """Return what is wrong, without the lines of the rules."""
    report = auditing.audit(books.read, lambda: None)
    return [line.strip() for line in auditing.lines(report) if line.startswith("        ")]


def lived_in(house: House) -> Json:
    """Claim, use, give back, use again with day limit and stock, choose. Returns the voucher."""
    browser, phone = house.browser(), house.phone()
    lamp = browser.claim("istanbul", "lamp-100")
    first = phone.redeem(lamp["url"], total=(60_000, "TRY"))
    assert phone.reverse(first.json["redemption_id"]).status == 201
    assert phone.redeem(lamp["url"], total=(70_000, "TRY")).status == 201
    voucher = browser.claim("istanbul", "lantern-gift")
    used = phone.redeem(voucher["url"])
    assert phone.reverse(used.json["redemption_id"]).status == 201
    assert phone.redeem(voucher["url"]).status == 201
    choice = {"voucher": voucher["code"], "option": "locker", "trip": {"coming_anyway": True}}
    assert browser.post("/api/v1/delivery/choices", choice).status in {200, 201}
    return voucher


def test_after_honest_work_there_is_nothing_to_find(house: House) -> None:
    lived_in(house)
    house.project()
    status, said = audited()
    assert status == 0, said
    assert len(said) == len(audit.RULES) + 1
    assert said[-1].startswith(
        "0 oversold, 0 lost, 0 double, counters agree, figures agree, 2 vouchers, "
    )


def busy(house: House) -> None:
    """Hold, release, confirm, pass on, mint, withdraw, let a claim lapse."""
    shop, friend, press = house.shop(), house.browser(), house.marketing()
    for name in ("release", "confirm"):
        parcel = house.browser().claim("milan", "parcel-10")
        held = shop.redeem(parcel["url"], order=name, total=(9_000, "EUR"), hold_seconds=60)
        assert held.status == 201, held.text
        path = f"/api/v1/redemptions/{held.json['redemption_id']}/{name}"
        assert shop.post(path, {}).status == 201
    giver = house.browser()
    gift = giver.claim("istanbul", "lantern-gift")
    link = giver.post(f"/api/v1/vouchers/{gift['code']}/gift", {}).json["url"]
    friend.sign_in()
    assert friend.post("/api/v1/gifts", {"gift": link.rpartition("/")[2]}).status == 201
    codes = press.minted("lantern-gift", 5)
    assert house.phone().redeem(codes[0]["url"]).status == 201
    assert press.revoke(codes[1]["code"]).status == 201
    cup = house.browser()
    cup.claim("milan", "parcel-cup-gift")
    house.at += timedelta(hours=47)
    house.swept()
    house.at += timedelta(hours=2)
    assert sweeper.sweep(house.at).lapsed == 1


def test_every_kind_of_item_adds_up(house: House) -> None:
    busy(house)
    house.project()
    assert findings() == []
    read = books.read()
    assert read.orders["shop-2.harbour#confirm"] == {"parcel"}
    assert read.orders["shop-2.harbour#release"] == frozenset()
    assert [batch.count for batch in read.batches] == [5]


def test_a_projector_that_has_not_come_that_far_is_told_of_and_taken_into_account(
    house: House,
) -> None:
    house.browser().claim("istanbul", "lantern-gift")
    status, said = audited()
    assert status == 0
    assert "the projector is 2 records behind; taken into account" in said[-2]


def item(house: House, voucher: Json, sk: str) -> Json:
    pk = f"V#{voucher['voucher_id']}"
    return next(i for i in house.items() if (i["pk"]["S"], i["sk"]["S"]) == (pk, sk))


def plant(kind: str, house: House, voucher: Json) -> None:
    """Spoil the ledger in one way, behind the product's back."""
    spoil: dict[str, Callable[[], Any]] = {
        "a unit": lambda: house.put("ledger", _one_more_left(house, voucher)),
        "a use": lambda: engine.client().delete_item(
            TableName="marquee-ledger",
            Key={"pk": {"S": f"V#{voucher['voucher_id']}"}, "sk": {"S": "USE#1"}},
        ),
        "a voucher": lambda: engine.client().delete_item(
            TableName="marquee-ledger",
            Key={"pk": {"S": f"V#{voucher['voucher_id']}"}, "sk": {"S": "V"}},
        ),
        "a state": lambda: house.put(
            "ledger", item(house, voucher, "V") | {"st": {"S": "reversed"}}
        ),
        "a figure": lambda: house.put(
            "insights",
            {
                "pk": {"S": "TALLY#festival-now#0"},
                "sk": {"S": "POPUP#mars"},
                "claimed": {"N": "1"},
            },
        ),
    }
    spoil[kind]()


def _one_more_left(house: House, voucher: Json) -> Json:
    unit = item(house, voucher, "V")["unit"]["S"]
    counter = next(i for i in house.items() if i["pk"]["S"] == f"C#{unit}")
    return counter | {"left": {"N": str(int(counter["left"]["N"]) + 1)}}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("a unit", "/istanbul shard"),
        ("a use", "expected 2 uses, found 1 uses"),
        ("a voucher", "expected a voucher, found its uses or its choice alone"),
        ("a state", "found reversed in a use"),
        ("a figure", "figure festival-now POPUP#mars claimed: expected 0, found 1"),
    ],
)
def test_a_planted_fault_is_found_and_named(house: House, kind: str, said: str) -> None:
    voucher = lived_in(house)
    house.project()
    plant(kind, house, voucher)
    assert [line for line in findings() if said in line]


def test_an_overdrawn_counter_is_oversold_and_ends_the_command_with_status_1(house: House) -> None:
    voucher = lived_in(house)
    house.project()
    unit = item(house, voucher, "V")["unit"]["S"]
    counter = next(i for i in house.items() if i["pk"]["S"] == f"C#{unit}")
    house.put("ledger", counter | {"left": {"N": "-1"}, "cap": {"N": "0"}})
    status, said = audited()
    assert status == 1
    assert not said[-1].startswith("0 oversold")

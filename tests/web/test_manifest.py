"""What a device is told, so that it can go on without network."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from handing import OfflinePhone
from house import House, Json

from chalicelib.domain.device import Profile

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "manifest.json").read_text())


def used_by(phone: OfflinePhone, cursor: str = "") -> Json:
    query = f"?used={cursor}" if cursor else ""
    found: Json = phone.ask(f"/api/v1/devices/self/manifest{query}").json["used"]
    return found


def marks(used: Json) -> set[bytes]:
    raw = base64.b64decode(used["prefixes"])
    return {raw[start : start + 8] for start in range(0, len(raw), 8)}


def mark(voucher: Json) -> bytes:
    return hashlib.sha256(voucher["voucher_id"].encode()).digest()[:8]


def shape(value: Any) -> Any:
    """Return the members of a document, all the way down; a list is what its first one is."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items() if name != "benefit"}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def test_the_manifest_has_the_members_of_the_golden_one(house: House) -> None:
    told = OfflinePhone(house).manifest().json
    assert shape(told) == shape(GOLDEN)
    benefits = {name for offer in told["campaign"]["offers"] for name in offer["benefit"]}
    assert benefits <= {"kind", "percentage", "amount", "cap", "minimum"}


def test_a_device_is_told_of_its_stand_and_how_long_that_is_fresh(house: House) -> None:
    phone = OfflinePhone(house, "madrid", Profile.SUPERVISOR, name="Left")
    told = phone.manifest().json
    assert told["device"] == {
        "device_id": phone.device_id,
        "name": "Left",
        "profile": "supervisor",
        "popup_id": "madrid",
        "campaign_id": "festival-now",
    }
    assert (told["server_time"], told["issued_at"]) == ("2026-05-20T12:00:00Z",) * 2
    assert told["not_after"] == "2026-05-20T18:00:00Z"
    assert told["grace_until"] == "2026-05-21T06:00:00Z"
    assert told["expires_at"] == "2026-05-21T00:00:00Z"
    assert told["campaign"]["popup"]["time_zone"] == "Europe/Madrid"
    assert (told["revision"], told["epoch"]) == (1, 1)
    assert house.browser().get("/api/v1/devices/self/manifest").reason == "not_signed_in"


def test_the_rules_are_left_out_where_the_device_has_them(house: House) -> None:
    phone = OfflinePhone(house)
    assert phone.ask("/api/v1/devices/self/manifest?revision=1.1").json["campaign"] is None
    assert phone.ask("/api/v1/devices/self/manifest?revision=1.0").json["campaign"] is not None


def test_an_offer_says_whether_it_may_be_accepted_without_network(house: House) -> None:
    offers = OfflinePhone(house).manifest().json["campaign"]["offers"]
    told = {offer["offer_id"]: offer["offline"] for offer in offers}
    assert told["lantern-gift"]
    assert not told["lamp-100"]


def test_pauses_and_withdrawals_are_told_at_once(house: House) -> None:
    phone = OfflinePhone(house)
    house.live(
        paused_popups={"istanbul"},
        paused_offers={"lamp-100"},
        revoked={"0123456789ABCDE"},
        revoked_batches={7},
        revoked_ranges={"2:1-200"},
        withdrawn_keys={1},
    )
    told = phone.manifest().json
    assert (told["paused"], told["paused_offers"]) == (True, ["lamp-100"])
    assert told["revoked"] == {
        "vouchers": ["0123456789ABCDE"],
        "batches": [7],
        "ranges": ["2:1-200"],
    }
    assert [key["withdrawn"] for key in told["keys"] if not key["training"]] == [True]


def test_what_is_used_joins_the_list_of_the_stand(house: House) -> None:
    browser, phone, other = house.browser(), OfflinePhone(house), OfflinePhone(house, "milan")
    used, unused = (browser.claim("istanbul", id_) for id_ in ("lantern-gift", "lamp-100"))
    house.phone().redeem(used["url"])
    house.project()
    told = used_by(phone)
    assert told["reset"]
    assert not told["more"]
    assert marks(told) == {mark(used)}
    assert mark(unused) not in marks(told)
    assert marks(used_by(other)) == set()


def test_a_cursor_brings_what_is_new_and_may_repeat_the_last_minutes(house: House) -> None:
    phone = OfflinePhone(house)
    first, second = (house.browser().claim("istanbul", "lantern-gift") for _ in range(2))
    house.phone().redeem(first["url"])
    house.project()
    cursor = used_by(phone)["cursor"]
    house.phone().redeem(second["url"])
    house.project()
    told = used_by(phone, cursor)
    assert not told["reset"]
    assert mark(second) in marks(told)
    assert used_by(phone, "7.000")["reset"]
    assert used_by(phone, "rubbish")["reset"]


def test_a_device_that_is_not_known_any_more_has_to_enrol_again(house: House) -> None:
    phone = OfflinePhone(house)
    (item,) = [i for i in house.items("access") if i["pk"]["S"] == f"DEV#{phone.device_id}"]
    house.delete("access", item)
    assert phone.manifest().reason == "not_signed_in"

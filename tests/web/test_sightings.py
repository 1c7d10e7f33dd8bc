"""When devices were last heard of, and what they say waits in them."""

from datetime import timedelta

from handing import OfflinePhone
from house import House, Phone

from chalicelib.domain.device import Profile, Seen
from chalicelib.domain.member import Scope
from chalicelib.store import devices

FESTIVAL = Scope(area="festival-now", member_id="m", email="m@example.org")
MANIFEST = "/api/v1/devices/self/manifest"


def seen(*popup_ids: str) -> list[Seen]:
    return devices.at(FESTIVAL, frozenset(popup_ids) or None)


def asked(phone: Phone, query: str = "") -> None:
    assert phone.house.ask("GET", f"{MANIFEST}{query}", headers=phone.headers).status == 200


def test_a_new_device_is_listed_at_its_stand_with_when_it_enrolled(house: House) -> None:
    phone, other = house.phone("istanbul", Profile.SUPERVISOR), house.phone("madrid")
    (mine,) = seen("istanbul")
    assert (mine.device.device_id, mine.device.profile) == (phone.device_id, Profile.SUPERVISOR)
    assert (mine.last_seen, mine.waiting) == (house.real_at, None)
    assert [one.device.device_id for one in seen()] == [phone.device_id, other.device_id]
    assert seen("rome") == []
    assert devices.at(Scope(area="solstice", member_id="m", email="m@example.org")) == []


def test_a_manifest_says_when_and_how_much_waits(house: House) -> None:
    phone = OfflinePhone(house)
    house.real_at += timedelta(minutes=1)
    asked(phone, "?waiting=3")
    (told,) = seen()
    assert (told.last_seen, told.waiting) == (house.real_at, 3)
    house.real_at += timedelta(minutes=1)
    asked(phone, "?waiting=")
    assert seen()[0].waiting is None, "it did not say"


def test_it_is_written_once_a_minute_and_never_by_an_older_report(house: House) -> None:
    phone, enrolled = house.phone(), house.real_at
    asked(phone, "?waiting=1")
    assert seen()[0].waiting == 1, "the first word of it is kept at once"
    house.real_at += timedelta(seconds=59)
    asked(phone, "?waiting=3")
    assert (seen()[0].last_seen, seen()[0].waiting) == (enrolled, 1)
    house.real_at += timedelta(seconds=1)
    asked(phone, "?waiting=2")
    house.real_at -= timedelta(seconds=30)
    asked(phone, "?waiting=9")
    assert (seen()[0].waiting, seen()[0].last_seen) == (2, enrolled + timedelta(minutes=1))


def test_a_screen_is_seen_when_it_asks_for_its_code(house: House) -> None:
    screen = house.phone("istanbul", Profile.SCREEN)
    house.real_at += timedelta(minutes=5)
    answer = house.ask("GET", "/api/v1/devices/self/presence", headers=screen.headers)
    assert answer.status == 200
    assert [(one.last_seen, one.waiting) for one in seen()] == [(house.real_at, None)]


def test_a_device_that_no_list_knew_joins_it_at_its_next_contact(house: House) -> None:
    phone = house.phone()
    (row,) = [row for row in house.items("access") if row["pk"]["S"] == "DEVICES#festival-now"]
    house.delete("access", row)
    assert seen() == []
    asked(phone, "?waiting=0")
    assert [(one.device.device_id, one.waiting) for one in seen()] == [(phone.device_id, 0)]


def test_scans_write_nothing_for_it(house: House) -> None:
    phone, voucher = house.phone(), house.browser().claim("istanbul", "lantern-gift")
    house.real_at += timedelta(minutes=5)
    before = house.items("access")
    assert phone.redeem(voucher["url"]).status == 201
    assert house.items("access") == before

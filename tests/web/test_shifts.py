"""Staff share a device: who works with it goes with each scan, a supervisor's PIN gives rights."""

from datetime import timedelta

import pytest
from handing import OfflinePhone
from house import House, Json, Phone

from chalicelib.domain import shift as rules
from chalicelib.domain.device import Profile
from chalicelib.domain.guessing import MOST, WINDOW, Guess
from chalicelib.domain.shift import LIFE, Pin
from chalicelib.store import engine, shifts
from chalicelib.web.context import context

DIGITS = "271828"
LONG = "Александра Петровна Достоевская"


@pytest.fixture
def phone(house: House) -> Phone:
    set_pin("Ayşe", supervisor=True)
    return house.phone()


def set_pin(name: str, digits: str = DIGITS, *, supervisor: bool = False) -> None:
    kept = rules.hashed(digits, context.entropy(rules.SALT_BYTES))
    shifts.put_pin(Pin(popup_id="istanbul", name=name, hash=kept, supervisor=supervisor))


def fill(house: House, guess: Guess) -> None:
    """Let the counts that stand reach the limit of a kind of guess."""
    for row in house.items("access"):
        if row["pk"]["S"].startswith(f"GUESS#{guess}#"):
            house.put("access", row | {"guesses": engine.number(MOST[guess])})


def used_elsewhere(house: House) -> str:
    """Return a use that another device of the stand made an hour ago."""
    voucher = house.browser().claim("istanbul", "lantern-gift")
    name: str = house.phone().redeem(voucher["url"]).json["redemption_id"]
    house.at += timedelta(hours=1)
    return name


def test_a_shift_begins_by_name_and_ends(phone: Phone) -> None:
    begun = phone.begin_shift("  Deniz  Ak ")
    assert (begun.status, begun.json) == (
        200,
        {
            "shift": "Deniz Ak",
            "name": "Deniz Ak",
            "supervisor": False,
            "ends_at": "2026-05-20T22:00:00Z",
        },
    )
    nobody = {"shift": None, "name": None, "supervisor": False, "ends_at": None}
    for _ in range(2):
        assert (phone.end_shift().status, phone.end_shift().json) == (200, nobody)


def test_a_pin_is_asked_of_whoever_has_one(phone: Phone) -> None:
    assert phone.begin_shift("AYŞE", DIGITS).json["name"] == "Ayşe"
    for name, pin in (("Ayşe", None), ("Ayşe", "271829"), ("Deniz", DIGITS)):
        told = phone.begin_shift(name, pin)
        assert (told.status, told.reason) == (403, "not_allowed")
        assert f"{name} with this PIN" in told.json["detail"]


@pytest.mark.parametrize("wish", [{"name": ""}, {"name": " "}, {"name": "A", "pin": "12a4"}, {}])
def test_a_wish_that_makes_no_sense_begins_nothing(phone: Phone, wish: Json) -> None:
    assert phone.post("/api/v1/devices/self/shift", wish).reason == "invalid_payload"


def test_a_screen_works_for_nobody(house: House) -> None:
    screen = house.phone(profile=Profile.SCREEN)
    assert screen.begin_shift("Ayşe").reason == "device_not_allowed"
    assert screen.end_shift().reason == "device_not_allowed"


def test_digits_are_kept_nowhere(house: House, phone: Phone) -> None:
    phone.begin_shift("Ayşe", DIGITS)
    assert DIGITS not in str(house.items("access"))


# --- rights ---------------------------------------------------------------------------------------
def test_a_supervisor_at_work_may_what_a_supervisors_device_may(house: House, phone: Phone) -> None:
    use, voucher = used_elsewhere(house), house.browser().claim("istanbul", "lamp-100")
    again = f"/api/v1/vouchers/{voucher['code']}/reissue"
    work_list = "/api/v1/conflicts"

    def may() -> list[str]:
        """Return what the server says to each thing that a supervisor may do, least first."""
        listed = house.ask("GET", work_list, headers=phone.headers)
        return [listed.reason, phone.post(again, {}).reason, phone.reverse(use).reason]

    assert may() == ["device_not_allowed"] * 3
    phone.begin_shift("Ayşe")
    assert may() == ["device_not_allowed"] * 3
    phone.begin_shift("Ayşe", DIGITS)
    assert may() == ["", "", ""]


@pytest.mark.parametrize("how", ["ended", "relieved", "late", "pin changed", "pin removed"])
def test_rights_end_with_the_shift_and_with_the_pin(house: House, phone: Phone, how: str) -> None:
    use = used_elsewhere(house)
    phone.begin_shift("Ayşe", DIGITS)
    if how == "ended":
        phone.end_shift()
    elif how == "relieved":
        phone.begin_shift("Deniz")
    elif how == "late":
        house.real_at += LIFE
    elif how == "pin changed":
        set_pin("Ayşe", "314159", supervisor=True)
    else:
        shifts.remove_pin("istanbul", "Ayşe")
    assert phone.reverse(use).reason == "device_not_allowed"


def test_a_supervisor_of_one_stand_is_none_at_another(house: House, phone: Phone) -> None:
    del phone
    assert house.phone("milan").begin_shift("Ayşe", DIGITS).reason == "not_allowed"


# --- guesses --------------------------------------------------------------------------------------
def test_tries_of_pins_are_counted_and_stopped_even_with_the_right_one(
    house: House, phone: Phone
) -> None:
    for _ in range(MOST[Guess.PIN]):
        assert phone.begin_shift("Ayşe", "000000").reason == "not_allowed"
    assert phone.begin_shift("Ayşe", DIGITS).reason == "rate_limited"
    assert phone.begin_shift("Deniz").status == 200, "a name alone is no try"
    assert house.phone().begin_shift("Ayşe", DIGITS).status == 200
    house.real_at += WINDOW
    assert phone.begin_shift("Ayşe", DIGITS).status == 200


def test_a_name_that_is_tried_from_many_devices_is_closed_to_all(
    house: House, phone: Phone
) -> None:
    phone.begin_shift("ayşe", "000000")
    fill(house, Guess.PIN_NAME)
    assert house.phone().begin_shift("AYŞE", DIGITS).reason == "rate_limited"
    set_pin("Can", "1234")
    assert house.phone().begin_shift("Can", "1234").status == 200


# --- scans ----------------------------------------------------------------------------------------
def test_a_use_says_who_worked_with_the_device(house: House, phone: Phone) -> None:
    voucher = house.browser().claim("istanbul", "lantern-gift")
    used = phone.redeem(voucher["url"], "nonce-of-ayse", shift="Ayşe")
    assert (used.status, used.json["shift"]) == (201, "Ayşe")
    again = phone.redeem(voucher["url"], "nonce-of-ayse", shift="Deniz")
    assert (again.status, again.json["shift"]) == (200, "Ayşe")
    (item,) = [row for row in house.items() if row["pk"]["S"] == f"V#{voucher['voucher_id']}"]
    assert item["cur"]["M"]["by"] == {"S": "Ayşe"}


def test_a_long_name_is_cut_to_the_room_that_a_voucher_has(house: House, phone: Phone) -> None:
    voucher = house.browser().claim("istanbul", "lantern-gift")
    assert phone.begin_shift(LONG).json["shift"] == rules.label_of(LONG)
    assert phone.redeem(voucher["url"], shift=LONG).json["shift"] == rules.label_of(LONG)


def test_a_use_of_nobodys_shift_says_nothing_of_it(house: House, phone: Phone) -> None:
    voucher = house.browser().claim("istanbul", "lantern-gift")
    assert "shift" not in phone.redeem(voucher["url"]).json


def test_what_was_accepted_without_network_says_it_too(house: House) -> None:
    voucher = house.browser().claim("istanbul", "lantern-gift")
    away = OfflinePhone(house)
    away.accept(voucher["url"], shift="Ayşe")
    assert away.hand_in().outcomes == ["accepted"]
    used = {row["sk"]["S"][:4]: row for row in house.items() if voucher["voucher_id"] in str(row)}
    assert used["SCAN"]["shift"] == used["V"]["cur"]["M"]["by"] == {"S": "Ayşe"}

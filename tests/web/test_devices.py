"""Phones become devices of a stand through the API."""

import json
from datetime import timedelta

import pytest
from house import PUBLIC_KEY, House, Json, enrol

OTHER_KEY = PUBLIC_KEY | {"x": "B" * 43}
P256 = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}


def test_a_code_makes_a_device_and_the_same_key_gets_it_again(house: House) -> None:
    code = house.enrolment_code("istanbul")
    first = enrol(house, code)
    assert first.status == 201
    assert set(first.json) == {"device_id", "device_token", "popup_id", "profile"}
    assert (first.json["popup_id"], first.json["profile"]) == ("istanbul", "steward")
    house.real_at += timedelta(hours=1)
    again = enrol(house, code.lower())
    assert again.status == 201
    assert again.json["device_id"] == first.json["device_id"]


def test_another_key_finds_the_code_used(house: House) -> None:
    code = house.enrolment_code("istanbul")
    enrol(house, code)
    answer = enrol(house, code, key=OTHER_KEY)
    assert (answer.status, answer.reason) == (409, "enrolment_used")


@pytest.mark.parametrize("key", [PUBLIC_KEY, P256])
def test_both_kinds_of_keys_are_taken(house: House, key: Json) -> None:
    assert enrol(house, house.enrolment_code("istanbul"), key=key).status == 201


def test_codes_live_for_fifteen_minutes_of_real_time(house: House) -> None:
    code = house.enrolment_code("istanbul")
    house.at += timedelta(days=365)
    house.real_at += timedelta(minutes=14, seconds=59)
    assert enrol(house, code).status == 201
    late = house.enrolment_code("istanbul")
    house.real_at += timedelta(minutes=15)
    assert enrol(house, late).reason == "enrolment_expired"
    assert enrol(house, "A" * 26).reason == "enrolment_expired"


def test_neither_codes_nor_tokens_are_kept_in_the_tables(house: House) -> None:
    code = house.enrolment_code("istanbul")
    token = enrol(house, code).json["device_token"]
    kept = json.dumps(house.items("access"))
    assert code not in kept
    assert token not in kept


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"enrolment_code": "short"}, "/enrolment_code"),
        ({"enrolment_code": "1" * 26}, "/enrolment_code"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 61}, "/name"),
        ({"name": "Phone\r\nSet-Cookie: a=b"}, "/name"),
        ({"name": "enohP \u202e1"}, "/name"),
        ({"name": "Phone\n"}, "/name"),
        ({"public_key": "x"}, "/public_key"),
        ({"public_key": {}}, "/public_key"),
        ({"public_key": PUBLIC_KEY | {"crv": "P-521"}}, "/public_key/crv"),
        ({"public_key": PUBLIC_KEY | {"x": "short"}}, "/public_key/x"),
        ({"public_key": PUBLIC_KEY | {"d": "secret"}}, "/public_key"),
        ({"public_key": P256 | {"kty": "OKP"}}, "/public_key/kty"),
        ({"profile": "supervisor"}, ""),
    ],
)
def test_a_wrong_application_says_which_part_is_wrong(
    house: House, change: Json, pointer: str
) -> None:
    sound: Json = {"enrolment_code": "A" * 26, "name": "Phone", "public_key": PUBLIC_KEY}
    answer = house.browser().post("/api/v1/devices", sound | change)
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert answer.json["errors"][0]["pointer"] == pointer


def test_a_name_may_be_in_any_script(house: House) -> None:
    assert enrol(house, house.enrolment_code("istanbul"), name="هاتف ١").status == 201

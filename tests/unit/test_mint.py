"""The law of a minted voucher's id: golden ids, each one once, and no bit of it can be changed."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import mint
from chalicelib.domain import voucher as codes

IDS = json.loads((Path(__file__).parents[1] / "golden" / "mint.json").read_text())["ids"]
SECRET = bytes(range(32))
BATCH = st.integers(0, mint.BATCHES - 1)
SERIAL = st.integers(0, mint.SERIALS - 1)


def by_hand(secret: bytes, batch: int, serial: int) -> str:
    """Write the id another way: as a text of bits."""
    body = f"1{batch:016b}{serial:020b}"
    said = b"mint|" + bytes.fromhex(f"{int(body, 2):010x}")
    mac = "".join(f"{b:08b}" for b in hmac.new(secret, said, hashlib.sha256).digest())[:38]
    bits = body + mac
    return "".join(codes.ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 75, 5))


@pytest.mark.parametrize("case", IDS, ids=lambda case: case["voucher_id"])
def test_the_golden_ids_never_change(case: dict[str, str]) -> None:
    secret, place = bytes.fromhex(case["secret"]), (int(case["batch"]), int(case["serial"]))
    assert mint.minted_id(secret, *place) == case["voucher_id"]
    assert mint.place_of(case["voucher_id"]) == place


@given(st.binary(min_size=32, max_size=32), BATCH, SERIAL)
def test_an_id_is_what_the_law_says(secret: bytes, batch: int, serial: int) -> None:
    made = mint.minted_id(secret, batch, serial)
    assert made == by_hand(secret, batch, serial)
    assert codes.is_minted(made)
    assert mint.place_of(made) == (batch, serial)
    assert mint.is_genuine(secret, made)


def test_no_two_codes_of_two_batches_are_the_same() -> None:
    made = {mint.minted_id(SECRET, batch, serial) for batch in (1, 2) for serial in range(10_000)}
    assert len(made) == 20_000


@given(BATCH, SERIAL)
def test_a_change_of_any_bit_is_seen(batch: int, serial: int) -> None:
    number = codes.number_of(mint.minted_id(SECRET, batch, serial))
    for bit in range(74):  # the 75th makes it a claimed one, which has no MAC
        assert not mint.is_genuine(SECRET, codes.symbols_of(number ^ 1 << bit))


@given(BATCH, SERIAL)
def test_another_secret_makes_another_id(batch: int, serial: int) -> None:
    assert not mint.is_genuine(bytes(32), mint.minted_id(SECRET, batch, serial))

"""A voucher's code survives people: every single error and every swap of neighbours is found."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import NOW, VOUCHER_ID, used_voucher, voucher

from chalicelib.domain import voucher as codes
from chalicelib.domain.offer import Scope
from chalicelib.domain.voucher import State

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "codes.json").read_text())
IDS = st.text(codes.ALPHABET, min_size=15, max_size=15)


@settings(max_examples=20)
@given(IDS)
@example("0" * 15)
@example("Z" * 15)
def test_every_single_error_is_found(voucher_id: str) -> None:
    symbols = voucher_id + codes.check_symbol(voucher_id)
    for place, right in enumerate(symbols):
        for wrong in codes.ALPHABET:
            typed = symbols[:place] + wrong + symbols[place + 1 :]
            assert (codes.read_code(typed) == voucher_id) is (wrong == right)


@settings(max_examples=20)
@given(IDS)
def test_every_swap_of_two_symbols_is_found(voucher_id: str) -> None:
    symbols = list(voucher_id + codes.check_symbol(voucher_id))
    for first in range(16):
        for second in range(first + 1, 16):
            swapped = symbols.copy()
            swapped[first], swapped[second] = symbols[second], symbols[first]
            found = codes.read_code("".join(swapped))
            assert (found == voucher_id) is (symbols[first] == symbols[second])


@given(IDS)
def test_a_code_is_read_in_any_case_and_spacing(voucher_id: str) -> None:
    code = codes.code_of(voucher_id)
    assert len(code) == 19
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')}\n",
        code.replace("-", "\u2011"),
        "\t".join(code),
        code.replace("0", "O"),
        code.replace("0", "o").lower(),
        code.replace("1", "I"),
        code.replace("1", "l"),
    ):
        assert codes.read_code(typed) == voucher_id


@pytest.mark.parametrize("one", ["1", "i", "I", "l", "L", "ı", "İ", "i̇"])
def test_a_turkish_phone_may_type_its_own_i(one: str) -> None:
    voucher_id = "1A1B1C1D1E1F1G1"
    code = codes.code_of(voucher_id)
    assert codes.read_code(code.replace("1", one)) == voucher_id


@pytest.mark.parametrize("row", GOLDEN["codes"] + GOLDEN["typed"], ids=str)
def test_a_typed_code_is_read_as_the_scanner_reads_it(row: dict[str, str]) -> None:
    assert codes.read_code(row.get("text") or row.get("code", "")) == row["voucher_id"]


def test_what_is_too_long_to_be_typed_costs_no_more_than_a_code() -> None:
    assert codes.tidied("\ufdfa" * 10_000) == codes.tidied("\ufdfa" * 512)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "U" * 16,
        "ABCD-EFGH-JKMN",
        "0" * 15,
        "0" * 17,
        "x" * 3000,
        "\0" * 16,
        "ß" * 8,
        "\ud800" * 16,
        "https://marquee.example/p/istanbul",
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert codes.read_code(typed) is None


@given(st.text())
def test_no_text_breaks_the_reader(typed: str) -> None:
    codes.read_code(typed)
    codes.read_redemption_id(typed)


@given(st.integers(0, 2**75 - 1))
def test_symbols_and_numbers_say_the_same(number: int) -> None:
    assert codes.number_of(codes.symbols_of(number)) == number


def test_a_code_is_shown_in_four_groups() -> None:
    assert codes.code_of(VOUCHER_ID) == voucher().code
    assert codes.code_of("0" * 15) == "0000-0000-0000-0000"
    assert codes.code_of("ABCDEFGHJKMNPQR") == "ABCD-EFGH-JKMN-PQR" + codes.check_symbol(
        "ABCDEFGHJKMNPQR"
    )


def claimed(**facts: object) -> str:
    whole: dict[str, object] = {
        "campaign_number": 7,
        "offer_number": 1,
        "popup_number": 1,
        "visitor": "visitor-1",
        "ordinal": 1,
        "scope": Scope.POPUP,
        **facts,
    }
    return codes.claimed_id(b"secret", **whole)  # type: ignore[arg-type]


def test_the_same_visitor_asking_twice_names_the_same_voucher() -> None:
    assert claimed() == claimed()


@pytest.mark.parametrize(
    "other",
    [
        {"campaign_number": 8},
        {"offer_number": 2},
        {"popup_number": 2},
        {"visitor": "visitor-2"},
        {"ordinal": 2},
        {"scope": Scope.CAMPAIGN},
    ],
)
def test_every_fact_of_a_claim_names_another_voucher(other: dict[str, object]) -> None:
    assert claimed(**other) != claimed()


def test_a_claim_of_the_whole_campaign_forgets_the_stand() -> None:
    anywhere = {claimed(popup_number=number, scope=Scope.CAMPAIGN) for number in range(1, 36)}
    assert len(anywhere) == 1


@given(st.text(max_size=40), st.integers(1, 99))
def test_the_first_bit_of_a_claim_says_that_it_is_claimed(visitor: str, ordinal: int) -> None:
    assert codes.number_of(claimed(visitor=visitor, ordinal=ordinal)) < 2**74


def test_a_voucher_knows_the_nonces_of_each_device_apart() -> None:
    marked = voucher(nonces=frozenset({codes.nonce_mark("device-1", "nonce-0001")}))
    assert marked.knows("device-1", "nonce-0001")
    assert not marked.knows("device-2", "nonce-0001")
    assert not marked.knows("device-1", "nonce-0002")
    assert not used_voucher().knows("device-1", "nonce-0001")


@pytest.mark.parametrize("number", range(1, 9))
def test_a_redemption_id_names_voucher_and_use(number: int) -> None:
    text = codes.redemption_id(VOUCHER_ID, number)
    assert codes.read_redemption_id(text) == (VOUCHER_ID, number)


@pytest.mark.parametrize(
    "text",
    ["", ".", VOUCHER_ID, f"{VOUCHER_ID}.0", f"{VOUCHER_ID}.9", f"{VOUCHER_ID}.01", "x.1",
     f"{VOUCHER_ID}.1.1", f"{VOUCHER_ID}.²", f"{VOUCHER_ID}.-1", f"{VOUCHER_ID[:-1]}i.1"],
)  # fmt: skip
def test_anything_else_is_no_redemption_id(text: str) -> None:
    assert codes.read_redemption_id(text) is None


def test_a_wrong_symbol_is_told_from_what_is_no_code() -> None:
    right = codes.code_of("0" * 15)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    assert codes.mistyped(wrong.lower().replace("-", " ")) == wrong
    assert codes.mistyped(right) is None
    assert codes.mistyped("a voucher") is None


def test_a_hold_that_ended_is_over_whoever_gets_to_write_that_down() -> None:
    until = NOW + timedelta(minutes=10)
    held = voucher(State.HELD, uses=1, held_until=until)
    assert held.state_at(until - timedelta(seconds=1)) is State.HELD
    assert held.state_at(until) is State.ISSUED
    assert replace(held, uses=2).state_at(until) is State.REVERSED
    assert replace(held, uses=2, released=1).state_at(until) is State.ISSUED
    assert voucher(State.REDEEMED).state_at(until) is State.REDEEMED


def test_the_mark_of_a_used_one_is_short_and_no_code() -> None:
    assert codes.mark_of("0123456789ABCDE").hex() == "fa6b86f30f55fc38"

"""Whoever guesses learns nothing and is stopped; whoever scans real codes never is."""

import pytest
from house import Answer, Browser, House, Json, enrol

from chalicelib.domain import voucher as codes
from chalicelib.domain.guessing import MOST, WINDOW, Guess
from chalicelib.store import engine
from chalicelib.web.context import context


@pytest.fixture
def voucher(house: House) -> Json:
    return house.browser().claim("istanbul", "lantern-gift")


def guessed(number: int) -> str:
    """Return a code in due form that is nobody's."""
    return codes.code_of(codes.symbols_of(number))


def without_ids(answer: Answer) -> Json:
    document: Json = answer.json
    return {name: value for name, value in document.items() if name != "instance"}


def fill(house: House, guess: Guess) -> None:
    """Let the counts that stand reach the limit of a kind of guess."""
    rows = [row for row in house.items("access") if row["pk"]["S"].startswith(f"GUESS#{guess}#")]
    assert rows
    for row in rows:
        house.put("access", row | {"guesses": engine.number(MOST[guess])})


# --- the public -----------------------------------------------------------------------------------
def test_the_public_learns_nothing_from_unknown_foreign_used_or_expired_codes(
    house: House, voucher: Json
) -> None:
    stranger = house.browser()
    stranger.sign_in()
    ask = "/api/v1/vouchers/{}".format
    unknown = stranger.get(ask(guessed(5)))
    foreign = stranger.get(ask(voucher["code"]))
    house.phone().redeem(voucher["url"])
    used = stranger.get(ask(voucher["code"]))
    house.at += 30 * WINDOW * 144
    expired = stranger.get(ask(voucher["code"]))
    assert unknown.status == 404
    shapes = [without_ids(answer) for answer in (unknown, foreign, used, expired)]
    assert all(shape == shapes[0] for shape in shapes)


def test_guessing_costs_the_same_requests_whatever_is_guessed(house: House, voucher: Json) -> None:
    stranger = house.browser()
    stranger.sign_in()
    asked = [calls_of(stranger, code) for code in (guessed(5), voucher["code"])]
    assert asked[0] == asked[1]
    assert asked[0][0] == "GetItem"


def calls_of(browser: Browser, code: str) -> list[str]:
    """Return the calls to the tables that one look at a code makes."""
    calls: list[str] = []

    def note(**facts: object) -> None:
        calls.append(getattr(facts["model"], "name", ""))

    events = engine.client().meta.events
    events.register("before-call.dynamodb", note)
    try:
        browser.get(f"/api/v1/vouchers/{code}")
    finally:
        events.unregister("before-call.dynamodb", note)
    return calls


@pytest.mark.parametrize(
    "path", ["/api/v1/vouchers/0000-0000-0000-0000", "/V/NOTHING", "/g/nothing"]
)
def test_a_guesser_is_stopped_and_a_holder_is_not(house: House, voucher: Json, path: str) -> None:
    guesser = house.browser()
    guesser.sign_in()
    assert guesser.get(path).status == 404
    fill(house, Guess.VISITOR_CODE)
    stopped = guesser.get(path)
    assert stopped.status == 429
    assert stopped.headers["retry-after"] == "30"
    assert house.browser().get(path).status == 404
    fill(house, Guess.PUBLIC_CODE)
    assert house.browser().get(path).status == 429
    assert house.phone().redeem(voucher["url"]).status == 201
    house.real_at += WINDOW
    assert guesser.get(path).status == 404


# --- devices --------------------------------------------------------------------------------------
def test_a_device_that_types_guesses_is_stopped_but_still_scans(
    house: House, voucher: Json
) -> None:
    phone = house.phone()
    assert phone.redeem(guessed(5)).reason == "unknown_code"
    fill(house, Guess.TYPED_CODE)
    assert phone.redeem(guessed(6)).reason == "rate_limited"
    assert phone.redeem(voucher["code"]).reason == "rate_limited"
    assert house.phone().redeem(guessed(7)).reason == "unknown_code"
    assert phone.redeem(voucher["url"]).status == 201


def test_typing_errors_are_no_guesses(house: House) -> None:
    phone = house.phone()
    for _ in range(3):
        assert phone.redeem("ABCD-EFGH-JKMN-PQR0").reason == "unknown_code"
    assert not any(row["pk"]["S"].startswith("GUESS#") for row in house.items("access"))


# --- enrolment ------------------------------------------------------------------------------------
@pytest.mark.parametrize("guess", [Guess.ENROLMENT, Guess.ENROLMENT_ANYWHERE])
def test_enrolment_closes_under_attack_even_to_a_right_code(house: House, guess: Guess) -> None:
    assert enrol(house, "A" * 26).reason == "enrolment_expired"
    fill(house, guess)
    code = house.enrolment_code("istanbul")
    assert enrol(house, code).reason == "rate_limited"
    house.real_at += WINDOW
    assert enrol(house, house.enrolment_code("istanbul")).status == 201


def test_no_address_is_kept(house: House) -> None:
    house.browser().get("/V/NOTHING")
    rows = [row for row in house.items("access") if row["pk"]["S"].startswith("GUESS#")]
    assert rows
    assert not any("127.0.0.1" in str(row) for row in rows)
    assert all(int(row["ttl"]["N"]) > context.real_now().timestamp() for row in rows)

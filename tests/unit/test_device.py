"""How a device is named: by its code and by its key."""

import pytest

from chalicelib.domain import device as rules
from chalicelib.domain.errors import (
    InvalidPayload,
    MarqueeError,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    TryAgain,
)
from chalicelib.domain.reasons import Reason


def test_a_key_has_the_thumbprint_of_rfc_8037() -> None:
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert rules.thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_order_of_a_keys_members_does_not_matter() -> None:
    key = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
    assert rules.thumbprint(key) == rules.thumbprint(dict(reversed(key.items())))


def test_a_code_names_one_device_and_is_kept_as_a_hash() -> None:
    assert rules.device_id_of("CODE") == rules.device_id_of("CODE")
    assert rules.device_id_of("CODE") != rules.device_id_of("CODE2")
    assert "CODE" not in rules.code_hash("CODE")
    assert rules.code_hash("CODE") != rules.device_id_of("CODE")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MarqueeError(), Reason.TRY_AGAIN),
        (TryAgain("busy"), Reason.TRY_AGAIN),
        (NotFound(), Reason.NOT_FOUND),
        (InvalidPayload([("/a", "is wrong")]), Reason.INVALID_PAYLOAD),
        (PayloadTooLarge(), Reason.PAYLOAD_TOO_LARGE),
        (NotSignedIn(), Reason.NOT_SIGNED_IN),
    ],
)
def test_every_error_names_its_reason(error: MarqueeError, reason: Reason) -> None:
    assert error.reason is reason
    assert error.facts == {}


def test_an_invalid_payload_says_what_is_wrong_where() -> None:
    error = InvalidPayload([("/a", "is wrong"), ("", "is no object")])
    assert error.errors == (("/a", "is wrong"), ("", "is no object"))
    assert str(error) == "/a: is wrong; /: is no object"


@pytest.mark.parametrize(
    ("text", "waiting"),
    [("0", 0), ("12", 12), ("999999", 999_999), ("1000000", None), ("-1", None), ("٣", None)],
)
def test_what_waits_is_a_number_of_at_most_six_digits(text: str, waiting: int | None) -> None:
    assert rules.waiting_of(text) == waiting
    assert rules.waiting_of(None) is None
    assert rules.waiting_of("") is None


def test_a_device_has_an_id_of_its_own_form() -> None:
    assert rules.is_device_id(rules.device_id_of("CODE"))
    assert not rules.is_device_id("d#HEADER")

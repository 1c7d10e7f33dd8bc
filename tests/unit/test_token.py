"""The wire format of a QR code: golden bytes, and nothing but them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from made import token

from chalicelib.domain import token as tokens
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import symbols_of

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "token.json").read_text())
CASES = GOLDEN["cases"]
CODES = json.loads((Path(__file__).parents[1] / "golden" / "codes.json").read_text())
SIGNATURE = bytes(range(64))

TOKENS = st.builds(
    Token,
    key_id=st.integers(0, 255),
    campaign_number=st.integers(0, 65_535),
    offer_number=st.integers(0, 65_535),
    popup_number=st.integers(0, 65_535),
    issued_at=st.integers(0, 2**24 - 1).map(lambda m: tokens._EPOCH + timedelta(minutes=m)),
    expires_at=st.integers(0, 2**24 - 1).map(lambda m: tokens._EPOCH + timedelta(minutes=m)),
    voucher_id=st.integers(0, 2**75 - 1).map(symbols_of),
    minted=st.booleans(),
    generation=st.integers(0, 15),
)


def read_golden(case: dict[str, object]) -> Token:
    facts = dict(case)
    for name in ("issued_at", "expires_at"):
        facts[name] = datetime.fromisoformat(str(facts[name]))
    return Token(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_golden_bytes_never_change(case: dict[str, str]) -> None:
    facts = read_golden(case["token"])  # type: ignore[arg-type]
    body = bytes.fromhex(case["body"])
    assert tokens.pack(facts) == body
    assert tokens.unpack(body) == facts
    assert tokens.text_of(body, bytes.fromhex(case["signature"])) == case["text"]
    assert tokens.read(case["text"]) == tokens.Signed(facts, body, bytes.fromhex(case["signature"]))


@given(TOKENS)
def test_what_is_packed_is_read_again(facts: Token) -> None:
    body = tokens.pack(facts)
    assert len(body) == tokens.BODY_BYTES
    assert tokens.unpack(body) == facts
    text = tokens.text_of(body, SIGNATURE)
    assert len(text) == tokens.TOKEN_SYMBOLS
    for shown in (
        text,
        text.lower(),
        f" {text}\r\n",
        f"HTTPS://MARQUEE.EXAMPLE/V/{text}",
        f"https://marquee.example/V/{text}/qr.svg",
        f"https://marquee.example/V/{text}?lang=tr",
        f"HTTPS://MARQUEE.EXAMPLE/PROD/V/{text}",
    ):
        assert tokens.read(shown) == tokens.Signed(facts, body, SIGNATURE)


@pytest.mark.parametrize("row", CODES["codes"] + CODES["shown"], ids=str)
def test_what_a_camera_gives_is_read_as_the_scanner_reads_it(row: dict[str, str]) -> None:
    signed = tokens.read(row.get("text") or row["token"])
    assert (signed.token.voucher_id if signed else None) == row["voucher_id"]


def test_instants_are_cut_to_the_minute_and_to_what_fits() -> None:
    early = tokens.unpack(tokens.pack(token(issued_at=datetime(2018, 1, 1, tzinfo=UTC))))
    late = tokens.unpack(tokens.pack(token(expires_at=datetime(2199, 1, 1, tzinfo=UTC))))
    odd = tokens.unpack(
        tokens.pack(token(issued_at=datetime(2026, 5, 20, 12, 0, 59, 999_999, tzinfo=UTC)))
    )
    assert early is not None
    assert late is not None
    assert odd is not None
    assert early.issued_at == datetime(2019, 1, 1, tzinfo=UTC)
    assert late.expires_at == datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=2**24 - 1)
    assert odd.issued_at == datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("version", [0, 2, 3, 4, 5, 6, 7])
def test_another_version_is_not_ours(version: int) -> None:
    body = bytearray(tokens.pack(token()))
    body[0] = body[0] & 0b00011111 | version << 5
    assert tokens.unpack(bytes(body)) is None
    assert tokens.read(tokens.text_of(bytes(body), SIGNATURE)) is None


@pytest.mark.parametrize("bit", [8, 16, 32, 64, 128])
def test_the_spare_bits_before_the_id_are_zero(bit: int) -> None:
    body = bytearray(tokens.pack(token()))
    body[14] |= bit
    assert tokens.unpack(bytes(body)) is None


GOOD = tokens.text_of(tokens.pack(token()), SIGNATURE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD[:-1],
        GOOD + "A",
        GOOD[:-1] + "1",  # base32 has neither 0 nor 1, 8 nor 9
        GOOD[:-1] + "é",
        GOOD[:-1] + "-",
        f"https://marquee.example/v/{GOOD[:-2]}",
        f"https://marquee.example/p/{GOOD}",
        f"https://marquee.example/{GOOD}",
        "https://marquee.example/V/",
        "x" * 3000,
        "\0" * 141,
        "/" * 600,
    ],
)
def test_anything_else_is_no_token(text: str) -> None:
    assert tokens.read(text) is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    tokens.read(text)
    tokens.host_of(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://example.com/menu", "example.com"),
        ("HTTPS://EXAMPLE.COM", "example.com"),
        ("http://user@example.com:8000/x", "example.com"),
        ("https://marquee.example/p/istanbul?s=poster", "marquee.example"),
        ("WIFI:S:cafe;T:WPA;P:secret;;", None),
        ("mailto:someone@example.com", None),
        ("ABCD-EFGH-JKMN-PQRS", None),
        ("https://", None),
        ("https://[broken", None),
        ("https://exa℀mple.com", None),
        ("https://пример.example/x", "пример.example"),
        ("https://used. hand it over/", None),
        ("https://<b>x</b>", None),
        ("https://\u202emoc.elpmaxe/", None),
        ("https://" + "a" * 254, None),
        ("", None),
    ],
)
def test_a_foreign_link_is_named_by_its_host(text: str, host: str | None) -> None:
    assert tokens.host_of(text) == host


def test_a_generation_is_part_of_the_body() -> None:
    assert tokens.pack(token()) != tokens.pack(replace(token(), generation=1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_golden_signatures_verify(case: dict[str, str]) -> None:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(GOLDEN["public_key"]))
    key.verify(bytes.fromhex(case["signature"]), bytes.fromhex(case["body"]))
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(case["signature"]), bytes(24))

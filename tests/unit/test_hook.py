"""A receiver knows our messages by their signature, with either of two secrets."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from chalicelib.domain import hook as rules
from chalicelib.domain.event import Kind
from chalicelib.domain.hook import Former, Hook

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOOK = Hook(
    hook_id="a" * 16,
    campaign_id="festival",
    url="https://shop.example.org/hook/s3cret?x=y",
    kinds=frozenset({Kind.VOUCHER_CLAIMED}),
    secret="mhs_new",
    added_at=AT,
    former=Former(secret="mhs_old", until=AT + rules.BOTH_VALID),
)


def test_the_signature_is_over_time_and_body() -> None:
    seconds = int(AT.timestamp())
    proof = hmac.new(b"mhs_new", f"{seconds}.".encode() + b"{}", hashlib.sha256).hexdigest()
    assert rules.signature(["mhs_new"], b"{}", AT) == f"t={seconds},v1={proof}"


def test_for_a_day_both_secrets_sign_the_newest_first() -> None:
    assert HOOK.secrets(AT) == ("mhs_new", "mhs_old")
    assert HOOK.secrets(AT + rules.BOTH_VALID - timedelta(seconds=1)) == ("mhs_new", "mhs_old")
    assert HOOK.secrets(AT + rules.BOTH_VALID) == ("mhs_new",)
    assert rules.signature(HOOK.secrets(AT), b"{}", AT).count(",v1=") == 2


def test_of_an_address_the_host_alone_is_named() -> None:
    assert HOOK.host == "shop.example.org"


def test_ids_and_secrets_are_drawn_from_chance() -> None:
    some = bytes(range(32))
    assert rules.is_id(rules.new_id(some))
    assert rules.new_secret(some).startswith("mhs_")
    assert len(rules.new_secret(some)) == 36
    assert not rules.is_id(f"{rules.new_id(some)}\n")
    assert not rules.is_id("A" * 16)

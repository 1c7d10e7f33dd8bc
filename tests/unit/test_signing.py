"""Keys sign and verify; cookies and tokens of others are not ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NOW, batch, device, token
from nacl.exceptions import CryptoError

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.mint import minted_id
from chalicelib.domain.private_link import PrivateLink
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import KeyLife
from chalicelib.signing import SigningKey
from chalicelib.web import holdings

SINCE = datetime(2019, 1, 1, tzinfo=UTC)
COUNTED = iter(range(60_000))


def entropy(length: int) -> bytes:
    return next(COUNTED).to_bytes(2) * (length // 2)


SECRETS = signing.read_secrets(signing.new_secrets(entropy, [7, 8], SINCE))


def signed(**facts: object) -> tokens.Signed:
    found = tokens.read(signing.sign(SECRETS, token(**facts)))
    assert found is not None
    return found


def test_what_was_signed_verifies() -> None:
    assert signing.verify(SECRETS, signed()) == KeyLife(not_before=SINCE)


@pytest.mark.parametrize("byte", range(88))
def test_no_byte_can_be_changed(byte: int) -> None:
    good = signed()
    changed = bytearray(good.body + good.signature)
    changed[byte] ^= 1
    body, signature = bytes(changed[:24]), bytes(changed[24:])
    facts = tokens.unpack(body) or good.token
    verdict = signing.verify(SECRETS, tokens.Signed(facts, body, signature))
    assert isinstance(verdict, Refusal)
    assert verdict.reason in {Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY}


def test_a_key_of_another_campaign_signs_nothing_here() -> None:
    foreign = signed(campaign_number=8)
    moved = replace(foreign, token=replace(foreign.token, campaign_number=7))
    assert signing.verify(SECRETS, moved) == Refusal(Reason.BAD_SIGNATURE)
    unknown = replace(foreign, token=replace(foreign.token, campaign_number=9))
    assert signing.verify(SECRETS, unknown) == Refusal(Reason.UNKNOWN_KEY)


def key(key_id: int, since: datetime, until: datetime | None = None) -> SigningKey:
    return SigningKey(7, key_id, "A" * 43 + "=", since, until)


def test_the_newest_key_that_may_signs_and_all_verify() -> None:
    first = key(1, SINCE, NOW - timedelta(days=1))
    second = key(2, NOW - timedelta(days=2))
    secrets = msgspec.structs.replace(SECRETS, signing=[first, second])
    none: frozenset[int] = frozenset()

    def signer(issued_at: datetime, withdrawn: frozenset[int] = none) -> int | None:
        found = signing.signing_key(secrets, 7, issued_at=issued_at, at=NOW, withdrawn=withdrawn)
        return found[0].key_id if found else None

    assert signer(NOW) == 2
    assert signer(NOW - timedelta(days=5)) == 2
    assert signer(NOW - timedelta(days=1, hours=1), frozenset({2})) == 1
    assert signer(NOW, frozenset({2})) is None
    early = signing.signing_key(secrets, 7, issued_at=NOW, at=SINCE, withdrawn=none)
    assert early is None


def test_a_voucher_older_than_the_key_is_signed_as_if_it_were_issued_with_it() -> None:
    secrets = signing.rotated(SECRETS, 7, seed=bytes(32), not_before=NOW - timedelta(hours=2))
    old = NOW - timedelta(days=5)
    found = signing.signing_key(secrets, 7, issued_at=old, at=NOW, withdrawn=frozenset())
    assert found is not None
    assert (found[0].key_id, found[1]) == (2, NOW - timedelta(hours=2))
    assert found[0].life.vouches_for(found[1])


def test_a_rotation_breaks_no_token_and_retires_what_was_before() -> None:
    before = signing.sign(SECRETS, token())
    since = NOW + timedelta(minutes=10)
    secrets = signing.rotated(SECRETS, 7, seed=bytes(32), not_before=since)
    read = tokens.read(before)
    assert read is not None
    life = signing.verify(secrets, read)
    assert isinstance(life, KeyLife)
    assert life.vouches_for(token().issued_at)
    assert not life.vouches_for(since + timedelta(hours=2))
    assert secrets.keys_of(8) == SECRETS.keys_of(8)


def test_a_campaign_has_as_many_keys_as_a_token_can_name() -> None:
    last = msgspec.structs.replace(SECRETS, signing=[key(255, SINCE)])
    with pytest.raises(ValueError, match="255 keys"):
        signing.rotated(last, 7, seed=bytes(32), not_before=NOW)


def test_secrets_differ_by_purpose_and_campaign() -> None:
    apart = {SECRETS.claim, SECRETS.cookie, SECRETS.device, SECRETS.presence, SECRETS.mint}
    assert len(apart) == 5
    assert SECRETS.presence_secret() not in {SECRETS.claim_secret(7), SECRETS.mint_secret(7)}
    assert SECRETS.claim_secret(7) != SECRETS.claim_secret(8)
    assert SECRETS.mint_secret(7) not in {SECRETS.mint_secret(8), SECRETS.claim_secret(7)}


def test_old_secrets_get_the_same_mint_secret_each_time() -> None:
    document = msgspec.json.decode(msgspec.json.encode(SECRETS))
    del document["mint"]
    first, second = (signing.read_secrets(msgspec.json.encode(document).decode()) for _ in "ab")
    assert first == second
    assert first.mint not in {"", SECRETS.mint, first.claim}
    assert signing.read_secrets(msgspec.json.encode(first).decode()) == first


def test_minted_tokens_are_those_that_the_batch_stands_for() -> None:
    secret, made = SECRETS.mint_secret(7), batch()
    rows = list(signing.minted(SECRETS, made, range(1, 11)))
    assert [voucher_id for voucher_id, _ in rows] == [minted_id(secret, 1, n) for n in range(1, 11)]
    for voucher_id, text in rows:
        assert text == signing.sign(SECRETS, made.token(voucher_id))
    assert rows == list(signing.minted(SECRETS, made, range(1, 11)))


def test_without_its_key_a_batch_has_no_tokens() -> None:
    with pytest.raises(TryAgain):
        list(signing.minted(SECRETS, batch(key_id=9), [1]))


def test_a_cookie_is_read_again_and_no_other_is() -> None:
    visitor = signing.new_visitor(entropy)
    cookie = signing.visitor_cookie(SECRETS, visitor)
    assert signing.read_visitor(SECRETS, cookie) == visitor
    for wrong in (cookie[:-1], cookie + "a", "x" + cookie, visitor, "", ".", "é" * 40, "\ud800"):
        assert signing.read_visitor(SECRETS, wrong) is None


def test_a_device_token_is_read_again_and_no_other_is() -> None:
    facts = device(expires_at=NOW.replace(second=0))
    text = signing.device_token(SECRETS, facts)
    assert signing.read_device_token(SECRETS, text) == facts
    steward = text.replace("steward", "supervisor")
    for wrong in (text[:-1], steward, "", "....", "é" * 40, "\ud800", "a.b.c.d.e"):
        assert signing.read_device_token(SECRETS, wrong) is None


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    assert signing.read_visitor(SECRETS, text) is None
    assert signing.read_device_token(SECRETS, text) is None


@given(st.binary(max_size=64), st.text(max_size=8), st.text(max_size=8))
def test_what_is_sealed_opens_for_its_purpose_alone(plain: bytes, one: str, other: str) -> None:
    sealed = signing.seal(SECRETS, one, plain, entropy)
    assert signing.opened(SECRETS, one, sealed) == plain
    assert plain not in sealed or len(plain) < 4
    if one != other:
        with pytest.raises(CryptoError):
            signing.opened(SECRETS, other, sealed)


LINK = PrivateLink(visitor="a" * 16, stands=[(1, 2)], gifts=[], until=SINCE)


def test_a_private_link_opens_with_its_secret_alone() -> None:
    text = signing.private_link(SECRETS, LINK, entropy)
    assert signing.read_private_link(SECRETS, text) == LINK
    other = msgspec.structs.replace(SECRETS, contact=SECRETS.mint)
    assert signing.read_private_link(other, text) is None


def test_a_private_link_to_all_that_a_browser_can_name_opens_and_fits_into_a_line_of_mail() -> None:
    gifts = ["0" * 15] * holdings.MOST_GIFTS
    full = replace(LINK, stands=[(1, 2)] * holdings.MOST_STANDS, gifts=gifts)
    text = signing.private_link(SECRETS, full, entropy)
    assert len(text) == 928
    assert signing.read_private_link(SECRETS, text) == full


@pytest.mark.parametrize("spoilt", ["", "A", "é", "x" * 931, "A" * 120, "=" * 8])
def test_what_is_no_private_link_is_none(spoilt: str) -> None:
    assert signing.read_private_link(SECRETS, spoilt) is None


def test_secrets_from_before_there_were_links_get_a_contact_of_their_own() -> None:
    document = msgspec.json.decode(msgspec.json.encode(SECRETS))
    del document["contact"]
    read = signing.read_secrets(msgspec.json.encode(document).decode())
    assert read.contact
    assert read.contact not in {read.claim, read.mint}

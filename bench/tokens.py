"""Tokens without any table: read from text to verdict."""

from datetime import UTC, datetime, timedelta
from functools import partial
from os import urandom

from bench.festival import NOON, OFFER, STAND
from bench.stopwatch import Stopwatch
from chalicelib import signing
from chalicelib.domain import redemption as rules
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.live import Live, Published
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.token import Token
from chalicelib.signing import Secrets
from local import sample_loader

WARM_UP, BATCHES, BATCH = 5, 200, 25
MINTED = 1 << codes.CLAIMED_BITS  # the first of an id's 75 bits
KEYS_FROM = datetime(2019, 1, 1, tzinfo=UTC)


def measure() -> dict[str, float]:
    """Time judging, batch by batch, with fresh ids throughout."""
    campaign = sample_loader.festival_now(NOON.date())
    secrets = signing.read_secrets(signing.new_secrets(urandom, [campaign.number], KEYS_FROM))
    watch = Stopwatch()
    for number in range(WARM_UP + BATCHES):
        if number == WARM_UP:
            watch.forget()
        texts = [fresh(secrets, campaign) for _ in range(BATCH)]
        judged = partial(_judged, secrets, campaign, texts)
        if any(watch.time("verify", judged)):
            raise RuntimeError("a fresh voucher is refused")
    return {"verify_ms": watch.ms("verify") / BATCH}


def _judged(secrets: Secrets, campaign: Campaign, texts: list[str]) -> list[Refusal | None]:
    return [judge(secrets, campaign, text) for text in texts]


def fresh(secrets: Secrets, campaign: Campaign) -> str:
    """Return the signed token of a new voucher; nothing is written."""
    token = Token(
        key_id=1,
        campaign_number=campaign.number,
        offer_number=campaign.offer[OFFER].number,
        popup_number=campaign.popup[STAND].number,
        issued_at=NOON,
        expires_at=NOON + timedelta(days=30),
        voucher_id=codes.symbols_of(MINTED | int.from_bytes(urandom(10)) >> 6),
        minted=True,
    )
    return signing.sign(secrets, token)


def judge(secrets: Secrets, campaign: Campaign, text: str) -> Refusal | None:
    """Read what was scanned, check its signature, and judge its use at the stand."""
    signed = tokens.read(text)
    if signed is None:
        raise RuntimeError("a fresh token is not read")
    key = signing.verify(secrets, signed)
    if isinstance(key, Refusal):
        return key
    token, stand = signed.token, campaign.popup[STAND]
    scan = Scan(
        voucher_id=token.voucher_id,
        campaign_number=token.campaign_number,
        home=Live(),
        published=Published(campaign=campaign, revision=1, epoch=1),
        offer=campaign.offer_numbered[token.offer_number],
        issued=campaign.popup_numbered[token.popup_number],
        used=stand,
        at=NOON,
        device_id="bench",
        nonce="nonce-0001",
        scanned_at=NOON,
        token=token,
        key=key,
    )
    return rules.refusal(scan, None)

"""Secrets, one for each purpose, and the keys that sign tokens: the newest signs, all verify."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import msgspec
import nacl.signing
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.secret import SecretBox

from chalicelib.config import Settings
from chalicelib.domain import mint
from chalicelib.domain import private_link as private_links
from chalicelib.domain import token as tokens
from chalicelib.domain.batch import Batch
from chalicelib.domain.device import DeviceToken, Profile
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.private_link import PrivateLink
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import KeyLife
from chalicelib.domain.token import Signed, Token
from chalicelib.domain.training import SINCE, TRAINING_KEY

Entropy = Callable[[int], bytes]
_VISITOR_BYTES = 10
_MAC_BYTES = 16
_LAST_KEY_ID = 255  # one byte of a token
_LONGEST_LINK = 930  # what a browser's cookies name at most is 928 (web/holdings.py)
_RETIRES_AFTER = timedelta(hours=1)


class SigningKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """An Ed25519 key of one campaign. `seed` is its private part, base64."""

    campaign_number: int
    key_id: int
    seed: str
    not_before: datetime
    not_after: datetime | None = None

    @cached_property
    def private(self) -> nacl.signing.SigningKey:
        return nacl.signing.SigningKey(base64.b64decode(self.seed))

    @property
    def public(self) -> nacl.signing.VerifyKey:
        return self.private.verify_key

    @property
    def life(self) -> KeyLife:
        return KeyLife(not_before=self.not_before, not_after=self.not_after)


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON document behind `SECRETS_PARAMETER`; each purpose has a secret of its own.

    A document from before there were minted vouchers gets its `mint` when it is read, and one
    from before there were private links its `contact`.
    """

    claim: str
    cookie: str
    device: str
    presence: str
    signing: list[SigningKey]
    mint: str = ""
    contact: str = ""

    def claim_secret(self, campaign_number: int) -> bytes:
        """Return the secret that names the claims of one campaign; it never rotates."""
        return _mac(self.claim, f"campaign|{campaign_number}")

    def mint_secret(self, campaign_number: int) -> bytes:
        """Return the secret without which nobody mints a voucher of the campaign; never rotates."""
        return _mac(self.mint, f"mint|{campaign_number}")

    def presence_secret(self) -> bytes:
        """Return the secret of the codes that screens show, and of the proofs that these buy."""
        return _mac(self.presence, "presence")

    def keys_of(self, campaign_number: int) -> list[SigningKey]:
        """Return the keys of a campaign, the newest first."""
        keys = [key for key in self.signing if key.campaign_number == campaign_number]
        return sorted(keys, key=lambda key: (key.not_before, key.key_id), reverse=True)

    def training_key(self, campaign_number: int) -> SigningKey:
        """Return the key of a campaign's practice codes, which follows from the claim secret."""
        seed = base64.b64encode(_mac(self.claim, f"training|{campaign_number}")).decode()
        return SigningKey(campaign_number, TRAINING_KEY, seed, SINCE)

    def key(self, campaign_number: int, key_id: int) -> SigningKey | None:
        """Return a key of a campaign, that of its training among them, or None."""
        if key_id == TRAINING_KEY:
            return self.training_key(campaign_number)
        return next((k for k in self.keys_of(campaign_number) if k.key_id == key_id), None)


def new_secrets(entropy: Entropy, campaign_numbers: list[int], not_before: datetime) -> str:
    """Return a fresh document of secrets with one signing key a campaign."""
    draw = [base64.b64encode(entropy(32)).decode() for _ in range(6 + len(campaign_numbers))]
    claim, cookie, device, presence, *seeds, mint_secret, contact = draw
    keys = [
        SigningKey(number, 1, seed, not_before)
        for number, seed in zip(campaign_numbers, seeds, strict=True)
    ]
    secrets = Secrets(claim, cookie, device, presence, keys, mint_secret, contact)
    return msgspec.json.encode(secrets).decode()


def read_secrets(document: str) -> Secrets:
    """Read the document. Every process makes the same of what an older one has not."""
    secrets = msgspec.json.decode(document, type=Secrets)
    return msgspec.structs.replace(
        secrets,
        mint=secrets.mint or base64.b64encode(_mac(secrets.claim, "mint")).decode(),
        contact=secrets.contact or base64.b64encode(_mac(secrets.claim, "contact")).decode(),
    )


def fetch_secrets(settings: Settings) -> Secrets:
    """Read the secrets from the SSM parameter that the settings name."""
    return _kept(_ssm(settings), settings.secrets_parameter)


def ensure_secrets(
    settings: Settings, campaign_numbers: list[int], *, entropy: Entropy, not_before: datetime
) -> Secrets:
    """Make the parameter, or the keys of campaigns that have none; what is there stays."""
    ssm, kept = _ssm(settings), None
    try:
        kept = _kept(ssm, settings.secrets_parameter)
    except ssm.exceptions.ParameterNotFound:
        lacking = campaign_numbers
    else:
        lacking = [number for number in campaign_numbers if not kept.keys_of(number)]
    if kept is not None and not lacking:
        return kept
    made = read_secrets(new_secrets(entropy, lacking, not_before))
    if kept is not None:
        made = msgspec.structs.replace(kept, signing=[*kept.signing, *made.signing])
    keep_secrets(settings, made, over=kept is not None)
    return made


def keep_secrets(settings: Settings, secrets: Secrets, *, over: bool = True) -> None:
    """Write the document; processes read it again within five minutes."""
    _ssm(settings).put_parameter(
        Name=settings.secrets_parameter,
        Value=msgspec.json.encode(secrets).decode(),
        Type="SecureString",
        Overwrite=over,
    )


def rotated(
    secrets: Secrets, campaign_number: int, *, seed: bytes, not_before: datetime
) -> Secrets:
    """Return the secrets with one more key of a campaign; its older keys retire soon after.

    A process that has not heard of the new key signs with the old one for a while. Raises
    ValueError where a token has no number left for another key.
    """
    keys = secrets.keys_of(campaign_number)
    number = max((key.key_id for key in keys), default=0) + 1
    if number > _LAST_KEY_ID:
        raise ValueError(f"campaign {campaign_number} has had {_LAST_KEY_ID} keys")
    made = SigningKey(campaign_number, number, base64.b64encode(seed).decode(), not_before)
    retires = not_before + _RETIRES_AFTER
    older = [key for key in keys if key.not_before <= not_before and key.not_after is None]
    old = [
        msgspec.structs.replace(key, not_after=retires) if key in older else key
        for key in secrets.signing
    ]
    return msgspec.structs.replace(secrets, signing=[*old, made])


def _ssm(settings: Settings) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    import botocore.session  # noqa: PLC0415 - costs 150 ms and tests do without

    return botocore.session.Session().create_client(
        "ssm", region_name=settings.region, endpoint_url=settings.engine_url
    )


def _kept(ssm: Any, name: str) -> Secrets:  # noqa: ANN401 - as above
    document = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    return read_secrets(document)


def sign(secrets: Secrets, token: Token) -> str:
    """Return the signed text of a token. Its `key_id` names the key to sign with."""
    body = tokens.pack(token)
    key = secrets.key(token.campaign_number, token.key_id)
    assert key is not None, "a token names a key that there is"
    return tokens.text_of(body, key.private.sign(body).signature)


def minted(secrets: Secrets, batch: Batch, serials: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Yield voucher id and token of each serial: the same ones each time, nothing is stored.

    Raises TryAgain where the key that signs the batch is not among the secrets.
    """
    secret = secrets.mint_secret(batch.campaign_number)
    keys = {key.key_id: key.private for key in secrets.keys_of(batch.campaign_number)}
    if batch.key_id not in keys:
        raise TryAgain(f"there is no signing key {batch.key_id}")
    sign_body = keys[batch.key_id].sign
    head = tokens.head_of(batch.token(mint.minted_id(secret, batch.number, 0)))
    for serial in serials:
        voucher_id = mint.minted_id(secret, batch.number, serial)
        body = tokens.body_of(head, voucher_id)
        yield voucher_id, tokens.text_of(body, sign_body(body).signature)


def signing_key(
    secrets: Secrets,
    campaign_number: int,
    *,
    issued_at: datetime,
    at: datetime,
    withdrawn: frozenset[int],
) -> tuple[SigningKey, datetime] | None:
    """Return the newest key that signs now, and the issue time that its token says; or None.

    A voucher that is older than the key is signed anew as if it were issued with the key.
    """
    for key in secrets.keys_of(campaign_number):
        stamp = max(issued_at, key.not_before)
        usable = key.key_id not in withdrawn and key.not_before <= at
        if usable and key.life.vouches_for(stamp):
            return key, stamp
    return None


def verify(secrets: Secrets, signed: Signed) -> KeyLife | Refusal:
    """Check the signature; return the life of the key that made it, or why not."""
    key = secrets.key(signed.token.campaign_number, signed.token.key_id)
    if key is None:
        return Refusal(Reason.UNKNOWN_KEY)
    try:
        key.public.verify(signed.body, signed.signature)
    except BadSignatureError:
        return Refusal(Reason.BAD_SIGNATURE)
    return Refusal(Reason.TRAINING_CODE) if key.key_id == TRAINING_KEY else key.life


def visitor_cookie(secrets: Secrets, visitor: str) -> str:
    """Return the cookie's value: the visitor's random id and its MAC."""
    return f"{visitor}.{_text(_mac(secrets.cookie, 'visitor|' + visitor)[:_MAC_BYTES])}"


def new_visitor(entropy: Entropy) -> str:
    """Return a random id of a browser; it says nothing about a person."""
    return _text(entropy(_VISITOR_BYTES))


def read_visitor(secrets: Secrets, cookie: str) -> str | None:
    """Return the visitor's id, or None where the cookie is not ours."""
    if not cookie.isascii():
        return None
    visitor = cookie.partition(".")[0]
    known = hmac.compare_digest(visitor_cookie(secrets, visitor).encode(), cookie.encode())
    return visitor if known else None


def device_token(secrets: Secrets, token: DeviceToken) -> str:
    """Return the bearer token of a device."""
    minutes = int(token.expires_at.timestamp()) // 60
    facts = f"{token.device_id}.{token.popup_id}.{token.profile}.{minutes}"
    return f"{facts}.{_text(_mac(secrets.device, 'device|' + facts)[:_MAC_BYTES])}"


def read_device_token(secrets: Secrets, text: str) -> DeviceToken | None:
    """Return what a bearer token says, or None where it is not ours. Says nothing of its age."""
    if not text.isascii():
        return None
    facts, _, mac = text.rpartition(".")
    wanted = _text(_mac(secrets.device, "device|" + facts)[:_MAC_BYTES])
    if not hmac.compare_digest(mac.encode(), wanted.encode()):
        return None
    device_id, popup_id, profile, minutes = facts.split(".")
    return DeviceToken(
        device_id=device_id,
        popup_id=popup_id,
        profile=Profile(profile),
        expires_at=datetime.fromtimestamp(int(minutes) * 60, UTC),
    )


def seal(secrets: Secrets, purpose: str, plain: bytes, entropy: Entropy) -> bytes:
    """Return bytes that only the same purpose opens: what is kept for a caller, unreadable there.

    The key is the cookie's secret over the purpose, which thus names the caller and its own key.
    """
    return bytes(_box(secrets, purpose).encrypt(plain, entropy(SecretBox.NONCE_SIZE)))


def opened(secrets: Secrets, purpose: str, sealed: bytes) -> bytes:
    """Return what was sealed for this purpose."""
    return _box(secrets, purpose).decrypt(sealed)


def private_link(secrets: Secrets, link: PrivateLink, entropy: Entropy) -> str:
    """Return the secret of a private link: what it carries, sealed with the contact secret."""
    sealed = _contact_box(secrets).encrypt(private_links.pack(link), entropy(SecretBox.NONCE_SIZE))
    return base64.urlsafe_b64encode(bytes(sealed)).decode().rstrip("=")


def read_private_link(secrets: Secrets, text: str) -> PrivateLink | None:
    """Return what a private link carries, or None where it is not ours."""
    if not text.isascii() or len(text) > _LONGEST_LINK:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return private_links.unpack(_contact_box(secrets).decrypt(sealed))
    except (CryptoError, ValueError):
        return None


def _contact_box(secrets: Secrets) -> SecretBox:
    return SecretBox(_mac(secrets.contact, "private-link"))


def _box(secrets: Secrets, purpose: str) -> SecretBox:
    return SecretBox(_mac(secrets.cookie, f"answer|{purpose}"))


def _mac(secret: str, message: str) -> bytes:
    return hmac.new(base64.b64decode(secret), message.encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()

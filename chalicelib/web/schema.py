"""Bodies of requests: unknown fields, wrong types and out-of-range values are refused."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.batch import MOST_CODES
from chalicelib.domain.case import Decision
from chalicelib.domain.hold import LONGEST_ORDER_HOLD_SECONDS
from chalicelib.domain.mint import BATCHES
from chalicelib.domain.offline import MOST_ENTRIES
from chalicelib.domain.shift import LONGEST_NAME, LONGEST_PIN

# `(?!\n)`: in Python, `$` alone lets one line break through.
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9-]{2,32}$(?!\n)")]
Nonce = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,36}$(?!\n)")]
Instant = Annotated[datetime, Meta(tz=True)]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
# Any script, but no control characters, and none that turns the direction of what stands beside.
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$(?!\n)"
OrderRef = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:/-]{1,40}$(?!\n)")]
Scanned = Annotated[str, Meta(min_length=1, max_length=10_000)]
HoldSeconds = Annotated[int, Meta(ge=1, le=LONGEST_ORDER_HOLD_SECONDS)]
StaffName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=_ONE_LINE)]
Base64Url = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every request."""


class Money(Body, frozen=True):
    """An amount in minor units of an ISO 4217 currency."""

    amount_minor: Minor
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]


def money(amount_minor: int | None, currency: str | None) -> Money | None:
    """Return an amount, or None where there is none; validated amounts have a currency."""
    return None if amount_minor is None or currency is None else Money(amount_minor, currency)


class ClaimRequest(Body, frozen=True):
    """Which offer a visitor wants at which stand."""

    campaign_id: Slug
    popup_id: Slug
    offer_id: Slug
    ordinal: Annotated[int, Meta(ge=1, le=99)] = 1
    presence: Annotated[str, Meta(max_length=200)] | None = None


class GiftRequest(Body, frozen=True):
    """The secret of a gift link, the last part of its address."""

    gift: Annotated[str, Meta(pattern=r"^[a-z2-7]{26}$(?!\n)")]


class RedemptionRequest(Body, frozen=True):
    """What was shown, under which nonce. `scanned` is whatever camera or keyboard gave.

    `shift` is the name of who works with the device.
    """

    scanned: Scanned
    nonce: Nonce
    scanned_at: Instant
    order_ref: OrderRef | None = None
    order_total: Money | None = None
    shift: StaffName | None = None
    simulate: bool = False


class ShopRedemptionRequest(Body, frozen=True):
    """A voucher for a shop's order; with `hold_seconds` it waits until the order is settled."""

    scanned: Scanned
    nonce: Nonce
    order_ref: OrderRef
    order_total: Money | None = None
    hold_seconds: HoldSeconds | None = None
    simulate: bool = False


class OrderLine(Body, frozen=True):
    """One voucher of an order, under a nonce of its own."""

    scanned: Scanned
    nonce: Nonce


class OrderRequest(Body, frozen=True):
    """The vouchers of one order: all of them or none, or those that are valid."""

    order_ref: OrderRef
    mode: Literal["all", "valid"]
    lines: Annotated[list[OrderLine], Meta(min_length=1, max_length=20)]
    order_total: Money | None = None


class ShopOrderRequest(OrderRequest, frozen=True):
    """The same of a shop, which may hold them until the order is settled."""

    hold_seconds: HoldSeconds | None = None


class ReversalRequest(Body, frozen=True):
    """Why a use is given back."""

    nonce: Nonce
    reason: Annotated[str, Meta(min_length=1, max_length=140)]


class ShiftRequest(Body, frozen=True):
    """Who begins a shift with the device; a name that has a PIN is taken with it alone."""

    name: StaffName
    pin: Annotated[str, Meta(pattern=rf"^[0-9]{{1,{LONGEST_PIN}}}$(?!\n)")] | None = None


class BatchEntry(Body, frozen=True):
    """A use that was accepted without network. `elapsed_ms`: since the last word of the server.

    `contact_at` is the server's time of that word, if the phone kept it.
    """

    seq: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    scanned: Annotated[str, Meta(min_length=1, max_length=1_000)]
    nonce: Nonce
    scanned_at: Instant
    elapsed_ms: Annotated[int, Meta(ge=0, le=10**11)]
    epoch: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    order_total: Money | None = None
    shift: Annotated[str, Meta(max_length=60)] | None = None
    withdrawn: bool = False
    contact_at: Instant | None = None


class BatchRequest(Body, frozen=True):
    """What a device hands in, in its own order, and its signature (domain/batch_wire.py).

    Without entries it shows the device's key, for a fresh token.
    """

    device_now: Instant
    previous: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$(?!\n)")]
    entries: Annotated[list[BatchEntry], Meta(max_length=MOST_ENTRIES)]
    signature: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{86}$(?!\n)")]


class ResolutionRequest(Body, frozen=True):
    """What a manager decides about a case, and why."""

    decision: Decision
    note: Annotated[str, Meta(min_length=1, max_length=140, pattern=_ONE_LINE)]


class MintRequest(Body, frozen=True):
    """How many vouchers of an offer to mint, and the stand that issues them."""

    offer_id: Slug
    popup_id: Slug
    count: Annotated[int, Meta(ge=1, le=MOST_CODES)]


class RevocationRequest(Body, frozen=True):
    """What to withdraw: a voucher by its code, or a minted batch, or a range of its serials."""

    code: Annotated[str, Meta(min_length=1, max_length=512)] | None = None
    batch: Annotated[int, Meta(ge=1, lt=BATCHES)] | None = None
    first: Annotated[int, Meta(ge=1, le=MOST_CODES)] | None = None
    last: Annotated[int, Meta(ge=1, le=MOST_CODES)] | None = None


class PublishRequest(Body, frozen=True):
    """Which draft to publish: the version that was read."""

    draft_version: Annotated[int, Meta(ge=0, le=999_999_999)]


class RollbackRequest(Body, frozen=True):
    """Which revision to go back to."""

    revision: Annotated[int, Meta(ge=1, le=999_999_999)]


class Ed25519Key(Body, frozen=True, tag_field="crv", tag="Ed25519"):
    """A public key as JWK (RFC 8037)."""

    kty: Literal["OKP"]
    x: Base64Url


class P256Key(Body, frozen=True, tag_field="crv", tag="P-256"):
    """A public key as JWK (RFC 7518), where the browser lacks Ed25519."""

    kty: Literal["EC"]
    x: Base64Url
    y: Base64Url


class DeviceRequest(Body, frozen=True):
    """A phone that wants to become a stand's device."""

    enrolment_code: Annotated[str, Meta(pattern=r"^[A-Za-z2-7]{26}$(?!\n)")]
    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=_ONE_LINE)]
    public_key: Ed25519Key | P256Key

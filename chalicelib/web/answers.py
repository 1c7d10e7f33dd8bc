"""Bodies of answers: what the JSON routes return, and what the document says they do.

Instants are RFC 3339 in UTC; wall times are `YYYY-MM-DDTHH:MM` beside a `time_zone`.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.campaign import Phase
from chalicelib.domain.device import Profile
from chalicelib.domain.offer import Channel, Kind, Reach
from chalicelib.web.schema import Money

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class Answer(Struct, frozen=True, kw_only=True):
    """The base of every answer."""


# --- vouchers and campaigns -------------------------------------------------------------------
class ShownBenefit(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """What the holder gets; what does not apply is absent."""

    kind: Kind
    percentage: int | None = None
    amount: Money | None = None
    cap: Money | None = None
    minimum: Money | None = None


class Voucher(Answer, frozen=True, kw_only=True):
    """A voucher as its holder sees it. `url` is the text of its QR code."""

    voucher_id: str
    code: str
    token: str
    url: str
    campaign_id: str
    popup_id: str
    offer_id: str
    status: str
    issued_at: Moment
    usable_from: Moment
    usable_until: Moment
    time_zone: str
    benefit: ShownBenefit
    terms: str
    revision: int


class Gift(Answer, frozen=True, kw_only=True):
    """A link by which a friend may take the voucher, once."""

    url: str
    until: Moment


class Reissue(Gift, frozen=True, kw_only=True):
    """A link for the holder's new browser; `picture` is its QR code as SVG."""

    picture: str


class CampaignPopup(Answer, frozen=True, kw_only=True):
    """A stand as the public may know it now. `address` is empty where none is told."""

    popup_id: str
    city: str
    address: str
    country: str
    time_zone: str
    currency: str
    phase: Phase
    open_now: bool
    opens_next: Moment | None


class Limits(Answer, frozen=True, kw_only=True):
    """How often an offer may be had; null: no such limit."""

    visitor: int
    stock: int | None
    day: int | None
    budget_minor: int | None


class CampaignOffer(Answer, frozen=True, kw_only=True):
    """An offer that is revealed somewhere. `popup_ids` is `["*"]` where it is everywhere."""

    offer_id: str
    kind: Kind
    title: str
    merchant_id: str | None
    popup_ids: list[str]
    channels: tuple[Channel, ...]
    usable_at: Reach
    claimable_from: str
    usable_from: str
    usable_until: str
    presence_required: bool
    limits: Limits


class Campaign(Answer, frozen=True, kw_only=True):
    """What the public may know of a campaign now; unrevealed offers are absent."""

    campaign_id: str
    name: str
    phase: Phase
    popups: list[CampaignPopup]
    offers: list[CampaignOffer]


# --- minted vouchers --------------------------------------------------------------------------
class Batch(Answer, frozen=True, kw_only=True):
    """A batch of minted vouchers. `codes_url` leads to its first page of codes, as CSV."""

    batch: int
    campaign_id: str
    popup_id: str
    offer_id: str
    count: int
    made_at: Moment
    revision: int
    revoked: bool
    codes_url: str


class Batches(Answer, frozen=True, kw_only=True):
    """A page of batches, by number; `next_cursor` is null on the last one."""

    items: list[Batch]
    next_cursor: str | None


class Revocation(Answer, frozen=True, kw_only=True):
    """What is withdrawn: one voucher (a friend's, where it was given), a batch or a range."""

    campaign_id: str
    voucher_id: str | None
    batch: int | None
    first: int | None
    last: int | None


# --- staff ------------------------------------------------------------------------------------
class Redemption(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """A use that stands, or the hold of an order, which ends by itself at `held_until`.

    `discount` is null where nothing is taken off. `shift` is who worked with the device.
    """

    redemption_id: str
    voucher_id: str
    offer_id: str
    popup_id: str
    device_id: str
    scanned_at: Moment
    received_at: Moment
    discount: Money | None
    revision: int
    outcome: Literal["accepted", "held"]
    held_until: Moment | None = None
    shift: str | None = None


class Simulation(Answer, frozen=True, kw_only=True):
    """The answer to `simulate`: the use would be accepted; nothing was written."""

    outcome: Literal["accepted"] = "accepted"


class Reversal(Answer, frozen=True, kw_only=True):
    """A use that was given back."""

    redemption_id: str
    voucher_id: str
    reversed_at: Moment
    device_id: str
    reason: str


class OrderResult(Answer, frozen=True, kw_only=True):
    """What became of one line of an order, named by its nonce.

    `not_used`: nothing speaks against it, but another line kept the whole order from being used.
    """

    nonce: str
    outcome: Literal["accepted", "held", "refused", "not_used"]
    reason: str | None
    detail: str | None
    redemption: Redemption | None


class OrderResults(Answer, frozen=True, kw_only=True):
    """What became of each line of an order, in its order."""

    results: list[OrderResult]


class Settlement(Answer, frozen=True, kw_only=True):
    """How the hold of an order ended: `accepted` is a use, `released` a voucher that is free."""

    redemption_id: str
    voucher_id: str
    popup_id: str
    device_id: str
    received_at: Moment
    discount: Money | None
    outcome: Literal["accepted", "released"]


class Device(Answer, frozen=True, kw_only=True):
    """An enrolled device with its bearer token."""

    device_id: str
    device_token: str
    popup_id: str
    profile: Profile


class Shift(Answer, frozen=True, kw_only=True):
    """Who works with the device, until when; all null after the end.

    `shift` is as much of the name as a redemption's record shows.
    """

    shift: str | None = None
    name: str | None = None
    supervisor: bool = False
    ends_at: Moment | None = None


# --- live counts and health ---------------------------------------------------------------------
class Counts(Answer, frozen=True, kw_only=True):
    """What was counted; `redeemed` leaves out what was given back."""

    claimed: int
    redeemed: int
    reversed: int
    chosen: int


class LiveCity(Counts, frozen=True, kw_only=True):
    """One stand's counts."""

    popup_id: str
    city: str
    country: str
    phase: Phase


class LiveOption(Answer, frozen=True, kw_only=True):
    """How many chose a way of delivery."""

    option: str
    chosen: int


class LiveBoard(Answer, frozen=True, kw_only=True):
    """The live board; `total` is the sum of its cities."""

    campaign_id: str
    as_of: Moment
    total: Counts
    cities: list[LiveCity]
    delivery: list[LiveOption]


class Health(Answer, frozen=True, kw_only=True):
    """The product answers."""

    status: Literal["ok"] = "ok"


class DeepHealth(Health, frozen=True, kw_only=True):
    """Each of these tables answers."""

    tables: list[str]


# --- refusals -----------------------------------------------------------------------------------
class PayloadError(Answer, frozen=True, kw_only=True):
    """Which part of a payload is wrong, by JSON pointer, and how."""

    pointer: str
    message: str


class Problem(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal (RFC 9457). `reason` is stable; facts that help are further members."""

    type: str
    title: str
    status: int
    reason: str
    detail: str
    instance: str
    errors: list[PayloadError] | None = None

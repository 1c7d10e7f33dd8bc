"""Bodies of answers to devices that may lose the network: manifest, batch, cases."""

from typing import Literal

from chalicelib.domain.case import Decision
from chalicelib.domain.device import Profile
from chalicelib.domain.offer import Channel, Reach
from chalicelib.domain.offline_scan import Outcome
from chalicelib.web.answers import Answer, Moment, ShownBenefit
from chalicelib.web.schema import Money


class PublicKey(Answer, frozen=True, kw_only=True):
    """A key that signs vouchers: `x` is its public part (Ed25519, base64url).

    It vouches for tokens issued from `not_before` to `not_after`; a withdrawn one for none, one
    for `training` for nothing that counts.
    """

    key_id: int
    x: str
    not_before: Moment
    not_after: Moment | None
    withdrawn: bool
    training: bool


class Self(Answer, frozen=True, kw_only=True):
    """The device itself."""

    device_id: str
    name: str
    profile: Profile
    popup_id: str
    campaign_id: str


class Hours(Answer, frozen=True, kw_only=True):
    """Opening hours in wall time; `closes` at or before `opens` is a time of the next morning."""

    opens: str
    closes: str
    days: tuple[int, ...]


class Stand(Answer, frozen=True, kw_only=True):
    """The device's own stand."""

    popup_id: str
    number: int
    time_zone: str
    city: str
    country: str
    currency: str
    hours: list[Hours]


class Place(Answer, frozen=True, kw_only=True):
    """A stand that issues vouchers."""

    popup_id: str
    number: int
    city: str
    country: str


class Promise(Answer, frozen=True, kw_only=True):
    """An offer as a phone judges it; its window as it is at the device's stand."""

    offer_id: str
    number: int
    title: str
    merchant_id: str | None
    popup_numbers: list[int]
    channels: tuple[Channel, ...]
    usable_at: Reach
    usable_from: Moment
    usable_until: Moment
    offline: bool
    needs_order_total: bool
    benefit: ShownBenefit
    group: str | None
    presence_required: bool


class Rules(Answer, frozen=True, kw_only=True):
    """What a phone needs to judge a token by itself."""

    campaign_id: str
    number: int
    starts_at: Moment
    ends_at: Moment
    popup: Stand
    popups: list[Place]
    offers: list[Promise]


class Revoked(Answer, frozen=True, kw_only=True):
    """What was withdrawn: vouchers, minted batches, ranges (`<batch>:<first serial>-<last>`)."""

    vouchers: list[str]
    batches: list[int]
    ranges: list[str]


class Used(Answer, frozen=True, kw_only=True):
    """What joined the stand's list of used vouchers since a cursor.

    `prefixes` are 8 bytes each of SHA-256 over the voucher id, joined, in base64. A hit means
    "ask". `more`: ask again with the cursor; `reset`: forget what came before.
    """

    cursor: str
    more: bool
    reset: bool
    prefixes: str


class Allowance(Answer, frozen=True, kw_only=True):
    """What the device may accept before it must hand it in; null: of any value."""

    uses: int
    value_minor: int | None
    currency: str
    left_uses: int
    left_value_minor: int | None


class Manifest(Answer, frozen=True, kw_only=True):
    """What a device needs to go on when the network goes.

    What it says is believed until `not_after`, with a warning until `grace_until`. `campaign` is
    null where the device has that revision already. The fresh token ends at `expires_at`. Nothing
    is used at a stand that its manager closed until `closed_until`; `messages` are to be read.
    """

    server_time: Moment
    issued_at: Moment
    not_after: Moment
    grace_until: Moment
    device: Self
    device_token: str
    expires_at: Moment
    revision: int
    epoch: int
    paused: bool
    closed_until: Moment | None
    messages: list[str]
    paused_offers: list[str]
    campaign: Rules | None
    keys: list[PublicKey]
    revoked: Revoked
    used: Used
    allowance: Allowance


class BatchResult(Answer, frozen=True, kw_only=True):
    """What became of an entry; `pending_gap`: send it again after the one that is missing."""

    seq: int
    nonce: str
    outcome: Literal["accepted", "duplicate", "conflict", "rejected", "pending_gap"]
    reason: str | None
    redemption_id: str | None


class Head(Answer, frozen=True, kw_only=True):
    """How far the device's entries are known, and the hash that the next batch has to name."""

    seq: int
    hash: str


class BatchResults(Answer, frozen=True, kw_only=True):
    """What became of each entry, in the order in which they came, and a fresh token.

    A device that was revoked gets none.
    """

    results: list[BatchResult]
    head: Head
    device_token: str | None
    expires_at: Moment | None


class CaseParty(Answer, frozen=True, kw_only=True):
    """Somebody who let the holder in; `seq` is null for the use that was made online."""

    party: str
    device_id: str
    name: str
    popup_id: str
    city: str
    time_zone: str
    seq: int | None
    shift: str | None
    corrected_at: Moment
    clock_was_off: bool
    outcome: Outcome
    reason: str | None
    discount: Money | None


class CaseResolution(Answer, frozen=True, kw_only=True):
    """What was decided, by which device."""

    decision: Decision
    note: str
    device_id: str
    at: Moment


class Case(Answer, frozen=True, kw_only=True):
    """A voucher that several doors accepted. `winner` is the party that bears no loss.

    `title` is what the offer is called, in the reader's language.
    """

    case_id: str
    voucher_id: str
    offer_id: str
    title: str
    version: int
    status: Literal["open", "resolved"]
    opened_at: Moment
    entries: list[CaseParty]
    winner: str | None
    value_at_risk: list[Money]
    resolution: CaseResolution | None


class Cases(Answer, frozen=True, kw_only=True):
    """The cases in which the device's stand took part, the oldest first."""

    items: list[Case]
    next_cursor: None = None

"""Made-up stands, offers and scans: the smallest festival in which every rule has something to do.

Each function returns a sound thing; a test names the one fact that it is about.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.claim import Wish
from chalicelib.domain.device import DeviceToken, Profile
from chalicelib.domain.insight import Change, Image
from chalicelib.domain.live import Live, Published
from chalicelib.domain.offer import Benefit, Kind, Offer
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.redemption import KeyLife, Scan
from chalicelib.domain.token import Token
from chalicelib.domain.using import Plan
from chalicelib.domain.voucher import PastUse, State, Use, Voucher

NOW = datetime(2026, 5, 20, 12, 0, 30, tzinfo=UTC)
TEXT = {"en": "A text"}
VOUCHER_ID = "0123456789ABCDE"
DEVICE = "device-1"
ALL_DAY = (Session("00:00", "24:00"),)

ISTANBUL = Popup(
    popup_id="istanbul",
    number=1,
    city="Istanbul",
    country="TR",
    time_zone="Europe/Istanbul",
    currency="TRY",
    language="tr",
    latitude=41.01,
    longitude=28.95,
    hours=ALL_DAY,
)
ANKARA = replace(ISTANBUL, popup_id="ankara", number=2, city="Ankara")
MADRID = replace(
    ISTANBUL,
    popup_id="madrid",
    number=3,
    city="Madrid",
    country="ES",
    time_zone="Europe/Madrid",
    currency="EUR",
    language="es",
)
KADIKOY = replace(ISTANBUL, popup_id="istanbul-kadikoy", number=4)
CALENDAR = Calendar(
    revealed_from="2026-05-01T00:00", usable_from="2026-05-10T00:00", usable_until="2026-05-31"
)
GIFT = Benefit(kind=Kind.GIFT)
FIVE_OFF = Benefit(kind=Kind.AMOUNT, amount_minor=500, currency="TRY")


def offer(offer_id: str = "lantern", number: int = 1, **facts: Any) -> Offer:
    """Return a gift that runs everywhere and has no limit."""
    whole: dict[str, Any] = {
        "title": TEXT,
        "terms": TEXT,
        "benefit": GIFT,
        "popup_ids": ("*",),
        **facts,
    }
    return Offer(offer_id=offer_id, number=number, **whole)


def campaign(*offers: Offer, **facts: Any) -> Campaign:
    """Return a festival of four stands in May 2026."""
    whole: dict[str, Any] = {
        "campaign_id": "festival",
        "number": 7,
        "name": TEXT,
        "calendar": CALENDAR,
        "languages": ("en",),
        "popups": (ISTANBUL, ANKARA, MADRID, KADIKOY),
        "merchants": (),
        "offers": offers or (offer(),),
        **facts,
    }
    return Campaign(**whole)


def published(which: Campaign | None = None, *, live: Live | None = None) -> Published:
    """Return a campaign as its first revision."""
    return Published(campaign=which or campaign(), revision=1, epoch=1, live=live or Live())


def token(**facts: Any) -> Token:
    """Return what a voucher's QR code says."""
    whole: dict[str, Any] = {
        "key_id": 1,
        "campaign_number": 7,
        "offer_number": 1,
        "popup_number": 1,
        "issued_at": (NOW - timedelta(days=1)).replace(second=0),
        "expires_at": datetime(2026, 7, 1, tzinfo=UTC),
        "voucher_id": VOUCHER_ID,
        **facts,
    }
    return Token(**whole)


def scan(**facts: Any) -> Scan:
    """Return a scan in Istanbul of a voucher from Istanbul, which nothing speaks against."""
    given: Offer = facts.get("offer") or offer()
    whole: dict[str, Any] = {
        "voucher_id": VOUCHER_ID,
        "campaign_number": 7,
        "home": Live(),
        "published": published(campaign(given)),
        "offer": given,
        "issued": ISTANBUL,
        "used": ISTANBUL,
        "at": NOW,
        "device_id": DEVICE,
        "nonce": "nonce-0001",
        "scanned_at": NOW,
        "token": token(),
        "key": KeyLife(not_before=datetime(2019, 1, 1, tzinfo=UTC)),
        **facts,
    }
    return Scan(**whole)


def wish(**facts: Any) -> Wish:
    """Return what a visitor in Istanbul asks for, which nothing speaks against."""
    given: Offer = facts.get("offer") or offer()
    whole: dict[str, Any] = {
        "published": published(campaign(given)),
        "popup": ISTANBUL,
        "offer": given,
        "visitor": "visitor-1",
        "at": NOW,
        **facts,
    }
    return Wish(**whole)


def use(**facts: Any) -> Use:
    """Return a first use in Istanbul."""
    whole: dict[str, Any] = {
        "number": 1,
        "nonce": "nonce-0001",
        "device_id": DEVICE,
        "popup_id": "istanbul",
        "scanned_at": NOW,
        "received_at": NOW,
        "local_hour": "2026-05-20T15",
        "revision": 1,
        "request_id": "request-1",
        **facts,
    }
    return Use(**whole)


def plan(made: Use | None = None, **facts: Any) -> Plan:
    """Return a plan of that use, of the voucher from Istanbul by its token."""
    whole: dict[str, Any] = {"voucher_id": VOUCHER_ID, "generation": 0, **facts}
    return Plan(use=made or use(number=0), **whole)


def given_back(first: Use, **facts: Any) -> PastUse:
    """Return a use that the same device gave back at once."""
    whole: dict[str, Any] = {
        "nonce": "back-0001",
        "device_id": first.device_id,
        "reversed_at": first.received_at,
        "why": "mistake",
        **facts,
    }
    return PastUse(use=first, **whole)


def batch(**facts: Any) -> Batch:
    """Return a batch of ten vouchers of Istanbul, which took no stock."""
    whole: dict[str, Any] = {
        "number": 1,
        "campaign_id": "festival",
        "campaign_number": 7,
        "offer_id": "lantern",
        "offer_number": 1,
        "popup_id": "istanbul",
        "popup_number": 1,
        "merchant_id": None,
        "count": 10,
        "made_at": NOW.replace(second=0),
        "local_hour": "2026-05-20T15",
        "expires_at": datetime(2026, 7, 1, tzinfo=UTC),
        "key_id": 1,
        "revision": 1,
        "request": "request-1",
        **facts,
    }
    return Batch(**whole)


def voucher(state: State = State.ISSUED, **facts: Any) -> Voucher:
    """Return a voucher of the visitor from Istanbul, in a state."""
    whole: dict[str, Any] = {
        "voucher_id": VOUCHER_ID,
        "campaign_id": "festival",
        "popup_id": "istanbul",
        "offer_id": "lantern",
        "merchant_id": None,
        "ordinal": 1,
        "visitor": "visitor-1",
        "issued_at": NOW - timedelta(days=1),
        "local_hour": "2026-05-19T15",
        "revision": 1,
        **facts,
    }
    return Voucher(state=state, **whole)


def used_voucher(**facts: Any) -> Voucher:
    """Return the same, used once."""
    first = use()
    return voucher(State.REDEEMED, uses=1, use=first, **facts)


def device(profile: Profile = Profile.STEWARD, **facts: Any) -> DeviceToken:
    """Return what the token of Istanbul's phone says."""
    whole: Mapping[str, Any] = {
        "device_id": DEVICE,
        "popup_id": "istanbul",
        "expires_at": NOW + timedelta(hours=12),
        **facts,
    }
    return DeviceToken(profile=profile, **whole)


def change(sequence: str, old: Image | None, new: Image | None, **facts: Any) -> Change:
    """Return a stream record of an item of its own, in its first version."""
    whole: dict[str, Any] = {"item": f"item-{sequence}", "ver": 1, "written_at": NOW, **facts}
    return Change(sequence=sequence, old=old, new=new, **whole)

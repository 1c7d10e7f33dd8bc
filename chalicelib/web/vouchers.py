"""A voucher as its holder, its code and the API show it."""

from datetime import datetime
from typing import TypedDict

from chalicelib import signing
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.claim import OUTER_BOUND
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Benefit, Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import State, Voucher
from chalicelib.web.context import context


class VoucherDocument(TypedDict):
    """The voucher of the API; `url` is the text of its QR code."""

    voucher_id: str
    code: str
    token: str
    url: str
    campaign_id: str
    popup_id: str
    offer_id: str
    status: str
    issued_at: str
    usable_from: str
    usable_until: str
    time_zone: str
    benefit: dict[str, object]
    terms: str
    revision: int


def document(published: Published, voucher: Voucher, language: str) -> VoucherDocument:
    """Return what the API says of a voucher."""
    campaign = published.campaign
    popup, offer = campaign.popup[voucher.popup_id], campaign.offer[voucher.offer_id]
    token = token_text(published, voucher)
    return VoucherDocument(
        voucher_id=voucher.voucher_id,
        code=voucher.code,
        token=token,
        url=url_of(token),
        campaign_id=voucher.campaign_id,
        popup_id=voucher.popup_id,
        offer_id=voucher.offer_id,
        status=status(campaign, popup, offer, voucher, context.now()),
        issued_at=rfc3339(voucher.issued_at),
        usable_from=rfc3339(campaign.usable_from(popup, offer)),
        usable_until=rfc3339(campaign.usable_until(popup, offer)),
        time_zone=popup.time_zone,
        benefit=benefit_document(offer.benefit),
        terms=text_in(offer.terms, language),
        revision=voucher.revision,
    )


def token_text(published: Published, voucher: Voucher) -> str:
    """Sign the voucher's token anew, with the newest key that may; the same key, the same text."""
    campaign = published.campaign
    key = signing.signing_key(
        context.secrets, campaign.number, voucher.issued_at, published.live.withdrawn_keys
    )
    if key is None:
        raise TryAgain("no key may sign this voucher")
    token = Token(
        key_id=key.key_id,
        campaign_number=campaign.number,
        offer_number=campaign.offer[voucher.offer_id].number,
        popup_number=campaign.popup[voucher.popup_id].number,
        issued_at=voucher.issued_at,
        expires_at=campaign.ends + OUTER_BOUND,
        voucher_id=voucher.voucher_id,
        generation=voucher.generation,
    )
    return signing.sign(context.secrets, token)


def url_of(token: str) -> str:
    """Return the text of the QR code: upper case keeps the code small."""
    return f"{context.settings.public_url.upper()}/V/{token}"


def status(campaign: Campaign, popup: Popup, offer: Offer, voucher: Voucher, at: datetime) -> str:
    """Return the state in words of the API; expiry follows from time."""
    unused = voucher.state in {State.ISSUED, State.REVERSED}
    over = at >= campaign.usable_until(popup, offer)
    return "expired" if unused and over else str(voucher.state)


def benefit_document(benefit: Benefit) -> dict[str, object]:
    """Return a benefit with its money as the API writes it."""
    shown: dict[str, object] = {"kind": str(benefit.kind)}
    if benefit.percentage is not None:
        shown["percentage"] = benefit.percentage
    for name in ("amount", "cap", "minimum"):
        minor: int | None = getattr(benefit, f"{name}_minor")
        if minor is not None:
            shown[name] = {"amount_minor": minor, "currency": benefit.currency}
    return shown

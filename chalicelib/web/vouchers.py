"""A voucher as its holder, its code and the API show it."""

from datetime import datetime

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
from chalicelib.web import answers
from chalicelib.web.context import context
from chalicelib.web.schema import money


def document(published: Published, voucher: Voucher, language: str) -> answers.Voucher:
    """Return what the API says of a voucher."""
    campaign = published.campaign
    popup, offer = campaign.popup[voucher.popup_id], campaign.offer[voucher.offer_id]
    token = token_text(published, voucher)
    return answers.Voucher(
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
    found = signing.signing_key(
        context.secrets,
        campaign.number,
        issued_at=voucher.issued_at,
        at=context.now(),
        withdrawn=published.live.withdrawn_keys,
    )
    if found is None:
        raise TryAgain("no key may sign this voucher")
    key, issued_at = found
    token = Token(
        key_id=key.key_id,
        campaign_number=campaign.number,
        offer_number=campaign.offer[voucher.offer_id].number,
        popup_number=campaign.popup[voucher.popup_id].number,
        issued_at=issued_at,
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
    state = voucher.state_at(at)
    unused = state in {State.ISSUED, State.REVERSED}
    over = at >= campaign.usable_until(popup, offer)
    return "expired" if unused and over else str(state)


def benefit_document(benefit: Benefit) -> answers.ShownBenefit:
    """Return a benefit with its money as the API writes it."""
    return answers.ShownBenefit(
        kind=benefit.kind,
        percentage=benefit.percentage,
        amount=money(benefit.amount_minor, benefit.currency),
        cap=money(benefit.cap_minor, benefit.currency),
        minimum=money(benefit.minimum_minor, benefit.currency),
    )

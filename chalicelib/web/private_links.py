"""A browser's vouchers found again by a private link, which the visitor sends to an own address.

The link carries what it leads to, sealed: neither address nor link is kept anywhere.
"""

import re

from chalice import Response
from msgspec import Struct

from chalicelib import signing
from chalicelib.domain.claim import OUTER_BOUND
from chalicelib.domain.guessing import Guess
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.private_link import PrivateLink
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.typed import seen
from chalicelib.post import Mail
from chalicelib.web import forms, guard, holdings, journal, me, session
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue
from chalicelib.web.pages import Pages
from chalicelib.web.visitor import see_other

pages = Pages(__name__)

_ADDRESS = re.compile(
    r"[^\s@<>(),;:\"\\\[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_TAG = re.compile(r"\+[^@]*")  # behind which many providers deliver to the same mailbox
_HIDDEN: dict[str, str | list[str]] = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


class MailForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the link goes to."""

    address: str = ""


@pages.route("/me/mail", methods=["POST"])
def post_mail() -> Response | Refusal:
    """Send the link to these vouchers, then forget the address; 303 back to the list."""
    visitor = session.visitor(pages)
    if context.post is None or visitor is None:
        return Refusal(Reason.NOT_FOUND)
    address = seen(forms.read(pages, MailForm).address).strip()
    if not address.isascii() or not _ADDRESS.fullmatch(address):
        return me.page(refused_address=address)
    refused = _too_often(visitor, address)
    if refused is not None:
        return refused
    link = _link(visitor)
    if link is None:
        return Refusal(Reason.NOT_FOUND)
    context.post(_mail(address, signing.private_link(context.secrets, link, context.entropy)))
    journal.event("mailed")
    return see_other("/me?mail=sent")


@pages.route("/r/{secret}", methods=["GET"])
def get_private(secret: str) -> Response | Refusal:
    """Return the vouchers behind a link; opening it changes nothing."""
    link = _opened(secret)
    if link is None:
        return guard.unknown(pages)
    mine = me.mine_of(link.visitor, _places(link), link.gifts)
    return pages.page(
        "visitor/private.html",
        headers=_HIDDEN,
        secret=secret,
        mine=[each for each in mine if not each.gone],
        here=session.visitor(pages) == link.visitor,
        taken=_has_others(link),
    )


@pages.route("/r/{secret}", methods=["POST"])
def post_private(secret: str) -> Response | Refusal:
    """Make this browser the visitor's, unless it has vouchers of its own; 303 to its list."""
    link = _opened(secret)
    if link is None:
        return guard.unknown(pages)
    if _has_others(link) or session.from_elsewhere(pages):
        return see_other(f"/r/{secret}")
    places = _places(link)
    if not holdings.of_visitor(places, link.visitor, link.gifts):  # erased since: that is nobody
        return guard.unknown(pages)
    stands = [popup.popup_id for _, popup in places]
    return see_other(
        "/me?cookie=new", session.cookie_of(link.visitor), *holdings.cookies_of(stands, link.gifts)
    )


def _opened(secret: str) -> PrivateLink | None:
    link = signing.read_private_link(context.secrets, secret)
    return link if link is not None and context.now() < link.until else None


def _link(visitor: str) -> PrivateLink | None:
    """Return what the link carries, or None where this browser has no voucher to lead to."""
    places = me.places_of(holdings.stands_of(pages))
    if not places and not holdings.gifts_of(pages):
        return None
    campaigns = [p.campaign for p, _ in places] or [p.campaign for p in context.catalog.all()]
    return PrivateLink(
        visitor=visitor,
        stands=[(published.campaign.number, popup.number) for published, popup in places],
        gifts=holdings.gifts_of(pages),
        until=max(campaign.ends for campaign in campaigns) + OUTER_BOUND,
    )


def _places(link: PrivateLink) -> list[tuple[Published, Popup]]:
    """Return the stands that a link names and that still exist."""
    found = []
    for campaign_number, popup_number in link.stands:
        published = context.catalog.numbered(campaign_number)
        popup = published.campaign.popup_numbered.get(popup_number) if published else None
        if published is not None and popup is not None:
            found.append((published, popup))
    return found


def _has_others(link: PrivateLink) -> bool:
    """Tell whether this browser has vouchers of another visitor, which it would lose."""
    mine = holdings.stands_of(pages) or holdings.gifts_of(pages)
    return bool(mine) and session.visitor(pages) not in {None, link.visitor}


def _mail(address: str, secret: str) -> Mail:
    _ = catalogue(pages.reader().language).gettext
    words = _(
        "Here are your vouchers again:\n\n{link}\n\nKeep this link to yourself: whoever has it "
        "can use them. We do not keep your address, and this is the only mail."
    )
    link = f"{context.settings.public_url}/r/{secret}"
    return Mail(to=address, subject=_("Your vouchers"), text=words.format(link=link))


def _too_often(visitor: str, address: str) -> Refusal | None:
    """Stop whoever would fill a mailbox: by browser, by network, by address (as a hash)."""
    callers = (
        (Guess.MAIL_VISITOR, visitor),
        (Guess.MAIL_NETWORK, pages.network()),
        (Guess.MAIL_ADDRESS, _TAG.sub("", address.lower())),
    )
    counted = [guard.wrong(guess, who) for guess, who in callers]
    return next((refused for refused in counted if refused), None)

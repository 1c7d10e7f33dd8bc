"""Which vouchers a browser holds: their ids are computed again, so no list of them is kept."""

import re
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain import voucher as codes
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import Voucher
from chalicelib.store import vouchers
from chalicelib.web.api import Routes
from chalicelib.web.context import context

STANDS_COOKIE = "__Host-stands"
GIFTS_COOKIE = "__Host-gifts"
# A campaign has 35 cities. All cookies of a visitor stay below 4,096 bytes together: 60 stands of
# 33 (an id of 32, a dot) are 1,993 with the cookie's name, 40 gifts of 16 (an id of 15, a dot)
# 652, visitor, presence, language and colours less than 300. A private link that names them all is
# 928 long, so that it stays whole in a mail, where a line has 998.
MOST_STANDS = 60
MOST_GIFTS = 40
_VOUCHER_ID = re.compile(f"[{codes.ALPHABET}]{{15}}")
_SLUG = re.compile(r"[a-z0-9-]{2,32}")
_A_YEAR_AND_A_MONTH = 34_214_400


def stands_of(routes: Routes) -> list[str]:
    """Return the stands at which this browser claimed, the latest first."""
    return _named(routes, STANDS_COOKIE, _SLUG)[:MOST_STANDS]


def stands_cookie(routes: Routes, popup_id: str) -> str:
    """Return a Set-Cookie header that adds a stand to those of this browser."""
    return _cookie(STANDS_COOKIE, _with(popup_id, stands_of(routes))[:MOST_STANDS])


def gifts_of(routes: Routes) -> list[str]:
    """Return the ids of the vouchers that this browser received, the latest first."""
    return _named(routes, GIFTS_COOKIE, _VOUCHER_ID)[:MOST_GIFTS]


def takes_gift(routes: Routes, voucher_id: str) -> bool:
    """Tell whether this browser has room for a received voucher, or has it already.

    None may push another out: nobody can compute the id of a received one again.
    """
    named = gifts_of(routes)
    return voucher_id in named or len(named) < MOST_GIFTS


def gifts_cookie(routes: Routes, voucher_id: str) -> str:
    """Return a Set-Cookie header that adds a received voucher to those of this browser."""
    return _cookie(GIFTS_COOKIE, _with(voucher_id, gifts_of(routes)))


def cookies_of(stands: Sequence[str], gifts: Sequence[str]) -> tuple[str, ...]:
    """Return the Set-Cookie headers by which another browser finds the same vouchers."""
    return _cookie(STANDS_COOKIE, stands), _cookie(GIFTS_COOKIE, gifts)


def void_cookies() -> tuple[str, ...]:
    """Return the Set-Cookie headers that end both."""
    names = STANDS_COOKIE, GIFTS_COOKIE
    return tuple(f"{n}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0" for n in names)


def _named(routes: Routes, cookie: str, shape: re.Pattern[str]) -> list[str]:
    names = (routes.cookie(cookie) or "").split(".")
    return [name for name in names if shape.fullmatch(name)]


def _with(latest: str, before: Sequence[str]) -> list[str]:
    return [latest, *(name for name in before if name != latest)]


def _cookie(cookie: str, names: Sequence[str]) -> str:
    return (
        f"{cookie}={'.'.join(names)}; Path=/; Secure; HttpOnly; SameSite=Lax; "
        f"Max-Age={_A_YEAR_AND_A_MONTH}"
    )


def of_offers(
    campaign: Campaign, popup: Popup, offers: Iterable[Offer], visitor: str
) -> list[Voucher]:
    """Return what this visitor claimed of these offers at one stand: one BatchGet."""
    return _of(list(_ids(campaign, popup, offers, visitor)), visitor)


def of_visitor(
    places: Iterable[tuple[Published, Popup]], visitor: str, received: Iterable[str] = ()
) -> list[Voucher]:
    """Return all that this visitor claimed at these stands, or received: a BatchGet for 100 ids."""
    return _of(ids_of(places, visitor, received), visitor)


def ids_of(
    places: Iterable[tuple[Published, Popup]], visitor: str, received: Iterable[str] = ()
) -> list[str]:
    """Return the ids of all that this visitor can have claimed there, then the received ones.

    Every offer of the campaign counts, open or not: a publish may have taken it from the stand, or
    put its start off, since it was claimed. An offer is never removed and its limit never falls.
    """
    claimed = (
        voucher_id
        for published, popup in places
        for voucher_id in _ids(published.campaign, popup, published.campaign.offers, visitor)
    )
    return list(dict.fromkeys((*claimed, *received)))


def everywhere() -> list[tuple[Published, Popup]]:
    """Return every stand of every campaign as published now: what is asked once may take requests.

    Raises TryAgain where that cannot be read: what nobody looked for would be missed for ever.
    """
    return [
        (published, popup)
        for published in context.catalog.latest()
        for popup in published.campaign.popups
    ]


def _of(ids: Sequence[str], visitor: str) -> list[Voucher]:
    found = vouchers.get_many(ids) if ids else []
    mine = [voucher for voucher in found if voucher.visitor == visitor]
    return sorted(mine, key=lambda voucher: ids.index(voucher.voucher_id))


def _ids(campaign: Campaign, popup: Popup, offers: Iterable[Offer], visitor: str) -> Iterator[str]:
    secret = context.secrets.claim_secret(campaign.number)
    for offer in offers:
        for ordinal in range(1, offer.visitor_limit + 1):
            yield codes.claimed_id(
                secret,
                campaign_number=campaign.number,
                offer_number=offer.number,
                popup_number=popup.number,
                visitor=visitor,
                ordinal=ordinal,
                scope=offer.visitor_scope,
            )

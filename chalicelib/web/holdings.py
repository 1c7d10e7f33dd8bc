"""Which vouchers a browser holds: their ids are computed again, so no list of them is kept."""

import re
from collections.abc import Iterable

from chalicelib.domain import voucher as codes
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import vouchers
from chalicelib.web.api import Routes
from chalicelib.web.context import context

STANDS_COOKIE = "__Host-stands"
GIFTS_COOKIE = "__Host-gifts"
_MOST_NAMED = 20
_MOST_ORDINALS = 20
_VOUCHER_ID = re.compile(f"[{codes.ALPHABET}]{{15}}")
_SLUG = re.compile(r"[a-z0-9-]{2,32}")
_A_YEAR_AND_A_MONTH = 34_214_400
_GONE = frozenset({State.LAPSED, State.GIVEN})


def stands_of(routes: Routes) -> list[str]:
    """Return the stands at which this browser claimed, the latest first."""
    return _named(routes, STANDS_COOKIE, _SLUG)


def stands_cookie(routes: Routes, popup_id: str) -> str:
    """Return a Set-Cookie header that adds a stand to those of this browser."""
    return _cookie(STANDS_COOKIE, popup_id, stands_of(routes))


def gifts_of(routes: Routes) -> list[str]:
    """Return the ids of the vouchers that this browser received, the latest first."""
    return _named(routes, GIFTS_COOKIE, _VOUCHER_ID)


def gifts_cookie(routes: Routes, voucher_id: str) -> str:
    """Return a Set-Cookie header that adds a received voucher to those of this browser."""
    return _cookie(GIFTS_COOKIE, voucher_id, gifts_of(routes))


def _named(routes: Routes, cookie: str, shape: re.Pattern[str]) -> list[str]:
    names = (routes.cookie(cookie) or "").split(".")
    return [name for name in names if shape.fullmatch(name)][:_MOST_NAMED]


def _cookie(cookie: str, latest: str, before: list[str]) -> str:
    names = [latest, *(name for name in before if name != latest)][:_MOST_NAMED]
    return (
        f"{cookie}={'.'.join(names)}; Path=/; Secure; HttpOnly; SameSite=Lax; "
        f"Max-Age={_A_YEAR_AND_A_MONTH}"
    )


def held(
    places: Iterable[tuple[Published, Popup]], visitor: str, received: Iterable[str] = ()
) -> list[Voucher]:
    """Return the vouchers that this visitor holds of these stands, or received: one BatchGet."""
    claimed = (
        voucher_id
        for published, popup in places
        for voucher_id in _ids(published.campaign, popup, visitor)
    )
    ids = dict.fromkeys((*claimed, *received))
    found = vouchers.get_many(list(ids)) if ids else []
    mine = [v for v in found if v.visitor == visitor and v.state not in _GONE]
    return sorted(mine, key=lambda voucher: list(ids).index(voucher.voucher_id))


def _ids(campaign: Campaign, popup: Popup, visitor: str) -> Iterable[str]:
    secret, at = context.secrets.claim_secret(campaign.number), context.now()
    for offer in campaign.offers_at(popup):
        if campaign.claimable_from(popup, offer) <= at:
            for ordinal in range(1, min(offer.visitor_limit, _MOST_ORDINALS) + 1):
                yield codes.claimed_id(
                    secret,
                    campaign_number=campaign.number,
                    offer_number=offer.number,
                    popup_number=popup.number,
                    visitor=visitor,
                    ordinal=ordinal,
                    scope=offer.visitor_scope,
                )

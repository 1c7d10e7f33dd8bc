"""A campaign's own look: a small sheet with its accents, its logo as a picture, both by content.

A style in the page itself is refused by the policy of every page. A logo is never part of a page:
as a picture it runs nothing, and its own answer allows nothing besides.
"""

from chalice import Response

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import NotFound
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.security import COMMON_HEADERS
from chalicelib.web.wear import digest, sheet

pages = Pages(__name__)

_KEPT = "public, max-age=31536000, immutable"
_HEADERS = COMMON_HEADERS | {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"
}


@pages.route("/brand/{campaign_id}/{name}", methods=["GET"])
def get_brand(campaign_id: str, name: str) -> Response:
    """Return the sheet or the logo of a live campaign; one of another content is not kept."""
    return answer(context.catalog.campaign(campaign_id).campaign, name, kept=_KEPT)


def answer(campaign: Campaign, name: str, *, kept: str) -> Response:
    """Return a campaign's sheet or logo by the name that a page has for it. Raises NotFound."""
    found, (named, _, kind) = campaign.branding, name.rpartition(".")
    bodies = {"css": sheet(found), "svg": found.logo} if found else {}
    body = bodies.get(kind)
    if found is None or not body:
        raise NotFound(f"no {name}")
    types = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
    headers = _HEADERS | {
        "Content-Type": types[kind],
        "Cache-Control": kept if named == digest(found) else "no-store",
    }
    return Response(body, headers=headers, status_code=200)

"""Who calls: a visitor by a signed cookie, a device or a program by its bearer token."""

import hmac
from dataclasses import dataclass

from chalicelib import signing
from chalicelib.domain.device import DeviceToken, Profile
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web.api import Routes
from chalicelib.web.context import context

VISITOR_COOKIE = "__Host-visitor"
_A_YEAR_AND_A_MONTH = 34_214_400
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Marketer:
    """A program of the marketing team, by the name of its key."""

    holder_id: str


def visitor(routes: Routes) -> str | None:
    """Return the visitor's id from a valid cookie, or None."""
    cookie = routes.cookie(VISITOR_COOKIE)
    return signing.read_visitor(context.secrets, cookie) if cookie else None


def new_visitor_cookie() -> str:
    """Return a Set-Cookie header for a browser that has none; it holds no personal data."""
    value = signing.visitor_cookie(context.secrets, signing.new_visitor(context.entropy))
    return (
        f"{VISITOR_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; "
        f"Max-Age={_A_YEAR_AND_A_MONTH}"
    )


def from_elsewhere(routes: Routes) -> bool:
    """Tell whether another site sent this post.

    The browser kept the visitor's cookie back, so a new one would take the old one's place, and
    with it every voucher of this browser.
    """
    site = routes.header("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return routes.header("origin") not in {None, context.settings.public_url}


def marketer(routes: Routes, campaign_id: str) -> Marketer | Refusal:
    """Return the marketing team's key for this campaign. Raises NotSignedIn."""
    text = _bearer(routes)
    named, _, rest = text.partition(".")
    holder_id = rest.partition(".")[0]
    wanted = signing.marketer_key(context.secrets, named, holder_id)
    if not text.isascii() or not hmac.compare_digest(wanted.encode(), text.encode()):
        raise NotSignedIn
    return Marketer(holder_id) if named == campaign_id else Refusal(Reason.NOT_ALLOWED)


def device(routes: Routes) -> DeviceToken | Refusal:
    """Return what the device's token says. Raises NotSignedIn; a revoked device is refused."""
    text = _bearer(routes)
    token = signing.read_device_token(context.secrets, text) if text else None
    if token is None or token.expires_at <= context.real_now():
        raise NotSignedIn
    published, _ = context.catalog.popup(token.popup_id)
    if token.device_id in published.live.revoked_devices:
        return Refusal(Reason.DEVICE_REVOKED)
    return token


def staff_device(routes: Routes) -> DeviceToken | Refusal:
    """Return the same for a device in the hands of staff; a screen that stands there is none."""
    token = device(routes)
    if isinstance(token, DeviceToken) and token.profile is Profile.SCREEN:
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "profile"})
    return token


def _bearer(routes: Routes) -> str:
    header = routes.header("authorization") or ""
    return header[len(_BEARER) :] if header.lower().startswith(_BEARER) else ""

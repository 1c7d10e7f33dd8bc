"""Who calls: a visitor by a signed cookie, a device by its token, a shop or program by its key."""

from datetime import timedelta

from chalice import Response

from chalicelib import signing
from chalicelib.domain import api_key
from chalicelib.domain.api_key import ApiKey, Role, Shop
from chalicelib.domain.device import SCREEN_GRACE, DeviceToken, Profile
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import shifts
from chalicelib.usecases import working
from chalicelib.web.api import Routes, problem
from chalicelib.web.context import context
from chalicelib.web.key_ring import is_key

VISITOR_COOKIE = "__Host-visitor"
_A_YEAR_AND_A_MONTH = 34_214_400
_BEARER = "bearer "


def visitor(routes: Routes) -> str | None:
    """Return the visitor's id from a valid cookie, or None."""
    cookie = routes.cookie(VISITOR_COOKIE)
    return signing.read_visitor(context.secrets, cookie) if cookie else None


def new_visitor_cookie() -> str:
    """Return a Set-Cookie header for a browser that has none; it holds no personal data."""
    return cookie_of(new_visitor())


def new_visitor() -> str:
    """Return a random id for a browser that has none."""
    return signing.new_visitor(context.entropy)


def cookie_of(visitor: str) -> str:
    """Return a Set-Cookie header that makes a browser this visitor's."""
    value = signing.visitor_cookie(context.secrets, visitor)
    return (
        f"{VISITOR_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; "
        f"Max-Age={_A_YEAR_AND_A_MONTH}"
    )


def cookie_hint(routes: Routes) -> str:
    """Return what became of the cookie that a browser was sent back with: known now, or refused."""
    if routes.query("cookie") is None:
        return ""
    return "again" if visitor(routes) else "refused"


def void_cookie() -> tuple[str, ...]:
    """Return the Set-Cookie header that ends the visitor's cookie."""
    return (f"{VISITOR_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",)


def from_elsewhere(routes: Routes) -> bool:
    """Tell whether another site sent this post.

    The browser kept the visitor's cookie back, so a new one would take the old one's place, and
    with it every voucher of this browser.
    """
    site = routes.header("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return routes.header("origin") not in {None, context.settings.public_url}


def sign_in(routes: Routes) -> Response:
    """Return a 401 with a new visitor's cookie, but without one where another site sent this."""
    refused = problem(Refusal(Reason.NOT_SIGNED_IN), routes.reader())
    if not from_elsewhere(routes):
        refused.headers["Set-Cookie"] = new_visitor_cookie()
    return refused


def device(routes: Routes, grace: timedelta = timedelta()) -> DeviceToken | Refusal:
    """Return what the device's token says. Raises NotSignedIn; a revoked device is refused."""
    text = _bearer(routes)
    token = signing.read_device_token(context.secrets, text) if text else None
    if token is None or token.expires_at + grace <= context.real_now():
        raise NotSignedIn
    published, _ = context.catalog.popup(token.popup_id)
    if token.device_id in published.live.revoked_devices:
        return Refusal(Reason.DEVICE_REVOKED)
    return token


def handing_in(routes: Routes) -> tuple[DeviceToken, bool]:
    """Return the device that hands in its queue, and whether it was revoked.

    Its token may be over: a phone may have been without network for longer, and what it accepted
    must not be lost. Its batch carries the signature of its key. Raises NotSignedIn.
    """
    text = _bearer(routes)
    token = signing.read_device_token(context.secrets, text) if text else None
    if token is None or token.profile is Profile.SCREEN:
        raise NotSignedIn
    published, _ = context.catalog.popup(token.popup_id)
    return token, token.device_id in published.live.revoked_devices


def supervisor(routes: Routes) -> DeviceToken | Refusal:
    """Return a device that a stand's supervisor holds. Raises NotSignedIn; others are refused."""
    token = staff_device(routes)
    if isinstance(token, DeviceToken) and not supervises(token):
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "supervisor"})
    return token


def supervises(token: DeviceToken) -> bool:
    """Tell whether the device is a supervisor's, or one works with it; shifts keep real time."""
    return token.profile is Profile.SUPERVISOR or working.supervises(
        shifts, device_id=token.device_id, popup_id=token.popup_id, at=context.real_now()
    )


def staff_device(routes: Routes) -> DeviceToken | Refusal:
    """Return the same for a device in the hands of staff; a screen that stands there is none."""
    token = device(routes)
    if isinstance(token, DeviceToken) and token.profile is Profile.SCREEN:
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "profile"})
    return token


def screen(routes: Routes) -> DeviceToken | Refusal:
    """Return the same for a stand's screen; one that was off for days goes on by itself."""
    token = device(routes, SCREEN_GRACE)
    if isinstance(token, DeviceToken) and token.profile is not Profile.SCREEN:
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "profile"})
    return token


def shop(routes: Routes) -> Shop | Refusal:
    """Return the shop that holds the key. Raises NotSignedIn; another role is refused."""
    key = _key(routes)
    return api_key.shop_of(key) if key.role is Role.SHOP else Refusal(Reason.NOT_ALLOWED)


def marketer(routes: Routes, campaign_id: str | None) -> ApiKey | Refusal:
    """Return the marketing team's key for this campaign, or for its own. Raises NotSignedIn."""
    key = _key(routes)
    mine = key.role is Role.MARKETER and campaign_id in {None, key.campaign_id}
    return key if mine else Refusal(Reason.NOT_ALLOWED)


def shows_key(routes: Routes) -> bool:
    """Tell whether the request shows an API key, valid or not."""
    return is_key(_bearer(routes))


def till(routes: Routes) -> DeviceToken | Shop | Refusal:
    """Return who uses vouchers: a shop where a key is shown, else staff by their device."""
    return shop(routes) if shows_key(routes) else staff_device(routes)


def _key(routes: Routes) -> ApiKey:
    """Return the valid key that the request shows. Raises NotSignedIn; keys keep real time."""
    shown = api_key.read(_bearer(routes))
    key = context.keys.get(shown.key_id) if shown else None
    if shown is None or key is None or not key.opens_with(shown.secret, context.real_now()):
        raise NotSignedIn
    return key


def _bearer(routes: Routes) -> str:
    header = routes.header("authorization") or ""
    return header[len(_BEARER) :] if header.lower().startswith(_BEARER) else ""

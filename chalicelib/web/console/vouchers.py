"""One voucher, found by its code and never by a person; moved to its holder's new browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalice import Response

from chalicelib import qr, signing
from chalicelib.domain import gift as gift_rules
from chalicelib.domain import looked_up
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.case import Case
from chalicelib.domain.event import reference
from chalicelib.domain.guessing import Guess
from chalicelib.domain.live import Published
from chalicelib.domain.looked_up import Happened, What
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import N_
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import State
from chalicelib.store import cases, devices, histories
from chalicelib.store.histories import History
from chalicelib.store.noted import Noted
from chalicelib.web import gifts, guard, minted, wording
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import Made, nonce, once
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

LONGEST = 2_000
STATES: Mapping[State, str] = {
    State.ISSUED: N_("Not used yet"),
    State.REDEEMED: N_("Used"),
    State.REVERSED: N_("Given back, may be used again"),
    State.HELD: N_("Held by an order"),
    State.GIVEN: N_("Passed on, to a friend or to another browser"),
    State.REVOKED: N_("Withdrawn"),
    State.LAPSED: N_("Not used in time; it may be claimed again"),
}
WORDS: Mapping[What, str] = {
    What.ISSUED: N_("Issued"),
    What.USED: N_("Used"),
    What.HELD: N_("Held by an order"),
    What.GIVEN_BACK: N_("Given back"),
    What.RELEASED: N_("The order let it go"),
    What.CONFLICT: N_("Accepted at the door, not valid"),
    What.DUPLICATE: N_("Accepted twice by the same device"),
    What.REJECTED: N_("Rejected"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A voucher of the scope's campaign, with its case if several doors accepted it."""

    published: Published
    history: History
    case: Case | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the history. `when` and `place` are the stand's, `device` is its name."""

    one: Happened
    what: str
    when: str
    place: str
    device: str
    why: str


def get_search(here: Visit) -> Response:
    """Return the form."""
    return _shown(here, "")


def post_search(here: Visit, form: Form) -> Response:
    """Return how a voucher stands. A search is counted, and noted without its code."""
    text = form.text("code")[:LONGEST]
    found = _found(here, text)
    return _shown(here, text, found)


def post_reissue(here: Visit, form: Form) -> Response | Refusal:
    """Show a one-time link that moves the voucher to the browser that opens it."""
    text = form.text("code")[:LONGEST]
    found = _found(here, text)
    if isinstance(found, Refusal):
        return _shown(here, text, found)
    voucher, campaign = found.history.voucher, found.published.campaign
    entry = desk.entry(here, "re-issue link made", _name(voucher.voucher_id))

    def work() -> Made | Refusal:
        made = gifts.reissue(Noted(here.scope, entry), voucher)
        if isinstance(made, Refusal):
            return made
        return {"url": gifts.url_of(made.secret), "until": made.until.isoformat()}

    made = once(here, form, work)
    if isinstance(made, Refusal):
        return made
    until, zone = datetime.fromisoformat(made["until"]), campaign.popup[voucher.popup_id].time_zone
    return desk.show(
        "link.html",
        here,
        campaign=campaign,
        url=made["url"],
        picture=qr.svg(made["url"]),
        until=wording.moment(until, zone, desk.reader().language),
    )


def _shown(here: Visit, text: str, found: Found | Refusal | None = None) -> Response:
    """Return the form with what was typed, and what was found or why nothing was."""
    language = desk.reader().language
    told = wording.told(found, language) if isinstance(found, Refusal) else None
    shown = found if isinstance(found, Found) else None
    return desk.show(
        "voucher.html",
        here,
        status=told.status if told else 200,
        campaign=context.catalog.campaign(here.scope.area).campaign,
        typed=text,
        wrong=f"{told.title}. {told.detail}" if told else "",
        nonce=nonce(),
        found=shown,
        state=_state(shown) if shown else "",
        rows=_rows(shown, language) if shown else [],
        movable=shown is not None and _movable(shown),
        name=reference(shown.history.voucher.voucher_id) if shown else "",
    )


def _movable(found: Found) -> bool:
    voucher = found.history.voucher
    over = gifts.ended(found.published, voucher)
    return (over or gift_rules.refusal_to_reissue(voucher, context.now())) is None


def _found(here: Visit, text: str) -> Found | Refusal:
    """Return the voucher of a code, typed or scanned. Each search counts, found or not."""
    published = context.catalog.campaign(here.scope.area)
    too_many = guard.wrong(Guess.SEARCH, here.member.member_id)
    if too_many is not None:
        return too_many
    read = _read(text)
    history = read if isinstance(read, Refusal) else _history(here, *read)
    if isinstance(history, Refusal):
        desk.note(here, "voucher looked up", "no voucher")
        return history
    voucher = history.voucher
    state = {"state": str(voucher.state)}
    desk.note(here, "voucher looked up", _name(voucher.voucher_id), after=state)
    case = cases.case(here.scope.area, voucher.root or voucher.voucher_id)
    return Found(published, history, case)


def _read(text: str) -> tuple[str, Token | None] | Refusal:
    """Return the voucher that a text names, with the token that says so."""
    signed = tokens.read(text)
    if signed is not None:
        key = signing.verify(context.secrets, signed)
        return key if isinstance(key, Refusal) else (signed.token.voucher_id, signed.token)
    voucher_id, typed = codes.read_code(text), codes.mistyped(text)
    if voucher_id is None:
        return Refusal(Reason.UNKNOWN_CODE, {"typed_code": typed} if typed else {})
    return voucher_id, None


def _history(here: Visit, voucher_id: str, token: Token | None) -> History | Refusal:
    """Return what is known of a voucher; a minted one that nobody used has no item."""
    history = histories.of(here.scope, voucher_id)
    if history is not None:
        return history
    first = minted.behind(voucher_id, token)
    if first is None or isinstance(first, Refusal) or first.campaign_id != here.scope.area:
        return Refusal(Reason.UNKNOWN_CODE)
    return History(first, (), ())


def _state(found: Found) -> str:
    """Return the state in words. A voucher may be withdrawn with its batch, unknown to its item."""
    voucher = found.history.voucher
    revoked = found.published.live.revokes(voucher.voucher_id)
    return STATES[State.REVOKED if revoked else voucher.state_at(context.now())]


def _rows(found: Found, language: str) -> list[Row]:
    history = found.history
    happened = looked_up.history(history.voucher, history.past, history.scans)
    names = devices.names({one.device_id for one in happened if one.device_id})
    return [_row(one, found.published, names, language) for one in happened]


def _row(one: Happened, published: Published, names: Mapping[str, str], language: str) -> Row:
    popup = published.campaign.popup[one.popup_id]
    why = wording.told(Refusal(one.reason), language).title if one.reason else ""
    device = names.get(one.device_id or "", one.device_id or "")
    when = wording.moment(one.at, popup.time_zone, language)
    return Row(one, WORDS[one.what], when, popup.city, device, why)


def _name(voucher_id: str) -> str:
    """Return what the trail calls it, as webhooks do: who reads it there cannot use it."""
    return f"voucher {reference(voucher_id)}"

"""What each reason says to people, and its HTTP status: one row each, one page each.

The texts are marked for translation with `N_`; facts of a refusal fill the braces of `says`.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import N_

RETRY_AFTER_SECONDS = {Reason.RATE_LIMITED: 30, Reason.TRY_AGAIN: 2, Reason.IN_PROGRESS: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """A reason in words: its name, what happened, what to do.

    `says` are sentences for known facts; the first whose facts are all there is said.
    """

    status: int
    title: str
    cause: str
    cure: str
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A refusal in the reader's language."""

    status: int
    title: str
    detail: str


ROWS: dict[Reason, Row] = {
    Reason.UNKNOWN_CODE: Row(
        404,
        N_("Not one of our codes"),
        N_("What was scanned or typed is not a voucher of this festival."),
        N_("Scan the code on the visitor's voucher page, or type its 16 letters and digits."),
        (
            N_("{typed_code}: a letter or digit is wrong. Read the code again."),
            N_("This is the poster of the stand in {scanned_stand}. Scan the visitor's voucher."),
            N_("This code leads to {scanned_host}. Scan the visitor's voucher instead."),
        ),
    ),
    Reason.BAD_SIGNATURE: Row(
        409,
        N_("Not genuine"),
        N_("The code looks like a voucher, but its signature is not ours."),
        N_("Do not hand anything over. Ask the visitor to open the voucher page again."),
    ),
    Reason.UNKNOWN_KEY: Row(
        409,
        N_("Signed with an unknown key"),
        N_("The code names a signing key that this festival does not have."),
        N_("Ask the visitor to open the voucher page again; it makes a fresh code."),
    ),
    Reason.KEY_RETIRED: Row(
        409,
        N_("Signed with a retired key"),
        N_("The code was signed after its key had been retired."),
        N_("Ask the visitor to open the voucher page again; it makes a fresh code."),
    ),
    Reason.KEY_WITHDRAWN: Row(
        409,
        N_("Signed with a withdrawn key"),
        N_("The signing key of this code was withdrawn."),
        N_("Ask the visitor to open the voucher page again; it makes a fresh code."),
    ),
    Reason.REVOKED: Row(
        409,
        N_("Withdrawn"),
        N_("This voucher was withdrawn by the organiser."),
        N_("Do not hand anything over. Send the visitor to the stand's manager."),
    ),
    Reason.GIVEN_AWAY: Row(
        409,
        N_("Passed on"),
        N_("This voucher was given to a friend; this code is no longer valid."),
        N_("The friend's own voucher is the valid one."),
        (N_("A supervisor moved it to another browser. The code there ends in {moved_to}."),),
    ),
    Reason.LAPSED: Row(
        409,
        N_("Too old a code"),
        N_("This code belongs to a claim that ended; a newer code may exist."),
        N_("Ask the visitor to open the voucher page again and show that code."),
    ),
    Reason.WRONG_CAMPAIGN: Row(
        409,
        N_("Another festival"),
        N_("This voucher belongs to another festival."),
        N_("It can be used at the stands of that festival only."),
    ),
    Reason.WRONG_CITY: Row(
        409,
        N_("Another stand"),
        N_("This voucher is not for this stand."),
        N_("It can be used where it was issued, as its page says."),
        (N_("This voucher is for {issued_at_city}."),),
    ),
    Reason.WRONG_CHANNEL: Row(
        409,
        N_("Not for this way of buying"),
        N_("This voucher is not for use here."),
        N_("Its page says whether it is for the stand or for the online shop."),
    ),
    Reason.WRONG_MERCHANT: Row(
        409,
        N_("Another merchant"),
        N_("This voucher is for another merchant's goods."),
        N_("Its page names the merchant."),
    ),
    Reason.WRONG_HOLDER: Row(
        403,
        N_("Not your voucher"),
        N_("Only the browser that claimed this voucher may do this."),
        N_("Open the voucher in the browser in which you claimed it."),
    ),
    Reason.NOT_REVEALED: Row(
        409,
        N_("Not revealed yet"),
        N_("This offer is not open for claims yet."),
        N_("Come back when it is revealed."),
        (N_("Claims open here on {starts_at}."),),
    ),
    Reason.NOT_STARTED: Row(
        409,
        N_("Not yet"),
        N_("This voucher cannot be used yet."),
        N_("Its page says from when."),
        (N_("It can be used here from {starts_at}."),),
    ),
    Reason.NOT_NOW: Row(
        409,
        N_("The stand is closed"),
        N_("The stand is outside its opening hours."),
        N_("Come back when it is open; the stand's page shows the hours."),
        (N_("The stand opens on {opens_at}."),),
    ),
    Reason.PAUSED: Row(
        409,
        N_("Paused"),
        N_("The organiser has paused this for a moment."),
        N_("Nothing is lost. Try again in a few minutes."),
    ),
    Reason.EXPIRED: Row(
        409,
        N_("Over"),
        N_("The time of this offer is over."),
        N_("The festival page shows what is still open."),
        (N_("It ended here on {ended_at}."),),
    ),
    Reason.ALREADY_REDEEMED: Row(
        409,
        N_("Already used"),
        N_("This voucher has been used."),
        N_("Do not hand anything over. If the visitor disagrees, ask the supervisor."),
        (
            N_("This order has the same voucher in line {same_as_line} already."),
            N_("Used on {used_at} at {used_place}. If that was not you, ask the supervisor."),
        ),
    ),
    Reason.HELD_BY_ORDER: Row(
        409,
        N_("Held by an order"),
        N_("An online order is holding this voucher."),
        N_("It comes back by itself if the order is not finished within 15 minutes."),
    ),
    Reason.ORDER_TOTAL_REQUIRED: Row(
        422,
        N_("Type the order's total"),
        N_("This voucher's value depends on the order."),
        N_("Type the total of the order and scan again."),
        (N_("Type the total of the order in {currency}."),),
    ),
    Reason.MINIMUM_NOT_MET: Row(
        409,
        N_("Order too small"),
        N_("The order is below the minimum of this voucher."),
        N_("The voucher can be used with a larger order."),
        (N_("The order has to come to at least {minimum}."),),
    ),
    Reason.NO_EFFECT: Row(
        409,
        N_("No discount"),
        N_("The voucher would take nothing off this order."),
        N_("The voucher was not used. Use it with another order."),
    ),
    Reason.NOT_STACKABLE: Row(
        409,
        N_("Not together"),
        N_("This voucher cannot be combined with another of this order."),
        N_("Use one of them now and keep the other."),
    ),
    Reason.LIMIT_VISITOR: Row(
        409,
        N_("You have yours"),
        N_("You have claimed this offer as often as it allows."),
        N_("Your vouchers are on the page “My vouchers”."),
        (
            N_(
                "This browser has {most} received vouchers and cannot keep another. Open the link "
                "in another browser."
            ),
        ),
    ),
    Reason.LIMIT_DAY: Row(
        409,
        N_("Enough for today"),
        N_("This offer has reached its limit for today at this stand."),
        N_("Nothing was used. Come back tomorrow."),
    ),
    Reason.LIMIT_CAMPAIGN: Row(
        409,
        N_("All given"),
        N_("This offer has reached its limit in the whole festival."),
        N_("Look for another offer on the festival page."),
        (
            N_("{most} entries are listed already. Withdraw a batch or a wider range instead."),
            N_("Only {left} are left."),
        ),
    ),
    Reason.OUT_OF_STOCK: Row(
        409,
        N_("Sold out here"),
        N_("Everything this stand had of this offer is claimed."),
        N_("Look for another stand or another offer on the festival page."),
        (N_("Only {left} are left."),),
    ),
    Reason.BUDGET_EXHAUSTED: Row(
        409,
        N_("The budget is used up"),
        N_("The money behind this offer has been given out."),
        N_("Nothing was used. Look for another offer on the festival page."),
    ),
    Reason.PRESENCE_REQUIRED: Row(
        409,
        N_("Come to the stand"),
        N_("This offer is for visitors who stand at the stand."),
        N_("Scan the code on the stand's screen, then claim."),
    ),
    Reason.PRESENCE_EXPIRED: Row(
        409,
        N_("Scan the screen again"),
        N_("The code of the stand's screen changed, or was scanned too long ago."),
        N_("Scan the code on the stand's screen again, then claim."),
    ),
    Reason.ENROLMENT_USED: Row(
        409,
        N_("Enrolment code already used"),
        N_("Another device was enrolled with this code."),
        N_("Ask the stand's manager for a new code."),
    ),
    Reason.ENROLMENT_EXPIRED: Row(
        409,
        N_("Enrolment code not valid"),
        N_("This enrolment code is unknown or too old."),
        N_("Ask the stand's manager for a new code."),
    ),
    Reason.DEVICE_REVOKED: Row(
        403,
        N_("This device was removed"),
        N_("The stand's manager removed this device."),
        N_("Ask the stand's manager to enrol it again."),
    ),
    Reason.DEVICE_NOT_ALLOWED: Row(
        403,
        N_("Not with this device"),
        N_("Only the device that used the voucher, or a supervisor, may do this."),
        N_("Ask a supervisor."),
    ),
    Reason.TRAINING_CODE: Row(
        409,
        N_("A training code"),
        N_("This code is for practice only."),
        N_("Scan a visitor's voucher."),
    ),
    Reason.NEEDS_NETWORK: Row(
        409,
        N_("Needs the network"),
        N_("A typed code can be checked online only."),
        N_("Scan the QR code, or wait for the network."),
    ),
    Reason.OFFLINE_ALLOWANCE_USED: Row(
        409,
        N_("Offline allowance used up"),
        N_("This device has accepted as much as it may without the network."),
        N_("Find the network for a moment, so that it can send its scans."),
    ),
    Reason.STALE_MANIFEST: Row(
        409,
        N_("Out of date"),
        N_("This device has not heard from the server for too long."),
        N_("Find the network for a moment."),
    ),
    Reason.CHAIN_BROKEN: Row(
        409,
        N_("Scans out of order"),
        N_("The scans that this device sent do not follow each other."),
        N_("Ask the stand's manager to check this device."),
    ),
    Reason.ALREADY_REVERSED: Row(
        409,
        N_("Already given back"),
        N_("This use was given back before, or the voucher was used again since."),
        N_("Scan the voucher to see how it stands."),
    ),
    Reason.REVERSAL_WINDOW_CLOSED: Row(
        409,
        N_("Too late to give back"),
        N_("A use can be given back at the stand for 15 minutes."),
        N_("Ask a supervisor."),
    ),
    Reason.NOT_GIFTABLE: Row(
        409,
        N_("Cannot be passed on"),
        N_("This voucher cannot be given to a friend."),
        N_("Use it yourself at the stand."),
    ),
    Reason.ALREADY_CHOSEN: Row(
        409,
        N_("Delivery is settled"),
        N_("The shop has confirmed the order with its delivery."),
        N_("Ask the shop if it has to change."),
    ),
    Reason.IDEMPOTENCY_KEY_REUSED: Row(
        422,
        N_("Idempotency key reused"),
        N_("The same Idempotency-Key came with another request."),
        N_("Send a new key for a new request."),
    ),
    Reason.IN_PROGRESS: Row(
        409,
        N_("Still at work"),
        N_("The same request is being worked on."),
        N_("Ask again in two seconds."),
    ),
    Reason.EDITED_MEANWHILE: Row(
        412,
        N_("Edited meanwhile"),
        N_("Somebody saved another version since you opened it."),
        N_("Open it again and repeat your change."),
    ),
    Reason.LIMIT_BELOW_USE: Row(
        409,
        N_("Limit below its use"),
        N_("More has been given out than the new limit allows."),
        N_("Choose a limit that is not below what was given."),
        (N_("{offer_id}: the new {setting} is below what was given out."),),
    ),
    Reason.INVALID_PAYLOAD: Row(
        422,
        N_("The request is not right"),
        N_("Part of the request is missing, unknown or of the wrong type."),
        N_("“errors” says which part. The document is at /api/v1/openapi.json."),
    ),
    Reason.PAYLOAD_TOO_LARGE: Row(
        413,
        N_("Too large"),
        N_("The request is larger than 1 MB."),
        N_("Send it in smaller parts."),
    ),
    Reason.METHOD_NOT_ALLOWED: Row(
        405,
        N_("Not with this method"),
        N_("This address does not answer to that HTTP method."),
        N_("The header “Allow” names the methods it answers to."),
    ),
    Reason.NOT_SIGNED_IN: Row(
        401,
        N_("Not signed in"),
        N_("The request carries no valid cookie, device token or key."),
        N_("Open the stand's page first, or enrol the device again."),
    ),
    Reason.NOT_ALLOWED: Row(
        403,
        N_("Not allowed"),
        N_("Your role does not include this."),
        N_("Ask the owner of the campaign."),
        (N_("{shift_name} with this PIN is not known at this stand. Type both again."),),
    ),
    Reason.NOT_FOUND: Row(
        404,
        N_("Nothing stands here"),
        N_("There is nothing at this address."),
        N_("The festival page shows every stand."),
    ),
    Reason.RATE_LIMITED: Row(
        429,
        N_("Too many tries"),
        N_("Too many requests came in a short time."),
        N_("Wait half a minute, then try again."),
    ),
    Reason.TRY_AGAIN: Row(
        503,
        N_("Busy for a moment"),
        N_("The answer did not come in time; nothing is lost."),
        N_("Try the same again in two seconds. It cannot happen twice."),
    ),
}


def text(refusal: Refusal, catalogue: gettext.NullTranslations, shown: Mapping[str, str]) -> Text:
    """Return a refusal in words; `shown` are its facts as people write them."""
    row, _ = ROWS[refusal.reason], catalogue.gettext
    detail = next(filter(None, (_filled(_(says), shown) for says in row.says)), None)
    return Text(row.status, _(row.title), detail or f"{_(row.cause)} {_(row.cure)}")


def _filled(sentence: str, shown: Mapping[str, str]) -> str | None:
    """Return a sentence with its facts, or None where one of them is not known."""
    try:
        return sentence.format(**shown)
    except KeyError:
        return None

"""Printed codes: batches minted, their codes downloaded, a batch or a part of it withdrawn."""

from chalice import Response

from chalicelib.domain.batch import MOST_CODES, Batch
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import mints
from chalicelib.store.noted import Noted
from chalicelib.web import mints as minted
from chalicelib.web import revocations
from chalicelib.web.console.desk import CSV, desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import nonce, nonce_of
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.schema import MintRequest

PAGE = "/console/c/{campaign_id}/batches"


def get_batches(here: Visit) -> Response:
    """Return the batches of a campaign, the newest first, and the form for another one."""
    published, language = _published(here), desk.reader().language
    campaign = published.campaign
    return desk.show(
        "batches.html",
        here,
        campaign=campaign,
        live=published.live,
        batches=list(mints.batches(campaign.number))[::-1],
        offers=[
            (offer.offer_id, text_in(offer.title, language) or offer.offer_id)
            for offer in campaign.offers
            if not offer.closed
        ],
        stands=[(popup.popup_id, popup.city) for popup in campaign.popups],
        most=MOST_CODES,
        nonce=nonce(),
    )


def post_batch(here: Visit, form: Form) -> Response | Refusal:
    """Mint a batch, once for each form. Raises InvalidPayload, NotFound."""
    count = _between(form, "count", MOST_CODES)
    asked = MintRequest(offer_id=form.text("offer"), popup_id=form.text("popup"), count=count)
    after = {"offer": asked.offer_id, "stand": asked.popup_id, "count": str(count)}
    entry = desk.entry(here, "codes minted", "", after=after)
    request = f"console|{here.member.member_id}|{nonce_of(form)}"
    made = minted.mint(_published(here), asked, request=request, over=Noted(here.scope, entry))
    return made if isinstance(made, Refusal) else see_other(_page(made.batch))


def get_batch(here: Visit, batch: str) -> Response:
    """Return one batch: its files, and what of it was withdrawn. Raises NotFound."""
    published, found = _found(here, batch)
    ranges = [one[1:] for one in published.live.revoked_ranges if one[0] == found.number]
    return desk.show(
        "batch.html",
        here,
        campaign=published.campaign,
        batch=found,
        offer=published.campaign.offer[found.offer_id],
        popup=published.campaign.popup[found.popup_id],
        files=[
            (first, min(first + minted.LARGEST_PAGE - 1, found.count))
            for first in range(1, found.count + 1, minted.LARGEST_PAGE)
        ],
        revoked=found.number in published.live.revoked_batches,
        ranges=sorted(ranges),
        key_withdrawn=found.key_id in published.live.withdrawn_keys,
    )


def post_codes(here: Visit, form: Form, batch: str) -> Response | Refusal:
    """Return a file of codes; the trail says who took it. Raises InvalidPayload, NotFound."""
    published, found = _found(here, batch)
    if found.key_id in published.live.withdrawn_keys:
        return Refusal(Reason.KEY_WITHDRAWN)
    first = _between(form, "first", found.count)
    last = min(found.count, first + minted.LARGEST_PAGE - 1)
    name, serials = f"batch {found.number}", f"{first}-{last}"
    desk.note(here, "codes downloaded", name, after={"serials": serials})
    lines = minted.lines_of(minted.rows_of(found, range(first, last + 1)))
    file = f"{found.campaign_id}-{found.number}-{serials}.csv"
    return desk.file(minted.HEADER + "".join(lines), CSV, file)


def post_revocation(here: Visit, form: Form, batch: str) -> Response | Refusal:
    """Withdraw a batch, or a range of its serials. Raises InvalidPayload, NotFound."""
    published, found = _found(here, batch)
    serials = _serials(form, found)
    after = {"serials": "{}-{}".format(*serials or (1, found.count))}
    entry = desk.entry(here, "codes withdrawn", f"batch {found.number}", after=after)
    lists = Noted(here.scope, entry)
    done = revocations.revoke_minted(published, found.number, serials, lists)
    if isinstance(done, Refusal):
        return done
    context.catalog.forget()
    return see_other(_page(found))


def _published(here: Visit) -> Published:
    return context.catalog.campaign(here.scope.area)


def _found(here: Visit, number: str) -> tuple[Published, Batch]:
    """Return a batch of the scope's campaign. Raises NotFound."""
    published = _published(here)
    found = minted.named(published, number)
    if found is None:
        raise NotFound(f"no batch {number}")
    return published, found


def _serials(form: Form, batch: Batch) -> tuple[int, int] | None:
    """Return the range of a form, None for the whole batch. Raises InvalidPayload."""
    if form.text("what") == "batch":
        return None
    first, last = _between(form, "first", batch.count), _between(form, "last", batch.count)
    if first > last:
        raise InvalidPayload([("/last", said("is below the first one"))])
    return first, last


def _between(form: Form, name: str, most: int) -> int:
    """Return a number from 1 on. Raises InvalidPayload."""
    text = form.text(name).strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 7 else 0
    if not 1 <= number <= most:
        raise InvalidPayload([(f"/{name}", said("is a number from 1 to {most}", most=most))])
    return number


def _page(batch: Batch) -> str:
    return f"{PAGE.format(campaign_id=batch.campaign_id)}/{batch.number}"

"""Marketing mints batches of vouchers and fetches their codes, as JSON and CSV."""

from collections.abc import Iterable, Iterator
from itertools import islice

from chalice import Response

from chalicelib import signing
from chalicelib.domain import voucher as codes
from chalicelib.domain.batch import Batch
from chalicelib.domain.errors import InvalidPayload, NotFound, TryAgain
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import counters, mints
from chalicelib.usecases import minting
from chalicelib.usecases.minting import Wish
from chalicelib.web import answers, journal, session
from chalicelib.web import vouchers as shown
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import MintRequest
from chalicelib.web.security import JSON_HEADERS

api = Routes(__name__)

HEADER = "code,url,token\n"
_PAGE, LARGEST_PAGE = 1_000, 10_000  # some 3.4 MB and a second; the gateway takes 6 MB
_BATCHES = 100


@api.route("/api/v1/campaigns/{campaign_id}/mints", methods=["POST"])
def post_mint(campaign_id: str) -> Response | Refusal:
    """201 minted now, 200 where the same Idempotency-Key minted it before."""
    key = session.marketer(api, campaign_id)
    if isinstance(key, Refusal):
        return key
    body, published = api.body(MintRequest), context.catalog.campaign(campaign_id)
    asked = api.header("idempotency-key") or api.request_id()
    outcome = mint(published, body, request=f"{key.holder_id}|{asked}")
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.made:
        journal.event("minted", popup_id=body.popup_id, offer_id=body.offer_id)
    return answer(_document(published, outcome.batch), 201 if outcome.made else 200)


@api.route("/api/v1/campaigns/{campaign_id}/mints", methods=["GET"])
def get_mints(campaign_id: str) -> Response | Refusal:
    """Return the batches of a campaign, by number."""
    key = session.marketer(api, campaign_id)
    if isinstance(key, Refusal):
        return key
    published = context.catalog.campaign(campaign_id)
    limit, after = _number("limit", _BATCHES, 1, _BATCHES), _number("cursor", 0, 0, 2**16)
    found = list(islice(mints.batches(published.campaign.number, after), limit + 1))
    page = answers.Batches(
        items=[_document(published, batch) for batch in found[:limit]],
        next_cursor=str(found[limit - 1].number) if len(found) > limit else None,
    )
    return answer(page)


@api.route("/api/v1/campaigns/{campaign_id}/mints/{batch}/codes", methods=["GET"])
def get_codes(campaign_id: str, batch: str) -> Response | Refusal:
    """Return codes by serial as CSV; they are computed, the same ones each time."""
    key = session.marketer(api, campaign_id)
    if isinstance(key, Refusal):
        return key
    published = context.catalog.campaign(campaign_id)
    found = named(published, batch)
    if found is None:
        return Refusal(Reason.NOT_FOUND)
    if found.key_id in published.live.withdrawn_keys:
        return Refusal(Reason.KEY_WITHDRAWN)
    first = _number("from", 1, 1, found.count)
    after = min(found.count + 1, first + _number("limit", _PAGE, 1, LARGEST_PAGE))
    headers = JSON_HEADERS | {"Content-Type": "text/csv; charset=utf-8"}
    if after <= found.count:
        headers["Link"] = f'<{_codes_url(found)}?from={after}&limit={after - first}>; rel="next"'
    lines = lines_of(rows_of(found, range(first, after)))
    return Response(HEADER + "".join(lines), headers=headers)


def mint(
    published: Published, asked: MintRequest, *, request: str, over: minting.Mints = mints
) -> minting.Minted | Refusal:
    """Mint a batch now, signed with the newest key. `over` is where it is kept."""
    campaign, at = published.campaign, context.now()
    offer, popup = campaign.offer.get(asked.offer_id), campaign.popup.get(asked.popup_id)
    if offer is None or popup is None:
        raise NotFound("the campaign has no such offer or stand")
    key = signing.signing_key(
        context.secrets,
        campaign.number,
        issued_at=at,
        at=at.replace(second=0, microsecond=0),
        withdrawn=published.live.withdrawn_keys,
    )
    if key is None:
        raise TryAgain("no key may sign these vouchers")
    wish = Wish(
        published=published,
        popup=popup,
        offer=offer,
        count=asked.count,
        key_id=key[0].key_id,
        at=at,
        request=request,
    )
    return minting.make_batch(over, counters, wish)


def named(published: Published, number: str) -> Batch | None:
    """Return a batch of a campaign by its number, or None."""
    known = number.isascii() and number.isdecimal() and len(number) <= 5
    return context.catalog.batch(published.campaign.number, int(number)) if known else None


def rows_of(batch: Batch, serials: range) -> Iterator[tuple[str, str, str]]:
    """Yield the code to read out, the text of the QR code and the token of each serial."""
    for voucher_id, token in signing.minted(context.secrets, batch, serials):
        yield codes.code_of(voucher_id), shown.url_of(token), token


def lines_of(rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the lines of a CSV file under HEADER."""
    return (f"{code},{url},{token}\n" for code, url, token in rows)


def _document(published: Published, batch: Batch) -> answers.Batch:
    return answers.Batch(
        batch=batch.number,
        campaign_id=batch.campaign_id,
        popup_id=batch.popup_id,
        offer_id=batch.offer_id,
        count=batch.count,
        made_at=rfc3339(batch.made_at),
        revision=batch.revision,
        revoked=batch.number in published.live.revoked_batches,
        codes_url=_codes_url(batch),
    )


def _codes_url(batch: Batch) -> str:
    path = f"/api/v1/campaigns/{batch.campaign_id}/mints/{batch.number}/codes"
    return context.settings.public_url + path


def _number(name: str, otherwise: int, least: int, most: int) -> int:
    """Return a number of the query. Raises InvalidPayload where it is none, or out of range."""
    text = api.query(name)
    if text is None:
        return otherwise
    # Longer than any number that is asked for: `int` would take its time over a million digits.
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else -1
    if not least <= number <= most:
        raise InvalidPayload([(f"/{name}", f"is a number from {least} to {most}")])
    return number

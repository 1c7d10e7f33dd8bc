"""A batch's codes as cards to print: A4 sheets of ten, one HTML file that needs nothing else."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from chalicelib import qr
from chalicelib.domain.batch import Batch
from chalicelib.domain.live import Published
from chalicelib.web import benefits, languages, mints, render, voucher_state, wording
from commands.progress import Progress

A_SHEET = 10


class Card(NamedTuple):
    """What differs from card to card."""

    serial: int
    code: str
    picture: Markup


def write(path: Path, published: Published, batch: Batch, progress: Progress) -> None:
    """Write all cards in the language of their stand; the file is there when it is whole."""
    language = languages.chosen(None, published.campaign.popup[batch.popup_id].language)
    cards = progress.of(_cards(batch, language), "cards", batch.count)
    torn = path.with_name(f"{path.name}.part")
    with torn.open("w", encoding="utf-8") as file:
        shared = _shared(published, batch, language)
        parts = render.parts("print/cards.html", language, sheets=_sheets(cards), **shared)
        file.writelines(parts)
    torn.replace(path)


def _cards(batch: Batch, language: str) -> Iterator[Card]:
    label = languages.catalogue(language).gettext("QR code of this voucher")
    rows = mints.rows_of(batch, range(1, batch.count + 1))
    for serial, (code, url, _) in enumerate(rows, 1):
        yield Card(serial, code, qr.svg(url, label))


def _sheets(cards: Iterator[Card]) -> Iterator[list[Card]]:
    while sheet := list(islice(cards, A_SHEET)):
        yield sheet


def _shared(published: Published, batch: Batch, language: str) -> dict[str, Any]:
    """Return what all cards say: instants in full, since nobody knows when a card is read."""
    campaign = published.campaign
    popup, offer = campaign.popup[batch.popup_id], campaign.offer[batch.offer_id]
    starts, ends = campaign.usable_from(popup, offer), campaign.usable_until(popup, offer)
    city = wording.city_in(language)
    return {
        "batch": batch,
        "popup": popup,
        "offer": offer,
        "merchant": campaign.merchant.get(batch.merchant_id or ""),
        "benefit": benefits.face(offer.benefit, language),
        "place": voucher_state.where(popup, offer, language),
        "starts": wording.moment(starts, popup.time_zone, language, city),
        "ends": wording.moment(ends, popup.time_zone, language, city),
    }

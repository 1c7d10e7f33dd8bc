"""The list of offers that are revealed, narrowed by city, merchant's country, kind and words."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from chalicelib import cities
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Kind
from chalicelib.domain.popup import Popup
from chalicelib.domain.typed import seen
from chalicelib.web import stand_view
from chalicelib.web.festival_view import Revealed, Sealed, revealed_at, sealed_at
from chalicelib.web.kept import Kept
from chalicelib.web.languages import catalogue

LONGEST_SEARCH = 60
_STROKES = str.maketrans("ıłø", "ilo")  # they have no accent that Unicode would take off

_shown = Kept[Sequence[Revealed]](100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; an empty field asks for nothing."""

    city: str = ""
    country: str = ""
    kind: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return any((self.city, self.country, self.kind, self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """What is found, and what may be chosen. Choices name nothing that is still sealed."""

    wish: Wish
    found: Sequence[Revealed]
    sealed: Sealed | None
    popup: Popup | None
    cities: Sequence[tuple[str, str]]
    countries: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]


def deals(published: Published, asked: Wish, at: datetime, language: str) -> Deals:
    """Return the offers that fit; a wish for what does not exist counts as none."""
    campaign = published.campaign
    second = at.replace(microsecond=0)
    shown = _shown.of(
        published,
        (campaign.campaign_id, second),
        lambda: [it for offer in campaign.offers if (it := revealed_at(published, offer, second))],
    )
    countries = _countries(shown, language)
    wish = replace(
        asked,
        city=asked.city if asked.city in campaign.popup else "",
        country=asked.country if asked.country in dict(countries) else "",
        kind=asked.kind if asked.kind in set(Kind) else "",
    )
    popup = campaign.popup.get(wish.city)
    return Deals(
        wish=wish,
        found=[each for each in shown if _fits(each, wish, popup, language)],
        sealed=sealed_at(published, [popup] if popup else campaign.popups, at, language),
        popup=popup,
        cities=_cities(campaign.popups, language),
        countries=countries,
        kinds=_kinds(language),
    )


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a text as it is compared: accents, strokes, case and Turkish i make no difference."""
    plain = unicodedata.normalize("NFKD", seen(text.casefold()))
    return "".join(one for one in plain if not unicodedata.combining(one)).translate(_STROKES)


def _fits(found: Revealed, wish: Wish, popup: Popup | None, language: str) -> bool:
    offer, merchant = found.offer, found.merchant
    if popup is not None and popup not in found.popups:
        return False
    if wish.kind and offer.benefit.kind != wish.kind:
        return False
    if wish.country and (merchant is None or merchant.country != wish.country):
        return False
    said = [text_in(texts, language) for texts in (offer.title, offer.terms)]
    if merchant is not None:
        said += [merchant.name, merchant.city, cities.name_in(merchant.city, language)]
    text = folded(" ".join(said))
    return all(word in text for word in folded(wish.words).split())


def _cities(popups: Sequence[Popup], language: str) -> list[tuple[str, str]]:
    named = [(popup.popup_id, cities.name_in(popup.city, language)) for popup in popups]
    return sorted(named, key=lambda pair: folded(pair[1]))


def _countries(shown: Sequence[Revealed], language: str) -> list[tuple[str, str]]:
    codes = {found.merchant.country for found in shown if found.merchant}
    named = [(code, stand_view.country(code, language)) for code in codes]
    return sorted(named, key=lambda pair: pair[1])


def _kinds(language: str) -> list[tuple[str, str]]:
    _ = catalogue(language).gettext
    return [
        (Kind.PERCENTAGE, _("Percentage off")),
        (Kind.AMOUNT, _("Amount off")),
        (Kind.GIFT, _("Gift")),
        (Kind.DELIVERY, _("Delivery")),
    ]

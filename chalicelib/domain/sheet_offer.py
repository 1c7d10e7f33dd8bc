"""An offer as one line of its file, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from chalicelib.domain.merchant import Texts
from chalicelib.domain.offer import EVERYWHERE, Benefit, Channel, Kind, Offer, Reach, Scope, Stock
from chalicelib.domain.sentence import said
from chalicelib.domain.sheet import Row

_MOST_SOUGHT: Final = 100
_EXAMPLE: Final = "istanbul or TR"

# Which column stands behind each value below an offer's pointer.
COLUMNS: Final[Mapping[str, str]] = {
    "offer_id": "id",
    "number": "number",
    "merchant_id": "merchant",
    "popup_ids": "stands",
    "benefit": "kind",
    **{
        f"benefit/{name}": name
        for name in ("percentage", "amount_minor", "cap_minor", "minimum_minor", "currency")
    },
    "stock": "stock_units",
    **{f"stock/{name}": f"stock_{name}" for name in ("units", "per", "shards")},
    "stock/peak_per_second": "peak",
    **{
        name: name
        for name in (
            *("usable_at", "channels", "visitor_limit", "visitor_scope", "day_limit"),
            *("budget_minor", "group", "hold_minutes", "claimable_from", "usable_from"),
            *("usable_until", "closed", "offline", "giftable"),
        )
    },
    "presence_required": "presence",
}


@dataclass(frozen=True)
class Stands:
    """The pop-ups of a campaign, by id and by country, in their order."""

    file: str
    countries: Mapping[str, str]  # id -> country

    @cached_property
    def _nearest(self) -> dict[str, str]:
        """What was found to be nearest, by the word that is none."""
        return {}

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset({*self.countries, *self.countries.values()})

    def named(self, row: Row) -> tuple[str, ...]:
        """Return the pop-ups of `*`, or those that a cell names by id or by country."""
        words = row.text("stands").split()
        if words == [EVERYWHERE]:
            return (EVERYWHERE,)
        for word in words:
            if word not in self.names:
                self._unknown(row, word)
        if self.countries.keys() >= set(words):
            return tuple(words)
        return tuple(dict.fromkeys(one for word in dict.fromkeys(words) for one in self._of(word)))

    def _of(self, word: str) -> list[str]:
        if word in self.countries:
            return [word]
        return [popup_id for popup_id, country in self.countries.items() if country == word]

    def _unknown(self, row: Row, word: str) -> None:
        message = said(
            "'{given}' is no id and no country of {file}; write for example {near}, or * for all",
            given=word,
            file=self.file,
            near=self._near(word),
        )
        row.fail("stands", message)

    def _near(self, word: str) -> str:
        """Return what is nearest to a word: sought for so many words alone, since it takes long."""
        known = self._nearest
        if word not in known and len(known) < _MOST_SOUGHT:
            known[word] = next(iter(get_close_matches(word, sorted(self.names), n=1)), _EXAMPLE)
        return known.get(word, _EXAMPLE)


def read(row: Row, stands: Stands, title: Texts, terms: Texts) -> Offer:
    """Return the offer of a line; a cell that cannot be read is a fault of its sheet."""
    return Offer(
        offer_id=row.text("id"),
        number=row.whole("number"),
        title=title,
        terms=terms,
        benefit=_benefit(row),
        popup_ids=stands.named(row),
        merchant_id=row.text("merchant") or None,
        usable_at=row.choice("usable_at", Reach),
        channels=row.choices("channels", Channel),
        claimable_from=row.text("claimable_from") or None,
        usable_from=row.text("usable_from") or None,
        usable_until=row.text("usable_until") or None,
        visitor_limit=row.whole("visitor_limit"),
        visitor_scope=row.choice("visitor_scope", Scope),
        stock=_stock(row),
        day_limit=row.whole_or_none("day_limit"),
        budget_minor=row.whole_or_none("budget_minor"),
        presence_required=row.flag("presence"),
        offline=row.flag_or_none("offline"),
        group=row.text("group") or None,
        hold_minutes=row.whole_or_none("hold_minutes"),
        giftable=row.flag("giftable"),
        closed=row.flag("closed"),
        sample=row.flag("sample"),
    )


def _benefit(row: Row) -> Benefit:
    return Benefit(
        kind=row.choice("kind", Kind),
        percentage=row.whole_or_none("percentage"),
        amount_minor=row.whole_or_none("amount_minor"),
        cap_minor=row.whole_or_none("cap_minor"),
        minimum_minor=row.whole_or_none("minimum_minor"),
        currency=row.text("currency") or None,
    )


def _stock(row: Row) -> Stock | None:
    """Four empty cells mean no stock at all; units alone are one heap at each stand."""
    if not any(row.text(name) for name in ("stock_units", "stock_per", "stock_shards", "peak")):
        return None
    return Stock(
        units=row.whole("stock_units"),
        per=row.choice("stock_per", Scope) if row.text("stock_per") else Scope.POPUP,
        shards=row.whole("stock_shards") if row.text("stock_shards") else 1,
        peak_per_second=row.whole_or_none("peak"),
    )

"""What a merchant would like to change of its own part of a draft, beside the draft itself.

A proposal is a set of cells of the campaign's files, each with what stood there when it was typed.
What a merchant may not touch is no cell of it: that is asked when it is typed and again when it is
put into a draft, which may have moved on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from chalicelib.domain import editing, fault
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.editing import NEW, Edit, Lines
from chalicelib.domain.fault import Fault
from chalicelib.domain.member import Scope
from chalicelib.domain.sentence import said
from chalicelib.domain.view import of as view_of

LIMITS: Final = ("visitor_limit", "stock_units", "day_limit", "budget_minor")
BENEFIT: Final = (
    *("kind", "percentage", "amount_minor", "cap_minor", "minimum_minor", "currency"),
)
OF_NEW: Final = ("id", "stands", *BENEFIT, *LIMITS)
SHEETS: Final = ("offers", "texts")
MOST_CHARACTERS: Final = 60_000  # of all cells: an item of the table has 400 KB
_NEW: Final = f"{NEW}."
_USUAL: Final[Mapping[str, str]] = {
    "kind": "gift",
    "usable_at": "stand",
    "channels": "stand",
    "visitor_limit": "1",
    "visitor_scope": "popup",
    "presence": "no",
    "giftable": "yes",
    "closed": "no",
}


class State(StrEnum):
    """Where a proposal is. Only one that is handed in waits for marketing."""

    WRITING = "writing"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A value to change. `base` is what stood there when it was typed."""

    sheet: str
    key: str
    column: str
    base: str
    mine: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.sheet, self.key, self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One a merchant and campaign. `version` rises with each write; 0: nobody wrote one yet.

    `comment` is marketing's, from the last return; `email` is who wrote last.
    """

    campaign_id: str
    merchant_id: str
    version: int = 0
    state: State = State.WRITING
    cells: tuple[Cell, ...] = ()
    comment: str = ""
    email: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the merchant may write on it."""
        return self.state is not State.HANDED_IN


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft with a proposal: the campaign as it would be, or what cannot be read where."""

    campaign: Campaign | None
    wrong: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Desk:
    """A merchant's part of a draft. `live` is what is published of the campaign, if anything."""

    draft: Campaign
    live: Campaign | None
    merchant_id: str

    def lines(self, proposal: Proposal, sheet: str) -> Lines:
        """Return the lines of its own, as they would be."""
        columns = editing.columns_of(self.draft, sheet)
        found = {key: dict(row) for key, row in self._own(sheet).items()}
        standing = self.standing(proposal)
        for offer_id in _new_ids(standing):
            for key, cells in self._blank(sheet, offer_id).items():
                found[key] = dict.fromkeys(columns, "") | cells
        for cell in standing:
            if cell.sheet == sheet:
                found[cell.key][cell.column] = cell.mine
        return found

    def columns(self, sheet: str, key: str) -> tuple[str, ...]:
        """Return what of a line it may change: a published offer keeps its benefit."""
        if sheet == "texts":
            return self._languages
        if key.startswith(NEW):
            return OF_NEW
        published = self.live is not None and key in self.live.offer
        return LIMITS if published else (*BENEFIT, *LIMITS)

    def standing(self, proposal: Proposal) -> tuple[Cell, ...]:
        """Return the cells that may be put into the draft as it is now."""
        ids = {
            offer_id for offer_id in _new_ids(proposal.cells) if offer_id not in self.draft.offer
        }
        known = {sheet: set(self._own(sheet)) for sheet in SHEETS}
        for offer_id in ids:
            for sheet in SHEETS:
                known[sheet] |= set(self._blank(sheet, offer_id))
        return tuple(
            cell
            for cell in proposal.cells
            if cell.key in known.get(cell.sheet, ())
            and cell.column in self.columns(cell.sheet, cell.key)
        )

    def typed(self, proposal: Proposal, edit: Edit) -> Proposal:
        """Return the proposal with what a form says; what is not the merchant's is left out."""
        cells = {cell.place: cell for cell in self.standing(proposal)}
        shown = self.lines(proposal, edit.sheet) if edit.sheet in SHEETS else {}
        own = self._own(edit.sheet) if edit.sheet in SHEETS else {}
        for key, row in edit.cells.items():
            if key in shown:
                self._type(cells, edit.sheet, key, row, own.get(key, {}))
        for key in edit.gone:
            if key.startswith(_NEW):
                cells = {p: c for p, c in cells.items() if not _is_of(c, key.removeprefix(_NEW))}
        if edit.sheet == "offers" and NEW in edit.cells:
            self._add(cells, edit.cells[NEW])
        return replace(proposal, cells=tuple(sorted(cells.values())))

    def faults(self, edit: Edit) -> dict[tuple[str, str], str]:
        """Return what is wrong with the id and the stands of a new offer, by key and column."""
        row = edit.cells.get(NEW, {}) if edit.sheet == "offers" else {}
        if not any(row.get(column, "").strip() for column in OF_NEW if column != "kind"):
            return {}
        offer_id = row.get("id", "").strip()
        for found in fault.slug("", offer_id):
            return {(NEW, "id"): found.message}
        if offer_id in self.draft.offer:
            told = said("{given} is an offer already; choose another id", given=offer_id)
            return {(NEW, "id"): told}
        return self.strange(NEW, row.get("stands", ""))

    def strange(self, key: str, stands: str) -> dict[tuple[str, str], str]:
        """Return what is wrong with the stands of a new offer: they are to be the merchant's."""
        mine = self.stands
        if stands.split() and set(stands.split()) <= set(mine):
            return {}
        if not mine:
            told = said("no stand has an offer of yours yet; ask the marketing team for one")
        else:
            told = said("name stands of yours: {stands}", stands=" ".join(mine))
        return {(key, "stands"): told}

    @property
    def stands(self) -> tuple[str, ...]:
        """The stands at which its offers may be used."""
        mine = frozenset({self.merchant_id})
        scope = Scope(area=self.draft.campaign_id, member_id="", email="", merchant_ids=mine)
        return tuple(popup.popup_id for popup in view_of(self.draft, scope).popups)

    def planned(self, proposal: Proposal) -> Plan:
        """Return the draft with the proposal in it."""
        standing = self.standing(proposal)
        offers = Edit("offers", self._offers(standing))
        wrong = {
            at: told
            for key, row in offers.cells.items()
            if key.startswith(_NEW)
            for at, told in self.strange(key, row.get("stands", "")).items()
        }
        texts = Edit("texts", _rows(standing, "texts"))
        whole = self.draft
        for edit in (one for one in (offers, texts) if one.cells):
            report = editing.applied(whole, edit)
            if report.campaign is None or wrong:
                keys = list(editing.lines_after(whole, edit))
                return Plan(None, editing.faults_by_cell(report.stops, keys, edit.sheet) | wrong)
            whole = report.campaign
        return Plan(whole, {})

    def clashes(self, proposal: Proposal) -> tuple[Cell, ...]:
        """Return the cells that somebody changed in the draft since, otherwise than asked for."""
        return tuple(
            cell
            for cell in self.standing(proposal)
            if _sent(self.now(cell)) not in {_sent(cell.base), _sent(cell.mine)}
        )

    def now(self, cell: Cell) -> str:
        """Return what stands in the draft where a cell would go."""
        return self._own(cell.sheet).get(cell.key, {}).get(cell.column, "")

    def concerning(self, whole: Campaign, faults: Sequence[Fault]) -> tuple[Fault, ...]:
        """Return the faults of a campaign that are about the merchant's own lines."""
        owners: dict[str, list[str | None]] = {
            "offers": [offer.merchant_id for offer in whole.offers],
            "merchants": [one.merchant_id for one in whole.merchants],
        }
        mine = {
            fault.at(part, index)
            for part, merchant_ids in owners.items()
            for index, merchant_id in enumerate(merchant_ids)
            if merchant_id == self.merchant_id
        }
        return tuple(found for found in faults if "/".join(found.pointer.split("/")[:3]) in mine)

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """The columns of a text that say it, one a language."""
        return editing.columns_of(self.draft, "texts")[2:]

    @cached_property
    def _known(self) -> dict[str, Lines]:
        """Its lines of the draft, by file, for each cell that asks for them."""
        return {sheet: self._found(sheet) for sheet in SHEETS}

    def _own(self, sheet: str) -> Lines:
        """Return its lines of the draft. An id that stands there twice is nobody's."""
        return self._known[sheet]

    def _found(self, sheet: str) -> Lines:
        ids = Counter(offer.offer_id for offer in self.draft.offers)
        mine = [o.offer_id for o in self.draft.offers if o.merchant_id == self.merchant_id]
        keys = [offer_id for offer_id in mine if ids[offer_id] == 1]
        if sheet == "texts":
            known = Counter(one.merchant_id for one in self.draft.merchants)
            story = [f"{self.merchant_id}.story"] if known[self.merchant_id] == 1 else []
            keys = [*story, *(f"{one}.{name}" for one in keys for name in ("title", "terms"))]
        found = editing.lines(self.draft, sheet)
        return {key: found[key] for key in keys}

    def _blank(self, sheet: str, offer_id: str) -> Lines:
        """Return the lines of an offer that is not there yet."""
        if sheet == "offers":
            return {f"{_NEW}{offer_id}": {**_USUAL, "id": offer_id}}
        return {
            f"{offer_id}.{name}": {"of": offer_id, "field": name} for name in ("title", "terms")
        }

    def _type(
        self,
        cells: dict[tuple[str, str, str], Cell],
        sheet: str,
        key: str,
        row: Mapping[str, str],
        now: Mapping[str, str],
    ) -> None:
        for column in self.columns(sheet, key):
            if column not in row or (key.startswith(_NEW) and column == "id"):
                continue
            place, mine = (sheet, key, column), row[column]
            base = now.get(column, _USUAL.get(column, "") if sheet == "offers" else "")
            if place in cells and mine == _sent(cells[place].mine):
                continue
            cells.pop(place, None)
            if mine != _sent(base):
                cells[place] = Cell(*place, base, mine)

    def _add(self, cells: dict[tuple[str, str, str], Cell], row: Mapping[str, str]) -> None:
        """Add a new offer under the id that was typed, where it may have it."""
        edit = Edit("offers", {NEW: row})
        offer_id = row.get("id", "").strip()
        if not offer_id or self.faults(edit) or offer_id in _new_ids(tuple(cells.values())):
            return
        key = f"{_NEW}{offer_id}"
        cells["offers", key, "id"] = Cell("offers", key, "id", "", offer_id)
        self._type(cells, "offers", key, row, {})

    def _offers(self, standing: Sequence[Cell]) -> dict[str, dict[str, str]]:
        """Return the lines of offers to put in, new ones with what is not asked of a merchant."""
        rows, now = _rows(standing, "offers"), self._own("offers")
        merchant = self.draft.merchant.get(self.merchant_id)
        sample = "yes" if merchant is not None and merchant.sample else "no"
        numbered = (*self.draft.offers, *(self.live.offers if self.live else ()))
        number = max((offer.number for offer in numbered), default=0)
        for key, row in rows.items():
            if key.startswith(_NEW):
                number += 1
                fixed = {"merchant": self.merchant_id, "number": str(number), "sample": sample}
                rows[key] = {**_USUAL, **row, **fixed}
            rows[key] |= _stock(now.get(key, {}), rows[key])
        return rows


def _rows(cells: Sequence[Cell], sheet: str) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.sheet == sheet:
            rows.setdefault(cell.key, {})[cell.column] = cell.mine
    return rows


def _stock(now: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str]:
    """Return the cells that a stock needs beside its units, or those that go with it."""
    if "stock_units" not in row:
        return {}
    if not row["stock_units"].strip():
        return dict.fromkeys(("stock_per", "stock_shards", "peak"), "")
    return {} if now.get("stock_units") else {"stock_per": "popup", "stock_shards": "1"}


def _new_ids(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the ids of the offers that a proposal adds."""
    return tuple(cell.mine for cell in cells if cell.key.startswith(_NEW) and cell.column == "id")


def _is_of(cell: Cell, offer_id: str) -> bool:
    """Tell whether a cell is about an offer that is not there yet."""
    return cell.key in {f"{_NEW}{offer_id}", f"{offer_id}.title", f"{offer_id}.terms"}


def _sent(cell: str) -> str:
    """Return a cell as a form sends it back: the ends of its lines are one character."""
    return cell.replace("\r\n", "\n")

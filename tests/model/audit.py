"""What the tables hold against what the book says: limits, vouchers, figures."""

from collections import Counter
from dataclasses import replace

from house import House, Json
from model.book import Book
from model.facts import CAMPAIGN, OFFERS, STANDS
from model.paper import Limit, Name, Paper
from model.product import Product

from chalicelib.domain.counter import UNLIMITED, CounterKind
from chalicelib.domain.counter import Counter as Item
from chalicelib.store import insights, keys

_OFFERS = {kind.offer.number: offer for offer, kind in OFFERS.items()}
_PLACES = {popup.number: stand for stand, popup in STANDS.items()} | {0: "*"}


def limits_agree(book: Book, rows: list[Json]) -> None:
    """Counters are their caps less what stands; nothing is oversold."""
    held: dict[Limit, list[Item]] = {}
    for row in rows:
        if row["pk"]["S"].startswith("C#"):
            item = Item(*(int(row[name]["N"]) for name in ("cap", "left", "epoch")))
            item = replace(item, adj=int(row.get("adj", {"N": "0"})["N"]))
            held.setdefault(_limit(row), []).append(item)
    moved = {limit: sum(item.adj for item in items) for limit, items in held.items()}
    assert {k: n for k, n in moved.items() if n} == {k: n for k, n in book.moved.items() if n}
    used = {limit: sum(item.used for item in items) for limit, items in held.items()}
    assert {limit: n for limit, n in used.items() if n} == {
        limit: n for limit, n in book.taken.items() if n
    }
    for limit, items in held.items():
        assert min(item.left for item in items) >= 0, limit
        if limit[0] != "day":
            assert sum(item.cap for item in items) == _cap(book, limit), limit


def _limit(row: Json) -> Limit:
    part = row["sk"]["S"]
    parts = row["pk"]["S"].removeprefix("C#").split(".")
    kind, offer, place = parts[0], _OFFERS[int(parts[2])], _PLACES[int(parts[3])]
    match kind:
        case CounterKind.DAY:
            return kind, offer, place, part
        case CounterKind.BUDGET:
            return kind, offer
    return kind, offer, place


def _cap(book: Book, limit: Limit) -> int:
    terms = book.terms[limit[1]]
    cap = terms.stock if limit[0] == "stock" else terms.budget
    return UNLIMITED if cap is None else cap


def vouchers_agree(book: Book, product: Product, rows: list[Json]) -> None:
    """Each voucher stands where the book says, and its uses and past uses are all there."""
    by_key = {(row["pk"]["S"], row["sk"]["S"]): row for row in rows}
    wanted = {key for name, paper in book.papers.items() for key in _keys(product, name, paper)}
    assert {key for key in by_key if key[0].startswith("V#")} == wanted
    for name, paper in book.papers.items():
        if not paper.writes:
            continue
        row = by_key[keys.voucher(product.voucher_id(name))]
        assert row["st"]["S"] == paper.state
        assert int(row.get("uses", {"N": "0"})["N"]) == len(paper.uses)
        assert ("cur" in row) is (paper.standing is not None)
        assert int(row["ver"]["N"]) == paper.writes


def _keys(product: Product, name: Name, paper: Paper) -> list[keys.Key]:
    if not paper.writes:
        return []
    voucher_id = product.voucher_id(name)
    past = [number for number, use in enumerate(paper.uses, 1) if use.back is not None]
    return [keys.voucher(voucher_id), *(keys.past_use(voucher_id, number) for number in past)]


def figures_agree(book: Book, house: House) -> None:
    """Figures of the stream are the counts of the book."""
    house.project()
    total = Counter[tuple[str, str]]()
    for paper in book.papers.values():
        for row in ("TOTAL", f"POPUP#{paper.stand}", f"OFFER#{paper.offer}"):
            total[row, "claimed"] += not paper.passed_on and not paper.minted
            total[row, "reversed"] += paper.returns
        use = paper.in_use
        if use is not None:
            for row in ("TOTAL", f"POPUP#{use.stand}", f"OFFER#{paper.offer}"):
                total[row, "redeemed"] += 1
                total[row, "discount_TRY"] += use.discount
    found = insights.figures(CAMPAIGN)
    assert {(row, name): n for row, names in found.items() for name, n in names.items() if n} == {
        key: n for key, n in total.items() if n
    }

"""A merchant's proposal touches its own part of a draft, whatever its form says."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import FIVE_OFF, campaign, offer

from chalicelib.domain import difference, editing, proposal
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.editing import NEW, Edit
from chalicelib.domain.fault import Fault
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Kind, Offer, Scope, Stock
from chalicelib.domain.proposal import Cell, Desk, Proposal

TEA = Merchant(
    merchant_id="tea", name="Tea", country="TR", city="Ankara", language="tr",
    story={"en": "Tea\r\nhere"}, sample=True,
)  # fmt: skip
HONEY = replace(TEA, merchant_id="honey", name="Honey", story={"en": "Honey"}, sample=False)
OURS = offer("tea-gift", 1, merchant_id="tea", popup_ids=("ankara",), stock=Stock(units=9))
DRAFTED = offer("tea-off", 2, merchant_id="tea", popup_ids=("ankara",), benefit=FIVE_OFF)
THEIRS = offer("honey-gift", 3, merchant_id="honey")
NOBODYS = offer("lantern", 7)
LIVE = campaign(OURS, THEIRS, NOBODYS, merchants=(TEA, HONEY), languages=("en", "tr"))
DRAFT = replace(LIVE, offers=(OURS, DRAFTED, THEIRS, NOBODYS))
DESK = Desk(DRAFT, LIVE, "tea")
EMPTY = Proposal(campaign_id="festival", merchant_id="tea")
NEW_ONE = {"id": "tea-cup", "stands": "ankara", "kind": "gift", "visitor_limit": "2"}


def typed(sheet: str, cells: dict[str, dict[str, str]], before: Proposal = EMPTY) -> Proposal:
    return DESK.typed(before, Edit(sheet, cells))


def planned(given: Proposal, desk: Desk = DESK) -> Campaign:
    plan = desk.planned(given)
    assert plan.campaign is not None, plan.wrong
    return plan.campaign


def test_a_form_that_is_saved_unchanged_proposes_nothing() -> None:
    for sheet in proposal.SHEETS:
        lines = DESK.lines(EMPTY, sheet)
        sent = {
            key: {c: cell.replace("\r\n", "\n") for c, cell in row.items()}
            for key, row in lines.items()
        }
        assert typed(sheet, sent).cells == ()
    assert planned(EMPTY) == DRAFT


def test_it_sees_its_own_lines_alone() -> None:
    assert set(DESK.lines(EMPTY, "offers")) == {"tea-gift", "tea-off"}
    assert "tea.story" in DESK.lines(EMPTY, "texts")
    assert not [key for key in DESK.lines(EMPTY, "texts") if "honey" in key or "lantern" in key]
    assert DESK.stands == ("ankara",)


def test_limits_and_texts_of_its_offers_change() -> None:
    given = typed("offers", {"tea-gift": {"visitor_limit": "3", "stock_units": "12"}})
    given = typed("texts", {"tea-gift.title": {"tr": "Çay"}, "tea.story": {"en": "New"}}, given)
    whole = planned(given)
    ours = whole.offer["tea-gift"]
    assert (ours.visitor_limit, ours.stock) == (3, Stock(units=12))
    assert ours.title == {"en": "A text", "tr": "Çay"}
    assert whole.merchant["tea"].story == {"en": "New"}
    assert len(difference.between(DRAFT, whole)) == 4


def test_a_published_offer_keeps_its_benefit_and_a_drafted_one_does_not() -> None:
    wish = {"kind": "gift", "amount_minor": "", "currency": ""}
    assert typed("offers", {"tea-gift": {**wish, "percentage": "90"}}).cells == ()
    assert planned(typed("offers", {"tea-off": wish})).offer["tea-off"].benefit.kind is Kind.GIFT
    later = replace(LIVE, offers=(*LIVE.offers, DRAFTED))
    given = typed("offers", {"tea-off": wish})
    assert planned(given, Desk(DRAFT, later, "tea")) == DRAFT


def test_a_stock_comes_and_goes_with_what_belongs_to_it() -> None:
    assert (
        planned(typed("offers", {"tea-gift": {"stock_units": ""}})).offer["tea-gift"].stock is None
    )
    made = planned(typed("offers", {"tea-off": {"stock_units": "5"}})).offer["tea-off"].stock
    assert made == Stock(units=5, per=Scope.POPUP)


def test_a_new_offer_gets_a_number_and_is_the_merchants_own() -> None:
    wish = {**NEW_ONE, "merchant": "honey", "number": "1", "closed": "yes", "channels": "online"}
    given = typed("offers", {NEW: wish})
    given = typed("texts", {"tea-cup.title": {"en": "A cup"}, "tea-cup.terms": {"en": "-"}}, given)
    made = planned(given).offer["tea-cup"]
    assert (made.number, made.merchant_id, made.popup_ids) == (8, "tea", ("ankara",))
    assert (made.visitor_limit, made.sample, made.closed) == (2, True, False)
    assert made.title == {"en": "A cup"}
    assert [str(one) for one in made.channels] == ["stand"]
    second = typed("offers", {NEW: {**NEW_ONE, "id": "tea-pot"}}, given)
    numbers = {one.offer_id: one.number for one in planned(second).offers}
    assert (numbers["tea-cup"], numbers["tea-pot"]) == (8, 9)
    again = typed("offers", {NEW: NEW_ONE}, given)
    assert again == given
    more = typed("offers", {"new.tea-cup": {"visitor_limit": "4", "id": "other"}}, given)
    assert planned(more).offer["tea-cup"].visitor_limit == 4
    gone = DESK.typed(second, Edit("offers", {}, frozenset({"new.tea-cup", "tea-gift"})))
    assert [one.offer_id for one in planned(gone).offers][-1] == "tea-pot"
    assert not [cell for cell in gone.cells if "tea-cup" in cell.key]
    assert "tea-gift" in planned(gone).offer
    first = Desk(replace(DRAFT, offers=()), None, "tea").planned(given).campaign
    assert first is None


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ({"id": "No Slug"}, "id", "is no id"),
        ({"id": "honey-gift"}, "id", "is an offer already"),
        ({"stands": "istanbul"}, "stands", "name stands of yours: ankara"),
        ({"stands": "*"}, "stands", "name stands of yours: ankara"),
        ({"stands": ""}, "stands", "name stands of yours: ankara"),
    ],
)
def test_what_a_new_offer_may_not_have_is_told(row: Any, column: str, told: str) -> None:
    edit = Edit("offers", {NEW: {**NEW_ONE, **row}})
    assert told in DESK.faults(edit)[NEW, column]
    assert DESK.typed(EMPTY, edit).cells == ()


def test_an_empty_line_is_no_new_offer() -> None:
    assert DESK.faults(Edit("offers", {NEW: {"id": "", "kind": "gift"}})) == {}
    assert DESK.faults(Edit("texts", {NEW: {"id": "x"}})) == {}
    assert typed("offers", {NEW: {"id": "", "kind": "gift"}}).cells == ()


def test_a_merchant_without_a_stand_is_told_whom_to_ask() -> None:
    alone = Desk(replace(DRAFT, offers=(THEIRS,)), None, "tea")
    told = alone.faults(Edit("offers", {NEW: NEW_ONE}))
    assert "ask the marketing team" in told[NEW, "stands"]


def test_stands_that_were_taken_away_keep_a_new_offer_out() -> None:
    given = typed("offers", {NEW: NEW_ONE})
    moved = replace(DRAFT, offers=(replace(OURS, popup_ids=("istanbul",)), THEIRS, NOBODYS))
    plan = Desk(moved, LIVE, "tea").planned(given)
    assert plan.campaign is None
    assert ("new.tea-cup", "stands") in plan.wrong


def test_a_cell_that_cannot_be_read_is_told_at_its_place() -> None:
    plan = DESK.planned(typed("offers", {"tea-gift": {"visitor_limit": "two"}}))
    assert plan.campaign is None
    assert "is no whole number" in plan.wrong["tea-gift", "visitor_limit"]


def test_what_others_changed_since_is_a_clash_and_what_agrees_is_none() -> None:
    given = typed("offers", {"tea-gift": {"visitor_limit": "3", "day_limit": "5"}})
    moved = replace(DRAFT, offers=(replace(OURS, visitor_limit=2, day_limit=5), *DRAFT.offers[1:]))
    desk = Desk(moved, LIVE, "tea")
    [clash] = desk.clashes(given)
    assert (clash.column, clash.base, desk.now(clash), clash.mine) == (
        "visitor_limit",
        "1",
        "2",
        "3",
    )
    assert DESK.clashes(given) == ()


def test_a_value_that_was_kept_before_keeps_what_it_was_typed_over() -> None:
    given = typed("offers", {"tea-gift": {"visitor_limit": "3"}})
    moved = replace(DRAFT, offers=(replace(OURS, visitor_limit=2), *DRAFT.offers[1:]))
    desk = Desk(moved, LIVE, "tea")
    same = desk.typed(given, Edit("offers", {"tea-gift": {"visitor_limit": "3"}}))
    assert same.cells == given.cells
    other = desk.typed(given, Edit("offers", {"tea-gift": {"visitor_limit": "4"}}))
    assert other.cells == (Cell("offers", "tea-gift", "visitor_limit", "2", "4"),)
    back = desk.typed(given, Edit("offers", {"tea-gift": {"visitor_limit": "2"}}))
    assert back.cells == ()


def test_an_offer_that_became_anothers_is_out_of_reach() -> None:
    given = typed("offers", {"tea-gift": {"visitor_limit": "3"}})
    given = typed("offers", {NEW: NEW_ONE}, given)
    moved = (replace(OURS, merchant_id="honey"), offer("tea-cup", 9, merchant_id="honey"), DRAFTED)
    desk = Desk(replace(DRAFT, offers=moved), LIVE, "tea")
    assert desk.standing(given) == ()
    twice = Desk(replace(DRAFT, offers=(OURS, replace(THEIRS, offer_id="tea-gift"))), LIVE, "tea")
    assert twice.standing(given)[0].key == "new.tea-cup"
    merchants = Desk(replace(DRAFT, merchants=(TEA, TEA)), None, "tea")
    assert "tea.story" not in merchants.lines(EMPTY, "texts")
    assert Desk(replace(DRAFT, merchants=()), None, "tea").planned(given).campaign is not None


def test_the_checks_of_its_own_lines_are_its_own() -> None:
    faults = [
        Fault("/offers/0/stock/units", "ours"),
        Fault("/offers/2/visitor_limit", "theirs"),
        Fault("/merchants/0/story", "ours too"),
        Fault("/merchants/1", "theirs too"),
        Fault("/calendar", "nobody's"),
    ]
    assert [f.message for f in DESK.concerning(DRAFT, faults)] == ["ours", "ours too"]


KEYS = st.sampled_from(
    [
        *("tea-gift", "tea-off", "honey-gift", "lantern", "new", "new.tea-cup", "new.honey-gift"),
        *("tea.story", "honey.story", "tea-gift.title", "honey-gift.title", "lantern.terms"),
        *("festival.name", "tea-cup.title", "campaign", "istanbul", "ankara", "new.", "tea-gift.2"),
    ]
)
COLUMNS = st.sampled_from(
    [
        *(*proposal.OF_NEW, "number", "merchant", "usable_at", "channels", "visitor_scope"),
        *("stock_per", "stock_shards", "peak", "presence", "offline", "group", "giftable"),
        *("claimable_from", "usable_from", "usable_until", "closed", "sample", "of", "field"),
        *("en", "tr", "de", "timezone", "city", "road_km", "left", "epoch"),
    ]
)
VALUES = st.sampled_from(
    ["", "1", "2", "77", "yes", "no", "gift", "amount", "TRY", "ankara", "istanbul", "*", "tea-cup",
     "honey-gift", "honey", "tea", "popup", "campaign", "stand online", "A text", "x\r\ny"]
)  # fmt: skip
EDITS = st.builds(
    Edit,
    st.sampled_from(
        ["offers", "texts", "campaign", "popups", "hours", "merchants", "delivery", "baselines"]
    ),
    st.dictionaries(KEYS, st.dictionaries(COLUMNS, VALUES, max_size=6), max_size=5),
    st.frozensets(KEYS, max_size=3),
)
FREE = ("visitor_limit", "stock", "day_limit", "budget_minor", "title", "terms")


def foreign(whole: Campaign) -> Any:
    """Return everything of a campaign that is not tea's to change."""
    offers = [one for one in whole.offers if one.merchant_id != "tea"]
    merchants = [one for one in whole.merchants if one.merchant_id != "tea"]
    return replace(whole, offers=tuple(offers), merchants=tuple(merchants))


def bare(one: Offer) -> Any:
    """Return what of its own offer a merchant may not change, once it is published."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__ if name not in FREE}


@given(st.lists(EDITS, max_size=5), st.lists(EDITS, max_size=2))
def test_no_merchant_changes_anything_outside_its_own(
    edits: list[Edit], others: list[Edit]
) -> None:
    given = EMPTY
    for edit in edits:
        given = DESK.typed(given, edit)
    draft = DRAFT
    for edit in others:  # marketing goes on
        draft = editing.applied(draft, edit).campaign or draft
    desk = Desk(draft, LIVE, "tea")
    whole = desk.planned(given).campaign
    if whole is None:
        return
    assert foreign(whole) == foreign(draft)
    assert [m.merchant_id for m in whole.merchants] == [m.merchant_id for m in draft.merchants]
    mine = [one for one in whole.offers if one.merchant_id == "tea"]
    before = {one.offer_id: one for one in draft.offers if one.merchant_id == "tea"}
    assert {one.offer_id for one in mine} >= set(before)
    for one in mine:
        if one.offer_id not in before:
            assert set(one.popup_ids) <= set(desk.stands)
            assert one.number > max(other.number for other in (*draft.offers, *LIVE.offers))
        elif one.offer_id in LIVE.offer:
            assert bare(one) == bare(before[one.offer_id])
    for now in whole.merchants:
        was = next(m for m in draft.merchants if m.merchant_id == now.merchant_id)
        assert replace(now, story=was.story) == was


@given(st.lists(EDITS, max_size=6))
def test_the_proposal_is_the_model_of_what_was_typed_last(edits: list[Edit]) -> None:
    """A plain dictionary of the last value of each cell of its own says what the draft becomes."""
    given, model = EMPTY, dict[tuple[str, str, str], str]()
    ours = {"tea-gift": proposal.LIMITS, "tea-off": (*proposal.BENEFIT, *proposal.LIMITS)}
    texts = ("tea.story", "tea-gift.title", "tea-gift.terms", "tea-off.title", "tea-off.terms")
    for edit in edits:
        given = DESK.typed(given, edit)
        for key, row in edit.cells.items():
            columns = ours.get(key, ()) if edit.sheet == "offers" else ()
            columns = ("en", "tr") if edit.sheet == "texts" and key in texts else columns
            model |= {(edit.sheet, key, c): row[c] for c in columns if c in row}
    now = {sheet: editing.lines(DRAFT, sheet) for sheet in proposal.SHEETS}
    wanted = {
        place: mine
        for place, mine in model.items()
        if mine != now[place[0]][place[1]][place[2]].replace("\r\n", "\n")
    }
    kept = {cell.place: cell.mine for cell in given.cells if "tea-cup" not in cell.key}
    assert kept == wanted

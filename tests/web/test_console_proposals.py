"""A merchant proposes, marketing accepts or returns: exactly what the page showed, nothing else."""

import re
from dataclasses import replace
from html import unescape

import pytest
from colleague import Colleague, merchant
from house import House

from chalicelib.domain import view
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Scope
from chalicelib.domain.proposal import Proposal, State
from chalicelib.store import campaigns, proposals, trails
from chalicelib.store import desk as store

HOME = "/console/c/festival-now"
MINE, REVIEW = f"{HOME}/proposal/cam-fener", f"{HOME}/review/cam-fener"
SCOPE = Scope(area="festival-now", member_id="x", email="x")
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def fener(house: House) -> Colleague:
    return merchant(house)


def draft() -> Campaign:
    found = store.draft(SCOPE)
    assert found
    return found.campaign


def stored() -> Proposal:
    return proposals.get(SCOPE, "cam-fener")


def own() -> str:
    """Return the merchant's first offer."""
    return next(o.offer_id for o in draft().offers if o.merchant_id == "cam-fener")


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the first form of the page itself."""
    return dict(_HIDDEN.findall(page[page.index("<main") :]))


def propose(fener: Colleague, sheet: str, **cells: str) -> int:
    fields = {"proposal": str(stored().version)}
    for name, text in cells.items():
        fields[f"cell:{name}"] = text
    return fener.act(f"{MINE}/{sheet}", **fields).status


def hand_in(fener: Colleague) -> None:
    wish = {"proposal": str(stored().version), "do": "hand_in"}
    assert fener.act(MINE, **wish).status == 303


def accept(anna: Colleague, **more: str) -> int:
    seen = hidden(anna.page(REVIEW))
    return anna.act(REVIEW, **{**seen, "do": "accept", **more}).status


def edited(house: House, whole: Campaign) -> None:
    found = campaigns.draft("festival-now")
    assert campaigns.save_draft(whole, over=found[1] if found else 0, now=house.at)


def test_a_proposal_goes_into_the_draft_as_it_was_shown(anna: Colleague, fener: Colleague) -> None:
    before, offer_id = draft(), own()
    assert "nothing proposed" in fener.page(HOME)
    assert propose(fener, "offers", **{f"{offer_id}:visitor_limit": "7"}) == 303
    assert propose(fener, "texts", **{f"{offer_id}.title:en": "A new title"}) == 303
    assert draft() == before
    page = fener.page(MINE)
    assert "being written" in page
    assert "A new title" in page
    assert "Handed in by merchants" not in anna.page(HOME)
    hand_in(fener)
    assert "Handed in by merchants" in anna.page(HOME)
    review = anna.page(REVIEW)
    assert "A new title" in review
    assert "merchant-1@example.org" in review
    assert accept(anna) == 303
    old = before.offer[offer_id]
    wanted = replace(old, visitor_limit=7, title={**old.title, "en": "A new title"})
    offers = tuple(wanted if o is old else o for o in before.offers)
    assert draft() == replace(before, offers=offers)
    assert (stored().state, stored().cells) == (State.ACCEPTED, ())
    assert "accepted" in fener.page(HOME)
    deeds = {entry.action for entry in trails.entries(SCOPE)}
    assert deeds == {
        "proposal edited",
        "proposal handed in",
        "accepted the proposal of cam-fener",
    }
    assert "accepted the proposal of cam-fener" in anna.page(f"{HOME}/trail")


def test_a_return_comes_with_a_comment_that_both_see(anna: Colleague, fener: Colleague) -> None:
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    hand_in(fener)
    seen = hidden(anna.page(REVIEW))
    silent = anna.act(REVIEW, **{**seen, "do": "return", "comment": " "})
    assert silent.status == 422
    told = {**seen, "do": "return", "comment": "Seven is <b>too</b> many"}
    assert anna.act(REVIEW, **told).status == 303
    for one, path in ((fener, MINE), (anna, REVIEW)):
        assert "Seven is &lt;b&gt;too&lt;/b&gt; many" in one.get(path).text
    assert "returned with a comment" in fener.page(HOME)
    assert "visitor limit" in fener.page(MINE).lower()
    assert propose(fener, "offers", **{f"{own()}:visitor_limit": "3"}) == 303
    hand_in(fener)
    assert accept(anna) == 303
    assert draft().offer[own()].visitor_limit == 3


def test_what_is_handed_in_is_not_written_on_until_it_is_taken_back(fener: Colleague) -> None:
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    hand_in(fener)
    assert propose(fener, "offers", **{f"{own()}:visitor_limit": "8"}) == 412
    taken = fener.act(MINE, proposal=str(stored().version), do="take_back")
    assert taken.status == 303
    assert fener.act(MINE, proposal="1", do="hand_in").status == 412
    assert propose(fener, "offers", **{f"{own()}:visitor_limit": "8"}) == 303


def test_a_stale_form_and_a_bad_cell_lose_nothing_that_was_typed(fener: Colleague) -> None:
    stale = {"proposal": "0", f"cell:{own()}:visitor_limit": "9"}
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    late = fener.act(f"{MINE}/offers", **stale)
    assert late.status == 412
    assert 'value="9"' in late.text
    wish = {"proposal": "1", f"cell:{own()}:visitor_limit": "many", "cell:new:id": "No Slug"}
    bad = fener.act(f"{MINE}/offers", **wish, **{"cell:new:stands": "istanbul"})
    assert bad.status == 422
    assert "is no whole number" in bad.text
    assert "is no id" in bad.text
    assert 'value="many"' in bad.text
    assert 'value="No Slug"' in bad.text
    assert stored().version == 1
    long = fener.act(f"{MINE}/texts", **{"proposal": "1", "cell:cam-fener.story:en": "x" * 60_001})
    assert long.status == 422
    assert "more than 60000 characters" in long.text
    assert "x" * 60_001 in long.text


def test_a_new_offer_is_proposed_with_its_texts(anna: Colleague, fener: Colleague) -> None:
    mine = view.of(draft(), replace(SCOPE, merchant_ids=frozenset({"cam-fener"})))
    row = {"id": "fener-new", "stands": mine.popups[0].popup_id, "visitor_limit": "1"}
    row |= {"kind": "gift", "merchant": "someone", "number": "1", "stock_shards": "9"}
    assert propose(fener, "offers", **{f"new:{name}": text for name, text in row.items()}) == 303
    texts = {f"fener-new.{name}:en": f"The {name}" for name in ("title", "terms")}
    assert propose(fener, "texts", **texts) == 303
    assert "fener-new" in fener.page(f"{MINE}/offers")
    hand_in(fener)
    assert accept(anna) == 303
    made = draft().offer["fener-new"]
    assert (made.merchant_id, made.title) == ("cam-fener", {"en": "The title"})
    assert made.number == 1 + max(o.number for o in draft().offers if o.offer_id != "fener-new")


def test_a_newer_draft_shows_both_and_one_is_chosen(
    house: House, anna: Colleague, fener: Colleague
) -> None:
    offer_id = own()
    propose(fener, "offers", **{f"{offer_id}:visitor_limit": "7", f"{offer_id}:day_limit": "70"})
    hand_in(fener)
    old = hidden(anna.page(REVIEW))
    offers = [replace(o, visitor_limit=5) if o.offer_id == offer_id else o for o in draft().offers]
    edited(house, replace(draft(), offers=tuple(offers)))
    assert anna.act(REVIEW, **{**old, "do": "accept"}).status == 412
    page = anna.page(REVIEW)
    assert "both changed it" in page
    assert accept(anna) == 422
    name = f"take:offers:{offer_id}:visitor_limit"
    assert accept(anna, **{name: "theirs"}) == 303
    after = draft().offer[offer_id]
    assert (after.visitor_limit, after.day_limit) == (5, 70)


def test_what_the_draft_says_already_is_accepted_without_a_save(
    house: House, anna: Colleague, fener: Colleague
) -> None:
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    hand_in(fener)
    offers = [replace(o, visitor_limit=7) if o.offer_id == own() else o for o in draft().offers]
    edited(house, replace(draft(), offers=tuple(offers)))
    before = campaigns.draft("festival-now")
    assert "the draft says all of it already" in anna.page(REVIEW)
    assert accept(anna) == 303
    assert campaigns.draft("festival-now") == before
    assert stored().state is State.ACCEPTED


def test_two_who_accept_at_once_make_one_draft(
    house: House, anna: Colleague, fener: Colleague
) -> None:
    del house
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    hand_in(fener)
    seen = {**hidden(anna.page(REVIEW)), "do": "accept"}
    assert [anna.act(REVIEW, **seen).status for _ in "ab"] == [303, 412]
    assert len([e for e in trails.entries(SCOPE) if e.action.startswith("accepted")]) == 1


def test_another_merchants_proposal_does_not_exist(house: House, fener: Colleague) -> None:
    propose(fener, "offers", **{f"{own()}:visitor_limit": "7"})
    other = merchant(house, "bakir-cezve", member_id="merchant-9")
    for path in (MINE, f"{MINE}/offers", f"{HOME}/proposal/nobody"):
        assert other.get(path).status == 404
    assert other.act(f"{MINE}/offers", proposal="1").status == 404
    assert other.act(MINE, proposal="1", do="hand_in").status == 404
    assert other.get(REVIEW).status == 403
    assert fener.get(f"{MINE}/popups").status == 404
    assert "cam-fener" not in other.page(HOME)


def test_a_merchant_reads_the_checks_of_its_own_lines(house: House, fener: Colleague) -> None:
    offers = [
        replace(o, visitor_limit=0) if o.merchant_id != "cam-fener" else o for o in draft().offers
    ]
    edited(house, replace(draft(), offers=tuple(offers)))
    propose(fener, "offers", **{f"{own()}:visitor_limit": "1000"})
    page = unescape(fener.page(MINE))
    assert "1000 is outside 1 to 99" in page
    assert "0 is outside 1 to 99" not in page.replace("1000 is outside", "")


def test_a_merchants_form_that_is_saved_unchanged_proposes_nothing(fener: Colleague) -> None:
    for sheet in ("offers", "texts"):
        page = unescape(fener.page(f"{MINE}/{sheet}"))
        cells = dict(
            re.findall(r'<input name="(cell:[^"]*)"[^>]* type="text"[^>]* value="([^"]*)"', page)
        )
        cells |= dict(
            re.findall(r'<textarea name="(cell:[^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        )
        assert len(cells) > 2
        sent = {name: text for name, text in cells.items() if not name.startswith("cell:new:")}
        answer = fener.act(f"{MINE}/{sheet}", proposal=str(stored().version), **sent)
        assert answer.status == 303, answer.text
    assert stored().version == 0

"""What blocks a publish and what warns, each at its value."""

from dataclasses import replace
from typing import Any

import pytest
from made import ANKARA, CALENDAR, FIVE_OFF, ISTANBUL, MADRID, campaign, offer

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.checking import Beside, Checks, checks
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Benefit, Kind, Scope, Stock
from chalicelib.domain.popup import Session

TURKISH = {"en": "Tea", "tr": "Çay"}


def judged(whole: Campaign, **beside: Any) -> Checks:
    return checks(whole, Beside(**beside))


def turkish(*offers: Any, **facts: Any) -> Campaign:
    return campaign(*offers, popups=(ISTANBUL, ANKARA), **{"languages": ("en", "tr"), **facts})


def pointers(found: Any) -> list[str]:
    return [one.pointer for one in found]


def test_a_whole_campaign_has_nothing_to_say() -> None:
    whole = turkish(offer(title=TURKISH, terms=TURKISH))
    assert judged(whole) == Checks((), ())


def test_terms_that_a_stand_cannot_read_block() -> None:
    whole = turkish(offer(), offer("closed", 2, closed=True), languages=("en", "tr", "es"))
    [block] = judged(whole).blocks
    assert (block.pointer, "into tr" in block.message) == ("/offers/0/terms", True)


def test_a_title_that_a_stand_cannot_read_warns() -> None:
    whole = turkish(offer(terms=TURKISH), offer("closed", 2, closed=True))
    found = judged(whole)
    assert (found.blocks, pointers(found.warns)) == ((), ["/offers/0/title"])
    assert "into tr" in found.warns[0].message


def test_what_was_promised_blocks() -> None:
    whole = turkish(offer(terms=TURKISH))
    before = replace(whole, offers=(offer(benefit=FIVE_OFF),))
    assert pointers(judged(whole, before=before).blocks) == ["/offers/0/benefit"]


def test_numbers_and_stands_of_another_campaign_block() -> None:
    whole = turkish(offer(terms=TURKISH))
    other = replace(whole, campaign_id="other", popups=(ANKARA,))
    assert pointers(judged(whole, others=(other,)).blocks) == ["/number", "/popups/1/popup_id"]
    apart = replace(other, number=8, popups=(MADRID,))
    assert judged(whole, others=(apart,)).blocks == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A carbon-neutral cup"),
        ("en", "We plant a tree"),
        ("tr", "Çevre dostu bardak"),
        ("pt-BR", "🌱"),
    ],
)
def test_claims_that_nobody_can_prove_block(language: str, text: str) -> None:
    told = {"en": "Tea", "tr": "Çay"} | {language: text}
    seller = Merchant(
        merchant_id="tea", name="Tea", country="TR", city="X", language="tr", story=told
    )
    languages = tuple(dict.fromkeys(("en", "tr", language)))
    whole = turkish(offer(terms=TURKISH), merchants=(seller,), languages=languages)
    [block] = judged(whole).blocks
    assert block.pointer == f"/merchants/0/story/{language}"


def test_words_to_read_again_warn() -> None:
    whole = turkish(offer(title={"en": "The best delivery", "tr": "Çay"}, terms=TURKISH))
    found = judged(whole)
    assert (found.blocks, pointers(found.warns)) == ((), ["/offers/0/title/en"])


def test_a_rule_of_another_language_does_not_bind() -> None:
    whole = turkish(offer(title={"en": "ecologico"}, terms=TURKISH))
    assert judged(whole).blocks == ()


def test_faults_of_the_document_block_and_nothing_else_is_said() -> None:
    whole = turkish(offer(terms=TURKISH), calendar=replace(CALENDAR, usable_until="2026-05-01"))
    found = judged(whole)
    assert pointers(found.blocks) == ["/calendar/usable_until"]
    assert found.warns == ()


def test_a_stand_that_is_never_open_in_time_warns() -> None:
    shut = replace(ISTANBUL, hours=(Session("10:00", "12:00", (1,)),))
    whole = turkish(offer(title=TURKISH, terms=TURKISH))
    one_day = replace(CALENDAR, usable_from="2026-05-12", usable_until="2026-05-12")
    late = replace(whole, popups=(shut, ANKARA), calendar=one_day)
    assert pointers(judged(late).warns) == ["/popups/0/hours"]
    monday = replace(CALENDAR, usable_from="2026-05-11", usable_until="2026-05-12")
    assert judged(replace(late, calendar=monday)).warns == ()


def budgeted(budget: int, **facts: Any) -> Campaign:
    return turkish(
        offer(title=TURKISH, terms=TURKISH, budget_minor=budget, benefit=FIVE_OFF, **facts)
    )


def test_a_budget_below_what_the_stock_may_cost_warns() -> None:
    each = Stock(units=10)
    assert pointers(judged(budgeted(9_999, stock=each)).warns) == ["/offers/0/budget_minor"]
    assert judged(budgeted(10_000, stock=each)).warns == ()
    shared = Stock(units=10, per=Scope.CAMPAIGN)
    assert judged(budgeted(5_000, stock=shared)).warns == ()
    assert judged(budgeted(1)).warns == ()
    share = Benefit(kind=Kind.PERCENTAGE, percentage=5, currency="TRY")
    open_ended = turkish(
        offer(title=TURKISH, terms=TURKISH, budget_minor=1, benefit=share, stock=each)
    )
    assert judged(open_ended).warns == ()


def test_a_stand_without_an_offer_and_one_without_its_language_warn() -> None:
    whole = turkish(offer(title=TURKISH, terms=TURKISH, popup_ids=("istanbul",)))
    assert pointers(judged(whole).warns) == ["/popups/1/popup_id"]
    english = turkish(offer(), languages=("en",))
    assert pointers(judged(english).warns) == ["/popups/0/language", "/popups/1/language"]

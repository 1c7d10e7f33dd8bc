"""A campaign whose words claim too much is not published; doubtful ones are named."""

from dataclasses import replace
from datetime import date

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import validation, wording_validation
from chalicelib.domain.campaign import Campaign
from local import sample_loader

FESTIVAL = sample_loader.festival_now(date(2026, 5, 20))
assert FESTIVAL.delivery is not None
PLAN = FESTIVAL.delivery
SOUND = replace(FESTIVAL, offers=FESTIVAL.offers[:1], merchants=FESTIVAL.merchants[:1])


def test_words_that_claim_nothing_are_let_through() -> None:
    assert validation.faults(FESTIVAL) == ()
    assert list(wording_validation.cautions(SOUND, shipped_rules())) == []


def test_each_text_that_visitors_read_is_read() -> None:
    bad = {"en": "Green delivery", "tr": "Çevre dostu teslimat"}
    offers = (replace(SOUND.offers[0], title=bad, terms=bad), *SOUND.offers[1:])
    merchants = (replace(SOUND.merchants[0], name="Zero emission shop", story=bad),)
    options = (replace(PLAN.options[0], carrier="Green delivery Ltd"), *PLAN.options[1:])
    plan = replace(PLAN, options=options)
    campaign = replace(SOUND, name=bad, offers=offers, merchants=merchants, delivery=plan)
    assert pointers(campaign) == [
        *("/name/en", "/name/tr", "/merchants/0/name"),
        *("/merchants/0/story/en", "/merchants/0/story/tr"),
        *("/offers/0/title/en", "/offers/0/title/tr", "/offers/0/terms/en", "/offers/0/terms/tr"),
        "/delivery/options/0/carrier",
    ]


def test_a_doubtful_word_is_a_caution_and_no_fault() -> None:
    campaign = replace(SOUND, name={"en": "The best delivery option", "tr": "Festival"})
    assert validation.faults(campaign) == ()
    (caution,) = wording_validation.cautions(campaign, shipped_rules())
    assert caution.pointer == "/name/en"
    assert "C11" in caution.message


def test_a_campaign_that_delivers_nothing_has_no_carrier_to_read() -> None:
    assert pointers(replace(SOUND, delivery=None)) == []


def pointers(campaign: Campaign) -> list[str]:
    return [fault.pointer for fault in wording_validation.faults(campaign, shipped_rules())]

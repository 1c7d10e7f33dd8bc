"""A merchant sees its own part of a campaign, everybody else all of it."""

from dataclasses import replace

from made import ANKARA, campaign, offer

from chalicelib.domain import view
from chalicelib.domain.member import Scope
from chalicelib.domain.merchant import Merchant

TEA = Merchant(
    merchant_id="tea", name="Tea", country="TR", city="Ankara", language="tr", story={"en": "Tea"}
)
WHOLE = campaign(
    offer("tea-gift", 1, merchant_id="tea", popup_ids=("ankara",)),
    offer("honey-gift", 2, merchant_id="honey"),
    offer("lantern", 3),
    merchants=(TEA, replace(TEA, merchant_id="honey")),
)
SCOPE = Scope(area="festival", member_id="anna", email="anna@example.org")


def test_marketing_sees_all() -> None:
    assert view.of(WHOLE, SCOPE) is WHOLE


def test_a_merchant_sees_its_offers_its_story_and_its_stands() -> None:
    mine = view.of(WHOLE, replace(SCOPE, merchant_ids=frozenset({"tea"})))
    assert [one.offer_id for one in mine.offers] == ["tea-gift"]
    assert mine.merchants == (TEA,)
    assert mine.popups == (ANKARA,)

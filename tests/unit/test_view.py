"""A merchant sees its own part of a campaign, everybody else all of it."""

from dataclasses import replace

from full import PLAN
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
    assert mine.delivery is None


def test_a_merchant_sees_how_orders_travel_from_its_stands_alone() -> None:
    far, near = PLAN.baselines[0], replace(PLAN.baselines[0], country="TR")
    collect, locker, of_madrid = PLAN.options
    shared = replace(collect, code="bike", popup_ids=("ankara", "madrid"))
    plan = replace(PLAN, options=(*PLAN.options, shared), baselines=(far, near))
    mine = view.of(
        replace(WHOLE, delivery=plan), replace(SCOPE, merchant_ids=frozenset({"tea"}))
    ).delivery
    assert mine is not None
    assert mine.options == (collect, locker, replace(shared, popup_ids=("ankara",)))
    assert of_madrid not in mine.options
    assert mine.baselines == (near,)


def test_a_manager_sees_its_stands_and_what_may_be_used_there() -> None:
    mine = view.of(WHOLE, replace(SCOPE, popup_ids=frozenset({"ankara"})))
    assert mine.popups == (ANKARA,)
    assert [one.offer_id for one in mine.offers] == ["tea-gift", "honey-gift", "lantern"]
    far = view.of(WHOLE, replace(SCOPE, popup_ids=frozenset({"madrid"})))
    assert [one.offer_id for one in far.offers] == ["honey-gift", "lantern"]
    assert [one.merchant_id for one in far.merchants] == ["honey"]
    assert view.of(WHOLE, replace(SCOPE, popup_ids=frozenset())).offers == ()

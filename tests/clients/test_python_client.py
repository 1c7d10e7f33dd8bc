"""A shop's whole checkout through the Python client, against the product itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from house import House

from clients.python.marquee_client import Money, Parcel, Refused, Shop, Trip

TOTAL = Money(4990, "EUR")


def shop_of(house: House, slug: str = "harbour") -> Shop:
    """Return a client whose requests go through the house's own gateway."""

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        answer = house.ask(method, url.removeprefix("https://shop"), headers=headers, body=body)
        return answer.status, answer.body

    return Shop("https://shop", house.key(slug)[1], send=send, pause=lambda _: None)


@pytest.fixture
def shop(house: House) -> Shop:
    return shop_of(house)


@pytest.fixture
def code(house: House) -> str:
    return str(house.browser().claim("milan", "parcel-10")["code"])


def test_a_checkout_holds_shows_chooses_and_confirms(shop: Shop, code: str) -> None:
    held = shop.hold(code, order_ref="7", total=TOTAL)
    assert (held.outcome, held.discount) == ("held", Money(499, "EUR"))
    offered = shop.options(code, trip=Trip(coming_anyway=True), locale="tr")
    assert len(offered.options) == 6
    assert offered.chosen is None
    assert (offered.method, offered.baseline) == ("parcel-co2e/1.0.0", "IT-home-diesel/2026-10")
    prices = [one.price.amount_minor for one in offered.options if one.price]
    assert prices == sorted(prices)
    assert offered.method_url == "https://shop/method/1.0.0"
    assert "returns" in offered.excluded
    collect = next(one for one in offered.options if one.kind == "popup_collect")
    assert collect.price == Money(0, "EUR")
    assert (collect.earliest, collect.latest) == ("2026-05-21", "2026-05-23")
    assert collect.conditions == ("Yol hesaba katılmadı: yürüyorsunuz ya da zaten geliyorsunuz.",)
    assert collect.words.startswith("yaklaşık")
    kept = shop.choose(code, collect.code, order_ref="7", trip=Trip(coming_anyway=True))
    assert (kept.option, kept.total) == ("popup_collect", collect.total)
    shop.confirm(held.redemption_id)
    assert shop.options(code).chosen == "popup_collect"


def test_what_was_confirmed_stays_until_it_is_given_back(shop: Shop, code: str) -> None:
    held = shop.hold(code, order_ref="7", total=TOTAL)
    first = shop.choose(code, "locker", order_ref="7")
    shop.confirm(held.redemption_id)
    assert shop.choose(code, "locker", order_ref="7") == first
    with pytest.raises(Refused) as refused:
        shop.choose(code, "popup_collect", order_ref="7")
    assert (refused.value.status, refused.value.reason) == (409, "already_chosen")
    shop.reverse(held.redemption_id, reason="sent back")
    assert shop.choose(code, "popup_collect", order_ref="8").option == "popup_collect"


def test_a_release_frees_the_voucher_for_another_order(house: House, shop: Shop, code: str) -> None:
    held = shop.hold(code, order_ref="7", total=TOTAL)
    other = shop_of(house, "market")
    with pytest.raises(Refused) as refused:
        other.choose(code, "locker", order_ref="1")
    assert refused.value.reason == "held_by_order"
    shop.release(held.redemption_id)
    assert other.choose(code, "locker", order_ref="1").option == "locker"


def test_what_the_shop_knows_of_its_parcel_counts(shop: Shop, code: str) -> None:
    small = Parcel(goods_mass_g=200, volume_cm3=1_000, packaging="paper_mailer", pack_g=30)
    usual, light = shop.options(code), shop.options(code, parcel=small)
    for before, after in zip(usual.options, light.options, strict=True):
        assert after.total.value < before.total.value


def test_a_refusal_says_where_the_body_is_wrong(shop: Shop, code: str) -> None:
    with pytest.raises(Refused) as refused:
        shop.options(code, parcel=Parcel(goods_mass_g=0, volume_cm3=1))
    assert refused.value.reason == "invalid_payload"
    assert refused.value.errors[0]["pointer"] == "/parcel/goods_mass_g"


@dataclass
class Line:
    """A connection that gives these answers, one a call; an error is one that broke."""

    answers: list[tuple[int, bytes] | OSError]
    bodies: list[bytes] = field(default_factory=list)

    def send(self, *sent: object) -> tuple[int, bytes]:
        assert isinstance(sent[3], bytes)
        self.bodies.append(sent[3])
        answer = self.answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer


def over(line: Line) -> Shop:
    return Shop("https://shop", "mk_key", send=line.send, pause=lambda _: None)


HELD = {"redemption_id": "A.1", "voucher_id": "A", "offer_id": "tea", "outcome": "held"}
BUSY = (503, json.dumps({"reason": "try_again"}).encode())


def test_a_repeat_after_a_broken_connection_carries_the_same_nonce() -> None:
    line = Line([OSError("reset"), BUSY, (200, json.dumps(HELD).encode())])
    assert over(line).hold("code", order_ref="7").redemption_id == "A.1"
    assert len(set(line.bodies)) == 1


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([OSError("reset")] * 3, OSError),
        ([BUSY] * 3, Refused),
        ([(502, b"<html>")], Refused),
        ([(409, b"[]")], Refused),
    ],
)
def test_what_does_not_get_better_is_raised(
    answers: list[tuple[int, bytes] | OSError], error: type[Exception]
) -> None:
    line = Line(list(answers))
    with pytest.raises(error):
        over(line).confirm("A.1")
    assert not line.answers


def test_the_key_is_in_no_text_of_the_client() -> None:
    assert "mk_key" not in repr(over(Line([])))

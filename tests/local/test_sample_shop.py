"""The sample shop: basket, voucher, delivery, order, cancel, each seen as its page shows it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from house import House

from clients.python.marquee_client import Shop
from local import wording
from local.gateway import Answer
from local.rest import Request
from local.shop import ROOT, SampleShop


class Customer:
    """Somebody who shops: follows each answer to the page that it leads to."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.key = house.key("window")[1]
        self.shop = SampleShop(self._connect)
        self.page, self.status, self.at = "", 0, ROOT

    def get(self, path: str = ROOT) -> str:
        return self._open(Request("GET", path))

    def post(self, path: str, **form: str) -> str:
        return self._open(Request("POST", path, body=urlencode(form).encode()))

    def begin(self, voucher: str) -> str:
        return self.post(f"{ROOT}/orders", voucher=voucher)

    def do(self, deed: str, **form: str) -> str:
        return self.post(f"{self.at}/{deed}", **form)

    @property
    def state(self) -> str:
        found = re.search(r'data-state="([^"]+)"', self.page)
        return found[1] if found else ""

    def _open(self, request: Request) -> str:
        answer: Answer = self.shop.answer(request)
        if answer.status == 303:
            self.at = answer.header("location") or ""
            return self.get(self.at)
        self.page, self.status = answer.body.decode(), answer.status
        if self.status != 404:
            assert list(wording.of_page(self.page, "en")) == []
        return self.page

    def _connect(self) -> Shop:
        def send(method: str, url: str, sent: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
            answer = self.house.ask(method, url.removeprefix("x:"), headers=sent, body=body)
            return answer.status, answer.body

        return Shop("x:", self.key, send=send, pause=lambda _: None)


@pytest.fixture
def customer(house: House) -> Customer:
    return Customer(house)


@pytest.fixture
def voucher(house: House) -> dict[str, str]:
    return house.browser().claim("milan", "parcel-10")


def test_a_whole_checkout_is_counted_live(
    house: House, customer: Customer, voucher: dict[str, str]
) -> None:
    assert "49.90 EUR" in customer.get()
    customer.begin(voucher["code"].lower())
    assert customer.state == "held"
    assert "−4.99 EUR" in customer.page
    assert customer.page.count("data-co2e") == 6
    assert customer.page.count('data-verdict="') == 6
    assert "If you walk or come anyway" in customer.page
    customer.do("trip", coming_anyway="yes")
    assert "This counts no trip" in customer.page
    customer.do("delivery", option="home_cargo_bike")
    assert "49.81 EUR" in customer.page  # 49.90 − 4.99 + 4.90
    customer.do("confirm")
    assert customer.state == "ordered"
    house.project()
    board = house.browser().get("/api/v1/insights/live?campaign_id=festival-now").json
    chosen = {one["option"]: one["chosen"] for one in board["delivery"]}
    assert chosen["home_cargo_bike"] == 1


def test_the_text_of_the_qr_code_is_as_good_as_the_code(
    customer: Customer, voucher: dict[str, str]
) -> None:
    customer.begin(voucher["url"])
    assert customer.state == "held"
    assert customer.page.count('data-verdict="') == 6


@pytest.mark.parametrize(
    ("deeds", "state"), [(["cancel"], "released"), (["confirm", "cancel"], "given back")]
)
def test_a_cancelled_order_frees_the_voucher(
    customer: Customer, voucher: dict[str, str], deeds: list[str], state: str
) -> None:
    customer.begin(voucher["code"])
    for deed in deeds:
        customer.do(deed)
    assert customer.state == state
    customer.begin(voucher["code"])
    assert customer.state == "held"


def test_a_refusal_is_told_beside_what_was_typed(
    customer: Customer, voucher: dict[str, str]
) -> None:
    page = customer.begin("<b>no</b>")
    assert customer.status == 409
    assert "&lt;b&gt;no" in page
    assert "<b>no" not in page
    customer.begin(voucher["code"])
    customer.do("delivery", option="balloon")
    assert customer.status == 409
    assert 'role="alert"' in customer.page


def test_what_is_not_there_is_not_found(customer: Customer) -> None:
    for path in (f"{ROOT}/orders/none", f"{ROOT}/else"):
        customer.get(path)
        assert customer.status == 404


def test_an_unknown_deed_changes_nothing(customer: Customer, voucher: dict[str, str]) -> None:
    customer.begin(voucher["code"])
    customer.do("dance")
    assert customer.state == "held"

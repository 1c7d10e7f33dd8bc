"""Printed codes in the console: minted once, downloaded with a trace, withdrawn."""

import csv
import re

import pytest
from colleague import Colleague, inputs
from house import Answer, House

from chalicelib.domain.member import Scope
from chalicelib.store import trails

HOME = "/console/c/festival-now/batches"
FESTIVAL = Scope(area="festival-now", member_id="operator", email="operator")
WISH = {"offer": "lantern-gift", "popup": "istanbul", "count": "12", "nonce": "ab" * 16}


def codes(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200, answer.text
    return list(csv.DictReader(answer.text.splitlines()))


@pytest.fixture
def batch(owner: Colleague) -> str:
    """Return the page of a batch of twelve codes."""
    made = owner.act(HOME, **WISH)
    assert made.status == 303, made.text
    return made.headers["location"]


class TestMinting:
    """A form makes one batch."""

    def test_a_batch_is_made_and_listed(self, owner: Colleague) -> None:
        page = owner.page(HOME)
        made = owner.act(HOME, **WISH | {"nonce": inputs(page)["nonce"]})
        assert made.headers["location"] == f"{HOME}/1"
        assert f'<a href="{HOME}/1">1</a>' in owner.page(HOME)
        (entry,) = trails.entries(FESTIVAL)
        assert (entry.action, entry.subject) == ("codes minted", "batch 1")
        assert entry.after == {"offer": "lantern-gift", "stand": "istanbul", "count": "12"}

    def test_a_form_that_is_sent_twice_makes_one_batch(self, owner: Colleague, batch: str) -> None:
        assert owner.act(HOME, **WISH).headers["location"] == batch
        assert len(trails.entries(FESTIVAL)) == 1
        assert owner.act(HOME, **WISH | {"count": "13"}).status == 422

    @pytest.mark.parametrize(
        ("changed", "status"),
        [
            ({"offer": "nothing"}, 404),
            ({"popup": "nowhere"}, 404),
            ({"count": "0"}, 422),
            ({"count": "1000001"}, 422),
            ({"count": "٣"}, 422),
            ({"count": "9" * 5_000}, 422),
            ({"nonce": ""}, 422),
        ],
    )
    def test_what_cannot_be_minted_is_not(
        self, owner: Colleague, changed: dict[str, str], status: int
    ) -> None:
        assert owner.act(HOME, **WISH | changed).status == status
        assert trails.entries(FESTIVAL) == []

    def test_a_stock_that_does_not_suffice_says_how_much_is_left(self, owner: Colleague) -> None:
        refused = owner.act(HOME, **WISH | {"count": "900000"})
        assert refused.status == 409
        assert re.search(r"Only \d+ are left", refused.text)
        assert trails.entries(FESTIVAL) == []


class TestTheFile:
    """Codes are a secret: who took them is in the trail."""

    def test_its_codes_work(self, house: House, owner: Colleague, batch: str) -> None:
        answer = owner.act(f"{batch}/codes", first="1")
        assert "attachment" in answer.headers["content-disposition"]
        assert "no-store" in answer.headers["cache-control"]
        rows = codes(answer)
        assert len(rows) == 12
        assert house.phone().redeem(rows[11]["code"]).status == 201
        (entry,) = [one for one in trails.entries(FESTIVAL) if one.action == "codes downloaded"]
        assert entry.after == {"serials": "1-12"}
        assert rows[0]["code"] not in str(house.items("access"))

    @pytest.mark.parametrize("first", ["0", "13", "", "x"])
    def test_serials_that_it_has_not_are_refused(
        self, owner: Colleague, batch: str, first: str
    ) -> None:
        assert owner.act(f"{batch}/codes", first=first).status == 422

    def test_without_the_proof_of_a_form_there_is_no_file(
        self, owner: Colleague, batch: str
    ) -> None:
        assert owner.submit(f"{batch}/codes", {"first": "1"}).status == 403
        assert owner.get(f"{batch}/codes").status in {403, 404, 405}

    def test_a_withdrawn_key_gives_none(self, house: House, owner: Colleague, batch: str) -> None:
        house.live(withdrawn_keys={1})
        assert owner.act(f"{batch}/codes", first="1").status == 409
        assert "was withdrawn" in owner.page(batch)


class TestWithdrawing:
    """For good, everywhere, once in the trail."""

    def test_a_batch(self, house: House, owner: Colleague, batch: str) -> None:
        code = codes(owner.act(f"{batch}/codes", first="1"))[0]["code"]
        for _ in range(2):
            assert owner.act(f"{batch}/revoke", what="batch").status == 303
        assert house.phone().redeem(code).reason == "revoked"
        assert [e.action for e in trails.entries(FESTIVAL)].count("codes withdrawn") == 1
        assert "whole batch is withdrawn" in owner.page(batch)
        assert '<span class="chip">withdrawn' in owner.page(HOME)

    def test_a_range(self, house: House, owner: Colleague, batch: str) -> None:
        rows = codes(owner.act(f"{batch}/codes", first="1"))
        assert owner.act(f"{batch}/revoke", what="range", first="2", last="3").status == 303
        assert house.phone().redeem(rows[1]["code"]).reason == "revoked"
        assert house.phone().redeem(rows[3]["code"]).status == 201
        (entry,) = [one for one in trails.entries(FESTIVAL) if one.action == "codes withdrawn"]
        assert entry.after == {"serials": "2-3"}
        assert "2–3" in owner.page(batch)
        assert "partly withdrawn" in owner.page(HOME)

    @pytest.mark.parametrize(("first", "last"), [("3", "2"), ("1", "13"), ("", ""), ("0", "1")])
    def test_a_range_that_is_none(
        self, owner: Colleague, batch: str, first: str, last: str
    ) -> None:
        assert owner.act(f"{batch}/revoke", what="range", first=first, last=last).status == 422
        assert len(trails.entries(FESTIVAL)) == 1


def test_a_batch_of_another_campaign_does_not_exist(owner: Colleague, batch: str) -> None:
    foreign = batch.replace("festival-now", "festival-2019")
    assert owner.get(foreign).status == 404
    assert owner.act(f"{foreign}/codes", first="1").status == 404
    assert owner.act(f"{foreign}/revoke", what="batch").status == 404


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "99999", "1" * 400])
def test_a_batch_that_is_none_is_not_found(owner: Colleague, number: str) -> None:
    assert owner.get(f"{HOME}/{number}").status == 404

"""Figures are what the items add up to, however the changes came."""

from collections import Counter
from dataclasses import replace

import happening
from happening import BACK, USED
from happening import ISSUED as CLAIMED
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import insight
from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.insight import Image, PastUseImage, Tally
from chalicelib.domain.source import Source
from chalicelib.domain.voucher import State

CHOICE = replace(
    happening.CHOICE,
    saving=CentigramRange(value=9_000, low=7_500, high=11_000),
    verdict="lower",
    baseline="tr/1",
)


def numbers(image: Image) -> dict[tuple[str, str], int]:
    found = insight.contribution(image)
    assert {tally.campaign_id for tally in found} == {"festival"}
    return {(tally.row, tally.column): number for tally, number in found.items()}


def test_a_claim_counts_where_it_was_made() -> None:
    assert numbers(CLAIMED) == {
        ("TOTAL", "claimed"): 1,
        ("POPUP#istanbul", "claimed"): 1,
        ("OFFER#lantern", "claimed"): 1,
        ("MERCHANT#cam-fener", "claimed"): 1,
        ("HOUR#istanbul#2026-05-20T15", "claimed"): 1,
        ("DAY#istanbul#2026-05-20#lantern", "claimed"): 1,
    }


def test_a_claim_by_a_print_counts_as_such_in_rows_that_are_written_anyway() -> None:
    by_poster = numbers(replace(CLAIMED, source=Source.POSTER))
    rows = ("TOTAL", "POPUP#istanbul", "OFFER#lantern", "MERCHANT#cam-fener")
    assert by_poster == numbers(CLAIMED) | {(row, "claimed_poster"): 1 for row in rows}
    assert {row for row, _ in by_poster} == {row for row, _ in numbers(CLAIMED)}


def test_a_claim_that_is_revived_by_another_print_moves_there() -> None:
    lapsed = replace(CLAIMED, state=State.LAPSED, source=Source.POSTER)
    moved = insight.difference(lapsed, replace(CLAIMED, source=Source.CARD))
    assert {(t.row, t.column): n for t, n in moved.items() if t.row == "TOTAL"} == {
        ("TOTAL", "claimed_poster"): -1,
        ("TOTAL", "claimed_card"): 1,
    }


def test_what_was_minted_or_passed_on_was_claimed_by_nobody() -> None:
    passed_on = replace(CLAIMED, claimed=False, source=Source.CARD)
    assert insight.contribution(passed_on) == {}


def test_an_orders_hold_is_neither_a_use_nor_given_back() -> None:
    held = replace(CLAIMED, state=State.HELD, uses=1)
    assert numbers(held) == numbers(CLAIMED)
    assert numbers(replace(CLAIMED, uses=1, released=1)) == numbers(CLAIMED)
    again = replace(USED, uses=3, released=1)
    assert numbers(again)["TOTAL", "reversed"] == 1


def test_a_use_counts_where_it_happened_with_its_discount() -> None:
    used = {key: number for key, number in numbers(USED).items() if key[1] != "claimed"}
    rows = ("TOTAL", "POPUP#ankara", "OFFER#lantern", "MERCHANT#cam-fener",
            "HOUR#ankara#2026-05-20T16", "DAY#ankara#2026-05-20#lantern")  # fmt: skip
    assert used == {(row, "redeemed"): 1 for row in rows} | {
        (row, "discount_TRY"): 500 for row in rows
    }


def test_a_use_given_back_counts_as_such_and_no_more_as_a_use() -> None:
    columns = Counter(column for _, column in numbers(BACK))
    assert set(columns) == {"claimed", "reversed"}
    assert numbers(BACK)["TOTAL", "reversed"] == 1


def test_a_second_use_keeps_the_first_ones_return() -> None:
    again = replace(USED, uses=2, discount_minor=0)
    assert numbers(again)["TOTAL", "reversed"] == 1
    assert numbers(again)["TOTAL", "redeemed"] == 1
    assert ("TOTAL", "discount_TRY") not in numbers(again)


def test_a_choice_counts_with_its_range() -> None:
    found = numbers(CHOICE)
    assert found["OPTION#locker", "chosen"] == 1
    assert found["TOTAL", "chosen"] == 1
    row = "DELIVERY#1#tr/1#istanbul#-#locker"
    assert found[row, "cg"] == 31_200
    assert found[row, "save_low_cg"] == 7_500
    assert found[row, "save_high_cg"] == 11_000
    assert not any(row.startswith(("MERCHANT", "HOUR")) for row, _ in found)


def test_a_change_that_changes_nothing_adds_nothing() -> None:
    assert insight.difference(USED, USED) == {}
    assert insight.difference(None, None) == {}


IMAGES = st.sampled_from([None, CLAIMED, USED, BACK, replace(USED, uses=2), CHOICE])


@given(st.lists(IMAGES, max_size=12))
def test_following_the_changes_counts_the_items(
    images: list[Image | None],
) -> None:
    total: Counter[Tally] = Counter()
    before: Image | None = None
    for image in images:
        total.update(insight.difference(before, image))
        before = image
    last = insight.contribution(before) if before else {}
    assert {tally: number for tally, number in total.items() if number} == last


def test_a_use_joins_the_lists_of_the_stand_that_issued_and_of_the_one_that_used() -> None:
    used = replace(USED, mark=b"12345678")
    assert list(insight.newly_used(CLAIMED, used)) == [
        ("ankara", b"12345678"),
        ("istanbul", b"12345678"),
    ]
    assert list(insight.newly_used(None, used)) == list(insight.newly_used(CLAIMED, used))


def test_what_was_given_away_or_withdrawn_is_asked_about_at_its_own_stand() -> None:
    for state in (State.GIVEN, State.REVOKED):
        assert list(insight.newly_used(CLAIMED, replace(CLAIMED, state=state))) == [
            ("istanbul", b"")
        ]


def test_nothing_else_joins_a_list_and_nothing_twice() -> None:
    assert list(insight.newly_used(USED, USED)) == []
    assert list(insight.newly_used(USED, BACK)) == []
    assert list(insight.newly_used(None, CLAIMED)) == []
    assert list(insight.newly_used(None, CHOICE)) == []
    assert list(insight.newly_used(USED, None)) == []


def test_a_use_that_was_given_back_counts_on_the_day_on_which_it_was_made() -> None:
    past = PastUseImage(
        campaign_id="festival",
        popup_id="ankara",
        offer_id="lantern",
        used_hour="2026-05-20T16",
    )
    assert numbers(past) == {("DAY#ankara#2026-05-20#lantern", "returned"): 1}

"""A stand's day adds up: what was there, came and went is what is left."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given as generated
from hypothesis import strategies as st
from made import ISTANBUL, NOW

from chalicelib.domain.device import Device, Profile, Seen
from chalicelib.domain.stand_report import Day, given, pending
from chalicelib.domain.stock import Kind, Movement

TODAY = date(2026, 5, 20)
FIGURES = {
    "DAY#istanbul#2026-05-19#lantern": {"claimed": 9, "redeemed": 3, "returned": 1},
    "DAY#istanbul#2026-05-20#lantern": {"claimed": 5, "redeemed": 4, "returned": 2},
    "DAY#istanbul#2026-05-21#lantern": {"claimed": 1, "redeemed": 1},
    "DAY#istanbul#2026-05-20#tea": {"claimed": 2},
}


def moved(kind: Kind, number: int, change: int, at: datetime = NOW, offer: int = 1) -> Movement:
    return Movement(
        nonce=f"{kind}-{at}",
        offer_number=offer,
        popup_number=1,
        kind=kind,
        number=number,
        change=change,
        note="",
        member_id="anna",
        email="anna@example.org",
        at=at,
        expected=number - change if kind is Kind.COUNTED else None,
    )


BOOK = [
    moved(Kind.RECEIVED, 10, 10, NOW - timedelta(days=1)),
    moved(Kind.COUNTED, 56, -1, NOW - timedelta(days=1)),
    moved(Kind.RECEIVED, 6, 6),
    moved(Kind.DAMAGED, 2, -2),
    moved(Kind.COUNTED, 55, -1),
    moved(Kind.COUNTED, 56, 1, NOW + timedelta(hours=1)),
    moved(Kind.DAMAGED, 3, -3, NOW + timedelta(days=1)),
    moved(Kind.DAMAGED, 5, -5, offer=2),
]
DAY = Day(ISTANBUL, TODAY, FIGURES, BOOK)


def test_a_line_adds_up() -> None:
    line = DAY.line("lantern", 1, 50)
    assert (line.opening, line.received, line.damaged) == (50 + 9 - 3, 6, 2)
    assert (line.claimed, line.given, line.reversed) == (5, 6, 2)
    assert line.left == 56 + 6 - 2 - 6 + 2
    assert (line.counted, line.difference) == (56, 0)


def test_an_offer_without_a_stock_of_its_own_has_uses_alone() -> None:
    line = DAY.line("tea", 3, None)
    assert (line.opening, line.left, line.counted, line.difference) == (None,) * 4
    assert (line.claimed, line.given) == (2, 0)


def test_the_offers_of_a_day_are_those_with_figures() -> None:
    assert DAY.offers() == {"lantern", "tea"}
    assert Day(ISTANBUL, date(2026, 5, 22), FIGURES, BOOK).offers() == set()


def test_what_was_handed_over_so_far_is_the_sum_of_all_days() -> None:
    assert given(FIGURES, "lantern") == 8
    assert given(FIGURES, "tea") == 0


@generated(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(Kind), st.integers(0, 9), st.integers(-9, 9)),
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=4, max_size=4),
)
def test_each_day_opens_with_what_the_day_before_left_and_corrected(
    book: list[tuple[int, Kind, int, int]], uses: list[tuple[int, int]]
) -> None:
    movements = [
        moved(
            kind,
            number,
            {Kind.RECEIVED: number, Kind.DAMAGED: -number}.get(kind, change),
            NOW + timedelta(days=ahead),
        )
        for ahead, kind, number, change in book
    ]
    figures = {
        f"DAY#istanbul#{TODAY + timedelta(days=n)}#lantern": {"redeemed": net, "returned": back}
        for n, (net, back) in enumerate(uses)
    }
    days = [Day(ISTANBUL, TODAY + timedelta(days=n), figures, movements) for n in range(5)]
    lines = [day.line("lantern", 1, 50) for day in days]
    for before, after in pairwise(lines):
        assert before.left is not None
        assert after.opening == before.left + (before.difference or 0)
        assert before.left == (before.opening or 0) + before.received - before.damaged - (
            before.given - before.reversed
        )


def seen(**facts: Any) -> Seen:
    device = Device(
        device_id=facts.pop("device_id", "device-1"),
        campaign_id="festival",
        popup_id="istanbul",
        profile=facts.pop("profile", Profile.STEWARD),
        name="Door 1",
        thumbprint="x",
        enrolled_at=NOW,
    )
    return Seen(**{"device": device, "last_seen": NOW, "waiting": 0, **facts})


def test_a_report_waits_for_queues_and_for_scanners_that_were_not_heard_of() -> None:
    silent = seen(last_seen=NOW - timedelta(minutes=1))
    full, ready = seen(waiting=3), seen(waiting=None)
    screen = seen(profile=Profile.SCREEN, last_seen=NOW - timedelta(days=1))
    lost = seen(device_id="lost", waiting=7)
    found = pending([silent, full, ready, screen, lost], NOW, {"lost"}.__contains__)
    assert [(one.seen, one.waiting) for one in found] == [(silent, None), (full, 3)]

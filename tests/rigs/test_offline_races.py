"""Phones come back from where there was no network, all at once, and meet the one that had it.

Whoever comes first: one use, one case, one winner, and what was told is told again.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from handing import OfflinePhone, Told
from house import Answer, Json, Phone
from rigs.doors import Door
from rigs.rig import Rig, at_once, reasons

from chalicelib.domain.device import Profile

WAVES = 4
PHONES = 6
ORDERS = list(permutations(["online", "north", "south"]))


@pytest.fixture
def door(rig: Rig, again: int) -> Iterator[Door]:
    """Return the way straight into the app; at the end of each race everything adds up."""
    del again
    yield rig.door("straight")
    rig.audit()


def of_the_unit(door: Door, stand: str, voucher: Json) -> list[Json]:
    """Return the cases of a voucher."""
    boss = OfflinePhone(door, stand, Profile.SUPERVISOR)
    return [case for case in boss.cases() if case["voucher_id"] == voucher["voucher_id"]]


def accept(phones: list[OfflinePhone], voucher: Json) -> None:
    """Let phones accept a voucher, the first of them first, each a second after the other."""
    for seconds, phone in enumerate(phones):
        phone.accept(voucher["url"], at=phone.house.at - timedelta(seconds=20 - seconds))


def first_words(told: list[Told]) -> Counter[str]:
    return Counter(one.outcomes[0].partition(" ")[0] for one in told)


def test_many_phones_with_one_voucher_make_one_use_and_one_case(rig: Rig, door: Door) -> None:
    for _ in range(WAVES):
        stand, (visitor,) = rig.stand(), rig.visitors(door, 1)
        voucher = visitor.claim(stand, "tea")
        phones = [OfflinePhone(door, stand) for _ in range(PHONES)]
        accept(phones, voucher)
        told = at_once([phone.hand_in for phone in phones])
        assert first_words(told) == {"accepted": 1, "conflict": PHONES - 1}
        (case,) = of_the_unit(door, stand, voucher)
        assert case["winner"] == f"{phones[0].device_id}#1"
        assert len(case["entries"]) == PHONES


def test_an_online_use_in_the_middle_stands_or_was_too_late(rig: Rig, door: Door) -> None:
    for _ in range(WAVES):
        stand, (visitor,) = rig.stand(), rig.visitors(door, 1)
        voucher, online = visitor.claim(stand, "tea"), Phone(door, stand)
        phones = [OfflinePhone(door, stand) for _ in range(2)]
        accept(phones, voucher)
        calls: list[Any] = [phone.hand_in for phone in phones]
        calls.insert(1, partial(online.redeem, voucher["url"]))
        first, used, second = at_once(calls)
        words = first_words([first, second])
        (case,) = of_the_unit(door, stand, voucher)
        if used.status == 201:
            assert words == {"conflict": 2}
            assert case["winner"] == online.device_id
        else:
            assert used.reason == "already_redeemed"
            assert words == {"accepted": 1, "conflict": 1}
            assert case["winner"] == f"{phones[0].device_id}#1"


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_each_order_ends_with_the_use_that_came_first_in_time(
    rig: Rig, door: Door, order: tuple[str, ...]
) -> None:
    stand, (visitor,) = rig.stand(), rig.visitors(door, 1)
    voucher, online = visitor.claim(stand, "tea"), Phone(door, stand)
    north, south = OfflinePhone(door, stand), OfflinePhone(door, stand)
    accept([north, south], voucher)
    doing: dict[str, Any] = {
        "online": partial(online.redeem, voucher["url"]),
        "north": north.hand_in,
        "south": south.hand_in,
    }
    told = {who: doing[who]() for who in order}
    first = order[0] == "online"
    assert (told["online"].status == 201) == first
    (case,) = of_the_unit(door, stand, voucher)
    assert case["winner"] == (online.device_id if first else f"{north.device_id}#1")


def test_the_same_batch_from_several_processes_is_one_batch(rig: Rig, door: Door) -> None:
    for _ in range(WAVES):
        stand, visitors = rig.stand(), rig.visitors(door, 5)
        phone = OfflinePhone(door, stand)
        for visitor in visitors:
            phone.accept(visitor.claim(stand, "tea")["url"])
        body = phone.signed(phone.queue)
        send = partial(phone.post, "/api/v1/redemptions/batch", body)
        answers: list[Answer] = at_once([send for _ in range(4)])
        assert reasons(answers) == {"": 4}
        told = [(answer.json["results"], answer.json["head"]) for answer in answers]
        assert all(each == told[0] for each in told)
        assert {one["outcome"] for one in answers[0].json["results"]} == {"accepted"}


def test_two_ways_on_from_the_same_batch_are_one_way_and_a_fork(rig: Rig, door: Door) -> None:
    for _ in range(WAVES):
        stand, visitors = rig.stand(), rig.visitors(door, 2)
        phone, urls = OfflinePhone(door, stand), [v.claim(stand, "tea")["url"] for v in visitors]
        bodies = []
        for url in urls:
            phone.seq, phone.queue = 0, []
            phone.accept(url)
            bodies.append(phone.signed(phone.queue))
        post = partial(phone.post, "/api/v1/redemptions/batch")
        answers = at_once([partial(post, body) for body in bodies])
        assert reasons(answers) == {"": 1, "chain_broken": 1}

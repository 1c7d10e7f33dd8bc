"""A crowd: many visitors and staff in a row, as dice fall, mostly where they may succeed.

Hypothesis likes extremes: a run of its own draws alone hardly ever claims, uses and gives back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from model.book import Name
from model.facts import DEVICES, OFFERS, STANDS, Device

VISITORS = ("ada", "bora", "cem", "deniz", "emre", "fidan")
_NONCES = tuple(f"nonce-{number:04}" for number in range(1, 13))


@dataclass(frozen=True)
class Wish:
    """A claim."""

    visitor: str
    stand: str
    offer: str
    ordinal: int


@dataclass(frozen=True)
class Scan:
    """A try to use the voucher of that name."""

    device: Device
    name: Name
    nonce: str
    total: int | None
    typed: bool


@dataclass(frozen=True)
class Return:
    """A try to give back the last use, or an earlier one, of the voucher of that name."""

    device: Device
    name: Name
    nonce: str
    earlier: bool


Act = Wish | Scan | Return


def act(dice: Random, names: Sequence[Name]) -> Act:
    """Return what somebody does next; `names` are those of all vouchers."""
    if not names or dice.random() < 0.45:
        offer = dice.choice(list(OFFERS))
        stand = dice.choice(OFFERS[offer].stands if dice.random() < 0.9 else tuple(STANDS))
        return Wish(dice.choice(VISITORS), stand, offer, dice.choice((1, 1, 1, 2, 3)))
    name = dice.choice(names)
    device, nonce = _device(dice, name), dice.choice(_NONCES)
    if dice.random() < 0.6:
        return Scan(device, name, nonce, dice.choice((9000, 9000, 300, 0, None)), _half(dice))
    return Return(device, name, nonce, dice.random() < 0.1)


def _device(dice: Random, name: Name) -> Device:
    """Return a device of the voucher's stand, mostly."""
    there = [device for device in DEVICES if device.stand == name[2]]
    return dice.choice(there if there and dice.random() < 0.8 else DEVICES)


def _half(dice: Random) -> bool:
    return dice.random() < 0.5

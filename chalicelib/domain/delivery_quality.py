"""How good the data of an estimate are: 1 is best, 5 is worst (docs/method.md, "Data quality")."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from chalicelib.domain.delivery_legs import Leg
from chalicelib.domain.emission_factors import Factor, Ground

Used = tuple[tuple[Factor, ...], ...]  # the factors of a leg, product by product
Letter = Literal["A", "B", "C", "D", "E"]
LETTERS: Final[tuple[tuple[float, Letter], ...]] = ((1.5, "A"), (2.5, "B"), (3.5, "C"), (4.5, "D"))
AGES: Final = ((2, 1), (5, 2), (10, 3))

# Europe of the United Nations' list of regions, and Cyprus for its place in the common market.
# Turkey is not in that list: figures of other countries count as far ones, never as near ones.
EUROPE: Final = frozenset(
    {
        *("AD", "AL", "AT", "BA", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE", "ES"),
        *("EU", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV"),
        *("MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI"),
        *("SK", "SM", "UA", "VA", "XK"),
    }
)
# What is measured on the very vehicle or material that the option states; others are classes.
SAME_VEHICLE: Final = frozenset(
    {
        *("lh_road_hgv_artic33", "lh_rail", "lh_sea_roro", "lh_sea_ropax", "lm_van_diesel_km"),
        *("lm_van_petrol_km", "lm_van_cng_km", "lm_van_bev_kwh_km", "lm_cargobike_kwh_km"),
        *("ct_car_bev_km_gb", "ct_bus_pkm_gb", "ct_tram_pkm", "ct_metro_pkm", "ct_ebike_km"),
        *("pk_board", "pk_film_ldpe", "pk_paper"),
    }
)


@dataclass(frozen=True, slots=True)
class Quality:
    """The mark of an estimate; `primary_share` of its grams rest on the operator's activity."""

    score: float
    letter: Letter
    primary_share: float


def quality(legs: Sequence[Leg], *, country: str, year: int) -> Quality:
    """Weigh the mark of every leg by its grams. What emits nothing has no weight."""
    total = sum([leg.grams for leg in legs])
    if not total:
        return Quality(score=1.0, letter="A", primary_share=0.0)
    marks = sum([leg.grams * _mark(leg, country, year) for leg in legs if leg.grams])
    primary = sum([leg.grams for leg in legs if leg.measured])
    score = marks / total
    return Quality(score=score, letter=letter(score), primary_share=primary / total)


def letter(score: float) -> Letter:
    """Return A for the best half point of the scale, E for the worst."""
    return next((name for limit, name in LETTERS if score <= limit), "E")


def _mark(leg: Leg, country: str, year: int) -> float:
    used = tuple([row.factors for row in leg.products])
    return (_worst(used, country, year) + (4 if leg.proxy else _technology(used))) / 4


@lru_cache(maxsize=4096)
def _worst(used: Used, country: str, year: int) -> int:
    """Return the sum of the worst marks of reliability, age and place; legs repeat all the time."""
    factors = {factor for row in used for factor in row}
    return (
        max(_reliability(factor.ground, factor.region, country) for factor in factors)
        + max(_age(factor.year, year) for factor in factors)
        + max(_place(factor.region, country) for factor in factors)
    )


def _reliability(ground: Ground, region: str, country: str) -> int:
    if ground == "assumption":
        return 5
    return 3 if region == country and ground != "vendor" else 4


def _age(of_year: int | None, year: int) -> int:
    if of_year is None:
        return 5
    return next((mark for limit, mark in AGES if year - of_year <= limit), 4)


def _place(region: str, country: str) -> int:
    if region == country:
        return 1
    return 2 if region in EUROPE and country in EUROPE else 4


@lru_cache(maxsize=1024)
def _technology(used: Used) -> int:
    return 1 if all(factor.id in SAME_VEHICLE for row in used for factor in row) else 2

"""What a publish checks of the delivery plan: its parcel, options, prices and baselines."""

import re
from collections.abc import Collection, Iterator
from typing import Final, get_args

from chalicelib.domain import fault
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery_inputs import ImpossibleInputError
from chalicelib.domain.delivery_plan import BaselineRecord, Basis, DeliveryPlan, StandOption
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.sentence import said

_LONGEST_DAYS: Final = 60
_BASELINE_ID: Final = re.compile(r"[A-Za-z0-9-]{2,40}")
_VERSION: Final = re.compile(r"[A-Za-z0-9.-]{1,20}")
_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def faults(campaign: Campaign, plan: DeliveryPlan) -> Faults:
    """Yield every fault of the plan."""
    try:
        _ = plan.parcel
    except ImpossibleInputError as error:
        # A plan has no mass of a mailer, so its lack is a fault of the packaging chosen.
        field = "packaging" if error.field == "pack_g" else error.field
        yield Fault(fault.at("delivery", field), error.sentence)
    if not 0 <= plan.road_km <= 40_000:
        yield Fault(
            "/delivery/road_km", said("{value} is outside 0 to 40000 km", value=plan.road_km)
        )
    if not plan.options:
        told = said("name at least one way in which an order travels")
        yield Fault("/delivery/options", told)
    seen: set[tuple[str, str]] = set()
    for index, option in enumerate(plan.options):
        pointer = fault.at("delivery", "options", index)
        yield from _option(pointer, option, campaign.popup)
        yield from _repeated(pointer, option, seen)
    yield from _baselines(campaign, plan)


def _repeated(pointer: str, option: StandOption, seen: set[tuple[str, str]]) -> Faults:
    """Refuse a code that a stand would have twice; a line for a stand may replace one for all."""
    for popup_id in option.popup_ids:
        if (option.code, popup_id) in seen:
            yield Fault(
                f"{pointer}/code",
                said(
                    "'{given}' stands here twice for {stand}; give each code to one line",
                    given=option.code,
                    stand=popup_id,
                ),
            )
        seen.add((option.code, popup_id))


def _option(pointer: str, option: StandOption, popups: Collection[str]) -> Faults:
    yield from fault.slug(f"{pointer}/code", option.code.replace("_", "-"))
    try:
        option.as_asked()
    except ImpossibleInputError as error:
        yield Fault(pointer + fault.at(error.field), error.sentence)
    for popup_id in option.popup_ids:
        if popup_id != EVERYWHERE and popup_id not in popups:
            told = said("there is no pop-up '{given}'", given=popup_id)
            yield Fault(f"{pointer}/popup_ids", told)
    if option.measured and option.kind in {"home", "locker", "relay"} and not option.measured_by:
        yield Fault(
            f"{pointer}/measured_by",
            said(
                "say who measured the figures, when and how; or leave them out and use the defaults"
            ),
        )
    yield from _days(pointer, option)
    for currency, price in option.price_minor.items():
        where = pointer + fault.at("price_minor", currency)
        yield from fault.currency_code(where, currency)
        if price < 0:
            told = said("{price} is below 0; leave the price out where none is stated", price=price)
            yield Fault(where, told)


def _days(pointer: str, option: StandOption) -> Faults:
    first, last = option.days_from, option.days_until
    if first is None and last is None:
        return
    if first is None or last is None or not 0 <= first <= last <= _LONGEST_DAYS:
        yield Fault(
            f"{pointer}/days_from",
            said(
                "give both {first} and {last}, 0 to {most} and rising, or neither",
                first="days_from",
                last="days_until",
                most=_LONGEST_DAYS,
            ),
        )


def _baselines(campaign: Campaign, plan: DeliveryPlan) -> Faults:
    names = [f"{one.baseline_id}/{one.version}" for one in plan.baselines]
    yield from fault.repeats("/delivery/baselines", "version", names)
    for index, record in enumerate(plan.baselines):
        pointer = fault.at("delivery", "baselines", index)
        if not _BASELINE_ID.fullmatch(record.baseline_id):
            told = said("use 2 to 40 of letters, digits and -")
            yield Fault(f"{pointer}/baseline_id", told)
        if not _VERSION.fullmatch(record.version):
            told = said("use 1 to 20 of letters, digits, - and full stops")
            yield Fault(f"{pointer}/version", told)
        if not _DAY.fullmatch(record.since) or fault.wall_time_of(record.since) is None:
            told = said("'{given}' is no date; write 2026-10-01", given=record.since)
            yield Fault(f"{pointer}/since", told)
        if record.basis not in get_args(Basis):
            told = said("must be one of {known}", known=", ".join(get_args(Basis)))
            yield Fault(f"{pointer}/basis", told)
        if record.country != EVERYWHERE:
            yield from fault.country_code(f"{pointer}/country", record.country)
        if record.option_code not in set(_codes(campaign, plan, record)):
            yield Fault(
                f"{pointer}/option_code",
                said(
                    "'{given}' is not offered there, so nothing can be told against it",
                    given=record.option_code,
                ),
            )


def _codes(campaign: Campaign, plan: DeliveryPlan, record: BaselineRecord) -> Iterator[str]:
    """Yield the codes that some stand of the record's market offers."""
    for popup in campaign.popups:
        if record.country in {EVERYWHERE, popup.country}:
            yield from (option.code for option in plan.options_at(popup.popup_id))

"""A campaign as cells: what stands in each line of its files. `sheet_campaign` reads them back."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery_plan import BaselineRecord, StandOption
from chalicelib.domain.merchant import Merchant, Texts
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.sheet import write
from chalicelib.domain.sheet_files import LAYOUTS, LOGO

Cells = Mapping[str, str]


def files(campaign: Campaign) -> dict[str, bytes]:
    """Return the files of a campaign."""
    found = {}
    for name, lines in rows(campaign).items():
        layout = LAYOUTS[name]
        columns = (*layout.columns, *layout.others)
        if name == "texts.csv":
            columns = ("of", "field", *languages(campaign))
        found[name] = write(columns, lines)
    if campaign.branding is not None and campaign.branding.logo:
        found[LOGO] = campaign.branding.logo.encode()
    return found


def rows(campaign: Campaign) -> dict[str, list[Cells]]:
    """Return the lines of each file."""
    return {file: list(lines(campaign)) for file, lines in _FILES.items()}


def rows_of(campaign: Campaign, file: str) -> list[Cells]:
    """Return the lines of one file."""
    return list(_FILES[file](campaign))


def campaign_cells(campaign: Campaign) -> Cells:
    calendar, plan = campaign.calendar, campaign.delivery
    return {
        "id": campaign.campaign_id,
        "number": cell(campaign.number),
        "revealed_from": calendar.revealed_from,
        "usable_from": calendar.usable_from,
        "usable_until": calendar.usable_until,
        "languages": " ".join(campaign.languages),
        "goods_mass_g": cell(plan.goods_mass_g if plan else None),
        "volume_cm3": cell(plan.volume_cm3 if plan else None),
        "packaging": plan.packaging if plan else "",
        "road_km": cell(plan.road_km if plan else None),
        "sample": cell(campaign.sample),
        "accent": campaign.branding.accent if campaign.branding else "",
        "night": campaign.branding.night if campaign.branding else "",
    }


def popup_cells(popup: Popup) -> Cells:
    return {
        "id": popup.popup_id,
        "number": cell(popup.number),
        "city": popup.city,
        "country": popup.country,
        "timezone": popup.time_zone,
        "latitude": cell(popup.latitude),
        "longitude": cell(popup.longitude),
        "currency": popup.currency,
        "language": popup.language,
        "offline_uses": cell(popup.offline_uses),
        "offline_value_minor": cell(popup.offline_value_minor),
        "address": popup.address,
    }


def session_cells(popup: Popup, session: Session) -> Cells:
    return {
        "popup": popup.popup_id,
        "opens": session.opens,
        "closes": session.closes,
        "days": days_text(session.days),
    }


def merchant_cells(one: Merchant) -> Cells:
    return {
        "id": one.merchant_id,
        "name": one.name,
        "country": one.country,
        "city": one.city,
        "language": one.language,
        "sample": cell(one.sample),
        "photo": one.photo.digest if one.photo else "",
    }


def offer_cells(offer: Offer) -> Cells:
    benefit, stock = offer.benefit, offer.stock
    return {
        "number": cell(offer.number),
        "id": offer.offer_id,
        "kind": benefit.kind,
        "merchant": offer.merchant_id or "",
        "stands": " ".join(offer.popup_ids),
        "usable_at": offer.usable_at,
        "channels": " ".join(offer.channels),
        "percentage": cell(benefit.percentage),
        "amount_minor": cell(benefit.amount_minor),
        "cap_minor": cell(benefit.cap_minor),
        "minimum_minor": cell(benefit.minimum_minor),
        "currency": benefit.currency or "",
        "visitor_limit": cell(offer.visitor_limit),
        "visitor_scope": offer.visitor_scope,
        "stock_units": cell(stock.units if stock else None),
        "stock_per": stock.per if stock else "",
        "stock_shards": cell(stock.shards if stock else None),
        "peak": cell(stock.peak_per_second if stock else None),
        "day_limit": cell(offer.day_limit),
        "budget_minor": cell(offer.budget_minor),
        "presence": cell(offer.presence_required),
        "offline": cell(offer.offline),
        "group": offer.group or "",
        "hold_minutes": cell(offer.hold_minutes),
        "giftable": cell(offer.giftable),
        "claimable_from": offer.claimable_from or "",
        "usable_from": offer.usable_from or "",
        "usable_until": offer.usable_until or "",
        "closed": cell(offer.closed),
        "sample": cell(offer.sample),
    }


def option_cells(option: StandOption) -> Cells:
    return {
        "code": option.code,
        "stands": " ".join(option.popup_ids),
        "kind": option.kind,
        "vehicle": option.vehicle,
        "speed": option.speed,
        "bulk_km": cell(option.bulk_km),
        "bulk_parcels": cell(option.bulk_parcels),
        **{currency: cell(price) for currency, price in option.price_minor.items()},
        "carrier": option.carrier,
        "days_from": cell(option.days_from),
        "days_until": cell(option.days_until),
        "km_per_stop": cell(option.km_per_stop),
        "fail_rate": cell(option.fail_rate),
        "locker_km_per_parcel": cell(option.locker_km_per_parcel),
        "feeder_km_per_parcel": cell(option.feeder_km_per_parcel),
        "measured_by": option.measured_by,
    }


def baseline_cells(one: BaselineRecord) -> Cells:
    return {
        "id": one.baseline_id,
        "version": one.version,
        "since": one.since,
        "country": one.country,
        "option": one.option_code,
        "basis": one.basis,
    }


def text_rows(campaign: Campaign) -> Iterator[Cells]:
    """Yield a line for each text: the campaign's name, stories, titles, terms."""
    yield _text(campaign.campaign_id, "name", campaign.name)
    for one in campaign.merchants:
        yield _text(one.merchant_id, "story", one.story)
    for offer in campaign.offers:
        yield _text(offer.offer_id, "title", offer.title)
        yield _text(offer.offer_id, "terms", offer.terms)


def _text(of: str, field: str, texts: Texts) -> Cells:
    return {"of": of, "field": field, **texts}


_FILES: Mapping[str, Callable[[Campaign], Iterable[Cells]]] = {
    "campaign.csv": lambda whole: [campaign_cells(whole)],
    "popups.csv": lambda whole: map(popup_cells, whole.popups),
    "hours.csv": lambda whole: (
        session_cells(popup, session) for popup in whole.popups for session in popup.hours
    ),
    "merchants.csv": lambda whole: map(merchant_cells, whole.merchants),
    "offers.csv": lambda whole: map(offer_cells, whole.offers),
    "delivery.csv": lambda whole: map(
        option_cells, whole.delivery.options if whole.delivery else ()
    ),
    "baselines.csv": lambda whole: map(
        baseline_cells, whole.delivery.baselines if whole.delivery else ()
    ),
    "texts.csv": text_rows,
}


def languages(campaign: Campaign) -> tuple[str, ...]:
    """Return the languages of the texts, English among them, those of the campaign first."""
    spoken = dict.fromkeys(campaign.languages)
    for row in text_rows(campaign):
        spoken |= dict.fromkeys(sorted(row.keys() - {"of", "field"}))
    return tuple(spoken | {"en": None})


def cell(value: float | bool | None) -> str:  # noqa: FBT001 - a cell of any kind
    """Return a number, a yes or a no, or nothing as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value)


def days_text(days: tuple[int, ...]) -> str:
    """Write ISO weekdays as they are read: `1-5`, `6 7`, `1-4 6`."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)

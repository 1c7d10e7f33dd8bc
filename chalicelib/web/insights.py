"""Live counts: what was claimed, used and chosen, by city; no personal data."""

from dataclasses import dataclass
from datetime import datetime

from chalice import Response

from chalicelib.domain import campaign as campaigns
from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import insights
from chalicelib.web import answers
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context

api = Routes(__name__)

COUNTS = ("claimed", "redeemed", "reversed", "chosen")


@dataclass(frozen=True, slots=True)
class City:
    """One stand's counts, and where it is."""

    popup_id: str
    city: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    phase: Phase
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Option:
    """How many chose a way of delivery."""

    code: str
    chosen: int


@dataclass(frozen=True, slots=True)
class Board:
    """The live board of a campaign. `total` is the sum of its cities."""

    campaign: Campaign
    as_of: datetime
    total: dict[str, int]
    cities: tuple[City, ...]
    options: tuple[Option, ...]


@api.route("/api/v1/insights/live", methods=["GET"])
def get_live() -> Response:
    """Return the live board of the campaign of the day, or of `?campaign_id=`."""
    board = board_of(published_of(api.query("campaign_id")))
    return answer(
        answers.LiveBoard(
            campaign_id=board.campaign.campaign_id,
            as_of=rfc3339(board.as_of),
            total=answers.Counts(**board.total),
            cities=[
                answers.LiveCity(
                    popup_id=city.popup_id,
                    city=city.city,
                    country=city.country,
                    phase=city.phase,
                    **city.counts,
                )
                for city in board.cities
            ],
            delivery=[
                answers.LiveOption(option=option.code, chosen=option.chosen)
                for option in board.options
            ],
        )
    )


def published_of(campaign_id: str | None) -> Published:
    """Return the campaign that is asked for, else the campaign of the day. Raises NotFound."""
    if campaign_id is not None:
        return context.catalog.campaign(campaign_id)
    everything = context.catalog.all()
    today = campaigns.of_the_day(tuple(p.campaign for p in everything), context.now())
    if today is None:
        raise NotFound("no campaign is published")
    return context.catalog.campaign(today.campaign_id)


def board_of(published: Published) -> Board:
    """Return the counts of every city; the totals are their sum."""
    campaign, at = published.campaign, context.now()
    figures = figures_of(campaign.campaign_id)
    cities = tuple(_city(published, popup_id, figures) for popup_id in campaign.popup)
    options = campaign.delivery.options if campaign.delivery else ()
    codes = dict.fromkeys(option.code for option in options)
    return Board(
        campaign=campaign,
        as_of=at,
        total={name: sum(city.counts[name] for city in cities) for name in COUNTS},
        cities=cities,
        options=tuple(_option(code, figures) for code in codes),
    )


def figures_of(campaign_id: str) -> insights.Figures:
    """Return the figures of a campaign, read at most once a second for all who watch."""
    return context.figures.of(campaign_id, lambda: insights.figures(campaign_id))


def days_of(campaign_id: str, popup_id: str) -> insights.Figures:
    """Return what a stand counted of each offer on each day, read at most once a second."""
    return context.figures.of(
        f"{campaign_id}/{popup_id}", lambda: insights.of_days(campaign_id, popup_id)
    )


def _city(published: Published, popup_id: str, figures: insights.Figures) -> City:
    popup = published.campaign.popup[popup_id]
    row = figures.get(f"POPUP#{popup_id}", {})
    at = context.now()
    paused, phase = published.live.stops(popup, at), published.campaign.popup_phase(popup, at)
    return City(
        popup_id=popup_id,
        city=popup.city,
        country=popup.country,
        time_zone=popup.time_zone,
        latitude=popup.latitude,
        longitude=popup.longitude,
        phase=Phase.PAUSED if paused else phase,
        counts={name: row.get(name, 0) for name in COUNTS},
    )


def _option(code: str, figures: insights.Figures) -> Option:
    row = figures.get(f"OPTION#{code}", {})
    return Option(code=code, chosen=row.get("chosen", 0))

"""A stand in words: whether it is open, since when and until when, by its own clock."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from babel import Locale

from chalicelib.domain.campaign import Phase
from chalicelib.domain.live import Published, StandState
from chalicelib.domain.popup import Popup
from chalicelib.web import hours, phrases
from chalicelib.web.languages import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class StandView:
    """What lists, maps and the stand's page say of a stand. `turns_at` ends its phase.

    `paused` is so where its manager closed it, too.
    """

    popup: Popup
    country: str
    phase: Phase
    paused: bool
    closed: bool
    messages: list[str]
    open_now: bool
    clock: str
    words: str
    turns_at: datetime | None


def view(published: Published, popup: Popup, at: datetime, language: str) -> StandView:
    """Return a stand as it is at an instant."""
    phase = published.campaign.popup_phase(popup, at)
    paused = published.live.stops(popup, at)
    open_now = phase is Phase.LIVE and not paused and popup.open_at(at)
    return StandView(
        popup=popup,
        country=country(popup.country, language),
        phase=phase,
        paused=paused,
        closed=published.live.state_of(popup.popup_id, at) is StandState.CLOSED,
        messages=published.live.messages_at(popup.popup_id, at),
        open_now=open_now,
        clock=f"{popup.local(at):%H:%M}",
        words=_words(published, popup, at, language),
        turns_at=turns_at(published, popup, at),
    )


def turns_at(published: Published, popup: Popup, at: datetime) -> datetime | None:
    """Return the instant at which the stand's phase ends, or None when it is over."""
    campaign = published.campaign
    turns = (
        campaign.claimable_from(popup),
        campaign.usable_from(popup),
        campaign.usable_until(popup),
    )
    return next((turn for turn in turns if turn > at), None)


def waits(stand: StandView, at: datetime, language: str) -> list[tuple[str, str]]:
    """Return the countdown of a stand that is not open yet; nothing for any other."""
    if stand.turns_at is None or stand.phase not in {Phase.SCHEDULED, Phase.REVEALED}:
        return []
    return phrases.parts(stand.turns_at - at, language)


@lru_cache(maxsize=1024)
def country(code: str, language: str) -> str:
    """Return a country's name in the reader's language."""
    name: str = Locale.parse(language).territories.get(code, code)
    return name


def _words(published: Published, popup: Popup, at: datetime, language: str) -> str:
    _ = catalogue(language).gettext
    turn = turns_at(published, popup, at)
    if turn is None:
        return _("The festival is over here")
    if published.live.pauses(popup):
        return _("Paused for a moment")
    closed_until = published.live.closed_until(popup.popup_id, at)
    if closed_until is not None:
        return _opens_words(popup, at, closed_until, turn, language)
    span = phrases.span(turn - at, language)
    match published.campaign.popup_phase(popup, at):
        case Phase.SCHEDULED:
            return _("Reveal in {span}").format(span=span)
        case Phase.REVEALED:
            return _("Opens in {span}").format(span=span)
    return _open_words(popup, at, turn, language)


def _open_words(popup: Popup, at: datetime, turn: datetime, language: str) -> str:
    """Say when an open stand closes, or when a closed one opens, within the festival."""
    _ = catalogue(language).gettext
    if popup.open_at(at):
        closes = min(hours.closes_at(popup, at) or turn, turn)
        return _("Open until {time}").format(time=phrases.until(closes, popup, at, language))
    return _opens_words(popup, at, popup.opens_next(at), turn, language)


def _opens_words(
    popup: Popup, at: datetime, opens: datetime | None, turn: datetime, language: str
) -> str:
    """Say when a closed stand opens, if that is within the festival."""
    _ = catalogue(language).gettext
    if opens is None or opens >= turn:
        return _("Closed for good")
    return _("Closed, opens {time}").format(time=phrases.when(opens, popup, at, language))

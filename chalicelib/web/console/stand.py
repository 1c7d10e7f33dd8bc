"""A stand on its manager's phone: its state, stock, devices, cases, today's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalice import Response

from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import LONGEST_MESSAGE, Closing, Published, StandState
from chalicelib.domain.note import cleaned
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import N_, said
from chalicelib.domain.stand_report import Figures
from chalicelib.store import devices, insights, stands
from chalicelib.web import insights as readings
from chalicelib.web import stand_view, wording
from chalicelib.web.console import shelf as shelves
from chalicelib.web.console import stand_cases
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.shelf import Wrong
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

DEEDS: Mapping[StandState, str] = {
    StandState.OPEN: N_("stand opened"),
    StandState.PAUSED: N_("stand paused"),
    StandState.CLOSED: N_("stand closed"),
}
_LAST = 10  # movements that the page shows


@dataclass(frozen=True, slots=True)
class Place:
    """A published stand within the scope."""

    published: Published
    popup: Popup

    @property
    def home(self) -> str:
        """The address of its page."""
        return f"/console/c/{self.published.campaign.campaign_id}/stand/{self.popup.popup_id}"


def place_of(here: Visit, popup_id: str) -> Place:
    """Return a stand of the scope. Raises NotFound, too, where another manager keeps it."""
    published = context.catalog.campaign(here.scope.area)
    popup = published.campaign.popup.get(popup_id)
    if popup is None or not here.scope.reaches(popup_id):
        raise NotFound(f"no stand {popup_id}")
    return Place(published, popup)


def get_stand(here: Visit, popup_id: str) -> Response:
    """Return how the stand stands."""
    return _shown(here, place_of(here, popup_id))


def post_state(here: Visit, form: Form, popup_id: str) -> Response:
    """Open, pause or close the stand, within 5 s everywhere. Raises InvalidPayload."""
    place, at = place_of(here, popup_id), context.now()
    state, message = form.one_of(StandState, "state"), cleaned(form.text("message"))
    if len(message) > LONGEST_MESSAGE:
        longest = said("has more than {most} characters", most=LONGEST_MESSAGE)
        raise InvalidPayload([("/message", longest)])
    closing = Closing(at, place.popup.reopens(at)) if state is StandState.CLOSED else None
    after = {"message": message} if message else {}
    entry = desk.entry(here, DEEDS[state], popup_id, after=after)
    stands.set_stand(here.scope, popup_id, state, message, entry, closing=closing)
    context.catalog.forget()
    return see_other(place.home)


def post_stock(here: Visit, form: Form, popup_id: str) -> Response:
    """Book what was received, damaged or counted; what cannot be booked is said at its form."""
    place = place_of(here, popup_id)
    figures = insights.of_days(here.scope.area, popup_id)
    wrong = shelves.book(here, place.published, place.popup, figures, form)
    if wrong is None:
        return see_other(f"{place.home}#stock")
    return _shown(here, place, wrong=wrong, figures=figures)


def post_case(here: Visit, form: Form, popup_id: str) -> Response:
    """Decide a case as the stand's supervisor would; the same decision again is the first one."""
    place = place_of(here, popup_id)
    refused = stand_cases.decide(here, popup_id, form)
    return see_other(f"{place.home}#cases") if refused is None else desk.refuse(refused)


def _shown(
    here: Visit, place: Place, *, wrong: Wrong | None = None, figures: Figures | None = None
) -> Response:
    published, popup, at = place.published, place.popup, context.now()
    language, popup_id = desk.reader().language, popup.popup_id
    counted = readings.days_of(here.scope.area, popup_id) if figures is None else figures
    message = published.live.message_of(popup_id, at)
    shown: dict[str, Any] = {
        "stand": stand_view.view(published, popup, at, language),
        "state": published.live.state_of(popup_id, at),
        "message": message,
        "longest": LONGEST_MESSAGE,
        "today": _today(counted, popup),
        "shelves": shelves.of(here, published, popup, counted),
        "movements": shelves.movements(here, published, popup)[: -_LAST - 1 : -1],
        "devices": devices.at(here.scope, frozenset({popup_id})),
        "revoked": published.live.revoked_devices,
        "cases": stand_cases.opened(here.scope.area, popup_id),
        "clock": lambda instant: wording.moment(instant, popup.time_zone, language),
    }
    return desk.show(
        "stand.html",
        here,
        status=wrong.status if wrong else 200,
        place=place,
        popup=popup,
        wrong=wrong,
        as_of=at,
        **shown,
    )


def _today(figures: Figures, popup: Popup) -> dict[str, int]:
    """Return what the stand counted on its local day: the sum of its offers."""
    day = popup.local_day(context.now()).isoformat()
    rows = [columns for row, columns in figures.items() if row.split("#")[2] == day]
    claimed, redeemed, returned = (
        sum(columns.get(name, 0) for columns in rows)
        for name in ("claimed", "redeemed", "returned")
    )
    return {"claimed": claimed, "given": redeemed + returned, "reversed": returned}

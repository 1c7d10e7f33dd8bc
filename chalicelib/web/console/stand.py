"""A stand as its manager keeps it: open, paused or closed, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalice import Response

from chalicelib.domain import trail
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import LONGEST_MESSAGE, Closing, Published, StandState
from chalicelib.domain.note import cleaned
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import N_, said
from chalicelib.store import stands
from chalicelib.web import stand_view
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

DEEDS: Mapping[StandState, str] = {
    StandState.OPEN: N_("stand opened"),
    StandState.PAUSED: N_("stand paused"),
    StandState.CLOSED: N_("stand closed"),
}


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
    place, at = place_of(here, popup_id), context.now()
    live = place.published.live
    said_here = live.messages.get(popup_id)
    return desk.show(
        "stand.html",
        here,
        place=place,
        popup=place.popup,
        stand=stand_view.view(place.published, place.popup, at, desk.reader().language),
        state=live.state_of(popup_id, at),
        message=said_here.text if said_here else "",
        longest=LONGEST_MESSAGE,
    )


def post_state(here: Visit, form: Form, popup_id: str) -> Response:
    """Open, pause or close the stand, within 5 s everywhere. Raises InvalidPayload."""
    place, at = place_of(here, popup_id), context.now()
    state, message = _state(form), cleaned(form.text("message"))
    if len(message) > LONGEST_MESSAGE:
        longest = said("has more than {most} characters", most=LONGEST_MESSAGE)
        raise InvalidPayload([("/message", longest)])
    closing = Closing(at, place.popup.reopens(at)) if state is StandState.CLOSED else None
    entry = trail.entry(
        here.scope,
        DEEDS[state],
        popup_id,
        at=context.real_now(),
        request_id=desk.request_id(),
        after={"message": message} if message else {},
    )
    stands.set_stand(here.scope, popup_id, state, message, entry, closing=closing)
    context.catalog.forget()
    return see_other(place.home)


def _state(form: Form) -> StandState:
    try:
        return StandState(form.text("state"))
    except ValueError as error:
        known = ", ".join(StandState)
        raise InvalidPayload([("/state", said("is none of {known}", known=known))]) from error

"""Messages to the scanners, screens and pages of all stands, or of some."""

from collections.abc import Mapping

from chalice import Response

from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.live import EVERY_STAND, LONGEST_MESSAGE, Live, Published
from chalicelib.domain.note import cleaned
from chalicelib.domain.sentence import said
from chalicelib.store import stands
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.deals_view import folded

PAGE = "/console/c/{campaign_id}/messages"
ALL = "all stands"
CHOICE = "stand:"  # how the field of one stand begins


def get_messages(here: Visit) -> Response:
    """Return what is said now, where, and the form."""
    published = context.catalog.campaign(here.scope.area)
    campaign, shown = published.campaign, _shown(published.live)
    return desk.show(
        "messages.html",
        here,
        campaign=campaign,
        everywhere=shown.get(EVERY_STAND, ""),
        somewhere=[(p, shown[p.popup_id]) for p in campaign.popups if p.popup_id in shown],
        stands=sorted(campaign.popups, key=lambda popup: folded(popup.city)),
        choice=CHOICE,
        longest=LONGEST_MESSAGE,
    )


def post_message(here: Visit, form: Form) -> Response:
    """Say something at these stands, or nothing any more; within 5 s. Raises InvalidPayload."""
    context.catalog.forget()  # the trail says what was there just before
    published, text = context.catalog.campaign(here.scope.area), cleaned(form.text("message"))
    if len(text) > LONGEST_MESSAGE:
        longest = said("has more than {most} characters", most=LONGEST_MESSAGE)
        raise InvalidPayload([("/message", longest)])
    names, shown = _names(form, published), _shown(published.live)
    said_there = " / ".join(dict.fromkeys(shown[name] for name in names if name in shown))
    entry = desk.entry(
        here,
        "message set",
        ALL if EVERY_STAND in names else " ".join(names),
        before={"message": said_there} if said_there else {},
        after={"message": text} if text else {},
    )
    stands.set_message(here.scope, names, text, entry)
    context.catalog.forget()
    return see_other(PAGE.format(campaign_id=here.scope.area))


def _names(form: Form, published: Published) -> list[str]:
    """Return the stands that a form chose, `*` for all. Raises InvalidPayload where it has none."""
    if form.text("all") == "yes":
        return [EVERY_STAND]
    known = published.campaign.popups
    names = [p.popup_id for p in known if form.text(f"{CHOICE}{p.popup_id}") == "yes"]
    if not names:
        raise InvalidPayload([("/stands", said("choose all stands, or at least one"))])
    return names


def _shown(live: Live) -> Mapping[str, str]:
    """Return what is said now, by stand."""
    at = context.now()
    found = live.messages.items()
    return {name: one.text for name, one in found if one.until is None or at < one.until}
